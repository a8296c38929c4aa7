"""What the characters of each block say: length, punctuation, case, digits, signs. Start at :func:`observe_shape`.

Everything is counted over the whole page at once: one look-up gives each character its classes,
one cumulative sum a class gives the counts of all blocks. Positions are those of the folded page
(:mod:`cleaner.folding`), so runs of blanks and invisible characters do not count; classes are
those of the characters as they stand, before case and accents are folded away.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cleaner.document import UNSPACED, Block, Document
from cleaner.folding import CodePoints, points_of
from cleaner.readers.text import CLOSING, TERMINAL

__all__ = ["SHAPE_COLUMNS", "observe_shape"]

Matrix = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

SHAPE_COLUMNS = (
    "characters", "words", "word_length", "terminal", "closing_quote", "ellipsis", "colon", "sentences", "commas",
    "capitals", "all_caps", "digits", "function_words", "lower_start", "quote_start", "bullet", "question",
    "web", "bar", "bracketed", "years", "blank_before", "listed", "unspaced", "exclamation", "dash_inside",
    "number_start", "unaccented", "comma_end",
)  # fmt: skip

# In scripts without blanks this many characters count as a word.
UNSPACED_PER_WORD = 2.0
# So many characters of a script that writes no full stop are a sentence rather than a headline.
STOPLESS_SENTENCE = 45
# Above this share of such characters a block is written without blanks.
MOSTLY_UNSPACED = 0.3
# Longer blocks are prose, whose digits say nothing; this share stands for them.
LONG_CHARS, LONG_DIGITS = 400, 0.02

OPENING = "\"'“‘«„‚‹「『"
_CLASSES: dict[str, str] = {
    "terminal": TERMINAL, "cjk_stop": "。！？", "closing": CLOSING, "opening": OPENING, "comma": ",，、،",
    "item_end": ",;，、،；؛",
    "colon": ":：", "question": "?？؟", "exclamation": "!！", "ellipsis": "…", "dot": ".", "open_bracket": "([【",
    "close_bracket": ")]】", "bar": "|›", "slash": "/", "arrow": "»", "dash": "–—-",
}  # fmt: skip
_PREDICATES = ("upper", "lower", "digit", "alnum", "blank", "unspaced", "accented", "stopless")
_BIT = {name: 1 << number for number, name in enumerate((*_CLASSES, *_PREDICATES))}


def _classes(character: str) -> int:
    """The classes of one character as bits of :data:`_BIT`."""
    truths = {
        "upper": character.isupper(), "lower": character.islower(), "alnum": character.isalnum(),
        "digit": unicodedata.category(character) == "Nd", "blank": character.isspace(),
        "stopless": "\u0e00" <= character <= "\u0eff",
        "unspaced": UNSPACED.match(character) is not None, "accented": not character.isascii(),
    }  # fmt: skip
    listed = sum(_BIT[name] for name, members in _CLASSES.items() if character in members)
    return listed + sum(_BIT[name] for name, true in truths.items() if true)


_TABLE = CodePoints(_classes)

# Years, times and dates. Each begins with a digit, which lets the search skip everything else.
_YEAR = re.compile(
    r"[0-9](?: (?:(?<=\b1)9|(?<=\b2)0)[0-9]{2}\b | [0-9]?[:.][0-9]{2} | [0-9]?[./-][0-9]{1,2}[./-] )", re.VERBOSE
)
_WEB = re.compile(r"https?://|www\.|@\w|\w@|#\w|\.com\b")
_WEB_SIGNS = ("://", "www.", "@", "#", ".com")


@dataclass(frozen=True, slots=True)
class _Page:
    """The characters of a folded page and where its blocks stand in them."""

    classes: npt.NDArray[np.uint32]  # behind the characters two blanks: a last block that folds to nothing ends there
    bounds: npt.NDArray[np.int64]  # start and end of each block in turn

    @property
    def starts(self) -> npt.NDArray[np.int64]:
        return self.bounds[::2]

    @property
    def ends(self) -> npt.NDArray[np.int64]:
        return self.bounds[1::2]

    def of(self, name: str) -> Flags:
        return (self.classes & _BIT[name]) > 0

    def count(self, flags: Flags) -> Matrix:
        """How many flagged characters each block has."""
        return np.add.reduceat(flags.view(np.uint8), self.bounds, dtype=np.int32)[::2].astype(float)


def observe_shape(document: Document, function_words: frozenset[str]) -> list[Matrix]:
    """One row an observation of :data:`SHAPE_COLUMNS`, one entry a block."""
    page = _page(document)
    blocks = document.blocks
    size = (page.ends - page.starts).astype(float)
    unspaced = page.count(page.of("unspaced"))
    blank = page.of("blank")
    words = np.maximum(page.count(blank) + 1, unspaced / UNSPACED_PER_WORD)
    first, last = page.classes[page.starts], page.classes[page.ends - 1]
    bare = _last_bare(page)
    bare_last = page.classes[bare]
    upper, digit = page.of("upper"), page.of("digit")
    capitals = page.count(upper & np.concatenate(([True], blank[:-1])))
    has_upper, has_lower = page.count(upper) > 0, page.count(page.of("lower")) > 0
    rows = [
        np.log1p(size),
        words,
        size / words,
        _is(bare_last, "terminal") | _is_stopless(page, bare_last),
        _is(last, "closing"),
        _is(bare_last, "ellipsis") | _three_dots(page, bare),
        _is(bare_last, "colon"),
        page.count(_sentence_ends(page, blank)),
        page.count(page.of("comma")) / words,
        capitals / words,
        has_upper & ~has_lower,
        np.where(size < LONG_CHARS, page.count(digit) / size, LONG_DIGITS),
        _functional(blocks, function_words, unspaced / size, words),
        _is(first, "lower"),
        _is(first, "opening"),
        ~_is(first, "alnum") & ~_is(first, "opening"),
        _is(bare_last, "question"),
        _found(_WEB, document, page) if any(sign in document.folded for sign in _WEB_SIGNS) else np.zeros(len(blocks)),
        _bars(page, blank),
        _is(first, "open_bracket") & _is(last, "close_bracket"),
        _found(_YEAR, document, page),
        np.array([block.gap > 1 for block in blocks]),
        np.array([block.kind in ("list_item", "table_row") for block in blocks]),
        unspaced / size,
        _is(bare_last, "exclamation"),
        page.count(_between_blanks(page.of("dash"), blank)) > 0,
        _is(first, "digit"),
        _unaccented(page.count(page.of("accented")) / size, size),
        _is(bare_last, "item_end"),
    ]
    return [row.astype(float) for row in rows]


def _page(document: Document) -> _Page:
    points = points_of(document.source)[document.origins[:-1]]
    classes = np.append(_TABLE.look_up(points), [_BIT["blank"]] * 2).astype(np.uint32)
    # Of a block that folds to nothing the blank behind it is counted.
    bounds = [at for b in document.blocks for at in (b.fold_start, b.fold_start + max(len(b.folded), 1))]
    return _Page(classes, np.array(bounds))


def _is(classes: npt.NDArray[np.uint32], name: str) -> Flags:
    return (classes & _BIT[name]) > 0


def _last_bare(page: _Page) -> npt.NDArray[np.int64]:
    """Where each block's last character stands that is no closing quote or bracket."""
    bare = (page.classes & (_BIT["closing"] | _BIT["blank"])) == 0
    last = np.maximum.accumulate(np.where(bare, np.arange(len(bare)), -1))[page.ends - 1]
    return np.where(last >= page.starts, last, page.ends - 1)


