"""How a run goes, for eyes: a bar on a terminal, a line now and then elsewhere, a summary at the end."""

from __future__ import annotations

import time
from collections import Counter
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskID, TimeRemainingColumn
from rich.text import Text

from cleaner.corpus.rows import Row
from cleaner.corpus.state import Tally

__all__ = ["ProgressReport"]

LINE_EVERY = 30.0  # seconds between two lines where there is no terminal
FAILURES_SHOWN = 5


class ProgressReport:
    """A :class:`cleaner.corpus.run.Watcher` that writes to standard error; use it as a context."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True, highlight=False, soft_wrap=True)
        self._began = self._said = time.monotonic()
        self._start = Tally()
        self._start_share: float | None = None
        self._shown = 0
        self._bar: Progress | None = None
        self._task = TaskID(0)

    def __enter__(self) -> ProgressReport:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def begin(self, tally: Tally) -> None:
        """See :class:`cleaner.corpus.run.Watcher`."""
        self._start = Tally(rows=tally.rows, pages=tally.pages, size=tally.size)
        if tally.rows:
            self._console.print(f"going on after {tally.rows:,} rows")
        if self._console.is_terminal:
            self._bar = Progress(BarColumn(), _Numbers(), TimeRemainingColumn(), console=self._console, transient=True)
            self._task = self._bar.add_task("", total=None, said="")
            self._bar.start()

    def seen(self, share: float | None, tally: Tally) -> None:
        """See :class:`cleaner.corpus.run.Watcher`."""
        if self._start_share is None:
            self._start_share = share
        if self._bar:
            self._bar.update(self._task, completed=share or 0, total=share and 1, said=self._numbers(tally))
        elif time.monotonic() - self._said >= LINE_EVERY:
            self._said = time.monotonic()
            self._console.print(f"{self._numbers(tally)}{self._time_left(share)}")

    def failed(self, row: Row, reason: str) -> None:
        """See :class:`cleaner.corpus.run.Watcher`; the first few are shown, all are counted."""
        self._shown += 1
        if self._shown <= FAILURES_SHOWN:
            self._console.print(f"{row.file}:{row.number}: {reason}", markup=False)
        elif self._shown == FAILURES_SHOWN + 1:
            self._console.print("more failures are not shown; --failures FILE lists them all")

    def summary(self, tally: Tally) -> None:
        """The closing lines."""
        seconds = max(time.monotonic() - self._began, 1e-6)
        pages, size = tally.pages - self._start.pages, tally.size - self._start.size
        rate = f"{pages / seconds:,.1f} pages and {size / 1e6 / seconds:.2f} MB a second"
        self._console.print(f"{tally.pages:,} pages, {tally.size / 1e6:,.1f} MB, {rate}")
        self._console.print(f"removed: {tally.share_removed():.1%} of the text; {_listed(tally.removed)}")
        self._console.print(f"languages: {_listed(tally.languages)}")
        self._console.print(f"failures: {tally.failed:,}")

    def _numbers(self, tally: Tally) -> str:
        rate = (tally.rows - self._start.rows) / max(time.monotonic() - self._began, 1e-6)
        failed = f", {tally.failed:,} failed" if tally.failed else ""
        return f"{tally.rows:,} pages, {rate:,.1f}/s, {tally.share_removed():.0%} removed{failed}"

    def _time_left(self, share: float | None) -> str:
        if share is None or self._start_share is None or share <= self._start_share:
            return ""
        passed = time.monotonic() - self._began
        return f", {share:.0%}, {_clock(passed / (share - self._start_share) * (1 - share))} left"


class _Numbers(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(str(task.fields["said"]))


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.most_common()) or "none"
