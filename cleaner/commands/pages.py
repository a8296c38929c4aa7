"""What commands share: reading the pages they are given, and the cleaner their options ask for."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from cleaner import Cleaner, PackError

__all__ = ["UNREADABLE", "names_in", "read_page", "wanted_cleaner"]

# Exit codes: 0 fine · 1 some input could not be read · 2 wrong usage (click's own)
UNREADABLE = 1


def read_page(name: str) -> str | bytes | None:
    """The page as str where it is plain UTF-8 text, as bytes otherwise; None, with a word, on failure.

    ``-`` is standard input.
    """
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        click.echo(f"cleaner: {name}: cannot be read ({error.strerror}); check the path", err=True)
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data


def wanted_cleaner(keep: str, packs: Sequence[str], profiles: Sequence[str] = ()) -> Cleaner:
    """A cleaner for ``--keep``, ``--pack`` and ``--profile``; ``click.UsageError`` where it cannot be made."""
    try:
        return Cleaner(keep=names_in(keep), packs=packs, profile=profiles)
    except (ValueError, PackError) as error:
        raise click.UsageError(str(error)) from error


def names_in(value: str) -> list[str]:
    """The names in an option's value such as ``caption, byline``."""
    return [name.strip() for name in value.split(",") if name.strip()]
