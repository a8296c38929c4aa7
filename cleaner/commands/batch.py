"""``cleaner batch``: arguments in, exit code out. The work is in :mod:`cleaner.corpus.run`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from cleaner.corpus.options import BatchOptions

__all__ = ["batch"]

# Exit codes: 0 fine · 1 some rows failed · 2 wrong usage (click's own) · 3 the run could not finish
SOME_FAILED, UNFINISHED = 1, 3

EPILOG = """\b
INPUT is any number of files, folders, globs, or - for JSON lines on standard input:
  .jsonl .ndjson .json   JSON lines, also .gz and .zst
  .csv                   with a header line, also .gz and .zst
  .parquet  .warc  .warc.gz
  .html .htm .txt        a page a file; a folder is walked, in order of names

\b
A record holds id, url, text, title, language, removed (counts by category), warnings, and every
other column of the input; one named like ours is carried over as input_NAME.

\b
OUTPUT grows as OUTPUT.part and gets its name when it is complete. Stopped at any moment (Ctrl-C,
SIGTERM, kill -9, a full disk), the same command with --resume goes on, and gives the same bytes.

\b
Examples:
  cleaner batch crawl.jsonl.gz -o stories.jsonl.gz
  cleaner batch 'crawl/*.warc.gz' -o stories.parquet --failures failures.jsonl
  cleaner batch crawl.jsonl.gz -o stories.jsonl.gz --resume
  zcat crawl.jsonl.gz | cleaner batch - -o stories.jsonl --html-field body

\b
Exit codes: 0 fine, 1 some rows failed (the rest is in OUTPUT), 2 wrong usage, 3 the run could not
finish (--resume goes on).
"""


@click.command(epilog=EPILOG)
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT…")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path),
              help="OUTPUT: .jsonl, .jsonl.gz, .jsonl.zst or .parquet.")  # fmt: skip
@click.option("--html-field", default="html", show_default=True, metavar="NAME", help="Column with the page's HTML.")
@click.option("--text-field", default="text", show_default=True, metavar="NAME",
              help="Column with its plain text, where there is no HTML.")  # fmt: skip
@click.option("--url-field", default="url", show_default=True, metavar="NAME", help="Column with its address.")
@click.option("--id-field", default="id", show_default=True, metavar="NAME",
              help="Column with its id; without one it is FILE:NUMBER.")  # fmt: skip
@click.option("--workers", type=click.IntRange(1), help="Worker processes; default: one a core.")
@click.option("--explain", is_flag=True, help="Add all removals with their reasons, as column removals.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Only the first N rows.")
@click.option("--time-limit", type=click.FloatRange(0, min_open=True), default=60.0, show_default=True,
              metavar="SECONDS", help="A page that takes longer is stopped and fails.")  # fmt: skip
@click.option("--failures", type=click.Path(path_type=Path), metavar="FILE",
              help="JSON lines: file, record number, id, url and reason of every row that failed.")  # fmt: skip
@click.option("--resume", is_flag=True, help="Go on where a stopped run ended.")
@click.option("--keep", default="", metavar="CATEGORY,…", help="Categories that stay, such as caption,byline.")
@click.option("--language", metavar="CODE", help="The pages' language (ISO 639-1) instead of detecting it.")
@click.option("--pack", "packs", multiple=True, type=click.Path(), help="A rule pack of your own, or a folder of them.")
@click.option("--profile", "profiles", multiple=True, type=click.Path(), help="A site profile, see `cleaner learn`.")
@click.option("--learn", is_flag=True, help="Read INPUT twice: learn what each site repeats, then clean without it.")
def batch(**arguments: Any) -> None:
    """Clean a corpus: every page of INPUT… into one OUTPUT."""
    from cleaner.corpus.progress import ProgressReport
    from cleaner.corpus.run import NothingLeft, run

    options = _options(arguments)
    try:
        with ProgressReport() as report:
            tally = run(options, report)
    except NothingLeft as nothing:
        click.echo(f"cleaner: {nothing}", err=True)
        return
    except ValueError as error:  # UsageError, PackError, an unknown category
        raise click.UsageError(str(error)) from error
    except (OSError, RuntimeError, KeyboardInterrupt) as error:
        click.echo(f"cleaner: {_ending(error, options)}", err=True)
        sys.exit(UNFINISHED)
    report.summary(tally)
    sys.exit(SOME_FAILED if tally.failed else 0)


def _options(arguments: dict[str, Any]) -> BatchOptions:
    from cleaner.corpus.options import BatchOptions, Fields

    fields = Fields(**{name: arguments.pop(f"{name}_field") for name in ("html", "text", "url", "id")})
    keep = tuple(name.strip() for name in arguments.pop("keep").split(",") if name.strip())
    return BatchOptions(fields=fields, keep=keep, **arguments)


def _ending(error: BaseException, options: BatchOptions) -> str:
    if isinstance(error, KeyboardInterrupt):
        return "stopped; the same command with --resume goes on"
    if isinstance(error, OSError):
        return f"{error.filename or options.output}: {error.strerror or error}; when that is mended, --resume goes on"
    return str(error)
