"""One reader a format: a file becomes rows. Start at :func:`read_file`.

A reader gives rows as they come and lets the errors of its library rise; :func:`read_file` turns
them into a last row that says where and why reading ended, so one broken file costs no other.
Page files and WARC records are given the columns that the options name.
"""

from __future__ import annotations

import csv
import gzip
import io
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from cleaner.corpus.options import Fields, require
from cleaner.corpus.rows import Fault, Row

__all__ = ["STDIN", "format_of", "read_file", "require_reader"]

STDIN = "-"
LONGEST_LINE = 1 << 28  # a line above 256 MB is no page; reading it whole would fill the memory
PARQUET_BATCH = 64  # rows decoded at a time
csv.field_size_limit(LONGEST_LINE)


def format_of(name: str) -> str:
    """The format by the file's name, compression aside: ``.jsonl``, ``.csv`` … or an empty text."""
    suffixes = [suffix.lower() for suffix in Path(name).suffixes]
    if name == STDIN:
        return ".jsonl"
    if suffixes and suffixes[-1] in COMPRESSED and suffixes[-1:] != suffixes:
        suffixes.pop()
        return suffixes[-1] if suffixes[-1] in COMPRESSIBLE else ""
    return suffixes[-1] if suffixes and suffixes[-1] in READERS else ""


def require_reader(name: str) -> None:
    """Raise ``UsageError`` where reading the file needs a library that is not installed."""
    kind = format_of(name)
    if kind == ".warc":
        require("fastwarc", name)
    elif kind == ".parquet" or name.lower().endswith(".zst"):
        require("pyarrow", name)


def read_file(name: str, fields: Fields) -> Iterator[Row]:
    """The rows of a file, in order. Never raises for content: what cannot be read is a row with a fault."""
    number = 0
    try:
        for row in READERS[format_of(name)](name, fields):
            number = row.number
            yield row
    except _errors() as error:
        reason = f"cannot be read beyond this point: {_said(error)}" if number else f"cannot be read: {_said(error)}"
        yield Row(name, number + 1, Fault(reason))
        return
    if not number:
        yield Row(name, 0, Fault("the file holds no record"))


def _errors() -> tuple[type[Exception], ...]:
    """What libraries raise for broken or unreadable files; pyarrow's errors count only where it is in use."""
    arrow = sys.modules.get("pyarrow")
    return (OSError, EOFError, zlib.error, csv.Error, ValueError, *((arrow.ArrowException,) if arrow else ()))


def _said(error: Exception) -> str:
    if isinstance(error, EOFError):
        return "it ends in the middle of its compressed data"
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__)[:300]


def _open(name: str) -> tuple[IO[bytes], IO[bytes]]:
    """The file, and the same decompressed."""
    raw = sys.stdin.buffer if name == STDIN else open(name, "rb")  # noqa: SIM115 - closed by the readers
    if name.lower().endswith(".gz"):
        return raw, gzip.GzipFile(fileobj=raw, mode="rb")  # type: ignore[return-value]
    if name.lower().endswith(".zst"):
        import pyarrow

        # unlike the zstandard package, it says so where a file is cut off; a buffer's worth of lines goes with that
        return raw, io.BufferedReader(pyarrow.CompressedInputStream(raw, "zstd"), 1 << 13)
    return raw, raw


def _offset(raw: IO[bytes]) -> int:
    return raw.tell() if raw.seekable() else 0


def _read_json_lines(name: str, _: Fields) -> Iterator[Row]:
    raw, lines = _open(name)
    number = 0
    with raw:
        while line := lines.readline(LONGEST_LINE):
            number += 1
            if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
                while lines.readline(1 << 20)[-1:] not in (b"\n", b""):
                    pass
                yield Row(name, number, Fault(f"a line of more than {LONGEST_LINE >> 20} MB"), _offset(raw))
            elif not line.isspace():
                yield Row(name, number, line, _offset(raw))


def _read_csv(name: str, _: Fields) -> Iterator[Row]:
    raw, data = _open(name)
    with raw:
        rows = csv.reader(io.TextIOWrapper(data, "utf-8-sig", "surrogateescape", newline=""))
        header = next(rows, [])
        for number, cells in enumerate(filter(None, rows), 1):
            yield Row(name, number, _csv_columns(header, cells), _offset(raw))


