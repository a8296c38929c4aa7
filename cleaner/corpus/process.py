"""One worker process: the parent's handle on it, and what runs inside. Start at :class:`Worker`."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from types import ModuleType
from typing import Generic, TypeVar

__all__ = ["Lost", "Worker"]

Item = TypeVar("Item")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Lost:
    """Stands in place of a value: why there is none."""

    reason: str


class Worker(Generic[Item]):
    """A worker process as its parent sees it.

    ``todo`` is what it was given and has not answered, ``spent`` how long the first of that has taken,
    ``ready`` whether it has begun to listen.
    """

    def __init__(self, work: Callable[[Item], object], chunk: Iterable[tuple[int, Item]]) -> None:
        context = multiprocessing.get_context("spawn")  # inherits neither pipes nor threads, and is the same everywhere
        self.pipe, far = context.Pipe()
        self.process = context.Process(target=_serve, args=(far, work), daemon=True)
        with _main_left_alone(work):
            self.process.start()
        far.close()
        self.ready = False
        self.todo = deque(chunk)
        self.spent = 0.0

    def give(self, chunk: Iterable[tuple[int, Item]]) -> None:
        """Send numbered items; ``OSError`` where the process is gone."""
        self.todo, self.spent = deque(chunk), 0.0
        self.pipe.send([item for _, item in self.todo])

    def answers(self) -> Iterator[object]:
        """What has arrived; raises ``EOFError`` or ``OSError`` where the process is gone."""
        while self.pipe.poll():
            answer = self.pipe.recv()
            if self.ready:
                yield answer
            else:  # the first message only says that it listens
                self.ready = True
                self.give(self.todo)

    def death(self) -> str:
        """How the process ended, in words."""
        self.process.join()
        code = self.process.exitcode or 0
        if code >= 0:
            return f"the worker process died (exit code {code})"
        name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
        return f"the worker process died ({name}{'; out of memory?' if name == 'SIGKILL' else ''})"

    def stop(self) -> None:
        """Kill the process, whatever it is doing."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


@contextmanager
def _main_left_alone(work: object) -> Iterator[None]:
    """Keep a new process from running the caller's script again, as multiprocessing has it do.

    So a script needs no ``if __name__ == "__main__":`` around the call, unless ``work`` itself comes
    from the script. There is no option for it; what has no file is not run, so an empty module stands
    in for the script while the process is started.
    """
    script = sys.modules["__main__"]
    if b"__main__" not in pickle.dumps(work):
        sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script


def _serve(pipe: Connection, work: Callable[[Item], object]) -> None:
    """What a worker process does: answer item by item until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the parent decides
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        pipe.send(None)
        while True:
            for item in pipe.recv():
                pipe.send(_answer(work, item))
    except (EOFError, OSError):  # the parent is gone
        sys.exit(0)


def _answer(work: Callable[[Item], Value], item: Item) -> Value | Lost:
    try:
        return work(item)
    except Exception as error:
        return Lost(f"{type(error).__name__}: {error}"[:500])


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)  # the main thread may be stuck in a page
