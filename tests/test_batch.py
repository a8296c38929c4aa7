"""``cleaner batch``: formats in and out, bad input, and runs that are stopped and go on."""

from __future__ import annotations

import gzip
import io
import json
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from click.testing import CliRunner, Result
from pyarrow import csv, parquet
from rich.console import Console

from cleaner.__main__ import main
from cleaner.corpus import inputs, options, progress, readers
from cleaner.corpus import run as running
from cleaner.corpus.options import Fields, UsageError
from cleaner.corpus.progress import ProgressReport
from cleaner.corpus.readers import read_file
from cleaner.corpus.rows import Fault, to_json_line
from cleaner.corpus.run import NothingLeft
from cleaner.corpus.sinks import ParquetSink
from cleaner.corpus.state import Tally
from tests.corpora import ROOT, read_lines, run_plainly, story, write_lines
from tests.test_profile import text_page

TEXT = "Rain is expected on the coast.\nPhoto: a wet gull"
KEPT = "Rain is expected on the coast."
FORMATS = ["jsonl", "jsonl.gz", "jsonl.zst", "parquet"]


def batch(*args: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, ["batch", *map(str, args)], input=stdin)


def load(path: Path) -> list[dict[str, Any]]:
    """Records of any output; counts that Parquet spells out as 0 or null left out."""
    if path.suffix == ".parquet":
        rows: list[dict[str, Any]] = parquet.read_table(path).to_pylist()
        return [row | {"removed": {name: n for name, n in row["removed"].items() if n}} for row in rows]
    if path.suffix == ".zst":
        return [json.loads(line) for line in pa.input_stream(path, compression="zstd").read().splitlines()]
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in data.splitlines()]


def warc_record(kind: str, number: int, content_type: str, body: bytes) -> bytes:
    http = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{number}>\r\nWARC-Date: 2026-03-01T00:00:00Z\r\n"
        f"WARC-Target-URI: https://example.org/{number}\r\nContent-Type: application/http; msgtype={kind}\r\n"
        f"Content-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


# ---- what a record holds


def test_a_record_holds_the_story_the_counts_and_every_other_column(tmp_path: Path) -> None:
    row = {"id": 7, "url": "https://example.org/7", "text": TEXT, "title": "Given", "section": {"name": "Weather"}}
    (tmp_path / "in.jsonl").write_text(json.dumps(row) + "\n")
    tally, _ = run_plainly(tmp_path / "in.jsonl", output=tmp_path / "out.jsonl")
    assert load(tmp_path / "out.jsonl") == [
        {
            "id": 7, "url": "https://example.org/7", "text": KEPT, "title": None, "language": "en",
            "removed": {"credit": 1}, "warnings": [], "input_title": "Given", "section": {"name": "Weather"},
        }
    ]  # fmt: skip
    assert (tally.pages, tally.failed, tally.removed["credit"], tally.languages["en"]) == (1, 0, 1, 1)