def _csv_columns(header: list[str], cells: list[str]) -> dict[str, Any] | Fault:
    if len(cells) != len(header):
        return Fault(f"{len(cells)} cells under a header of {len(header)}")
    try:
        "".join(cells).encode("utf-8")
    except UnicodeEncodeError:
        return Fault("not UTF-8")
    return {name: cell or None for name, cell in zip(header, cells, strict=True)}


def _read_parquet(name: str, _: Fields) -> Iterator[Row]:
    from pyarrow import parquet

    size = Path(name).stat().st_size
    with parquet.ParquetFile(name, buffer_size=1 << 20, coerce_int96_timestamp_unit="us") as file:
        number = 0
        schema = _in_microseconds(file.schema_arrow)
        for batch in file.iter_batches(batch_size=PARQUET_BATCH):
            for columns in batch.cast(schema, safe=False).to_pylist():
                number += 1
                yield Row(name, number, columns, size * number // file.metadata.num_rows)


def _in_microseconds(schema: Any) -> Any:
    """The schema with times as Python can hold them; it knows no nanoseconds."""
    import pyarrow

    for place, field in enumerate(schema):
        if pyarrow.types.is_timestamp(field.type) and field.type.unit == "ns":
            schema = schema.set(place, field.with_type(pyarrow.timestamp("us", field.type.tz)))
    return schema


def _read_warc(name: str, fields: Fields) -> Iterator[Row]:
    """Responses and other records with a page; requests and descriptions of the crawl are none."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    kinds = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion
    with open(name, "rb") as raw:
        for number, record in enumerate(ArchiveIterator(raw, record_types=kinds, auto_decode="all"), 1):
            yield Row(name, number, _warc_columns(record, fields), raw.tell())


def _warc_columns(record: Any, fields: Fields) -> dict[str, Any] | Fault:
    kind = (record.http_content_type if record.is_http else record.headers.get("Content-Type")) or ""
    kind = kind.partition(";")[0].strip().lower()
    if kind not in ("text/html", "application/xhtml+xml", "text/plain"):
        return Fault(f"not HTML or text, but {kind or 'of no stated type'}: {record.headers.get('WARC-Target-URI')}")
    columns = {
        fields.id: record.record_id,
        fields.url: record.headers.get("WARC-Target-URI"),
        "date": record.headers.get("WARC-Date"),
        "status": record.http_headers.status_code if record.is_http else None,
    }
    data = record.reader.read()
    if len(data) < record.content_length and not _is_encoded(record):  # fastwarc ends a cut file without a word
        return Fault(f"the record is cut off: {len(data)} of {record.content_length} bytes")
    return columns | _content(data, kind != "text/plain", record.http_charset, fields)


def _is_encoded(record: Any) -> bool:
    return record.is_http and bool(
        {"content-encoding", "transfer-encoding"} & {name.lower() for name in dict(record.http_headers)}
    )


def _read_page(name: str, fields: Fields) -> Iterator[Row]:
    path = Path(name)
    columns = _content(path.read_bytes(), path.suffix.lower() != ".txt", None, fields)
    yield Row(name, 1, {fields.id: name} | columns, path.stat().st_size)


def _content(data: bytes, is_html: bool, charset: str | None, fields: Fields) -> dict[str, Any]:
    """The page's column. HTML stays bytes unless its charset is stated; bytes of no known text go that way too."""
    if not is_html or charset:
        try:
            return {fields.html if is_html else fields.text: data.decode(charset or "utf-8-sig")}
        except (UnicodeDecodeError, LookupError):
            pass
    return {fields.html: data}


READERS: dict[str, Callable[[str, Fields], Iterator[Row]]] = {
    **dict.fromkeys((".jsonl", ".ndjson", ".json"), _read_json_lines),
    ".csv": _read_csv,
    ".parquet": _read_parquet,
    ".warc": _read_warc,
    **dict.fromkeys((".html", ".htm", ".txt"), _read_page),
}
COMPRESSED = (".gz", ".zst")
COMPRESSIBLE = (".jsonl", ".ndjson", ".json", ".csv", ".warc")
