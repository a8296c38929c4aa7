"""What can be observed about each block, as numbers. Start reading at :func:`observe`.

Every column is one plain observation: how the block is shaped, where it stands, what rules say of
it and of its neighbours, how it hangs together with the story. :mod:`cleaner.scoring` weighs them
and :mod:`cleaner.reasons` puts the decisive ones into words, so a column needs a wording there.

Sources: line shape, position and neighbours follow boilerpipe (Kohlschütter et al. 2010) and
jusText (Pomikálek 2011); word overlap between the parts of a text is Hearst's lexical cohesion
(TextTiling, 1997).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from cleaner.document import Block, Document, Signal
from cleaner.folding import WORD
from cleaner.readers.text import CLOSING, TERMINAL

__all__ = ["COLUMNS", "Matrix", "content_words", "observe"]

Matrix = npt.NDArray[np.float64]

# Categories are observed in these groups: rules of different packs cut them in different places.
GROUPS = {
    "related": "related", "teaser": "related", "caption": "photo", "credit": "photo", "video": "photo",
    "byline": "byline", "date": "byline", "bio": "bio", "app_promo": "promo", "newsletter": "promo",
    "subscribe": "promo", "paywall": "promo", "social": "social", "comments": "comments", "poll": "comments",
    "ad": "ad", "affiliate": "ad", "tags": "residue", "navigation": "residue", "copyright": "foot",
    "contact": "foot", "correction": "foot",
}  # fmt: skip
_GROUP_NAMES = sorted(set(GROUPS.values()))

_SHAPE = (
    "characters", "words", "word_length", "terminal", "closing_quote", "ellipsis", "colon", "sentences", "commas",
    "capitals", "all_caps", "digits", "function_words", "lower_start", "quote_start", "bullet", "question",
    "web", "bar", "bracketed", "years", "blank_before", "listed", "unspaced", "exclamation", "dash_inside",
    "number_start",
)  # fmt: skip
_RULES = (*(f"rule_{group}" for group in _GROUP_NAMES), "rule_strong", "rule_weak", "rule_keep", "rule_span", "header")
_PAGE = ("page_blocks", "page_prose", "page_short_share", "page_long_words", "page_terminal_share")
_STORY = (
    "twice", "twice_near", "echo", "in_title", "cohesion", "cohesion_lead", "cohesion_before", "cohesion_after",
    "new_words", "starts_title",
)  # fmt: skip
_PLACE = (
    "position", "prose_before", "prose_after", "blocks_from_end", "since_prose", "until_prose", "since_header",
    "prose_since_header", "first_prose",
)  # fmt: skip
_NEAR = ("words", "terminal", "rule_strong", "prose", "function_words", "capitals")
_NEAR_COLUMNS = tuple(f"{name}{step:+d}" for step in (-3, -2, -1, 1, 2, 3) for name in _NEAR)
_WINDOW_COLUMNS = tuple(
    f"{name}_{side}{width}"
    for width in (4, 10)
    for side in ("before", "after")
    for name in ("prose", "terminal", "rule_strong", "short")
)
_RUN = ("run_short", "run_place", "neighbours_alike")
_LANGUAGE = ("foreign", "unaccented")

COLUMNS: tuple[str, ...] = (
    *_SHAPE, *_RULES, *_PAGE, *_STORY, *_PLACE, *_NEAR_COLUMNS, *_WINDOW_COLUMNS, *_RUN, *_LANGUAGE,
)  # fmt: skip

# A block of so many words that ends like a sentence counts as prose.
PROSE_WORDS = 9
CORE_WORDS = 14
# In scripts without blanks this many characters count as a word.
UNSPACED_PER_WORD = 2.0


def observe(
    document: Document, signals: Sequence[Signal], function_words: frozenset[str], strangeness: Matrix
) -> Matrix:
    """One row a block, columns as in :data:`COLUMNS`.

    ``strangeness`` is what :func:`cleaner.language.strangeness` says of each block.
    """
    blocks = document.blocks
    if not blocks:
        return np.zeros((0, len(COLUMNS)))
    shape = np.array([_shape(block, function_words) for block in blocks])
    rules = _rules(len(blocks), signals)
    words = shape[:, _SHAPE.index("words")]
    terminal = shape[:, _SHAPE.index("terminal")]
    prose = (words >= PROSE_WORDS) & (terminal > 0)
    mass = np.where(prose, words, 0.0)
    header = rules[:, _RULES.index("header")]
    strong = rules[:, _RULES.index("rule_strong")]
    near = {
        "words": np.log1p(words), "terminal": terminal, "rule_strong": strong, "prose": prose.astype(float),
        "function_words": shape[:, _SHAPE.index("function_words")], "capitals": shape[:, _SHAPE.index("capitals")],
    }  # fmt: skip
    return np.hstack(
        [
            shape,
            rules,
            _page(words, prose, terminal),
            _story(blocks, words, prose),
            _place(words, mass, prose, header),
            *(_shifted(near[name], step)[:, None] for step in (-3, -2, -1, 1, 2, 3) for name in _NEAR),
            _windows(prose, terminal, strong, words),
            _runs(words, prose),
            strangeness,
        ]
    )


_ALL_CLOSING = CLOSING + " "
# Possessive and begun at the first mark of a row: linear on rows of dots.
_SENTENCE = re.compile(
    rf"(?<![{re.escape(TERMINAL)}])[{re.escape(TERMINAL)}]++[{re.escape(CLOSING)}]*+(?=\s|$)|[。！？]"
)
_DIGIT = re.compile(r"\d")
_WEB = re.compile(r"https?://|www\.|@\w|\w@|#\w|\.com\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b|\d{1,2}[:.]\d{2}|\d{1,2}[./-]\d{1,2}[./-]")
_UNSPACED_CHARS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_OPENING = "\"'“‘«„‚‹「『"


def _shape(block: Block, function_words: frozenset[str]) -> tuple[float, ...]:
    """The block alone: length, punctuation, case, digits, signs."""
    text, folded = block.text, block.folded
    parts = text.split(" ")
    count = float(len(parts))
    size = len(text) or 1
    unspaced = 0.0
    if not text.isascii():
        wide = len(_UNSPACED_CHARS.findall(text))
        unspaced = wide / size
        count = max(count, wide / UNSPACED_PER_WORD)
    bare = text.rstrip(_ALL_CLOSING)
    last = bare[-1:] or text[-1:]
    lowered = folded.split(" ")
    if unspaced > 0.3:
        functional = sum(map(folded.count, function_words)) / (count or 1.0)
    else:
        functional = sum(map(function_words.__contains__, lowered)) / count
    capitals = sum(map(str.isupper, [part[0] for part in parts if part]))
    first = text[:1]
    return (
        np.log1p(size),
        count,
        size / count,
        float(last in TERMINAL and last != ""),
        float(text[-1:] in CLOSING),
        float(last == "…" or bare.endswith("...")),
        float(last in ":："),
        float(len(_SENTENCE.findall(text))),
        (text.count(",") + text.count("，") + text.count("、") + text.count("،")) / count,
        capitals / count,
        float(text.isupper()),
        len(_DIGIT.findall(text)) / size if size < 400 else 0.02,
        functional,
        float(first.islower()),
        float(first in _OPENING),
        float(not first.isalnum() and first not in _OPENING),
        float("?" in last or "？" in last or "؟" in last),
        float(bool(_WEB.search(text))),
        float("|" in text or "›" in text or " / " in text or "»" in text[1:-1]),
        float(first in "([【" and text[-1:] in ")]】"),
        float(bool(_YEAR.search(text))),
        float(block.gap > 1),
        float(block.kind in ("list_item", "table_row")),
        unspaced,
        float(last in "!！"),
        float(" – " in text or " - " in text or " — " in text),
        float(first.isdigit()),
    )


def _rules(count: int, signals: Sequence[Signal]) -> Matrix:
    matrix = np.zeros((count, len(_RULES)))
    column = {name: index for index, name in enumerate(_RULES)}
    for signal in signals:
        row = matrix[signal.block]
        if signal.strength == "keep":
            row[column["rule_keep"]] = 1
        elif signal.scope == "span":
            row[column["rule_span"]] = 1
        elif signal.category in GROUPS:
            strong = signal.strength == "strong"
            group = column[f"rule_{GROUPS[signal.category]}"]
            row[group] = max(row[group], 1.0 if strong else 0.5)
            row[column["rule_strong" if strong else "rule_weak"]] = 1
            if signal.scope == "heads-section":
                row[column["header"]] = 1
    return matrix


def _page(words: Matrix, prose: npt.NDArray[np.bool_], terminal: Matrix) -> Matrix:
    """The page as a whole, the same in every row."""
    values = (
        np.log1p(len(words)),
        np.log1p(words[prose].sum()),
        (words < PROSE_WORDS).mean(),
        np.median(words[prose]) if prose.any() else 0.0,
        terminal.mean(),
    )
    return np.tile(np.array(values), (len(words), 1))


_CONTENT = re.compile(rf"[{WORD}]{{4,}}")


def content_words(folded: str) -> set[str]:
    """Words of four letters and more; for unspaced scripts, pairs of characters."""
    wide = _UNSPACED_CHARS.findall(folded)
    if len(wide) > len(folded) * 0.3:
        return {a + b for a, b in pairwise(wide)}
    return set(_CONTENT.findall(folded))


def _frequency(contents: Iterable[set[str]]) -> Counter[str]:
    """In how many blocks each word stands."""
    counts: Counter[str] = Counter()
    for content in contents:
        counts.update(content)
    return counts


def _story(blocks: Sequence[Block], words: Matrix, prose: npt.NDArray[np.bool_]) -> Matrix:
    """Repetition and lexical cohesion: does the block belong to what the page is about?"""
    contents = [content_words(block.folded) for block in blocks]
    core = np.flatnonzero(prose & (words >= CORE_WORDS))
    frequency = _frequency(contents[index] for index in core.tolist())
    in_core = set(frequency)
    twice_in_core = {word for word, count in frequency.items() if count > 1}
    leads = frozenset(core[:3].tolist())
    lead = {word for index in leads for word in contents[index]}
    once = {word for word, count in _frequency(contents).items() if count == 1}
    seen: dict[str, int] = Counter(block.folded for block in blocks)
    heads = Counter(block.folded[:40] for block in blocks if len(block.folded) >= 40)
    titles = [contents[index] for index in range(min(6, len(blocks))) if 3 <= words[index] <= 30]
    is_core = np.zeros(len(blocks), dtype=bool)
    is_core[core] = True
    rows = []
    last: dict[str, int] = {}
    for index, block in enumerate(blocks):
        content = contents[index]
        size = len(content) or 1
        shared = len(content & (twice_in_core if is_core[index] else in_core))
        near = last.get(block.folded, -99)
        last[block.folded] = index
        rows.append(
            (
                float(min(seen[block.folded], 4)),
                float(index - near <= 2),
                float(heads.get(block.folded[:40], 0) > 1 and seen[block.folded] == 1),
                max((len(content & title) / size for title in titles if title is not content), default=0.0),
                shared / size,
                len(content & lead) / size if index not in leads else 1.0,
                len(content & contents[index - 1]) / size if index else 0.0,
                len(content & contents[index + 1]) / size if index + 1 < len(blocks) else 0.0,
                len(content & once) / size,
                float(bool(titles) and content <= titles[0] and len(content) > 2),
            )
        )
    return np.array(rows)


def _place(words: Matrix, mass: Matrix, prose: npt.NDArray[np.bool_], header: Matrix) -> Matrix:
    """Where the block stands between the page's prose, its ends and its section headers."""
    count = len(words)
    index = np.arange(count)
    before = np.cumsum(mass) - mass
    total = mass.sum() or 1.0
    since = index - _last_true(prose, index)
    until = (_last_true(prose[::-1], index) - index)[::-1] + 0
    until = -until
    last_header = _last_true(header > 0, index)
    behind = last_header >= 0
    prose_at_header = np.where(behind, before[np.maximum(last_header, 0)], 0.0)
    first = int(np.argmax(prose)) if prose.any() else 0
    return np.column_stack(
        [
            index / count,
            before / total,
            1 - (before + mass) / total,
            np.log1p(count - index),
            np.minimum(since, 30),
            np.minimum(until, 30),
            np.where(behind, np.minimum(index - last_header, 40), 60),
            np.where(behind, np.minimum(before - prose_at_header, 400), 500),
            np.clip(index - first, -20, 20),
        ]
    )