def test_an_address_that_is_no_text_is_carried_over_and_an_unknown_one_is_null(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [{"text": TEXT, "url": 5, "html": None}, {"text": TEXT, "url": None}, {"text": TEXT}]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    run_plainly(tmp_path / "in.jsonl", output=tmp_path / "out.jsonl")
    given, null, missing = load(tmp_path / "out.jsonl")
    assert given.pop("input_url") == 5
    assert given["url"] is None
    assert [set(record) for record in (given, null)] == [set(missing)] * 2


def test_the_command_line_from_start_to_summary(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    page = (
        "<html><body><p>The ferry will sail again in May, the harbour trust said.</p><p>Advertisement</p></body></html>"
    )
    source.write_text(json.dumps({"body": page, "text": "not this", "link": "https://example.org/1"}) + "\n")
    done = batch(source, "-o", tmp_path / "o.jsonl", "--html-field", "body", "--url-field", "link", "--explain",
                 "--keep", "caption, byline", "--workers", 1)  # fmt: skip
    assert (done.exit_code, done.stdout) == (0, "")
    (record,) = load(tmp_path / "o.jsonl")
    assert (record["url"], record["input_text"]) == ("https://example.org/1", "not this")
    assert record["id"] == f"{source}:1"
    assert record["text"] == "The ferry will sail again in May, the harbour trust said."
    assert record["removals"][0]["because"]
    assert "1 pages" in done.stderr
    assert "a second" in done.stderr
    assert "languages: en 1" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "o.jsonl"]


def test_standard_input_is_json_lines(tmp_path: Path) -> None:
    assert batch("-", "-o", tmp_path / "o.jsonl", "--workers", 1, stdin='{"text": "A calm day."}\n').exit_code == 0
    assert load(tmp_path / "o.jsonl")[0]["id"] == "-:1"


def test_limit_takes_the_first_rows(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "in.jsonl", list(map(story, range(20))))
    run_plainly(source, output=tmp_path / "o.jsonl", limit=3)
    assert [record["n"] for record in load(tmp_path / "o.jsonl")] == [0, 1, 2]


def test_the_number_of_workers_changes_nothing(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "in.jsonl", [*map(story, range(200)), "raise", None, "end"])
    for workers in (1, 3):
        run_plainly(
            source, output=tmp_path / f"{workers}.jsonl.gz", workers=workers, failures=tmp_path / f"{workers}.f"
        )
    assert (tmp_path / "1.jsonl.gz").read_bytes() == (tmp_path / "3.jsonl.gz").read_bytes()
    assert (tmp_path / "1.f").read_bytes() == (tmp_path / "3.f").read_bytes()


# ---- how it goes


def report_of(console: Console) -> ProgressReport:
    tally = Tally(rows=1_500, pages=1_499, failed=1, size=3_000_000, visible=400, kept=300)
    with ProgressReport(console) as report:
        report.begin(Tally())
        report.seen(None, tally)
        report.seen(0.2, tally)
        report.seen(0.25, tally)
    return report


def test_a_terminal_shows_a_bar_with_rate_share_removed_and_time_left() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=100)
    report_of(console)
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert "1,500 pages" in shown
    assert "25% removed, 1 failed" in shown
    assert "━" in shown


def test_elsewhere_there_is_a_plain_line_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "LINE_EVERY", 0.0)
    console = Console(file=io.StringIO(), force_terminal=False, width=100)
    report_of(console)
    first, *_, last = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert first.startswith("1,500 pages, ")
    assert first.endswith("/s, 25% removed, 1 failed")
    assert last.endswith("/s, 25% removed, 1 failed, 25%, 0:00:00 left")


# ---- formats


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_output_holds_the_same_records(tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "CHECKPOINT_ROWS", 7)
    source = write_lines(tmp_path / "in.jsonl", [story(n) for n in range(30)])
    run_plainly(source, output=tmp_path / f"out.{suffix}", explain=True)
    records = load(tmp_path / f"out.{suffix}")
    assert [record["n"] for record in records] == list(range(30))
    assert records[3]["text"] == "Boat 3 left the harbour at dawn.\nIt came back with 21 crates of herring."
    assert records[3]["removed"] == {"credit": 1}
    assert records[3]["removals"][0]["because"] == "It says so."


@pytest.mark.parametrize("suffix", FORMATS)
def test_an_output_without_a_record_can_be_read(tmp_path: Path, suffix: str) -> None:
    source = write_lines(tmp_path / "in.jsonl", [None])
    tally, _ = run_plainly(source, output=tmp_path / f"out.{suffix}")
    assert tally.failed == 1
    assert load(tmp_path / f"out.{suffix}") == []


