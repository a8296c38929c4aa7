"""Many items through worker processes, in order. Start reading at :func:`map_ordered`.

A parent supervises: every worker has a pipe of its own and shares no lock, queue or thread with
another, so it can be killed at any moment, by the parent or by the system, and nothing is left
locked. A worker answers item by item; the first unanswered item is the one it died of or hangs in,
and only that one is lost. The others of its chunk go to another worker. An item that a worker died
of is tried once more, alone: the system may have had reasons of its own.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import Generic, TypeVar

from cleaner.corpus.process import Lost, Worker

__all__ = ["Lost", "Plan", "cores", "map_ordered"]

Item = TypeVar("Item")
Value = TypeVar("Value")

CHUNK_WEIGHT = 1 << 18  # a chunk ends here however few items it has, so that memory stays bounded
WINDOW = 4  # chunks a worker that may be read ahead of the oldest unanswered item
TICK = 0.25  # seconds between two looks at the clock
START_ATTEMPTS = 3  # workers that may die in a row before they took an item


@dataclass(frozen=True, slots=True)
class Plan:
    """How to share work out: worker processes, items a chunk, seconds an item may take (None: any)."""

    workers: int
    chunk: int = 32
    limit: float | None = None


def cores() -> int:
    """The number of cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def map_ordered(
    work: Callable[[Item], Value], items: Iterable[Item], plan: Plan, weight: Callable[[Item], int] = lambda _: 1
) -> Iterator[tuple[Item, Value | Lost]]:
    """Yield every item with ``work(item)``, or with :class:`Lost`, in the order of ``items``.

    ``work``, items and values are pickled. ``weight`` is about an item's size in bytes; what is read
    ahead is bounded by it. An exception in ``work`` loses the item it was raised for; one in
    ``items`` is raised once everything before it was yielded. ``RuntimeError`` where workers die
    before they took an item.
    """
    return _Supervisor(work, _chunks(items, plan.chunk, weight), plan).run()


def _chunks(
    items: Iterable[Item], size: int, weight: Callable[[Item], int]
) -> Iterator[list[tuple[int, Item]] | Exception]:
    """Items with their numbers in chunks of bounded number and weight; an error of ``items`` comes last."""
    chunk: list[tuple[int, Item]] = []
    total = 0
    failure: Exception | None = None
    numbered = enumerate(items)
    while True:
        try:
            entry = next(numbered)
        except StopIteration:
            break
        except Exception as error:
            failure = error
            break
        chunk.append(entry)
        total += weight(entry[1])
        if len(chunk) >= size or total >= CHUNK_WEIGHT:
            yield chunk
            chunk, total = [], 0
    if chunk:
        yield chunk
    if failure:
        yield failure


class _Supervisor(Generic[Item, Value]):
    def __init__(
        self,
        work: Callable[[Item], Value],
        chunks: Iterator[list[tuple[int, Item]] | Exception],
        plan: Plan,
    ) -> None:
        self.work, self.chunks, self.plan = work, chunks, plan
        self.workers: list[Worker[Item]] = []
        self.again: deque[list[tuple[int, Item]]] = deque()  # what lost workers left
        self.ends: deque[int] = deque()  # number after the last item of every chunk not yet yielded
        self.done: dict[int, tuple[Item, Value | Lost]] = {}
        self.next = 0
        self.exhausted = False
        self.failure: Exception | None = None
        self.died_early = 0
        self.retried: set[int] = set()

    def run(self) -> Iterator[tuple[Item, Value | Lost]]:
        try:
            while not (self.exhausted and not self.ends):
                self._feed()
                self._watch()
                yield from self._in_order()
        finally:
            for worker in self.workers:
                worker.stop()
        if self.failure:
            raise self.failure

    def _in_order(self) -> Iterator[tuple[Item, Value | Lost]]:
        while self.next in self.done:
            entry = self.done.pop(self.next)
            self.next += 1
            if self.ends[0] <= self.next:
                self.ends.popleft()
            yield entry

    def _feed(self) -> None:
        """Give every idle worker a chunk, and start workers as long as there is one left to give."""
        for worker in list(self.workers):
            if not worker.todo and (chunk := self._next_chunk()):
                try:
                    worker.give(chunk)
                except OSError:  # it died idle
                    self._dismiss(worker)
        while len(self.workers) < self.plan.workers and (chunk := self._next_chunk()):
            self.workers.append(Worker(self.work, chunk))

    def _next_chunk(self) -> list[tuple[int, Item]] | None:
        if self.again:
            return self.again.popleft()
        if self.exhausted or len(self.ends) >= WINDOW * self.plan.workers:
            return None
        chunk = next(self.chunks, None)
        if isinstance(chunk, list):
            self.ends.append(chunk[-1][0] + 1)
            return chunk
        self.exhausted, self.failure = True, chunk
        return None

    def _watch(self) -> None:
        """Collect what arrives within a tick, and look after workers that died or hang."""
        if not self.ends and self.exhausted:
            return
        began = time.monotonic()
        arrived = set(wait([worker.pipe for worker in self.workers], timeout=TICK))
        # Only time that the parent spends looking counts: a suspended machine or a slow reader is no page's fault.
        passed = min(time.monotonic() - began, 2 * TICK)
        for worker in list(self.workers):
            if worker.pipe in arrived:
                self._collect(worker)
            elif worker.todo and worker.ready:
                self._hold_to_limit(worker, passed)

    def _collect(self, worker: Worker[Item]) -> None:
        try:
            self._take_answers(worker)
        except (EOFError, OSError):
            self._dismiss(worker, worker.death(), retry=True)

    def _take_answers(self, worker: Worker[Item]) -> None:
        for answer in worker.answers():
            number, item = worker.todo.popleft()
            self.done[number] = (item, answer)  # type: ignore[assignment]
            worker.spent = 0.0
            self.died_early = 0

    def _hold_to_limit(self, worker: Worker[Item], passed: float) -> None:
        worker.spent += passed
        if self.plan.limit is None or worker.spent <= self.plan.limit:
            return
        worker.process.kill()
        worker.process.join()
        suspect = worker.todo[0][0]
        with suppress(EOFError, OSError):
            self._take_answers(worker)
        # It may have answered just before it was killed; then no item is to blame.
        blamed = worker.todo and worker.todo[0][0] == suspect
        self._dismiss(worker, f"took longer than the {self.plan.limit:g} seconds a page may take" if blamed else None)

    def _dismiss(self, worker: Worker[Item], reason: str | None = None, retry: bool = False) -> None:
        """Drop a lost worker; its first open item is lost where a reason is given, the others are done again."""
        worker.stop()
        self.workers.remove(worker)
        if not worker.ready:
            self._count_early_death(reason)
        elif reason and worker.todo:
            self._lose(*worker.todo.popleft(), reason, retry)
        if worker.todo:
            self.again.append(list(worker.todo))

    def _lose(self, number: int, item: Item, reason: str, retry: bool) -> None:
        if retry and number not in self.retried:
            self.retried.add(number)
            self.again.append([(number, item)])
        else:
            self.retried.discard(number)
            self.done[number] = (item, Lost(reason))

    def _count_early_death(self, reason: str | None) -> None:
        self.died_early += 1
        if self.died_early >= START_ATTEMPTS:
            raise RuntimeError(
                f"worker processes cannot start ({reason}); see the error above. A cleaner of your own that is "
                'defined in the script itself wants the call under: if __name__ == "__main__":'
            )
