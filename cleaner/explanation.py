"""What was removed, laid out for eyes; every view of it draws on this. Start reading at :func:`rows_of`.

A page is shown as rows, one a line or paragraph of :attr:`Result.source`, and a row is made of
pieces, story or removal. :mod:`cleaner.report` prints them, :mod:`cleaner.html_report` draws them.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from cleaner.result import Removal, Result

__all__ = [
    "FAMILIES", "RTL_LANGUAGES", "Explanation", "Piece", "Row", "direction_of", "family_of", "rows_of",
    "share_removed", "shortened", "summary",
]  # fmt: skip

# Categories that tell of the same kind of thing share a colour: seven can be told apart, twenty-two cannot.
FAMILIES: dict[str, tuple[str, ...]] = {
    "stories": ("related", "teaser"),
    "pictures": ("caption", "credit", "video"),
    "people": ("byline", "date", "bio", "contact"),
    "offers": ("app_promo", "newsletter", "subscribe", "paywall"),
    "talk": ("social", "comments", "poll"),
    "adverts": ("ad", "affiliate"),
    "furniture": ("navigation", "tags", "copyright", "correction"),
}
_FAMILY_OF = {category: family for family, categories in FAMILIES.items() for category in categories}

RTL_LANGUAGES = frozenset("ar arc ckb dv fa he ks ku ps sd syr ug ur yi".split())

# Removed lines up to this long that follow one another (menus, tags) share a row, else a menu fills the screen.
LONGEST_IN_RUN = 40


def family_of(category: str) -> str:
    """The family whose colour a category has; ``furniture`` where it is unknown."""
    return _FAMILY_OF.get(category, "furniture")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the page: story where ``removal`` is None, else what was removed."""

    text: str
    removal: Removal | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One line or paragraph. ``kind``: that of a :class:`Paragraph`, or title or removed."""

    kind: str
    direction: str
    pieces: tuple[Piece, ...]

    @property
    def categories(self) -> dict[str, int]:
        """How many pieces of the row went, by category."""
        return dict(Counter(piece.removal.category for piece in self.pieces if piece.removal))


def rows_of(result: Result) -> tuple[Row, ...]:
    """All of the page in order; the texts of the pieces are the page but for blanks between rows."""
    return tuple(_in_runs(_rows(result)))


def _rows(result: Result) -> Iterator[Row]:
    removals = {(removal.start, removal.end): removal for removal in result.removed}
    kinds = {paragraph.start: paragraph.kind for paragraph in result.paragraphs}
    default = _default_direction(result)
    kind, pieces = "removed", list[Piece]()
    for start, end, what in result.spans():
        text = result.source[start:end]
        if what == "gap" and _LINE_END.search(text):
            yield from _row(kind, pieces, default)
            kind, pieces = "removed", []
            continue
        if what == "title":
            kind = "title"
        elif what == "kept" and kind == "removed":
            kind = kinds.get(start, "paragraph")
        pieces.append(Piece(text, removals[start, end] if what == "removed" else None))
    yield from _row(kind, pieces, default)


_LINE_END = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")


def _row(kind: str, pieces: Sequence[Piece], default: str) -> Iterator[Row]:
    text = "".join(piece.text for piece in pieces)
    if text.strip():
        yield Row(kind, direction_of(text, default), tuple(pieces))


def _in_runs(rows: Iterable[Row]) -> Iterator[Row]:
    """Short removed rows of one category that follow one another, as one row."""
    for run, members in groupby(rows, key=_run):
        first, *others = members
        if run is None:
            yield from (first, *others)
        else:
            pieces = (piece for row in others for piece in (Piece(" "), *row.pieces))
            yield replace(first, pieces=(*first.pieces, *pieces))


def _run(row: Row) -> tuple[str, str] | None:
    """What a row has in common with the others of its run; None where it stands alone."""
    piece = row.pieces[0]
    short = len(row.pieces) == 1 and len(piece.text) <= LONGEST_IN_RUN
    return (piece.removal.category, row.direction) if piece.removal and short else None


def direction_of(text: str, default: str = "ltr") -> str:
    """``rtl`` or ``ltr``, as most letters of ``text`` go; ``default`` where it has none.

    The first letter, which ``dir="auto"`` goes by, misleads where a paragraph opens with a foreign name.
    """
    counts = Counter(map(unicodedata.bidirectional, text))
    right, left = counts["R"] + counts["AL"], counts["L"]
    return default if right == left else "rtl" if right > left else "ltr"


def _default_direction(result: Result) -> str:
    return "rtl" if (result.language or "").split("-")[0] in RTL_LANGUAGES else "ltr"


def share_removed(results: Sequence[Result]) -> float:
    """The share of the pages' characters that was removed, 0 to 1."""
    removed = sum(len(removal.text) for result in results for removal in result.removed)
    return removed / max(1, sum(len(result.source) for result in results))


def summary(result: Result) -> str:
    """How much went, in words: ``23 removals, 41 % of the page``."""
    count = len(result.removed)
    return f"{count:,} removal{'s' * (count != 1)}, {share_removed([result]):.0%} of the page"


def shortened(text: str, longest: int = 120) -> str:
    """``text`` on one line, cut to ``longest`` characters; codes that could steer a terminal show as ``�``."""
    text = _CONTROL.sub("\ufffd", " ".join(text[: longest * 10].split()))
    return text if len(text) <= longest else text[: longest - 1] + "…"


_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Explanation(str):
    """What was removed and why, as text; a notebook shows it in colour instead."""

    __slots__ = ("_result",)
    _result: Result

    def __new__(cls, result: Result) -> Explanation:
        """The explanation of ``result``, as :func:`cleaner.report.explanation_text` words it."""
        from cleaner.report import explanation_text

        explanation = super().__new__(cls, explanation_text(result))
        explanation._result = result
        return explanation

    def __repr__(self) -> str:
        return str(self)

    def __reduce__(self) -> tuple[type[Explanation], tuple[Result]]:
        return type(self), (self._result,)

    def _repr_html_(self) -> str:
        return self._result._repr_html_()