def test_every_input_gives_its_pages(tmp_path: Path) -> None:
    line = json.dumps({"text": TEXT}).encode() + b"\n"
    folder = tmp_path / "in" / "deeper"
    folder.mkdir(parents=True)
    (folder / "a.jsonl").write_bytes(b"\xef\xbb\xbf" + line + b"\n")
    (folder / "b.jsonl.gz").write_bytes(gzip.compress(line) + gzip.compress(line))
    frame = pa.Codec("zstd").compress(line, asbytes=True)
    (folder / "c.ndjson.zst").write_bytes(frame + frame)
    table = pa.table({"text": [TEXT], "seen": [date(2026, 3, 1)]})
    csv.write_csv(table, folder / "d.csv")
    parquet.write_table(table, folder / "e.parquet")
    (folder / "f.txt").write_text(TEXT)
    (folder / "g.html").write_text(TEXT)
    records = [warc_record("request", 1, "text/html", b""), warc_record("response", 2, "text/html", TEXT.encode())]
    (folder / "h.warc").write_bytes(b"".join(records))
    (folder / "i.warc.gz").write_bytes(b"".join(map(gzip.compress, records)))
    (folder / "j.pdf").write_text("is left alone")
    tally, watcher = run_plainly(tmp_path / "in", output=tmp_path / "out.jsonl")
    found = load(tmp_path / "out.jsonl")
    assert watcher.failures == []
    assert [record["text"] for record in found] == [KEPT] * 11 == [KEPT] * tally.pages
    assert [Path(record["id"]).name for record in found[:6]] == [
        "a.jsonl:1", "b.jsonl.gz:1", "b.jsonl.gz:2", "c.ndjson.zst:1", "c.ndjson.zst:2", "d.csv:1",
    ]  # fmt: skip
    assert found[5]["seen"] == found[6]["seen"] == "2026-03-01"
    assert found[9]["url"] == found[10]["url"] == "https://example.org/2"
    assert found[9]["id"] == "<urn:uuid:2>"


def test_a_glob_is_expanded_in_order(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / f"{name}.txt").write_text(f"The page {name}.")
    run_plainly(tmp_path / "*.txt", output=tmp_path / "o.jsonl")
    assert [record["text"] for record in load(tmp_path / "o.jsonl")] == ["The page a.", "The page b."]


def test_the_charset_of_a_page_is_respected(tmp_path: Path) -> None:
    czech = "Přístav bude uzavřen."
    (tmp_path / "a.warc").write_bytes(
        warc_record("response", 1, "text/html; charset=windows-1250", czech.encode("cp1250"))
        + warc_record("response", 2, "text/html", czech.encode("cp1250"))
    )
    stated, unstated = (row.data for row in read_file(str(tmp_path / "a.warc"), Fields()))
    assert isinstance(stated, dict)
    assert isinstance(unstated, dict)
    assert (stated["html"], unstated["html"]) == (czech, czech.encode("cp1250"))


def test_parquet_columns_of_mixed_kinds_become_text_and_missing_ones_null(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "CHECKPOINT_ROWS", 2)
    extras: list[dict[str, Any]] = [
        {"a": 1, "b": 1, "c": {"x": 1}, "d": {}, "e": None, "id": 1},
        {"a": "two", "b": 2.5, "c": {"x": 2, "y": "z"}},
        {"a": [3], "b": 3, "c": {"x": 3}, "e": "late"},
        {"a": None, "f": "\ud800", "c": None},
    ]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps({"text": TEXT} | extra) + "\n" for extra in extras))
    run_plainly(tmp_path / "in.jsonl", output=tmp_path / "out.parquet")
    columns = parquet.read_table(tmp_path / "out.parquet").to_pydict()
    assert columns["a"] == ["1", "two", "[3]", None]
    assert columns["b"] == [1.0, 2.5, 3.0, None]
    assert columns["c"] == [{"x": 1, "y": None}, {"x": 2, "y": "z"}, {"x": 3, "y": None}, None]
    assert columns["d"] == ["{}", None, None, None]
    assert columns["e"] == [None, None, "late", None]
    assert columns["f"] == [None, None, None, "?"]
    assert columns["id"][0] == "1"


def test_a_line_of_json_holds_what_json_has_no_word_for() -> None:
    record = {"nan": float("nan"), "day": date(2026, 3, 1), "bytes": b"\xff", "half": "\ud83d", "list": [float("inf")]}
    assert json.loads(to_json_line(record)) == {
        "nan": None, "day": "2026-03-01", "bytes": "�", "half": "\ud83d", "list": [None],
    }  # fmt: skip


# ---- bad input


