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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner.document import Block, Document, Signal
from cleaner.shape import SHAPE_COLUMNS, observe_shape

__all__ = ["COLUMNS", "Matrix", "observe"]

Matrix = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

# Categories are observed in these groups: rules of different packs cut them in different places.
GROUPS = {
    "related": "related", "teaser": "related", "caption": "photo", "credit": "photo", "video": "photo",
    "byline": "byline", "date": "byline", "bio": "bio", "app_promo": "promo", "newsletter": "promo",
    "subscribe": "promo", "paywall": "promo", "social": "social", "comments": "comments", "poll": "comments",
    "ad": "ad", "affiliate": "ad", "tags": "residue", "navigation": "residue", "copyright": "foot",
    "contact": "foot", "correction": "foot",
}  # fmt: skip
_GROUP_NAMES = sorted(set(GROUPS.values()))

_RULES = (
    *(f"rule_{group}" for group in _GROUP_NAMES), "rule_strong", "rule_weak", "rule_keep", "rule_span", "header",
    "rule_story",
    "hints",
)
_PAGE = ("page_blocks", "page_prose", "page_short_share", "page_long_words", "page_terminal_share")
_STORY = (
    "twice", "twice_near", "echo", "in_title", "cohesion", "cohesion_lead", "cohesion_before", "cohesion_after",
    "new_words", "starts_title", "title_cover",
)  # fmt: skip
_PLACE = (
    "position", "prose_before", "prose_after", "blocks_from_end", "since_prose", "until_prose", "since_header",
    "prose_since_header", "first_prose",
)  # fmt: skip
_NEAR = ("words", "terminal", "rule_strong", "prose", "function_words", "capitals")
_STEPS = (-3, -2, -1, 1, 2, 3)
_NEAR_COLUMNS = tuple(f"{name}{step:+d}" for step in _STEPS for name in _NEAR)
_WINDOW_COLUMNS = tuple(
    f"{name}_{side}{width}"
    for width in (4, 10)
    for side in ("before", "after")
    for name in ("prose", "terminal", "rule_strong", "short")
)
_RECURRING = ("recurs", "recurs-2", "recurs-1", "recurs+1", "recurs+2", "label_recurs", "colon-1")
_LIST = ("since_colon", "same_form", "form_run")
_TALK = ("since_comments", "talk_before10", "talk_after10")
_RUN = ("run_short", "run_place", "neighbours_alike")
COLUMNS: tuple[str, ...] = (
    *SHAPE_COLUMNS, *_RULES, *_PAGE, *_STORY, *_PLACE, *_NEAR_COLUMNS, *_WINDOW_COLUMNS, *_RUN, *_RECURRING,
    *_LIST, *_TALK, "foreign",
)  # fmt: skip

# A block of so many words that ends like a sentence counts as prose.
PROSE_WORDS = 9
CORE_WORDS = 14


def observe(
    document: Document, signals: Sequence[Signal], function_words: frozenset[str], foreign: Sequence[str | None]
) -> Matrix:
    """One row a block, columns as in :data:`COLUMNS`.

    ``foreign`` is what :func:`cleaner.language.foreign_languages` says of each block.
    """
    blocks = document.blocks
    if not blocks:
        return np.zeros((0, len(COLUMNS)))
    shape = observe_shape(document, function_words)
    rules = _rules(len(blocks), signals)
    words, terminal, functional, capitals = (
        shape[SHAPE_COLUMNS.index(name)] for name in ("words", "terminal", "function_words", "capitals")
    )
    strong, header = rules[_RULES.index("rule_strong")], rules[_RULES.index("header")]
    prose = (words >= PROSE_WORDS) & (terminal > 0)
    short = (words < PROSE_WORDS + 6) & ~prose
    near = np.array([np.log1p(words), terminal, strong, prose, functional, capitals])
    return np.array(
        [
            *shape,
            *rules,
            *_page(words, prose, terminal),
            *_story(blocks, words, prose),
            *_place(words, np.where(prose, words, 0.0), prose, header),
            *_neighbours(near),
            *_windows(np.array([prose, terminal, strong, short], dtype=float)),
            *_runs(words, prose, near[0]),
            *_recurring(blocks, shape[SHAPE_COLUMNS.index("colon")]),
            *_list(np.array(shape), prose),
            *_talk(rules),
            np.array([code is not None for code in foreign]),
        ]
    ).T


