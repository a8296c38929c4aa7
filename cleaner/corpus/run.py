"""A batch run: rows in, records out, a checkpoint every so many rows. Start at :func:`run`.

The output grows as OUTPUT.part beside OUTPUT.state and gets its name when it is complete. Killed at
any moment, a run goes on from its last checkpoint and writes, byte for byte, what an unbroken run
would have written: checkpoints fall by count of rows, never by time.
"""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from types import FrameType
from typing import Any, Protocol

from cleaner.corpus.inputs import Inputs, find_inputs
from cleaner.corpus.many import CleansPages
from cleaner.corpus.options import BatchOptions, Fields, UsageError
from cleaner.corpus.profiles import learned_profiles
from cleaner.corpus.readers import read_file
from cleaner.corpus.rows import Cleaned, Fault, Row, RowCleaner, to_json_line, weight
from cleaner.corpus.sinks import AppendedFile, Sink, sink_for
from cleaner.corpus.state import State, Tally, state_path
from cleaner.corpus.workers import Lost, map_ordered

__all__ = ["NothingLeft", "Watcher", "run"]

CHECKPOINT_ROWS = 500
CHECKPOINT_BYTES = 1 << 24  # of pages; so that a checkpoint of huge pages does not fill the memory

Outcome = Cleaned | Fault | Lost


class NothingLeft(Exception):
    """The run that is to be resumed was complete already."""


class Watcher(Protocol):
    """Is told how a run goes."""

    def begin(self, tally: Tally) -> None:
        """The run starts, or goes on from ``tally``."""

    def seen(self, share: float | None, tally: Tally) -> None:
        """A row is done, and with it about this share of the run, 0 to 1; None where that cannot be told."""

    def failed(self, row: Row, reason: str) -> None:
        """A row has failed."""


@dataclass(slots=True)
class _Step:
    """What has come since the last checkpoint."""

    records: list[Any] = field(default_factory=list)
    failures: list[bytes] = field(default_factory=list)
    rows: int = 0
    size: int = 0

    def full(self) -> bool:
        return self.rows >= CHECKPOINT_ROWS or self.size >= CHECKPOINT_BYTES


def run(options: BatchOptions, watcher: Watcher, cleaner: CleansPages | None = None) -> Tally:
    """Clean all pages of ``options.inputs`` into ``options.output``; returns the counts.

    ``cleaner`` takes the place of the one that the options describe; it must pickle. Raises
    ``ValueError`` (:class:`UsageError`, ``PackError``) for what was asked wrongly, before anything is
    written; :class:`NothingLeft` where there is nothing to resume; ``OSError`` where the output
    cannot be written and ``RuntimeError`` where workers cannot start; ``KeyboardInterrupt`` on Ctrl-C
    and SIGTERM. After the last three ``resume`` goes on.
    """
    plain = cleaner or options.cleaner()  # made first: a wrong option is told before anything is read
    sink = sink_for(options.output)
    path = state_path(options.output)
    written = [options.output, sink.part, path, *([options.failures] if options.failures else [])]
    if len(set(written)) < len(written):
        raise UsageError(f"{options.failures} is both output and failures file; choose another")
    inputs = find_inputs(options.inputs, tuple(written))
    identity = options.identity() | {"inputs": inputs.digest}
    with _interruptible():
        state = _starting_state(options, sink, path, identity)
        if not state.complete:
            learned = learned_profiles(options, inputs) if options.learn else ()
            _Run(options, inputs, sink, state, path, watcher).go(options.cleaner(learned) if learned else plain)
            state.complete = True
            state.save(path)
        sink.finish()
        path.unlink()
    return state.tally


def _starting_state(options: BatchOptions, sink: Sink, path: Path, identity: dict[str, Any]) -> State:
    """The state to go on from, or a fresh one; nothing of an unfinished run is ever thrown away unasked."""
    state = State.load(path)
    if state and state.complete and not sink.part.exists():  # stopped between its last two steps
        path.unlink()
        state = None
    if options.resume and not state and options.output.exists():
        raise NothingLeft(f"{options.output} is complete; nothing to resume")
    if not state or (not options.resume and not state.tally.rows):
        return State(identity)
    if not options.resume:
        raise UsageError(
            f"{sink.part} holds an unfinished run of {state.tally.rows} rows: "
            f"add --resume to go on, or delete {path} to start over"
        )
    state.refuse_other(identity)
    return state


@dataclass(frozen=True, slots=True)
class _Run:
    options: BatchOptions
    inputs: Inputs
    sink: Sink
    state: State
    path: Path
    watcher: Watcher

    def go(self, cleaner: CleansPages) -> None:
        """Clean what is left, checkpoint by checkpoint."""
        failures = AppendedFile(self.options.failures) if self.options.failures else None
        self.sink.begin(self.state.mark)
        if failures:
            failures.begin(self.state.failures_mark)
        self.state.save(self.path)
        self.watcher.begin(self.state.tally)
        step = _Step()
        for row, outcome in self._outcomes(cleaner):
            self._count(step, row, outcome)
            if step.full():
                self._checkpoint(step, failures)
                step = _Step()
        self._checkpoint(step, failures)

    def _outcomes(self, cleaner: CleansPages) -> Iterator[tuple[Row, Outcome]]:
        options = self.options
        work = RowCleaner(cleaner, options.fields, options.language, options.explain, self.sink.as_lines)
        rows = _rows(self.inputs, options.fields)
        left = islice(rows, self.state.tally.rows, options.limit)
        return map_ordered(work, left, options.plan(), weight)

    def _count(self, step: _Step, row: Row, outcome: Outcome) -> None:
        tally = self.state.tally
        tally.rows += 1
        step.rows += 1
        if isinstance(outcome, Cleaned):
            tally.count(outcome)
            step.records.append(outcome.record)
            step.size += outcome.size
        else:
            tally.failed += 1
            step.failures.append(_failure(row, outcome.reason, self.options.fields))
            self.watcher.failed(row, outcome.reason)
        self.watcher.seen(self._share_done(row), tally)

    def _share_done(self, row: Row) -> float | None:
        by_size = row.offset / self.inputs.size if self.inputs.size else 0.0
        by_number = self.state.tally.rows / self.options.limit if self.options.limit else 0.0
        return min(max(by_size, by_number), 1.0) or None

    def _checkpoint(self, step: _Step, failures: AppendedFile | None) -> None:
        """Records first, then the state that counts them: a crash between the two costs work, not order."""
        self.state.mark = self.sink.append(step.records)
        if failures:
            self.state.failures_mark = failures.append(b"".join(step.failures))
        self.state.save(self.path)


def _rows(inputs: Inputs, fields: Fields) -> Iterator[Row]:
    """All rows; offsets count from the beginning of the first file."""
    before = 0
    for name, size in inputs.files():
        for row in read_file(name, fields):
            yield Row(row.file, row.number, row.data, before + row.offset)
        before += size


def _failure(row: Row, reason: str, fields: Fields) -> bytes:
    columns: Any = row.data if isinstance(row.data, dict) else _parsed(row.data)
    found = {key: columns.get(name) for key, name in (("id", fields.id), ("url", fields.url))}
    known = {key: value for key, value in found.items() if value is not None}
    return to_json_line({"file": row.file, "record": row.number, **known, "reason": reason})


def _parsed(data: object) -> dict[str, Any]:
    """The columns of a failed line, as far as it can be told."""
    try:
        value = json.loads(data) if isinstance(data, bytes) else {}
    except (ValueError, RecursionError):
        value = {}
    return value if isinstance(value, dict) else {}


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let SIGTERM end a run as Ctrl-C does; only the main thread may ask for that."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