def faults(path: Path) -> list[tuple[int, str]]:
    return [(row.number, row.data.reason) for row in read_file(str(path), Fields()) if isinstance(row.data, Fault)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"text": "cut', "not JSON"),
        (b'{"text": "\xff"}', "not UTF-8: invalid start byte at byte 11"),
        (b'["text"]', "not a JSON object, but list"),
        (b'{"body": "x", "id": 5}', "no field 'html' or 'text'; the fields are: 'body', 'id'"),
        (b'{"text": null}', "'text' is null"),
        (b'{"html": null, "text": null}', "'html' is null and 'text' is null"),
        (b'{"text": 5}', "field 'text' is no text, but int"),
        (b'{"html": ["x"]}', "field 'html' is no text, but list"),
        (b"[" * 100_000, "not JSON"),
    ],
)
def test_a_bad_line_is_named_with_its_reason_and_the_good_ones_stay(tmp_path: Path, line: bytes, reason: str) -> None:
    good = json.dumps({"text": TEXT}).encode()
    (tmp_path / "in.jsonl").write_bytes(b"\n".join([good, line, good, b""]))
    tally, _ = run_plainly(tmp_path / "in.jsonl", output=tmp_path / "o.jsonl", failures=tmp_path / "f.jsonl")
    assert (tally.pages, tally.failed) == (2, 1)
    (failure,) = read_lines(tmp_path / "f.jsonl")
    assert (failure["file"], failure["record"]) == (str(tmp_path / "in.jsonl"), 2)
    assert reason in failure["reason"]


def test_failures_are_told_and_change_the_exit_code(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"text": "A calm day at sea."}\n' + '{"id": "p2", "text": 2}\n' * 7)
    done = batch(tmp_path / "in.jsonl", "-o", tmp_path / "o.jsonl", "--failures", tmp_path / "f.jsonl", "--workers", 1)
    assert done.exit_code == 1
    assert len(load(tmp_path / "o.jsonl")) == 1
    assert read_lines(tmp_path / "f.jsonl")[0]["id"] == "p2"
    assert f"{tmp_path / 'in.jsonl'}:2: field 'text' is no text, but int" in done.stderr
    assert "--failures FILE lists them all" in done.stderr
    assert "failures: 7" in done.stderr


def test_a_page_over_time_and_one_that_kills_its_worker_are_failures(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "in.jsonl", ["one", "spin", "die", "two"])
    _, watcher = run_plainly(source, output=tmp_path / "o.jsonl", time_limit=1.5)
    assert [record["text"] for record in load(tmp_path / "o.jsonl")] == ["one", "two"]
    assert [number for number, _ in watcher.failures] == [2, 3]
    assert "longer than the 1.5 seconds" in watcher.failures[0][1]
    assert "worker process died" in watcher.failures[1][1]


