"""What the corpus tests share: a cleaner without rules that misbehaves when told to, and pages for it."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from cleaner import Removal, Result
from cleaner.corpus import run as running
from cleaner.corpus.options import BatchOptions
from cleaner.corpus.rows import Row
from cleaner.corpus.state import Tally

ROOT = Path(__file__).parent.parent


class PlainCleaner:
    """Takes lines that begin with "Photo:" out. A page that says so hangs, kills its process, or raises."""

    def clean(self, page: Any, *, url: str | None = None, language: str | None = None) -> Result:
        text = page.decode() if isinstance(page, bytes) else page
        misbehave(text)
        kept = "\n".join(line for line in text.split("\n") if not line.startswith("Photo:"))
        removed = (Removal(text, 0, len(text), "credit", "It says so."),) if kept != text else ()
        return Result(kept, (), None, language or "en", removed, source=text)

    def clean_html(self, html: Any, *, url: str | None = None, language: str | None = None) -> Result:
        return self.clean(html, url=url, language=language)


def misbehave(text: str) -> None:
    if text == "hang":
        time.sleep(600)
    if text == "spin":
        while True:
            pass
    if text == "die":
        os.kill(os.getpid(), 9)
    if text == "leave":
        os._exit(7)
    if text == "raise":
        raise KeyError("no such word")


class Quiet:
    """Watches a run and remembers what failed."""

    def __init__(self) -> None:
        self.failures: list[tuple[int, str]] = []

    def begin(self, tally: Tally) -> None: ...

    def seen(self, share: float | None, tally: Tally) -> None: ...

    def failed(self, row: Row, reason: str) -> None:
        self.failures.append((row.number, reason))


def story(number: int) -> str:
    return (
        f"Boat {number} left the harbour at dawn.\nPhoto: the crew\nIt came back with {number * 7} crates of herring."
    )


def write_lines(path: Path, texts: list[Any]) -> Path:
    path.write_bytes(b"".join(json.dumps({"text": text, "n": n}).encode() + b"\n" for n, text in enumerate(texts)))
    return path


def read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def run_plainly(*inputs: Path, output: Path, **options: Any) -> tuple[Tally, Quiet]:
    """A run in this process with the plain cleaner."""
    watcher = Quiet()
    asked = BatchOptions(tuple(map(str, inputs)), output, **{"workers": 1} | options)
    return running.run(asked, watcher, PlainCleaner()), watcher


def main() -> None:
    """A run in a process of its own, with many checkpoints, to be killed: INPUT OUTPUT FAILURES."""
    running.CHECKPOINT_ROWS = 10
    source, output, failures = map(Path, sys.argv[1:])
    run_plainly(source, output=output, failures=failures, resume=True, workers=2)


if __name__ == "__main__":
    main()
