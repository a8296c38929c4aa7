"""``cleaner explain``: what was removed from pages and why, on the terminal or as an HTML report."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cleaner.commands.pages import UNREADABLE, read_page, wanted_cleaner
from cleaner.result import Result

if TYPE_CHECKING:
    from cleaner.html_report import PageView

__all__ = ["explain"]

EPILOG = """\b
Examples:
  cleaner explain page.html
  cleaner explain *.html --html report.html   one file, opens offline

\b
Exit codes: 0 fine, 1 an input could not be read (the others are explained),
2 wrong usage.
"""


@click.command(epilog=EPILOG)
@click.argument("pages", nargs=-1, metavar="PAGE…", type=click.Path())
@click.option(
    "--html", "report", metavar="FILE", type=click.Path(dir_okay=False, allow_dash=True),
    help="Write one self-contained HTML file with all pages instead; - is standard output.",
)  # fmt: skip
@click.option("--keep", default="", metavar="CATEGORY,…", help="Categories that stay, such as caption,byline.")
@click.option("--language", metavar="CODE", help="The pages' language (ISO 639-1) instead of detecting it.")
@click.option("--pack", "packs", multiple=True, type=click.Path(), help="A rule pack of your own, or a folder of them.")
@click.option("--url", help="The page's address, for per-site rules.")
def explain(
    pages: tuple[str, ...], report: str | None, keep: str, language: str | None, packs: tuple[str, ...], url: str | None
) -> None:
    """Show what is removed from each PAGE (or standard input), where and why."""
    cleaner = wanted_cleaner(keep, packs)
    names = pages or ("-",)
    found = (
        (name, cleaner.clean(page, url=url, language=language))
        for name in names
        if (page := read_page(name)) is not None
    )
    shown = _print(found) if report is None else _write(found, report)
    if shown < len(names):
        sys.exit(UNREADABLE)


def _print(found: Iterator[tuple[str, Result]]) -> int:
    """Explain page after page on standard output; returns how many there were."""
    from rich.console import Console

    from cleaner.report import print_explanation

    console = Console()
    shown = 0
    for name, result in found:
        print_explanation(name, result, console)
        for warning in result.warnings:
            click.echo(f"cleaner: {name}: {warning}", err=True)
        shown += 1
    return shown


def _write(found: Iterator[tuple[str, Result]], report: str) -> int:
    """Write the report, unless there is no page to show; returns how many there were."""
    from cleaner.html_report import PageView, render_report

    views = [PageView("standard input" if name == "-" else name, result) for name, result in found]
    if not views:
        click.echo(f"cleaner: {report} was not written, as no page could be read", err=True)
        return 0
    html = render_report(views)
    if report == "-":
        click.echo(html)
        return len(views)
    try:
        Path(report).write_text(html, "utf-8")
    except OSError as error:
        raise click.UsageError(f"{report}: cannot be written ({error.strerror}); name another file") from error
    click.echo(f"cleaner: {_told(views)} in {report}; open it in a browser", err=True)
    return len(views)


def _told(views: list[PageView]) -> str:
    removals = sum(len(view.result.removed) for view in views)
    return f"{len(views):,} page{'s' * (len(views) != 1)} with {removals:,} removal{'s' * (removals != 1)}"