@pytest.mark.parametrize("name", ["cut.jsonl.gz", "cut.jsonl.zst", "cut.warc.gz"])
def test_a_file_that_is_cut_off_gives_what_came_before_and_says_so(tmp_path: Path, name: str) -> None:
    noise = random.Random(3)
    words = [" ".join(noise.choices("abcdefghijklmnopqrstuvwxyz", k=2000)) for _ in range(40)]
    if name.endswith("warc.gz"):
        data = b"".join(gzip.compress(warc_record("response", n, "text/html", w.encode())) for n, w in enumerate(words))
    else:
        lines = [json.dumps({"text": word}).encode() + b"\n" for word in words]
        pack = pa.Codec("zstd").compress
        data = gzip.compress(b"".join(lines)) if name.endswith("gz") else b"".join(pack(x, asbytes=True) for x in lines)
    (tmp_path / name).write_bytes(data[: len(data) * 2 // 3])
    rows = list(read_file(str(tmp_path / name), Fields()))
    assert len(rows) > 20
    assert isinstance(rows[-1].data, Fault)
    assert "cannot be read beyond" in rows[-1].data.reason or "cut off" in rows[-1].data.reason


@pytest.mark.parametrize("name", ["no.parquet", "no.jsonl.gz", "no.jsonl.zst", "no.warc", "no.warc.gz"])
def test_a_file_that_is_not_what_its_name_says_is_one_failure(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"This is none of these formats. " * 20)
    ((_, reason),) = faults(tmp_path / name)
    assert "cannot be read" in reason or "no record" in reason


@pytest.mark.parametrize("name", ["empty.jsonl", "empty.csv", "empty.jsonl.gz", "empty.parquet", "empty.warc"])
def test_an_empty_file_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    ((number, _),) = faults(tmp_path / name)
    assert number <= 1


def test_a_parquet_file_corrupt_in_the_middle(tmp_path: Path) -> None:
    path = tmp_path / "in.parquet"
    noise = random.Random(5)
    values = ["".join(noise.choices("abcdefghijklmnop", k=500)) for _ in range(400)]
    parquet.write_table(pa.table({"text": values}), path, row_group_size=100, use_dictionary=False)
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 3000] = b"\xff" * 3000
    path.write_bytes(bytes(data))
    rows = list(read_file(str(path), Fields()))
    assert len(rows) > 100
    assert isinstance(rows[-1].data, Fault)


def test_warc_records_that_are_no_pages_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(
        warc_record("response", 1, "image/png", b"\x89PNG") + warc_record("response", 2, "text/html", b"x")
    )
    assert faults(path) == [(1, "not HTML or text, but image/png: https://example.org/1")]


def test_a_line_that_fills_the_memory_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "LONGEST_LINE", 1 << 12)
    write_lines(tmp_path / "in.jsonl", ["before", "x" * 10_000, "after"])
    rows = list(read_file(str(tmp_path / "in.jsonl"), Fields()))
    assert [(row.number, isinstance(row.data, Fault)) for row in rows] == [(1, False), (2, True), (3, False)]


def test_times_finer_than_python_knows_are_rounded(tmp_path: Path) -> None:
    times = pa.array([1_772_323_200_000_001_999], pa.timestamp("ns"))
    parquet.write_table(pa.table({"text": [TEXT], "seen": times}), tmp_path / "in.parquet")
    (row,) = read_file(str(tmp_path / "in.parquet"), Fields())
    assert row.data == {"text": TEXT, "seen": datetime(2026, 3, 1, 0, 0, 0, 1)}


def test_csv_rows_of_another_width_or_encoding_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b'id,text\n1,"two\nlines"\n2\n3,\xff\xfe\n4,fine\n')
    rows = list(read_file(str(tmp_path / "a.csv"), Fields()))
    assert faults(tmp_path / "a.csv") == [(2, "1 cells under a header of 2"), (3, "not UTF-8")]
    assert rows[0].data == {"id": "1", "text": "two\nlines"}


# ---- wrong usage and full disks


def test_wrong_usage_is_told_before_anything_is_written(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "in.jsonl", [TEXT])
    wrong: list[tuple[list[object], str]] = [
        ([source, "-o", source], "both input and output"),
        ([source, "-o", tmp_path / "o.jsonl", "--failures", source], "both input and output"),
        ([source, "-o", tmp_path / "o.jsonl", "--failures", tmp_path / "o.jsonl"], "both output and failures"),
        ([tmp_path, "-o", tmp_path / "o.jsonl"], "into the input folder"),
        ([tmp_path / "none.jsonl", "-o", tmp_path / "o.jsonl"], "no such file"),
        ([source, "-o", tmp_path / "o.docx"], "write to .jsonl"),
        ([source, "-o", tmp_path / "o.jsonl", "--keep", "nonsense"], "nonsense"),
        ([source, "-o", tmp_path / "o.jsonl", "--pack", "none.toml"], "none.toml"),
        ([source, "-o", tmp_path / "o.jsonl", "--time-limit", 0], "--time-limit"),
        ([ROOT / "LICENSE", "-o", tmp_path / "o.jsonl"], "format cannot be told"),
    ]
    for args, said in wrong:
        done = batch(*args)
        assert done.exit_code == 2, args
        assert said in " ".join(done.stderr.split())
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_a_missing_library_is_named_with_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(options, "find_spec", lambda module: None)
    with pytest.raises(UsageError, match=r'pip install "news-page-cleaner\[batch\]"'):
        run_plainly(write_lines(tmp_path / "in.jsonl", []), output=tmp_path / "o.parquet")
    (tmp_path / "a.warc").touch()
    with pytest.raises(UsageError, match="needs fastwarc"):
        inputs.find_inputs((str(tmp_path / "a.warc"),), ())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_ends_the_run_with_a_message(tmp_path: Path) -> None:
    done = batch(write_lines(tmp_path / "in.jsonl", [None]), "-o", tmp_path / "o.jsonl", "--failures", "/dev/full")
    assert done.exit_code == 3
    assert "No space left on device" in done.stderr
    assert not (tmp_path / "o.jsonl").exists()


