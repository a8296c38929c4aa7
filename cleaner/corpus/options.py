"""What a batch run is asked to do, and the ways it can be asked wrongly."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from cleaner import Cleaner, Profile, __version__
from cleaner.corpus.workers import Plan, cores

__all__ = ["BatchOptions", "Fields", "UsageError", "require"]


class UsageError(ValueError):
    """The run was asked for in a way that cannot work; the message says what to do instead."""


@dataclass(frozen=True, slots=True)
class Fields:
    """Names of the columns that hold a page's HTML, its plain text, its address and its id."""

    html: str = "html"
    text: str = "text"
    url: str = "url"
    id: str = "id"


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """A batch run; see ``cleaner batch --help``. ``limit`` None: all rows; ``workers`` None: one a core."""

    inputs: tuple[str, ...]
    output: Path
    fields: Fields = Fields()
    workers: int | None = None
    explain: bool = False
    limit: int | None = None
    time_limit: float | None = 60.0
    failures: Path | None = None
    resume: bool = False
    keep: tuple[str, ...] = ()
    language: str | None = None
    packs: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    learn: bool = False

    def cleaner(self, learned: Sequence[Profile] = ()) -> Cleaner:
        """The cleaner that every worker gets; raises ``ValueError`` or ``PackError`` for a wrong option.

        ``learned``: profiles beside those of the options.
        """
        return Cleaner(keep=self.keep, packs=self.packs, profile=[*self.profiles, *learned])

    def plan(self) -> Plan:
        """How the work is shared out."""
        return Plan(self.workers or cores(), limit=self.time_limit)

    def identity(self) -> dict[str, Any]:
        """All that decides what the records are; a run is resumed with the same or not at all."""
        return {
            "version": __version__,
            "output": str(self.output),
            "failures": str(self.failures) if self.failures else None,
            "fields": [self.fields.html, self.fields.text, self.fields.url, self.fields.id],
            "explain": self.explain,
            "limit": self.limit,
            "time-limit": self.time_limit,
            "keep": sorted(self.keep),
            "language": self.language,
            "pack": [_digest(Path(pack)) for pack in self.packs],
            "profile": [_digest(Path(profile)) for profile in self.profiles],
            "learn": self.learn,
        }


def _digest(pack: Path) -> str:
    files = sorted(pack.glob("*.toml")) if pack.is_dir() else [pack]
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def require(module: str, what: str) -> None:
    """Raise :class:`UsageError` naming the extra to install where ``module``, needed for ``what``, is missing."""
    if find_spec(module) is None:
        raise UsageError(f'{what} needs {module}, which is not installed: pip install "news-page-cleaner[batch]"')
