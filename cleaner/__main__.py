"""The command line: argument parsing and printing only. The work is in :mod:`cleaner.cleaning`."""

from __future__ import annotations

import sys

import click

from cleaner import Result, __version__
from cleaner.commands.batch import batch
from cleaner.commands.evaluate import evaluate
from cleaner.commands.explain import explain
from cleaner.commands.learn import learn
from cleaner.commands.pages import UNREADABLE, read_page, wanted_cleaner

__all__ = ["main"]

EPILOG = """\b
Examples:
  cleaner page.html                      the story, nothing else
  cleaner < page.txt > story.txt         as a step in a pipe
  cleaner page.html --explain            what went, where and why
  cleaner *.html --json > stories.jsonl  one JSON object a page
  cleaner page.txt --keep caption,byline
  cleaner explain *.html --html report.html
                                         the same of many pages, for a browser
  cleaner batch crawl.jsonl.gz -o stories.jsonl.gz
                                         a corpus, in worker processes
  cleaner learn pages/ -o site.json      what a site repeats, for --profile site.json
  cleaner evaluate FOLDER                quality on pages whose bodies you know
  cleaner packs list                     languages and their rules
  cleaner packs check my.toml            every fault of a rule pack

\b
Exit codes: 0 fine, 1 an input could not be read, 2 wrong usage.
"""


class _CleanByDefault(click.Group):
    """``cleaner FILE`` is short for ``cleaner clean FILE``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] not in ("--help", "-h", "--version")):
            args = ["clean", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_CleanByDefault, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="cleaner")
def main() -> None:
    """Take scraped news pages, give back the article's body alone.

    Removes related stories, captions and credits, promos, share lines, comments, bylines and
    teasers, from HTML and from plain text, in any language, and says what it removed and why.
    Without a command, FILE… (or standard input) is cleaned.
    """


@main.command(epilog=EPILOG)
@click.argument("files", nargs=-1, type=click.Path())
@click.option("--json", "as_json", is_flag=True, help="One JSON object a page: text, title, language, removals.")
@click.option("--explain", "explained", is_flag=True, help="Show what was removed, where and why (on standard error).")
@click.option("--keep", default="", metavar="CATEGORY,…", help="Categories that stay, such as caption,byline.")
@click.option("--language", metavar="CODE", help="The page's language (ISO 639-1) instead of detecting it.")
@click.option("--pack", "packs", multiple=True, type=click.Path(), help="A rule pack of your own, or a folder of them.")
@click.option("--profile", "profiles", multiple=True, type=click.Path(), help="What a site repeats: `cleaner learn`.")
@click.option("--url", help="The page's address, for per-site rules and profiles.")
def clean(
    files: tuple[str, ...], as_json: bool, explained: bool, keep: str, language: str | None,
    packs: tuple[str, ...], profiles: tuple[str, ...], url: str | None,
) -> None:  # fmt: skip
    """Clean FILES (or standard input) and print the story."""
    cleaner = wanted_cleaner(keep, packs, profiles)
    failed = False
    for index, name in enumerate(files or ("-",)):
        page = read_page(name)
        if page is None:
            failed = True
            continue
        result = cleaner.clean(page, url=url, language=language)
        _print(name, result, as_json, first=index == 0)
        if explained:
            _explain(name, result)
        for warning in result.warnings:
            click.echo(f"cleaner: {name}: {warning}", err=True)
    if failed:
        sys.exit(UNREADABLE)


def _print(name: str, result: Result, as_json: bool, first: bool) -> None:
    if as_json:
        line = result.to_json()
        click.echo(line if name == "-" else f'{{"file": {_json(name)}, {line[1:]}')
    else:
        click.echo(("" if first else "\n\n") + result.text.encode("utf-8", "replace").decode("utf-8"))


def _json(text: str) -> str:
    import json

    return json.dumps(text)


def _explain(name: str, result: Result) -> None:
    from cleaner.report import print_explanation

    print_explanation(name, result)


@main.group()
def packs() -> None:
    """Look at and check rule packs."""


@packs.command("list")
def list_packs() -> None:
    """The built-in languages with the number of their rules and wordings."""
    from cleaner.report import print_packs

    print_packs()


@packs.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path())
def check_packs(files: tuple[str, ...]) -> None:
    """Say every fault of the packs in FILES: loading, examples, near misses."""
    from cleaner.checking import check_pack

    faults = [fault for name in files for fault in check_pack(name)]
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        sys.exit(UNREADABLE)
    click.echo(f"{len(files)} pack{'s' * (len(files) > 1)} without fault")


@main.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False))
@click.argument("sets", nargs=-1)
@click.option("--limit", default=0, help="At most this many pages a set.")
@click.option("--peers", default="", metavar="NAME,…", help="Only these peers; default: all that are installed.")
def benchmark(folder: str, sets: tuple[str, ...], limit: int, peers: str) -> None:
    """Measure quality and time on pages with known bodies, beside installed peers.

    FOLDER is laid out like the article-extraction-benchmark (html/*.html.gz, ground-truth.json) or
    as SET/gold.jsonl with the pages beside it.
    """
    from cleaner.benchmark import run

    try:
        run(folder, sets, limit, [name for name in peers.split(",") if name])
    except (FileNotFoundError, ValueError) as error:
        raise click.UsageError(str(error)) from error


main.add_command(batch)
main.add_command(explain)
main.add_command(learn)
main.add_command(evaluate)



if __name__ == "__main__":
    main(prog_name="cleaner")
