"""``cleaner learn``: a site's pages become a profile file. The work is in :mod:`cleaner.learning`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from warnings import catch_warnings, simplefilter

import click

__all__ = ["learn"]

PAGE_SUFFIXES = (".html", ".htm", ".xhtml", ".txt", ".jsonl")
UNREADABLE = 1


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path())
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False), help="The profile to write.")
@click.option("--host", help="The site's host, such as example.org, where the pages do not name it.")
def learn(paths: tuple[str, ...], output: str, host: str | None) -> None:
    """Learn what a site repeats from its pages in PATHS, for `cleaner clean --profile`.

    PATHS are files (HTML, plain text, or .jsonl with html or text and url) and folders of them.
    Five different pages of one site are the least; more are better.
    """
    from cleaner.learning import learn as learn_pages

    unread: list[str] = []
    try:
        with catch_warnings(record=True) as warnings:
            simplefilter("always")
            profile = learn_pages(_pages(paths, unread), host=host)
        profile.save(output)
    except (OSError, TypeError, ValueError) as error:
        raise click.UsageError(str(error)) from error
    for line in (*unread, *(str(warning.message) for warning in warnings)):
        click.echo(f"cleaner: {line}", err=True)
    repeated = sum(1 for seen in profile.blocks.values() if seen.pages > 1)
    click.echo(f"{output}: {profile.pages} pages, {profile.copies} copies passed over, {repeated} blocks repeat")
    if unread:
        sys.exit(UNREADABLE)


def _pages(paths: tuple[str, ...], unread: list[str]) -> Iterator[Any]:
    """Every page below ``paths``, in order of their names; what cannot be read is told in ``unread``."""
    for path in (found for name in paths for found in _files(Path(name))):
        try:
            yield from _pages_of(path, unread)
        except OSError as error:
            unread.append(f"{path}: cannot be read ({error.strerror}); check the path")


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(found for found in path.rglob("*") if found.suffix.lower() in PAGE_SUFFIXES and found.is_file())


def _pages_of(path: Path, unread: list[str]) -> Iterator[Any]:
    if path.suffix.lower() != ".jsonl":
        yield _text_or_bytes(path.read_bytes())
        return
    with path.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            try:
                page = json.loads(line)
            except ValueError:
                page = None
            if isinstance(page, dict) and isinstance(page.get("html") or page.get("text"), str):
                yield page
            elif line.strip():
                unread.append(f"{path}: line {number} is no JSON object with html or text; it was passed over")


def _text_or_bytes(data: bytes) -> str | bytes:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data
