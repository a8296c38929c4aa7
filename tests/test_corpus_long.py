"""The long check of corpora, left out of ordinary runs: ``python -m pytest -m long -s tests/test_corpus_long.py``.

It prints its figures. Throughput is judged on an idle machine only; elsewhere it is printed beside the load.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.corpora import ROOT

pytestmark = pytest.mark.long

PAGES = 20_000
KILLS = 10
# Enough for the start of the processes not to count.
THROUGHPUT_PAGES = 9_000
SUBJECTS = ["The harbour board", "A retired pilot", "The island council", "The ferry company", "A court in the capital"]
VERBS = ["has postponed", "will publish", "refused to discuss", "has paid for", "was asked about"]
OBJECTS = ["the new breakwater", "its plans for the winter", "a report on the tides", "the sale of two tugs"]
TAILS = ["on Monday.", "after a vote of nine to four.", "although the money is short.", "before the summer season."]
JUNK = ["Advertisement", "Read more: Five walks along the coast", "Photo: Ada Finch/The Gull", "Share this article"]
COMMAND = [sys.executable, "-m", "cleaner", "batch"]


def page(number: int, sentences: int) -> str:
    chance = random.Random(number)
    prose = [" ".join(map(chance.choice, (SUBJECTS, VERBS, OBJECTS, TAILS))) for _ in range(sentences)]
    paragraphs = [" ".join(prose[at : at + 3]) for at in range(0, sentences, 3)]
    return "\n\n".join([f"Notes from the quay, part {number}", *paragraphs, chance.choice(JUNK)])


def write_pages(path: Path, count: int, sentences: int) -> Path:
    with path.open("w") as file:
        for number in range(count):
            file.write(json.dumps({"id": number, "text": page(number, sentences)}) + "\n")
        file.write('{"text": null}\n')
    return path


def test_a_run_killed_ten_times_gives_the_bytes_of_an_unbroken_one(tmp_path: Path) -> None:
    source = write_pages(tmp_path / "in.jsonl", PAGES, 3)
    began = time.monotonic()
    command = [*COMMAND, str(source), "--failures"]
    subprocess.run([*command, tmp_path / "f1", "-o", tmp_path / "whole.jsonl.gz"], cwd=ROOT, check=False)
    whole = time.monotonic() - began
    chance = random.Random(2)
    killed = 0
    for share in sorted(chance.random() for _ in range(KILLS)):
        resumed = subprocess.Popen([*command, tmp_path / "f2", "-o", tmp_path / "o.jsonl.gz", "--resume"], cwd=ROOT)
        while resumed.poll() is None and rows_done(tmp_path / "o.jsonl.gz.state") < share * PAGES:
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 0.5))
        killed += resumed.poll() is None
        resumed.kill()
        resumed.wait()
    subprocess.run([*command, tmp_path / "f2", "-o", tmp_path / "o.jsonl.gz", "--resume"], cwd=ROOT, check=False)
    print(f"\n{PAGES} pages in {whole:.0f} s unbroken; killed {killed} times; load {os.getloadavg()[0]:.1f}")
    assert killed == KILLS
    assert (tmp_path / "o.jsonl.gz").read_bytes() == (tmp_path / "whole.jsonl.gz").read_bytes()
    assert (tmp_path / "f2").read_bytes() == (tmp_path / "f1").read_bytes()


def rows_done(state: Path) -> int:
    try:
        return int(json.loads(state.read_bytes())["tally"]["rows"])
    except (OSError, ValueError):
        return 0


BARE = """import json, sys, cleaner
for line in open(sys.argv[1]):
    text = json.loads(line)["text"]
    if text:
        cleaner.clean_text(text).to_json()
"""


def test_two_workers_do_nearly_twice_as_much_as_one(tmp_path: Path) -> None:
    source = write_pages(tmp_path / "in.jsonl", THROUGHPUT_PAGES, 30)
    load = os.getloadavg()[0]
    bare = timed([sys.executable, "-c", BARE, str(source)])
    one, two = (timed([*COMMAND, str(source), "-o", str(tmp_path / f"{n}.jsonl"), "--workers", str(n)]) for n in (1, 2))
    print(f"\n{source.stat().st_size / THROUGHPUT_PAGES / 1e3:.1f} KB a page, load {load:.1f} at the start")
    for name, (wall, processor) in (("bare function", bare), ("1 worker", one), ("2 workers", two)):
        per_page, busy = wall / THROUGHPUT_PAGES * 1e3, processor / THROUGHPUT_PAGES * 1e3
        print(f"{name}: {per_page:.2f} ms a page, {busy:.2f} ms of processor time")
    print(f"2 workers against 1: {one[0] / two[0]:.2f}; 1 worker against the function: {one[0] / bare[0]:.2f}")
    if load < 0.5:
        assert one[0] / two[0] >= 1.8
        assert one[0] / bare[0] <= 1.15


def timed(command: list[str]) -> tuple[float, float]:
    """Seconds by the clock and of processor time."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command, cwd=ROOT, check=False, stderr=subprocess.DEVNULL)
    wall, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@pytest.mark.skipif(not Path("/proc").exists(), reason="reads memory from /proc")
def test_memory_does_not_grow_with_the_input(tmp_path: Path) -> None:
    peaks = []
    for megabytes in (50, 500):
        source = tmp_path / f"{megabytes}.jsonl"
        write_bulk(source, megabytes)
        written = (tmp_path / f"{megabytes}.out.jsonl.gz", tmp_path / "f")
        command: list[str | Path] = [sys.executable, "-m", "tests.corpora", source, *written]
        peaks.append(max(memory_of(subprocess.Popen(command, cwd=ROOT))))
        source.unlink()
    print(f"\npeak memory of parent and two workers: {peaks[0]:.0f} MB on 50 MB, {peaks[1]:.0f} MB on 500 MB")
    assert peaks[1] < peaks[0] * 1.2


def write_bulk(path: Path, megabytes: int) -> None:
    pages = [json.dumps({"text": page(number, 60)}).encode() + b"\n" for number in range(200)]
    block = b"".join(pages)
    with path.open("wb") as file:
        while file.tell() < megabytes * 1_000_000:
            file.write(block)


def memory_of(process: subprocess.Popen[bytes]) -> Iterator[float]:
    """Memory in MB of a process and its children, over and over until it ends."""
    while process.poll() is None:
        time.sleep(0.1)
        family = [process.pid, *children(process.pid)]
        yield sum(resident(number) for number in family) / 1e6
    assert process.returncode == 0


def children(parent: int) -> list[int]:
    try:
        return list(map(int, Path(f"/proc/{parent}/task/{parent}/children").read_text().split()))
    except OSError:
        return []


def resident(number: int) -> int:
    try:
        return int(Path(f"/proc/{number}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0
