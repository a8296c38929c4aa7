"""Why a block without a matching rule went: the observations that weighed most, in words.

Start reading at :func:`reasons` and :func:`categorise`. The wording is about what was observed
(:mod:`cleaner.evidence`); which observations are named is read off the fitted points.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import numpy as np

from cleaner.document import Block, Signal
from cleaner.evidence import COLUMNS, Matrix
from cleaner.scoring import CHUNK, Weights
from cleaner.vocabulary import INSIDE_BITS

__all__ = ["categorise", "reasons"]

# column -> (limit, wording at or below the limit, wording above it)
_WORDINGS: dict[str, tuple[float, str, str]] = {
    "characters": (4.0, "short", "of this length"),
    "words": (10, "few words", "of this length"),
    "word_length": (6, "short words", "long words"),
    "terminal": (0.5, "no final punctuation", "ends like a sentence"),
    "closing_quote": (0.5, "no closing quote", "ends in a quote or bracket"),
    "ellipsis": (0.5, "not cut off", "cut off with dots"),
    "sentences": (0.5, "no full sentence", "of so many sentences"),
    "capitals": (0.3, "few capitals", "capitalised like a name or headline"),
    "all_caps": (0.5, "mixed case", "all capitals"),
    "digits": (0.1, "few digits", "many digits"),
    "function_words": (0.1, "hardly any function words", "so many function words"),
    "web": (0.5, "no address", "holds a web address or account name"),
    "bar": (0.5, "no bar", "holds a bar or arrow"),
    "years": (0.5, "no date", "holds a date or time"),
    "listed": (0.5, "not listed", "list item"),
    "foreign": (0.5, "in the page's language", "in another language than the page"),
    "unaccented": (0.02, "accented like the page", "without the accents of the page's language"),
    "twice": (1.5, "stands once", "stands more than once on the page"),
    "twice_near": (0.5, "stands once", "doubled headline"),
    "echo": (0.5, "no echo", "its beginning stands again elsewhere on the page"),
    "in_title": (0.5, "not in the headline", "repeats a headline"),
    "cohesion": (0.45, "shares few words with the story", "shares words with the story"),
    "cohesion_lead": (0.2, "shares few words with the lead", "shares words with the lead"),
    "story_words": (0.45, "shares few words with the story", "shares words with the story"),
    "new_words": (0.5, "repeats words of the page", "words that stand nowhere else on the page"),
    "since_header": (6, "right under a section header", "far from any header"),
    "prose_since_header": (40, "under a section header", "far from any header"),
    "story_after": (0.05, "after the story's end", "before the story's end"),
    "story_before": (0.05, "before the story begins", "after the story's beginning"),
    "prose_after": (0.05, "after the last prose", "before more prose"),
    "prose_before": (0.05, "before the first prose", "after the first prose"),
    "position": (0.3, "near the top of the page", "far down the page"),
    "run_short": (2, "between prose", "in a run of short blocks"),
    "link_share": (0.5, "hardly any links", "mostly link"),
}
_PREFIXES = (
    ("body", "among blocks that are no story"),
    ("words", "neighbours of this length"),
    ("rule_strong", "beside lines that rules know"),
    ("gap_", "away from the story"),
    ("dom_", "its place in the markup"),
    ("near", "away from the story"),
)
# So many observations are named, among so many that weighed most.
NAMED, TRIED = 2, 8


def reasons(weights: Weights, matrix: Matrix) -> Iterator[str]:
    """For each row of ``matrix`` a sentence that names the observations which spoke most against it."""
    for at in range(0, len(matrix), CHUNK):
        yield from _reasons(weights, matrix[at : at + CHUNK])


def _reasons(weights: Weights, matrix: Matrix) -> Iterator[str]:
    shares = weights.shares(matrix)
    most = np.argpartition(shares, TRIED, axis=1)[:, :TRIED]
    order = np.take_along_axis(shares, most, axis=1).argsort(axis=1, kind="stable")
    most = np.take_along_axis(most, order, axis=1)
    told = (np.take_along_axis(values, most, axis=1).tolist() for values in (shares, matrix))
    for columns, row_shares, values in zip(most.tolist(), *told, strict=True):
        yield _sentence(weights.columns, zip(columns, row_shares, values, strict=True))


def _sentence(names: Sequence[str], told: Iterable[tuple[int, float, float]]) -> str:
    """The first observations that have a wording, as a sentence; each told as column, share and value."""
    named: list[str] = []
    for column, share, value in told:
        if share >= 0 or len(named) == NAMED:
            break
        wording = _wording(names[column], value)
        if wording and wording not in named:
            named.append(wording)
    text = ", ".join(named) or "not like the story around it"
    return text[0].upper() + text[1:] + "."


@lru_cache(maxsize=4096)
def _prefix_wording(column: str) -> str:
    return next((wording for prefix, wording in _PREFIXES if column.startswith(prefix)), "")


def _wording(column: str, value: float) -> str:
    if column in _WORDINGS:
        limit, low, high = _WORDINGS[column]
        return low if value <= limit else high
    return _prefix_wording(column)


_COLUMN = {name: index for index, name in enumerate(COLUMNS)}


def categorise(
    block: Block, row: Matrix, signals: Sequence[Signal], outside: tuple[bool, bool], section: str
) -> str:
    """The likeliest category of a block that went by its shape.

    ``outside`` says whether it stands before all story, and whether after it; ``section`` is the
    category of the header it stands under, if any.
    """
    hinted = [signal.category for signal in signals if signal.strength != "keep" and signal.category != "body"]
    if hinted:
        return hinted[0]
    if section:
        return section
    words, terminal = row[_COLUMN["words"]], row[_COLUMN["terminal"]]
    if block.dom is not None and block.dom.inside & INSIDE_BITS["figure"]:
        return "caption"
    if row[_COLUMN["years"]] and words <= 8:
        return "date"
    if row[_COLUMN["bar"]] and words <= 12:
        return "navigation"
    if words <= 4 and row[_COLUMN["capitals"]] > 0.6 and not outside[1]:
        return "byline" if words >= 2 else "navigation"
    if words <= 4:
        return "navigation"
    if not any(outside):
        return "caption" if terminal or words > 14 else "related"
    return "teaser" if terminal else "related"