def test_an_output_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    done = batch(write_lines(tmp_path / "in.jsonl", [TEXT]), "-o", tmp_path / "none" / "o.jsonl")
    assert done.exit_code == 3
    assert "No such file or directory" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="needs resource limits")
def test_a_run_goes_on_after_the_disk_was_full(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "in.jsonl", [story(n) for n in range(100)])
    limited = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000)); "
        "from tests.corpora import main; main()"
    )
    command = [source, tmp_path / "o.jsonl", tmp_path / "f.jsonl"]
    done = subprocess.run(
        [sys.executable, "-c", limited, *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "File too large" in done.stderr
    assert not (tmp_path / "o.jsonl").exists()
    subprocess.run([sys.executable, "-m", "tests.corpora", *command], cwd=ROOT, check=True)
    assert [record["n"] for record in load(tmp_path / "o.jsonl")] == list(range(100))


# ---- stopped and resumed


@pytest.mark.parametrize("suffix", ["jsonl", "jsonl.gz", "parquet"])
def test_a_run_killed_again_and_again_gives_the_bytes_of_an_unbroken_one(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "CHECKPOINT_ROWS", 10)
    source = write_lines(tmp_path / "in.jsonl", [story(n) if n % 11 else None for n in range(300)])
    (tmp_path / "whole").mkdir()
    run_plainly(source, output=tmp_path / "whole" / f"o.{suffix}", failures=tmp_path / "whole" / "f")
    output = tmp_path / f"o.{suffix}"
    kills = random.Random(suffix)
    for _ in range(4):
        kill_midway(source, output, tmp_path / "f", kills)
    with suppress(NothingLeft):  # where the last kill came too late
        run_plainly(source, output=output, failures=tmp_path / "f", resume=True)
    assert output.read_bytes() == (tmp_path / "whole" / output.name).read_bytes()
    assert (tmp_path / "f").read_bytes() == (tmp_path / "whole" / "f").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["f", "in.jsonl", output.name, "whole"])


def kill_midway(source: Path, output: Path, failures: Path, kills: random.Random) -> None:
    """Start or go on with a run, and kill it soon after it has written something more."""
    part = output.with_name(output.name + ".state")
    before = part.stat().st_mtime_ns if part.exists() else 0
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.corpora", source, output, failures], cwd=ROOT, stderr=subprocess.DEVNULL
    )
    while process.poll() is None and (not part.exists() or part.stat().st_mtime_ns == before):
        time.sleep(0.005)
    time.sleep(kills.uniform(0.0, 0.02))
    process.kill()
    process.wait()


