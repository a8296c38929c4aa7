"""Quality, time and memory beside other extractors, on pages with known bodies. Start at :func:`run`.

The measuring is :mod:`cleaner.measuring`'s. ``parse only`` stands in the table as the measure for
memory: the page's tree and nothing else.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from cleaner.extractors import PARSE_ONLY, chosen
from cleaner.measuring import Row, Source, errors_in, measure_all, rows_of

__all__ = ["Row", "run"]


def run(folder: str, sets: Sequence[str] = (), limit: int = 0, peers: Sequence[str] = ()) -> list[Row]:
    """Measure and print a table; ``peers`` names extractors, none means all that are installed.

    Raises ``FileNotFoundError`` where ``folder`` holds no gold pages, ``ValueError`` for an unknown
    peer; pages that cannot be used are told on standard error and left out.
    """
    names, source = chosen(peers), Source(folder, tuple(sets), limit)
    errors = errors_in(source)
    measured = list(measure_all(names, source))
    for fault in [*map(str, errors), *(each.fault for each in measured if each.fault)]:
        print(fault, file=sys.stderr)
    rows = [row for each in measured for row in rows_of(each)]
    _print(rows)
    return rows


def _print(rows: Sequence[Row]) -> None:
    table = Table("extractor", "set", "pages", "precision", "recall", "meanF1", "exact", "ms/page", "peak MB")
    for row in rows:
        shares = (row.precision, row.recall, row.mean_f1, row.exact)
        quality = ["" if row.extractor == PARSE_ONLY else f"{share:.3f}" for share in shares]
        pages = f"{row.pages} {row.kind}"
        table.add_row(row.extractor, row.set, pages, *quality, f"{row.milliseconds:.1f}", f"{row.peak_mb:.0f}")
    Console(width=110).print(table)
