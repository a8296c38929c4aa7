"""``cleaner evaluate``: how well pages with known bodies are cleaned, beside installed peers."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from cleaner.commands.pages import UNREADABLE, names_in, wanted_cleaner

if TYPE_CHECKING:
    from cleaner.evaluation import Evaluation
    from cleaner.measuring import Source

__all__ = ["evaluate"]

EPILOG = """\b
FOLDER holds pages with the bodies they should give, as one of
  NAME.html (.htm, .txt, .gz of them) with NAME.expected.txt beside it
  *.jsonl, a line a page: {"html": or "text": "…", "body": "…"}
  ground-truth.json and html/ID.html.gz (article-extraction-benchmark)
or is itself a .jsonl file. A "title" in a JSON line, where the body begins
with the headline, is counted neither way.

\b
precision, recall, F1  of 4-word shingles, the mean over pages
exact                  share of pages that give the body to the word
intact                 share of pages that lose less than 1 % of the body
words lost, junk words in lines missing from the story, or not of the body

\b
Examples:
  cleaner evaluate pages/
  cleaner evaluate pages/ --peers trafilatura --plot f1.svg
  cleaner evaluate gold.jsonl --keep caption --pack my.toml --json

\b
Exit codes: 0 all pages were measured; 1 a page, a body or a peer could not be
used (it is named, the rest is measured); 2 wrong usage, or no such pages.
"""


@click.command(epilog=EPILOG)
@click.argument("folder", type=click.Path(exists=True))
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of tables, with every page.")
@click.option("--plot", metavar="FILE", type=click.Path(dir_okay=False), help="F1 page by page, as .png or .svg.")
@click.option("--worst", default=5, show_default=True, metavar="N", help="How many of the worst pages to list.")
@click.option("--peers", default="", metavar="NAME,…", help="Only these peers, or none; default: all installed.")
@click.option("--limit", default=0, help="At most this many pages a set.")
@click.option("--keep", default="", metavar="CATEGORY,…", help="Categories that stay, if your bodies have them.")
@click.option("--pack", "packs", multiple=True, type=click.Path(), help="A rule pack of your own, or a folder of them.")
def evaluate(
    folder: str, as_json: bool, plot: str | None, worst: int, peers: str, limit: int, keep: str, packs: tuple[str, ...]
) -> None:
    """Measure how well the pages in FOLDER are cleaned, against bodies of your own."""
    from cleaner.extractors import Settings
    from cleaner.measuring import Source

    wanted_cleaner(keep, packs)
    _check_plot(plot)
    settings = Settings(tuple(names_in(keep)), packs)
    found = _evaluated(Source(folder, limit=limit, settings=settings), names_in(peers))
    for fault in found.faults:
        click.echo(f"cleaner: {fault}", err=True)
    if not found.pages:
        click.echo("cleaner: nothing could be measured; mend what is named above", err=True)
        sys.exit(UNREADABLE)
    _show(found, as_json, worst)
    if plot:
        _plot(found, plot)
    if found.faults:
        sys.exit(UNREADABLE)


def _check_plot(plot: str | None) -> None:
    """Say what is wrong with ``--plot`` now, and not after minutes of measuring."""
    if plot:
        from cleaner.plotting import check_plot

        try:
            check_plot(plot)
        except (ImportError, ValueError) as error:
            raise click.UsageError(str(error)) from error


def _evaluated(source: Source, peers: list[str]) -> Evaluation:
    from cleaner.evaluation import evaluate

    try:
        return evaluate(source, peers)
    except (FileNotFoundError, ValueError) as error:
        raise click.UsageError(str(error)) from error


def _show(found: Evaluation, as_json: bool, worst: int) -> None:
    if as_json:
        click.echo(json.dumps(found.to_dict()))
        return
    from rich.console import Console

    from cleaner.evaluation import print_evaluation

    console = Console()
    print_evaluation(found, worst, console if console.is_terminal else Console(width=130))


def _plot(found: Evaluation, plot: str) -> None:
    from cleaner.plotting import plot_f1

    try:
        plot_f1(found.f1_by_page(), plot)
    except OSError as error:
        raise click.UsageError(f"{plot}: cannot be written ({error.strerror}); name another file") from error
    click.echo(f"cleaner: F1 of {len(found.pages):,} pages in {plot}", err=True)
