"""How well pages of one's own are cleaned, and where not. Start reading at :func:`evaluate`.

:mod:`cleaner.measuring` measures; here stands what people ask next: which pages are worst, which
boilerplate stayed, and what the rules said of it. What kind of boilerplate a kept line is cannot be
known without a person; so it is listed under the category of the rule or observation that spoke of
it (too weakly to remove it), and under ``none`` where nothing did, which is where a rule is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from cleaner.cleaning import Cleaner, gather
from cleaner.document import Document
from cleaner.explanation import shortened
from cleaner.extractors import CLEANER, PARSE_ONLY, chosen
from cleaner.goldpages import GoldPage
from cleaner.measuring import Measured, PageScore, Row, Source, errors_in, measure_all, pages_of, rows_of, words_in
from cleaner.quality import tokens
from cleaner.readers.text import read_text

__all__ = ["Evaluation", "KeptLine", "evaluate", "print_evaluation"]

UNSPOKEN = "none"


@dataclass(frozen=True, slots=True)
class KeptLine:
    """A line that this library kept though it is no body."""

    page: str
    category: str
    text: str
    words: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What :func:`evaluate` found; ``faults`` are what could not be measured, in words."""

    folder: str
    measured: tuple[Measured, ...]
    kept: tuple[KeptLine, ...]
    faults: tuple[str, ...]

    @property
    def rows(self) -> list[Row]:
        """One row for each extractor, set and kind of page."""
        return [row for measured in self.measured for row in rows_of(measured)]

    @property
    def pages(self) -> tuple[PageScore, ...]:
        """This library's pages, in the order of the folder."""
        return next((measured.pages for measured in self.measured if measured.extractor == CLEANER), ())

    def worst(self, count: int) -> list[PageScore]:
        """This library's ``count`` worst pages by F1, worst first; exact ones are never among them."""
        flawed = [page for page in self.pages if not page.scores.exact]
        return sorted(flawed, key=lambda page: page.scores.f1)[:count]

    def f1_by_page(self) -> dict[str, dict[tuple[str, str], float]]:
        """F1 by extractor and page (its set and id)."""
        return {
            measured.extractor: {(page.set, page.id): page.scores.f1 for page in measured.pages}
            for measured in self.measured
        }

    def kept_by_category(self) -> dict[str, list[KeptLine]]:
        """The kept boilerplate, the category with most words first."""
        groups: dict[str, list[KeptLine]] = {}
        for line in self.kept:
            groups.setdefault(line.category, []).append(line)
        return dict(sorted(groups.items(), key=lambda item: -sum(line.words for line in item[1])))

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON: the rows, every page, the kept boilerplate and the faults."""
        return {
            "folder": self.folder,
            "rows": [asdict(row) for row in self.rows],
            "pages": [
                {"extractor": measured.extractor, **asdict(page)}
                for measured in self.measured
                for page in measured.pages
            ],
            "kept": [asdict(line) for line in self.kept],
            "faults": list(self.faults),
        }


def evaluate(source: Source, peers: Sequence[str] = ()) -> Evaluation:
    """Measure this library, and installed ``peers`` (none named: all, ``none``: no peer), on gold pages.

    Raises ``FileNotFoundError`` where there are none, ``ValueError`` for an unknown peer or category
    and ``PackError`` for a broken pack. A page or a peer that fails is left out and told in ``faults``.
    """
    names = [name for name in chosen(peers) if name != PARSE_ONLY]
    cleaner = Cleaner(keep=source.settings.keep, packs=source.settings.packs)
    errors = errors_in(source)
    measured = [each for each in measure_all(names, source) if each.pages or each.fault]
    kept = _kept(source, measured, cleaner)
    faults = [*map(str, errors), *(each.fault for each in measured if each.fault)]
    return Evaluation(source.folder, tuple(measured), tuple(kept), tuple(faults))


def _kept(source: Source, measured: Iterable[Measured], cleaner: Cleaner) -> Iterator[KeptLine]:
    """The boilerplate that this library kept; only pages that hold some are read again."""
    ours = [page for each in measured if each.extractor == CLEANER for page in each.pages]
    junk = {(page.set, page.id): page.junk for page in ours if page.junk}
    for page in pages_of(source) if junk else ():
        if lines := junk.get((page.set, page.id)):
            said = _said(page, cleaner)
            yield from (KeptLine(page.id, _category(line, said), line, words_in([line])) for line in lines)


def _said(page: GoldPage, cleaner: Cleaner) -> list[tuple[str, str]]:
    """The words of each block that something spoke against, with the category it named."""
    document = _document(page)
    said = gather(document, page.kind, packs=cleaner.packs).signals
    signals = [signal for signal in said if signal.strength != "keep"]
    # The stronger word comes first, so that it is the one a line is listed under.
    signals.sort(key=lambda signal: signal.strength != "strong")
    return [(_key(document.blocks[signal.block].text), signal.category) for signal in signals]


def _document(page: GoldPage) -> Document:
    if page.kind == "text":
        return read_text(str(page.source))
    from cleaner.readers.html import read_html

    return read_html(page.source)


def _category(line: str, said: Iterable[tuple[str, str]]) -> str:
    key = _key(line)
    return next((category for block, category in said if category and block in key), UNSPOKEN)


def _key(text: str) -> str:
    return f" {' '.join(tokens(text))} "


def print_evaluation(evaluation: Evaluation, worst: int, console: Console) -> None:
    """Print the table of extractors, the kept boilerplate by category, and the ``worst`` pages."""
    console.print(_rows_table(evaluation.rows))
    if evaluation.kept:
        console.print(_kept_table(evaluation))
    if pages := evaluation.worst(worst):
        console.print(_worst_table(evaluation, pages))


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    for at, column in enumerate(columns):
        is_text = at == 0 or column in ("set", "pages", "for example", "lost", "kept, though no body", "best peer")
        table.add_column(column, justify="left" if is_text else "right", overflow="fold")
    return table


def _rows_table(rows: Sequence[Row]) -> Table:
    columns = ("precision", "recall", "meanF1", "exact", "intact", "words lost", "junk words", "ms/page")
    table = _table("Quality", "extractor", "set", "pages", *columns)
    for row in sorted(rows, key=lambda row: (row.set, row.kind, row.extractor != CLEANER, -row.mean_f1)):
        shares = (row.precision, row.recall, row.mean_f1, row.exact, row.intact)
        words = (f"{row.lost_words:,}", f"{row.junk_words:,}", f"{row.milliseconds:.1f}")
        style = "bold" if row.extractor == CLEANER else ""
        pages = f"{row.pages} {row.kind}"
        table.add_row(row.extractor, row.set, pages, *(f"{share:.3f}" for share in shares), *words, style=style)
    return table


def _kept_table(evaluation: Evaluation) -> Table:
    title = "Boilerplate kept by cleaner, by what its rules said of it (none: no rule spoke)"
    table = _table(title, "category", "lines", "words", "for example")
    for category, lines in evaluation.kept_by_category().items():
        words = sum(line.words for line in lines)
        table.add_row(category, str(len(lines)), f"{words:,}", _plain(lines[0].text))
    return table


def _worst_table(evaluation: Evaluation, pages: Sequence[PageScore]) -> Table:
    table = _table("Worst pages of cleaner", "page", "F1", "best peer", "lost", "kept, though no body")
    f1s = evaluation.f1_by_page()
    for page in pages:
        peers = {name: pages[page.set, page.id] for name, pages in f1s.items() if (page.set, page.id) in pages}
        peers.pop(CLEANER)
        best = max(peers, key=lambda name: peers[name], default="")
        table.add_row(
            _plain(page.id),
            f"{page.scores.f1:.3f}",
            f"{best} {peers[best]:.3f}" if best else "",
            _first_of(page.lost),
            _first_of(page.junk),
        )
    return table


def _first_of(lines: Sequence[str]) -> str:
    more = f" (+{len(lines) - 1} more)" if len(lines) > 1 else ""
    return _plain(lines[0]) + more if lines else ""


def _plain(text: str) -> str:
    """A page's text for a table cell: short, and no markup of rich's."""
    from rich.markup import escape

    return escape(shortened(text, 60))
