"""Which files a run reads, in which order, and how they are told from others. Start at :class:`Inputs`."""

from __future__ import annotations

import glob
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cleaner.corpus.options import UsageError
from cleaner.corpus.readers import STDIN, format_of, require_reader

__all__ = ["Inputs", "find_inputs"]


@dataclass(frozen=True, slots=True)
class Inputs:
    """Names of files and folders. Folders are walked again each time, so that millions of pages take no memory."""

    names: tuple[str, ...]
    count: int
    size: int
    digest: str

    def files(self) -> Iterator[tuple[str, int]]:
        """Every file with its size, in an order that is the same everywhere."""
        return _walk(self.names)


def find_inputs(patterns: tuple[str, ...], forbidden: tuple[Path, ...]) -> Inputs:
    """The inputs that ``patterns`` (files, folders, globs, ``-``) name.

    Raises ``OSError`` where one cannot be looked at, :class:`UsageError` where one names nothing, has an
    unknown format, needs a library that is not installed, or is or holds one of ``forbidden``: the
    files that the run is going to write.
    """
    names = tuple(name for pattern in patterns for name in _expand(pattern))
    for name in names:
        _refuse_output(name, forbidden)
    count = total = 0
    digest = hashlib.sha256()
    for file, size in _walk(names):
        require_reader(file)
        changed = 0 if file == STDIN else os.stat(file).st_mtime_ns
        digest.update(f"{file}\0{size}\0{changed}\n".encode("utf-8", "surrogateescape"))
        count, total = count + 1, total + size
    if not count:
        raise UsageError(f"nothing to read in {', '.join(names)}: no file of a known format")
    return Inputs(names, count, total, digest.hexdigest())


def _expand(pattern: str) -> list[str]:
    if pattern == STDIN or os.path.isdir(pattern):
        return [pattern]
    names = [pattern] if os.path.exists(pattern) else sorted(glob.glob(pattern, recursive=True))
    if not names:
        raise UsageError(f"{pattern}: no such file or folder; check the path")
    for name in names:
        if not os.path.isdir(name) and not format_of(name):
            raise UsageError(
                f"{name}: its format cannot be told by its name; known are .jsonl, .ndjson, .json, .csv, .warc "
                "(all also with .gz or .zst), .parquet, .html, .htm, .txt and - for JSON lines on "
                "standard input"
            )
    return names


def _refuse_output(name: str, forbidden: tuple[Path, ...]) -> None:
    if name == STDIN:
        return
    for path in forbidden:
        if path.resolve() == Path(name).resolve():
            raise UsageError(f"{name} is both input and output; choose another output")
        if os.path.isdir(name) and path.resolve().is_relative_to(Path(name).resolve()):
            raise UsageError(f"{path} would be written into the input folder {name}; choose a place outside")


def _raise(error: OSError) -> None:
    raise error  # os.walk would pass over a folder that it may not read, and its pages would be missing


def _walk(names: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    for name in names:
        if name == STDIN:
            yield name, 0
        elif not os.path.isdir(name):
            yield name, os.stat(name).st_size
        else:
            for folder, inner, files in os.walk(name, onerror=_raise):
                inner.sort()
                known = [os.path.join(folder, file) for file in sorted(files) if format_of(file)]
                yield from ((path, os.stat(path).st_size) for path in known)
