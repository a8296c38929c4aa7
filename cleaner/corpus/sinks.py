"""Where records go: JSON lines or Parquet, appended in steps that each are whole. Start at :class:`Sink`.

A step is written and synced before its mark is remembered, and what lies beyond the last
remembered mark is cut off on resuming, so a record is never there by half, twice or not at all.
Steps end by the number of rows, so a resumed output is the same to the byte.
"""

from __future__ import annotations

import errno
import gzip
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from cleaner.corpus.options import UsageError, require

__all__ = ["AppendedFile", "JsonLinesSink", "ParquetSink", "Sink", "sink_for"]


class Sink(Protocol):
    """An output that grows under another name; ``as_lines``: it takes lines of JSON, otherwise dictionaries."""

    as_lines: bool
    part: Path

    def begin(self, mark: int) -> None:
        """Go on from ``mark`` (0: anew); what was written beyond it is dropped."""

    def append(self, records: Sequence[Any]) -> int:
        """Write a step and return the mark behind it, once it is on the disk."""

    def finish(self) -> None:
        """Put the whole under its final name."""


def sink_for(output: Path) -> Sink:
    """The sink that the output's name asks for; :class:`UsageError` where it asks for none, or a library is missing."""
    name = output.name.lower()
    if name.endswith(".parquet"):
        require("pyarrow", output.name)
        return ParquetSink(output)
    if name.endswith(".zst"):
        require("pyarrow", output.name)
    if name.removesuffix(".gz").removesuffix(".zst").endswith((".jsonl", ".ndjson")):
        return JsonLinesSink(output)
    raise UsageError(f"{output}: write to .jsonl, .jsonl.gz, .jsonl.zst or .parquet")


class AppendedFile:
    """A file that grows by synced appends and can be cut back."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def begin(self, mark: int) -> None:
        """Cut the file to ``mark`` bytes; ``OSError`` where it is shorter or cannot be written."""
        if not mark:
            self.path.write_bytes(b"")
            return
        if self.path.stat().st_size < mark:
            raise OSError(f"{self.path} is shorter than the run's state says; delete it to start over")
        os.truncate(self.path, mark)

    def append(self, data: bytes) -> int:
        """Append and sync; return the file's size."""
        with open(self.path, "ab") as file:
            file.write(data)
            file.flush()
            _sync(file.fileno())
            return file.tell()


def _sync(handle: int) -> None:
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # a device or pipe has nothing to sync
            raise


def _put(fresh: Path, path: Path) -> None:
    """Give a finished file its name once it is on the disk."""
    with open(fresh, "r+b") as file:
        _sync(file.fileno())
    os.replace(fresh, path)


class JsonLinesSink:
    """JSON lines; compressed, every step is a gzip member or zstd frame of its own."""

    as_lines = True

    def __init__(self, output: Path) -> None:
        self.output = output
        self.part = output.with_name(output.name + ".part")
        self._file = AppendedFile(self.part)

    def begin(self, mark: int) -> None:
        """See :class:`Sink`."""
        self._file.begin(mark)

    def append(self, records: Sequence[bytes]) -> int:
        """See :class:`Sink`."""
        return self._file.append(_compress(self.output.suffix.lower(), b"".join(records)) if records else b"")

    def finish(self) -> None:
        """See :class:`Sink`."""
        if not self.part.stat().st_size:
            self._file.append(_compress(self.output.suffix.lower(), b""))
        os.replace(self.part, self.output)


def _compress(suffix: str, data: bytes) -> bytes:
    if suffix == ".gz":
        return gzip.compress(data, compresslevel=6, mtime=0)  # no time stamp: the same rows give the same bytes
    if suffix == ".zst":
        import pyarrow

        return pyarrow.Codec("zstd", compression_level=3).compress(data, asbytes=True)  # type: ignore[no-any-return]
    return data


class ParquetSink:
    """Parquet: every step is a small file in a folder; at the end they are merged, when all columns are known."""

    as_lines = False

    def __init__(self, output: Path) -> None:
        self.output = output
        self.part = output.with_name(output.name + ".part")

    def begin(self, mark: int) -> None:
        """See :class:`Sink`; the mark is the number of files."""
        if not mark:
            shutil.rmtree(self.part, ignore_errors=True)
        self.part.mkdir(exist_ok=True)
        for path in self._steps()[mark:]:
            path.unlink()
        if len(self._steps()) < mark:
            raise OSError(f"{self.part} holds less than the run's state says; delete it to start over")

    def append(self, records: Sequence[dict[str, Any]]) -> int:
        """See :class:`Sink`."""
        from cleaner.corpus.tables import write_table

        mark = len(self._steps())
        if not records:
            return mark
        path = self.part / f"{mark:08}.parquet"
        fresh = path.with_suffix(".tmp")
        write_table(records, fresh)
        _put(fresh, path)
        return mark + 1

    def finish(self) -> None:
        """See :class:`Sink`; streams, so it takes the memory of a few steps."""
        from cleaner.corpus.tables import merge_tables

        merged = self.part / "merged.tmp"
        merge_tables(self._steps(), merged)
        _put(merged, self.output)
        shutil.rmtree(self.part)

    def _steps(self) -> list[Path]:
        return sorted(self.part.glob("*.parquet"))
