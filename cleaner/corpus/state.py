"""What a run remembers, so that it can go on: :class:`Tally` and :class:`State`."""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from cleaner.corpus.options import UsageError
from cleaner.corpus.rows import Cleaned

__all__ = ["State", "Tally", "state_path"]


@dataclass(slots=True)
class Tally:
    """Counts of a run: rows read, pages cleaned, rows failed; bytes of pages; visible characters and those kept."""

    rows: int = 0
    pages: int = 0
    failed: int = 0
    size: int = 0
    visible: int = 0
    kept: int = 0
    removed: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)

    def count(self, outcome: Cleaned) -> None:
        """Add a cleaned page."""
        self.pages += 1
        self.size += outcome.size
        self.visible += outcome.visible
        self.kept += outcome.kept
        self.removed.update(outcome.removed)
        self.languages[outcome.language or "unknown"] += 1

    def share_removed(self) -> float:
        """The share of the visible text that went, 0 to 1."""
        return 1 - self.kept / self.visible if self.visible else 0.0


@dataclass(slots=True)
class State:
    """A run at a checkpoint: what it was asked, its counts, how far its two files are good."""

    identity: dict[str, Any]
    tally: Tally = field(default_factory=Tally)
    mark: int = 0
    failures_mark: int = 0
    complete: bool = False

    def save(self, path: Path) -> None:
        """Write the state so that a crash leaves the old one or the new one, nothing between."""
        fresh = path.with_name(path.name + ".tmp")
        with open(fresh, "w", encoding="utf-8") as file:
            json.dump(_plain(self) | {"tally": _plain(self.tally)}, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)

    @classmethod
    def load(cls, path: Path) -> State | None:
        """The state in a file, None where there is no file; :class:`UsageError` where it is none of ours."""
        try:
            data = json.loads(path.read_text("utf-8"))
            counts = data["tally"]
            counters = {name: Counter(counts[name]) for name in ("removed", "languages")}
            return cls(**data | {"tally": Tally(**counts | counters)})
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError):
            raise UsageError(f"{path} cannot be read as the state of a run; delete it to start over") from None

    def refuse_other(self, identity: dict[str, Any]) -> None:
        """Raise :class:`UsageError` unless this run was asked for the very same."""
        asked: dict[str, Any] = json.loads(json.dumps(identity))
        changed = sorted(name for name in asked if asked[name] != self.identity.get(name))
        if changed:
            told = "; ".join(_difference(name, self.identity.get(name), asked[name]) for name in changed)
            raise UsageError(f"the unfinished run was started otherwise: {told}. Use the same inputs and options")


def _plain(record: State | Tally) -> dict[str, Any]:
    return {entry.name: getattr(record, entry.name) for entry in fields(record)}  # asdict() breaks counters


def _difference(name: str, before: object, now: object) -> str:
    return "the input files have changed" if name == "inputs" else f"{name} was {before!r}, is now {now!r}"


def state_path(output: Path) -> Path:
    """Where the state of the run that writes ``output`` is kept."""
    return output.with_name(output.name + ".state")