def _is_stopless(page: _Page, last: npt.NDArray[np.uint32]) -> Flags:
    """Thai and Lao write no full stop: so long a block of theirs counts as ending like a sentence."""
    stopless = page.of("stopless")
    if not stopless.any():
        return np.zeros(len(last), dtype=bool)
    return (page.count(stopless) >= STOPLESS_SENTENCE) & ~_is(last, "colon") & ~_is(last, "bar")


def _three_dots(page: _Page, bare: npt.NDArray[np.int64]) -> Flags:
    dot = page.of("dot")
    return dot[bare] & dot[bare - 1] & dot[bare - 2] & (bare - 2 >= page.starts)


def _sentence_ends(page: _Page, blank: Flags) -> Flags:
    """The last mark of a row of final marks, a blank behind it and its closing quotes; or a CJK full stop."""
    terminal = page.of("terminal")
    if not terminal.any():
        return terminal
    after = np.concatenate((terminal[1:], [False]))
    count = len(blank)
    passed = np.where(page.of("closing"), count - 1, np.arange(count))
    following = np.minimum.accumulate(passed[::-1])[::-1]
    behind = np.concatenate((blank[following[1:]], [True]))
    return (terminal & ~after & behind) | page.of("cjk_stop")


def _functional(blocks: tuple[Block, ...], function_words: frozenset[str], unspaced: Matrix, words: Matrix) -> Matrix:
    """Function words a word; in scripts without blanks they are counted wherever they stand."""
    is_one = function_words.__contains__
    found = [
        sum(map(block.folded.count, function_words)) if wide else sum(map(is_one, block.words))
        for block, wide in zip(blocks, (unspaced > MOSTLY_UNSPACED).tolist(), strict=True)
    ]
    return np.asarray(np.array(found, dtype=float) / words)


def _found(pattern: re.Pattern[str], document: Document, page: _Page) -> Flags:
    """Which blocks ``pattern`` is found in."""
    places = [match.start() for match in pattern.finditer(document.folded)]
    flags = np.zeros(len(page.starts), dtype=bool)
    if places:
        flags[np.maximum(np.searchsorted(page.starts, places, side="right") - 1, 0)] = True
    return flags


def _between_blanks(flags: Flags, blank: Flags) -> Flags:
    return flags & np.concatenate(([False], blank[:-1])) & np.concatenate((blank[1:], [False]))


def _bars(page: _Page, blank: Flags) -> Flags:
    """Bars, slashes between blanks, and arrows inside the block."""
    arrow = page.of("arrow")
    signs = page.count(page.of("bar") | _between_blanks(page.of("slash"), blank)) > 0
    edge = arrow[page.starts].astype(float) + arrow[page.ends - 1]
    return signs | (page.count(arrow) > edge)


# Shorter lines may lack accents by chance.
ACCENTED_LINE, ACCENTED_PROSE = 25, 80


def _unaccented(accents: Matrix, size: Matrix) -> Matrix:
    """How much poorer in accented letters than the page's prose, as a share of the characters.

    Zero where the page has none to miss, or is in another script altogether.
    """
    prose = accents[size > ACCENTED_PROSE]
    usual = prose.mean() if prose.size else 0.0
    if not 0.01 < usual < 0.35:
        return np.zeros(len(accents))
    return np.where(size > ACCENTED_LINE, usual - accents, 0.0)
