"""Many pages from Python: order, memory, and pages that take their process with them."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import cleaner
from cleaner import Failure, Result, clean_many
from tests.corpora import ROOT, PlainCleaner, story

HTML = "<html><body><p>The lighthouse keeper retired on Friday after forty winters on the rock.</p></body></html>"


def texts(values: Iterator[Result | Failure]) -> list[str]:
    return [value.text if isinstance(value, Result) else f"failed: {value.reason}" for value in values]


def test_many_pages_give_what_one_at_a_time_gives_in_order() -> None:
    pages: list[Any] = [
        story(1),
        HTML,
        HTML.encode(),
        {"html": HTML, "url": "https://example.org/a"},
        {"text": story(2)},
    ]
    alone = [cleaner.clean(page["html"] if "html" in page else page["text"]) if isinstance(page, dict)
             else cleaner.clean(page) for page in pages]  # fmt: skip
    assert list(clean_many(pages, workers=2, chunk=2)) == alone


def test_a_language_can_go_with_a_page() -> None:
    (result,) = clean_many([{"text": story(1), "language": "nl"}], workers=1, cleaner=PlainCleaner())
    assert isinstance(result, Result)
    assert result.language == "nl"


def test_pages_are_read_a_bounded_number_ahead() -> None:
    taken = 0

    def endless() -> Iterator[str]:
        nonlocal taken
        for number in itertools.count():
            taken += 1
            yield story(number)

    first = list(itertools.islice(clean_many(endless(), workers=2, chunk=4, cleaner=PlainCleaner()), 100))
    assert len(first) == 100
    assert taken <= 100 + 4 * 4 * 2


def test_huge_pages_are_read_fewer_ahead() -> None:
    taken = 0

    def endless() -> Iterator[str]:
        nonlocal taken
        while True:
            taken += 1
            yield "x" * (1 << 19)

    next(clean_many(endless(), workers=1, chunk=1000, cleaner=PlainCleaner()))
    assert taken <= 4


def test_a_page_that_dies_hangs_or_raises_costs_itself_alone() -> None:
    pages = ["one", "die", "two", "spin", "three", "raise", "four", "leave", "five", "hang", "six"]
    values = texts(clean_many(pages, workers=2, chunk=4, limit=1.5, cleaner=PlainCleaner()))
    assert values[::2] == ["one", "two", "three", "four", "five", "six"]
    assert "worker process died" in values[1]
    assert values[3] == values[9] == "failed: took longer than the 1.5 seconds a page may take"
    assert values[5] == "failed: KeyError: 'no such word'"
    assert "exit code 7" in values[7]


def test_a_failure_says_which_page_it_was() -> None:
    pages: list[Any] = ["fine", {"text": "raise", "id": "page-17"}, 5, {"html": None, "id": "empty"}]
    values = list(clean_many(pages, workers=1, cleaner=PlainCleaner()))
    assert [(value.index, value.id) for value in values[1:] if isinstance(value, Failure)] == [
        (1, "page-17"), (2, None), (3, "empty"),
    ]  # fmt: skip
    assert "not int" in texts(iter(values))[2]
    assert "neither 'html' nor 'text'" in texts(iter(values))[3]


def test_an_error_of_the_source_comes_after_the_pages_before_it() -> None:
    def broken() -> Iterator[str]:
        yield from ("one", "two")
        raise ConnectionError("the crawler hung up")

    values = clean_many(broken(), workers=1, cleaner=PlainCleaner())
    assert texts(itertools.islice(values, 2)) == ["one", "two"]
    with pytest.raises(ConnectionError, match="hung up"):
        next(values)


def test_a_slow_reader_is_no_fault_of_the_page() -> None:
    values = clean_many(map(story, range(30)), workers=1, chunk=2, limit=1.5, cleaner=PlainCleaner())
    next(values)
    time.sleep(2.5)
    assert not [text for text in texts(values) if text.startswith("failed")]


@pytest.mark.parametrize("wrong", [{"workers": 0}, {"chunk": 0}, {"limit": 0}, {"limit": -1}])
def test_numbers_that_make_no_sense_are_refused_at_once(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="more than 0"):
        clean_many([], **wrong)  # type: ignore[arg-type]


def test_no_pages_give_nothing() -> None:
    assert list(clean_many([])) == []


def test_a_script_needs_no_guard(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import cleaner\nprint([r.text for r in cleaner.clean_many(['A calm day at sea.'], workers=1)])\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "['A calm day at sea.']"


class Unloadable(PlainCleaner):
    """Leaves no worker alive."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os._exit, (3,)


def test_workers_that_cannot_start_are_told_of() -> None:
    with pytest.raises(RuntimeError, match=r"worker processes cannot start .*exit code 3"):
        next(clean_many(["A page."], workers=1, cleaner=Unloadable()))


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks for processes in /proc")
def test_workers_end_with_a_killed_parent() -> None:
    program = (
        "from cleaner import clean_many; from tests.corpora import PlainCleaner; import multiprocessing\n"
        "values = clean_many(['one', 'spin'], workers=2, chunk=1, limit=None, cleaner=PlainCleaner()); next(values)\n"
        "print(*[child.pid for child in multiprocessing.active_children()], flush=True); next(values)"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    children = parent.stdout.readline().split()
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 10
    while any(os.path.exists(f"/proc/{child}/stat") for child in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(children) == 2
    assert not [child for child in children if running(child)]


def running(child: str) -> bool:
    """Whether a process is there and more than a dead entry that nobody collected."""
    try:
        return Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_importing_the_library_loads_nothing_of_this() -> None:
    program = "import cleaner, sys; print([name for name in sys.modules if name.split('.')[0] in HEAVY])"
    heavy = {"pyarrow", "fastwarc", "multiprocessing", "rich"}
    done = subprocess.run(
        [sys.executable, "-c", f"HEAVY = {heavy!r}\n{program}"], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"


class KilledOnce(PlainCleaner):
    """Kills its process at the first page it sees, unless another has done so before."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def clean(self, page: Any, *, url: str | None = None, language: str | None = None) -> Result:
        if not self.trace.exists():
            self.trace.touch()
            os.kill(os.getpid(), 9)
        return super().clean(page)


def test_a_worker_killed_from_outside_costs_no_page(tmp_path: Path) -> None:
    values = clean_many(["one", "two", "three"], workers=1, cleaner=KilledOnce(tmp_path / "killed"))
    assert texts(values) == ["one", "two", "three"]
    assert (tmp_path / "killed").exists()