def _last_true(flags: npt.NDArray[np.bool_], index: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Index of the last true flag before each place; -31 where there is none."""
    at = np.where(flags, index, -31)
    return np.concatenate(([-31], np.maximum.accumulate(at)[:-1]))


def _shifted(column: Matrix, step: int) -> Matrix:
    """The column of the neighbour ``step`` blocks on; -1 beyond the page."""
    out = np.full(len(column), -1.0)
    if step > 0:
        out[: -step or None] = column[step:] if step < len(column) else out[:-step]
    elif -step < len(column):
        out[-step:] = column[:step]
    return out


def _means(columns: Matrix, width: int) -> tuple[Matrix, Matrix]:
    """Means of the ``width`` blocks before and after each block, column by column."""
    count = len(columns)
    total = np.vstack([np.zeros((1, columns.shape[1])), np.cumsum(columns, axis=0)])
    index = np.arange(count)
    low, high = np.maximum(index - width, 0), np.minimum(index + 1 + width, count)
    before = (total[index] - total[low]) / np.maximum(index - low, 1)[:, None]
    after = (total[high] - total[index + 1]) / np.maximum(high - index - 1, 1)[:, None]
    return before, after


def _windows(prose: npt.NDArray[np.bool_], terminal: Matrix, strong: Matrix, words: Matrix) -> Matrix:
    short = (words < PROSE_WORDS + 6) & ~prose
    columns = np.column_stack([prose.astype(float), terminal, strong, short.astype(float)])
    return np.hstack([side for width in (4, 10) for side in _means(columns, width)])


def _runs(words: Matrix, prose: npt.NDArray[np.bool_]) -> Matrix:
    """Runs of blocks that are no prose: how long, where in it, how alike in length."""
    change = np.flatnonzero(np.diff(prose.astype(int))) + 1
    bounds = np.concatenate(([0], change, [len(prose)]))
    length = np.diff(bounds)
    run = np.repeat(length, length).astype(float)
    place = np.arange(len(prose)) - np.repeat(bounds[:-1], length)
    logs = np.log1p(words)
    alike = np.exp(-np.abs(logs - _shifted(logs, 1))) + np.exp(-np.abs(logs - _shifted(logs, -1)))
    return np.column_stack([np.where(prose, -run, run).clip(-30, 30), np.minimum(place, 30), alike])