def unfinished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run of which 20 rows are done."""
    monkeypatch.setattr(running, "CHECKPOINT_ROWS", 10)
    source = write_lines(tmp_path / "in.jsonl", [story(n) for n in range(40)])
    seen = running._Run._checkpoint
    steps = iter((True, True))

    def interrupted(run: Any, *args: Any) -> None:
        if not next(steps, False):
            raise KeyboardInterrupt
        seen(run, *args)

    monkeypatch.setattr(running._Run, "_checkpoint", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run_plainly(source, output=tmp_path / "o.jsonl")
    monkeypatch.setattr(running._Run, "_checkpoint", seen)
    return source


def test_an_unfinished_run_is_neither_overwritten_nor_mixed_with_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = unfinished(tmp_path, monkeypatch)
    output = tmp_path / "o.jsonl"
    assert not output.exists()
    with pytest.raises(UsageError, match=r"unfinished run of 20 rows: add --resume"):
        run_plainly(source, output=output)
    with pytest.raises(UsageError, match=r"keep was \[\], is now \['caption'\]"):
        run_plainly(source, output=output, resume=True, keep=("caption",))
    text = source.read_text()
    source.write_text(text + '{"text": "One more."}\n')
    with pytest.raises(UsageError, match="input files have changed"):
        run_plainly(source, output=output, resume=True)


def test_resuming_goes_on_and_what_is_complete_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = unfinished(tmp_path, monkeypatch)
    tally, _ = run_plainly(source, output=tmp_path / "o.jsonl", resume=True, workers=2)
    assert (tally.rows, tally.pages) == (40, 40)
    assert [record["n"] for record in load(tmp_path / "o.jsonl")] == list(range(40))
    with pytest.raises(NothingLeft, match="complete"):
        run_plainly(source, output=tmp_path / "o.jsonl", resume=True)
    done = batch(source, "-o", tmp_path / "o.jsonl", "--resume")
    assert (done.exit_code, "nothing to resume" in done.stderr) == (0, True)


def test_a_state_that_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = unfinished(tmp_path, monkeypatch)
    (tmp_path / "o.jsonl.state").write_text("{")
    with pytest.raises(UsageError, match="cannot be read as the state of a run"):
        run_plainly(source, output=tmp_path / "o.jsonl", resume=True)


def test_a_merge_that_was_interrupted_is_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write_lines(tmp_path / "in.jsonl", [story(1)])
    finish = ParquetSink.finish
    monkeypatch.setattr(ParquetSink, "finish", lambda self: (_ for _ in ()).throw(OSError("the disk is full")))
    with pytest.raises(OSError, match="full"):
        run_plainly(source, output=tmp_path / "o.parquet")
    monkeypatch.setattr(ParquetSink, "finish", finish)
    run_plainly(source, output=tmp_path / "o.parquet", resume=True)
    assert len(load(tmp_path / "o.parquet")) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_run_with_a_word_on_going_on(tmp_path: Path, number: signal.Signals) -> None:
    source = write_lines(tmp_path / "in.jsonl", [story(n) for n in range(100_000)])
    process = subprocess.Popen(
        [sys.executable, "-m", "cleaner", "batch", source, "-o", tmp_path / "o.jsonl", "--workers", "1"],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    while not (tmp_path / "o.jsonl.state").exists():
        time.sleep(0.01)
    process.send_signal(number)
    assert "--resume goes on" in process.communicate(timeout=30)[1]
    assert process.returncode == 3
    assert not (tmp_path / "o.jsonl").exists()


def test_learn_reads_the_input_twice_and_removes_what_each_site_repeats(tmp_path: Path) -> None:
    source = tmp_path / "crawl.jsonl"
    rows = [{"text": text_page(number), "url": f"https://gull.example/{number}"} for number in range(8)]
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    plain, learned = tmp_path / "plain.jsonl", tmp_path / "learned.jsonl"
    assert batch(source, "-o", plain).exit_code == 0
    assert batch(source, "-o", learned, "--learn", "--explain").exit_code == 0
    reasons = [removal["because"] for row in load(learned) for removal in row["removals"]]
    assert any("of 8 pages of gull.example" in reason for reason in reasons)
    assert sum(len(row["text"]) for row in load(learned)) < sum(len(row["text"]) for row in load(plain))
    # The profiles stand beside the output and serve other runs.
    profile = tmp_path / "learned.jsonl.profiles" / "gull.example.profile.json"
    again = tmp_path / "again.jsonl"
    assert batch(source, "-o", again, "--profile", profile, "--explain").exit_code == 0
    assert load(again) == load(learned)


def test_what_can_be_read_only_once_teaches_nothing() -> None:
    result = batch("-", "-o", "out.jsonl", "--learn", stdin="{}\n")
    assert result.exit_code == 2
    assert "standard input can be read once" in result.output
