"""``cleaner learn``: a site's pages become a profile file. The work is in :mod:`cleaner.learning`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from warnings import catch_warnings, simplefilter

import click

from cleaner.commands.pages import UNREADABLE, read_page

__all__ = ["learn"]

PAGE_SUFFIXES = (".html", ".htm", ".xhtml", ".txt", ".jsonl")


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

    failed: list[str] = []
    try:
        with catch_warnings(record=True) as warnings:
            simplefilter("always")
            profile = learn_pages(_pages(paths, failed), host=host)
        profile.save(output)
    except (OSError, TypeError, ValueError) as error:
        raise click.UsageError(str(error)) from error
    for warning in warnings:
        click.echo(f"cleaner: {warning.message}", err=True)
    repeated = sum(1 for seen in profile.blocks.values() if seen.pages > 1)
    click.echo(f"{output}: {profile.pages} pages, {profile.copies} copies passed over, {repeated} blocks repeat")
    if failed:
        sys.exit(UNREADABLE)


def _pages(paths: tuple[str, ...], failed: list[str]) -> Iterator[Any]:
    """Every page below ``paths``, in order of their names; ``failed`` takes the files that cannot be read."""
    for path in (found for name in paths for found in _files(Path(name))):
        if path.suffix.lower() == ".jsonl" and path.is_file():
            yield from _lines(path, failed)
        elif (content := read_page(str(path))) is not None:
            yield content
        else:
            failed.append(str(path))


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(found for found in path.rglob("*") if found.suffix.lower() in PAGE_SUFFIXES and found.is_file())


def _lines(path: Path, failed: list[str]) -> Iterator[Any]:
    with path.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            page = _object(line)
            if isinstance(page.get("html") or page.get("text"), str):
                yield page
            elif line.strip():
                failed.append(str(path))
                click.echo(f"cleaner: {path}: line {number} is no JSON object with html or text: passed over", err=True)


def _object(line: str) -> dict[str, Any]:
    try:
        page = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return page if isinstance(page, dict) else {}