def _rules(count: int, signals: Sequence[Signal]) -> Matrix:
    """One row a column of :data:`_RULES`, one entry a block."""
    matrix = np.zeros((len(_RULES), count))
    for signal in signals:
        for column, value in _said(signal):
            matrix[column, signal.block] = max(matrix[column, signal.block], value)
    # One weak rule may speak of prose; several of a sentence seldom do.
    hints = {(s.block, s.source) for s in signals if s.strength == "weak" and s.category in GROUPS}
    matrix[_RULE_ROW["hints"]] = np.bincount([block for block, _ in hints], minlength=count)
    return matrix


_RULE_ROW = {name: index for index, name in enumerate(_RULES)}


def _said(signal: Signal) -> Iterator[tuple[int, float]]:
    """Which columns a signal speaks to, and how loud."""
    if signal.strength == "keep":
        yield _RULE_ROW["rule_keep"], 1.0
    elif signal.scope == "span":
        yield _RULE_ROW["rule_span"], 1.0
    elif signal.category == "body":
        yield _RULE_ROW["rule_story"], 1.0
    elif signal.category in GROUPS:
        strong = signal.strength == "strong"
        yield _RULE_ROW[f"rule_{GROUPS[signal.category]}"], 1.0 if strong else 0.5
        yield _RULE_ROW["rule_strong" if strong else "rule_weak"], 1.0
        if signal.scope == "heads-section":
            yield _RULE_ROW["header"], 1.0


def _page(words: Matrix, prose: Flags, terminal: Matrix) -> Iterator[Matrix]:
    """The page as a whole, the same for every block."""
    values = (
        np.log1p(len(words)),
        np.log1p(words[prose].sum()),
        (words < PROSE_WORDS).mean(),
        np.median(words[prose]) if prose.any() else 0.0,
        terminal.mean(),
    )
    return (np.full(len(words), value) for value in values)


def _story(blocks: Sequence[Block], words: Matrix, prose: Flags) -> list[Matrix]:
    """Repetition and lexical cohesion: does the block belong to what the page is about?"""
    content = _Content.of(blocks)
    core = prose & (words >= CORE_WORDS)
    frequency = np.bincount(content.word[core[content.block]], minlength=content.words)
    lead = np.zeros(len(blocks), dtype=bool)
    lead[np.flatnonzero(core)[:3]] = True
    told = np.where(core[content.block], frequency[content.word] > 1, frequency[content.word] > 0)
    once = np.bincount(content.word, minlength=content.words) == 1
    before, after = content.shared_with_neighbours()
    in_title, starts_title, title_cover = _titles(content, words)
    return [
        *_repetition(blocks),
        in_title,
        content.share(told),
        np.where(lead, 1.0, content.share(content.held_by(lead)[content.word])),
        before,
        after,
        content.share(once[content.word]),
        starts_title,
        title_cover,
    ]


@dataclass(frozen=True, slots=True)
class _Content:
    """The content words of a page as pairs of block and word, both numbered from 0."""

    block: npt.NDArray[np.int64]
    word: npt.NDArray[np.int64]
    sizes: npt.NDArray[np.int64]
    words: int

    @classmethod
    def of(cls, blocks: Sequence[Block]) -> _Content:
        numbers: dict[str, int] = {}
        word = [numbers.setdefault(word, len(numbers)) for block in blocks for word in block.content]
        sizes = np.array([len(block.content) for block in blocks])
        return cls(np.repeat(np.arange(len(blocks)), sizes), np.array(word, dtype=np.int64), sizes, len(numbers))

    def share(self, flags: npt.NDArray[Any]) -> Matrix:
        """Each block's share of pairs that are flagged."""
        return np.bincount(self.block, flags, minlength=len(self.sizes)) / np.maximum(self.sizes, 1)

    def held_by(self, blocks: Flags) -> Flags:
        """Which words stand in the flagged blocks."""
        held = np.zeros(self.words, dtype=bool)
        held[self.word[blocks[self.block]]] = True
        return held

    def shared_with_neighbours(self) -> tuple[Matrix, Matrix]:
        """Each block's share of words that stand in the block before it, and in the one after."""
        stride = len(self.sizes) + 1
        pairs = np.sort(self.word * stride + self.block)
        again = np.flatnonzero(np.diff(pairs) == 1)
        later = pairs[again + 1] % stride
        sizes = np.maximum(self.sizes, 1)
        shared = np.bincount(later, minlength=stride)
        return shared[:-1] / sizes, shared[1:] / sizes


