"""One spelling for many: the text that rules are matched against.

Newsrooms write the same line as "ČTĚTE TAKÉ", "Ctete take", "▶ Čtěte také" or in full-width
letters. Rules and pages are folded by the same function, here and nowhere else, so that one
wording in a pack meets them all. Start reading at :func:`fold`.

Folding lowers case, drops diacritics (not Indic vowel signs, kana voicing or Hangul, which make
other words), niqqud, harakat, tatweel, zero-width and direction marks; it unifies Arabic and
Persian letter variants, Turkish dotless i, Cyrillic look-alikes of Latin letters, quotes, dashes,
digits of all scripts, full-width forms and white space.

What is deliberately not done: traditional Chinese is not turned into simplified (packs list both),
and ß, æ, œ are left alone (their expansions would be words of other languages).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

__all__ = ["CodePoints", "fold", "fold_offsets", "key", "points_of"]

_SPECIAL = {
    "ı": "i", "İ": "i", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ø": "o", "Ø": "o", "ς": "σ",
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ے": "ي", "ئ": "ي",
    "ک": "ك", "ة": "ه", "ۀ": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه", "ۃ": "ه", "ؤ": "و", "ـ": "",
    "’": "'", "‘": "'", "‚": "'", "‛": "'", "ʼ": "'", "´": "'", "`": "'", "′": "'", "＇": "'",
    "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "″": '"', "״": '"', "＂": '"',
    "׳": "'", "‹": "'", "›": "'", "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-",
    "−": "-", "－": "-", "•": "-", "：": ":", "،": ",", "，": ",", "؟": "?", "؛": ";", "։": ":",
    # Cyrillic letters that look like Latin ones, so that a mixed word folds like a pure one.
    "а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "у": "y", "х": "x", "і": "i", "ј": "j",
    "ѕ": "s", "ё": "e", "ґ": "г",
}  # fmt: skip

# Marks that may be dropped without making another word. Indic vowel signs are not among them.
_DROPPABLE_MARK = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
    "\u093c\u09bc\u0a3c\u0abc\u0b3c\ufe00-\ufe0f]"
)
# Scripts whose letters may lose their marks; kana, Hangul and Indic vowels may not.
_MARKED_SCRIPT = re.compile("[a-z\u0370-\u03ff\u0400-\u04ff\u0600-\u06ff\u0590-\u05ff\u0915-\u0939\u0985-\u09b9]")


def _fold_character(character: str) -> str:
    if character in _SPECIAL:
        return _SPECIAL[character]
    category = unicodedata.category(character)
    if category == "Cf" or _DROPPABLE_MARK.match(character):
        return ""
    if category == "Nd":
        return str(unicodedata.digit(character, 0))
    if category[0] == "Z" or character in "\t\r\v\f\x85\x1c\x1d\x1e\x1f":
        return " "
    lowered = character.lower()
    parts = unicodedata.normalize("NFKD", lowered)
    base = parts[:1]
    if len(parts) == 1 or _MARKED_SCRIPT.match(base):
        lowered = base
    return _SPECIAL.get(lowered[:1], lowered[:1])


_DROPPED = 0x110000  # no character: marks code points that fold to nothing
_BLANK = ord(" ")


class CodePoints:
    """A table from code points to numbers, filled 256 at a time as characters are met.

    ``number`` says the number of one character. The table is a cache: what it answers depends on
    the character alone.
    """

    def __init__(self, number: Callable[[str], int]) -> None:
        self._number = number
        self._numbers = np.zeros(0x110000, dtype=np.uint32)
        self._filled: set[int] = set()

    def look_up(self, points: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
        """The number of each code point of ``points``."""
        for high in np.flatnonzero(np.bincount(points >> 8)).tolist():
            if high not in self._filled:
                self._fill(high)
        return self._numbers[points]

    def _fill(self, high: int) -> None:
        page = range(high << 8, (high + 1) << 8)
        self._numbers[page.start : page.stop] = [self._number(chr(point)) for point in page]
        self._filled.add(high)


def _folded_point(character: str) -> int:
    folded = _fold_character(character)
    return ord(folded) if folded else _DROPPED


_TABLE = CodePoints(_folded_point)


def points_of(text: str) -> npt.NDArray[np.uint32]:
    """The code points of ``text``, lone surrogates included."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def fold_offsets(text: str) -> tuple[str, npt.NDArray[np.int64]]:
    """Fold ``text`` and say where each folded character came from.

    Returns the folded text and its origins: ``origins[i]`` is the offset in ``text`` of folded
    character ``i``; one more entry holds ``len(text)``.

    >>> folded, origins = fold_offsets("A  \u200bB")
    >>> folded, origins.tolist()
    ('a b', [0, 1, 4, 5])
    """
    points = points_of(text)
    if not points.size:
        return "", np.zeros(1, dtype=np.int64)
    folded = _TABLE.look_up(points)
    if "\r\n" in text:  # one line end, not a blank and a line end
        folded[:-1][(points[:-1] == ord("\r")) & (points[1:] == ord("\n"))] = _DROPPED
    origins = np.flatnonzero(folded != _DROPPED)
    folded = folded[origins]
    blank = folded == _BLANK
    repeated = blank[1:] & blank[:-1]
    if repeated.any():
        kept = np.concatenate(([True], ~repeated))
        folded, origins = folded[kept], origins[kept]
    return (
        folded.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass"),
        np.append(origins, len(text)),
    )


def fold(text: str) -> str:
    """Fold ``text`` for matching; line ends stay, other runs of white space become one blank.

    >>> fold("ČTĚTE  TAKÉ：")
    'ctete take:'
    """
    return fold_offsets(text)[0]


# What counts as part of a word. ``\w`` alone misses the vowel signs of Indic scripts and Thai.
WORD = r"\w\u0900-\u0963\u0966-\u0dff\u0e31-\u0e4e\u0eb1-\u0ecd\u1000-\u109f\u1780-\u17d3"
_EDGE = re.compile(rf"[^{WORD}]|[\d_]")


# What stands around most lines; the rarer signs are looked at one by one.
_COMMON_EDGE = " .,:;!?-()[]\"'|/>*#0123456789"


def key(folded: str) -> str:
    """A folded line without the bullets, digits and punctuation around it, for whole-line look-up.

    >>> key("▶ 3. read also:")
    'read also'
    """
    folded = folded.strip(_COMMON_EDGE)
    start, end = 0, len(folded)
    while start < end and _EDGE.match(folded, start):
        start += 1
    while end > start and _EDGE.match(folded, end - 1):
        end -= 1
    return folded[start:end]