# The page's headline is looked for among its first blocks of so many words.
TITLE_BLOCKS, TITLE_WORDS = 6, (3, 30)


def _titles(content: _Content, words: Matrix) -> tuple[Matrix, Matrix, Matrix]:
    """What each block shares with the headlines among the first blocks.

    The largest share of its words that stands in one of them; whether the first one holds it all;
    the share of the first one's words that it holds.
    """
    shortest, longest = TITLE_WORDS
    best, starts, cover = np.zeros(len(words)), np.zeros(len(words)), np.zeros(len(words))
    titles = [at for at in range(min(TITLE_BLOCKS, len(words))) if shortest <= words[at] <= longest]
    for at in titles:
        own = np.arange(len(words)) == at
        share = content.share(content.held_by(own)[content.word])
        best = np.maximum(best, np.where(own, 0.0, share))
        if at == titles[0]:
            starts = ((share == 1) & (content.sizes > 2)).astype(float)
            cover = share * content.sizes / max(content.sizes[at], 1)
    return best, starts, cover


ECHO_CHARS = 40


def _repetition(blocks: Sequence[Block]) -> Matrix:
    """Whether each block stands twice, stood just before, or begins like another."""
    seen = Counter([block.folded for block in blocks])
    heads = Counter([block.folded[:ECHO_CHARS] for block in blocks])
    last: dict[str, int] = {}
    rows = []
    for block in blocks:
        folded, at = block.folded, block.index
        count = seen[folded]
        near = at - last.get(folded, -99) <= 2
        last[folded] = at
        rows.append((min(count, 4), near, count == 1 and len(folded) >= ECHO_CHARS and heads[folded[:ECHO_CHARS]] > 1))
    return np.array(rows, dtype=float).T


def _place(words: Matrix, mass: Matrix, prose: Flags, header: Matrix) -> list[Matrix]:
    """Where the block stands between the page's prose, its ends and its section headers."""
    count = len(words)
    index = np.arange(count)
    before = np.cumsum(mass) - mass
    total = mass.sum() or 1.0
    last_header = _last_true(header > 0, index)
    behind = last_header >= 0
    prose_at_header = np.where(behind, before[np.maximum(last_header, 0)], 0.0)
    first = int(np.argmax(prose)) if prose.any() else 0
    return [
        index / count,
        before / total,
        1 - (before + mass) / total,
        np.log1p(count - index),
        np.minimum(index - _last_true(prose, index), 30),
        np.minimum(index - _last_true(prose[::-1], index), 30)[::-1],
        np.where(behind, np.minimum(index - last_header, 40), 60),
        np.where(behind, np.minimum(before - prose_at_header, 400), 500),
        np.clip(index - first, -20, 20),
    ]


def _last_true(flags: Flags, index: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Index of the last true flag before each place; -31 where there is none."""
    at = np.where(flags, index, -31)
    return np.concatenate(([-31], np.maximum.accumulate(at)[:-1]))


def _neighbours(near: Matrix) -> Iterator[Matrix]:
    """The rows of ``near`` for the blocks around each block, by :data:`_STEPS`; -1 beyond the page."""
    width, count = max(_STEPS), near.shape[1]
    padded = np.full((len(near), count + 2 * width), -1.0)
    padded[:, width : width + count] = near
    for step in _STEPS:
        yield from padded[:, width + step : width + step + count]


def _windows(rows: Matrix) -> Iterator[Matrix]:
    """Means of the rows over the 4 and the 10 blocks before and after each block."""
    count = rows.shape[1]
    total = np.zeros((len(rows), count + 1))
    np.cumsum(rows, axis=1, out=total[:, 1:])
    index = np.arange(count)
    for width in (4, 10):
        low, high = np.maximum(index - width, 0), np.minimum(index + 1 + width, count)
        yield from (total[:, index] - total[:, low]) / np.maximum(index - low, 1)
        yield from (total[:, high] - total[:, index + 1]) / np.maximum(high - index - 1, 1)


def _runs(words: Matrix, prose: Flags, logs: Matrix) -> list[Matrix]:
    """Runs of blocks that are no prose: how long, where in it, how alike in length."""
    bounds = np.concatenate(([0], np.flatnonzero(prose[1:] != prose[:-1]) + 1, [len(prose)]))
    length = np.diff(bounds)
    run = np.repeat(length, length).astype(float)
    place = np.arange(len(prose)) - np.repeat(bounds[:-1], length)
    around = np.concatenate(([-1.0], logs, [-1.0]))
    alike = np.exp(-np.abs(logs - around[2:])) + np.exp(-np.abs(logs - around[:-2]))
    return [np.where(prose, -run, run).clip(-30, 30), np.minimum(place, 30), alike]


_DIGITS = re.compile(r"\d+")
# A label opens its block within so many characters: a speaker, a question's letter, a credit.
LABEL_CHARS = 40


def _recurring(blocks: Sequence[Block], colon: Matrix) -> list[Matrix]:
    """Lines that stand again and again, numbers aside, and the blocks around them; labels likewise.

    "Reply" and "3 hours ago" frame every reader's comment; "Q:" opens every question of an interview.
    """
    lines = [_DIGITS.sub("0", block.key) if len(block.key) <= LABEL_CHARS else "" for block in blocks]
    labels = [block.folded[:LABEL_CHARS].partition(":") for block in blocks]
    heads = [label if rest else "" for label, _, rest in labels]
    recurs, padded = _times(lines), np.full(len(blocks) + 4, -1.0)
    padded[2:-2] = recurs
    around = [padded[2 + step : 2 + step + len(blocks)] for step in (-2, -1, 1, 2)]
    return [recurs, *around, _times(heads), np.concatenate(([0.0], colon[:-1]))]


def _times(texts: Sequence[str]) -> Matrix:
    """How often each text stands among ``texts``, as a logarithm; 0 for an empty one."""
    counts = Counter(texts)
    counts[""] = 0
    return np.asarray(np.log1p(np.array([counts[text] for text in texts], dtype=float)))


# Lines of one list agree in these.
_FORM = tuple(
    SHAPE_COLUMNS.index(name)
    for name in ("number_start", "bullet", "lower_start", "terminal", "colon", "comma_end", "dash_inside", "bracketed")
)
_DIGIT_SHARE, _COLON = SHAPE_COLUMNS.index("digits"), SHAPE_COLUMNS.index("colon")


def _list(shape: Matrix, prose: Flags) -> list[Matrix]:
    """Lists: how long since a line that ends in a colon, and how many lines around have the block's form."""
    count = shape.shape[1]
    index = np.arange(count)
    opened = _last_true(shape[_COLON] > 0, index)
    since = np.where((opened >= 0) & (opened >= _last_true(prose, index)), np.minimum(index - opened, 30), -1)
    flags = np.vstack([shape[list(_FORM)] > 0, shape[None, _DIGIT_SHARE] > 0])
    form = np.where(prose, -1 - index, (1 << np.arange(len(flags))) @ flags)
    padded = np.full(count + 4, -1.0 - count - 9)
    padded[2:-2] = form
    same = sum(padded[2 + step : 2 + step + count] == form for step in (-2, -1, 1, 2))
    bounds = np.concatenate(([0], np.flatnonzero(np.diff(form)) + 1, [count]))
    length = np.diff(bounds)
    return [since, np.asarray(same), np.log1p(np.repeat(length, length))]


def _talk(rules: Matrix) -> list[Matrix]:
    """Comments: how long they have been going on, and how thick their names and times stand around."""
    comments = rules[_RULES.index("rule_comments")]
    begun = np.flatnonzero(comments == 1)
    count = len(comments)
    since = np.maximum(np.arange(count) - (begun[0] if begun.size else count), -1)
    before, after = list(_windows(np.maximum(comments, rules[_RULES.index("rule_byline")])[None]))[2:]
    return [np.log1p(since + 1.0), before, after]
