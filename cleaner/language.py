"""Which language a page is in. Start reading at :func:`detect`.

The sample is the page's longest blocks, which are its story sooner than its junk. Three steps, the
cheap ones first: a script that one language owns decides at once; then the packs' function words
are counted, each weighing the more the fewer languages share it; only where two languages come
close is langdetect asked (Nakatani's naive Bayes over letter n-grams, seeded, so that every run
says the same), and only about the languages in question.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cleaner.document import Block, Document
from cleaner.evidence import Matrix
from cleaner.pack import Pack

__all__ = ["Detector", "detect", "fitting_languages", "foreign_languages"]

SAMPLE_BLOCKS = 8
SAMPLE_CHARS = 240
SCRIPT_CHARS = 100
# The best language must have this many times the second's score to need no second opinion.
CLEAR_LEAD = 1.35
# Below this share of function words (weighted) nothing is known by words.
FEWEST_WORDS = 0.02
LANGDETECT_CHARS = 500
# A block votes by its first words.
VOTING_WORDS = 60
# Between languages that come close and langdetect does not know, so many blocks are read.
TIE_BLOCKS = 60
# Asked between languages of which it does not know one, langdetect names the other.
LANGDETECT_KNOWS = frozenset(
    "af ar bg bn ca cs cy da de el en es et fa fi fr gu he hi hr hu id it ja kn ko lt lv mk ml mr ne nl nb pa "
    "pl pt ro ru sk sl so sq sv sw ta te th tl tr uk ur vi zh".split()
)

_SCRIPTS: tuple[tuple[str, str, str], ...] = (
    # script, its characters, the one language that writes it among those this library knows
    ("hangul", "\uac00-\ud7af", "ko"),
    ("kana", "\u3040-\u30ff", "ja"),
    ("han", "\u3400-\u9fff", "zh"),
    ("thai", "\u0e00-\u0e7f", "th"),
    ("greek", "\u0370-\u03ff\u1f00-\u1fff", "el"),
    ("hebrew", "\u0590-\u05ff", "he"),
    ("georgian", "\u10a0-\u10ff", "ka"),
    ("armenian", "\u0530-\u058f", "hy"),
    ("tamil", "\u0b80-\u0bff", "ta"),
    ("telugu", "\u0c00-\u0c7f", "te"),
    ("bengali", "\u0980-\u09ff", "bn"),
    ("gujarati", "\u0a80-\u0aff", "gu"),
    ("gurmukhi", "\u0a00-\u0a7f", "pa"),
    ("kannada", "\u0c80-\u0cff", "kn"),
    ("malayalam", "\u0d00-\u0d7f", "ml"),
    ("khmer", "\u1780-\u17ff", "km"),
    ("burmese", "\u1000-\u109f", "my"),
    ("lao", "\u0e80-\u0eff", "lo"),
    ("sinhala", "\u0d80-\u0dff", "si"),
    ("devanagari", "\u0900-\u097f", ""),
    ("arabic", "\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufeff", ""),
    ("cyrillic", "\u0400-\u04ff", ""),
    ("latin", "A-Za-z\u00c0-\u024f\u1e00-\u1eff", ""),
)
_SCRIPT_PATTERN = re.compile("|".join(f"(?P<{name}>[{chars}]+)" for name, chars, _ in _SCRIPTS))
_OWNER = {name: language for name, _, language in _SCRIPTS if language}
_ASCII_LETTER = re.compile(r"[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Detector:
    """Function words of all packs, made ready; build it once."""

    languages: tuple[str, ...]
    rows: Mapping[str, int]  # function word -> row of `weights`
    weights: Matrix  # (function words, languages): what a word says for a language

    @classmethod
    def build(cls, packs: Iterable[Pack]) -> Detector:
        """Weigh the function words of ``packs``: the fewer languages share one, the more it says."""
        words = {pack.language: pack.function_words for pack in packs if pack.function_words}
        languages = tuple(sorted(words))
        shared = Counter(word for language in languages for word in words[language])
        rows = {word: row for row, word in enumerate(sorted(shared))}
        weights = np.zeros((len(rows), len(languages)))
        for column, language in enumerate(languages):
            # Longer lists find more; a list in two scripts finds no more than one of half its length.
            size = math.sqrt(min(len(words[language]), 60) / 50)
            for word in words[language]:
                weights[rows[word], column] = 1 / shared[word] / size
        return cls(languages, rows, weights)

    def votes(self, document: Document) -> Matrix:
        """What each block's first words say for each language; one row a block, one column a language."""
        rows = [[row for word in block.words[:VOTING_WORDS] if (row := self.rows.get(word)) is not None]
                for block in document.blocks]  # fmt: skip
        totals = np.zeros((len(rows) + 1, len(self.languages)))
        sizes = np.array([len(own) for own in rows], dtype=np.int64)
        speaking = np.flatnonzero(sizes)
        if speaking.size:
            begins = (np.cumsum(sizes) - sizes)[speaking]
            totals[speaking] = np.add.reduceat(self.weights[[row for own in rows for row in own]], begins)
        return totals[:-1]

    def closest(self, blocks: Iterable[Block], close: Sequence[str]) -> str:
        """Between close languages, the one that most words speak for which not all of them share."""
        rows = [self.rows[word] for block in blocks for word in block.words[:VOTING_WORDS] if word in self.rows]
        speaks = self.weights[rows][:, [self.languages.index(code) for code in close]] > 0
        count = speaks.sum(axis=1)
        telling = (count > 0) & (count < len(close))
        found = (speaks[telling] / count[telling, None]).sum(axis=0).round(6).tolist()
        order = range(len(close))
        return close[min(order, key=lambda at: (-found[at], close[at] not in LANGDETECT_KNOWS, at))]


def detect(document: Document, detector: Detector, votes: Matrix | None = None) -> str | None:
    """ISO 639-1 code of the language of the page's longest blocks; None where nothing tells.

    ``votes`` are the detector's of this document, where they are known already.
    """
    sample = _sample(document.blocks)
    script = _script("".join(block.text[:SCRIPT_CHARS] for block in sample))
    if script is None or script in _OWNER:
        return _OWNER.get(script or "")
    votes = detector.votes(document) if votes is None else votes
    scores = _scores(sample, votes, detector.languages)
    best, second = (*scores, (0.0, ""), (0.0, ""))[:2]
    if best[0] >= FEWEST_WORDS and best[0] >= CLEAR_LEAD * second[0]:
        return best[1]
    close = [language for score, language in scores if score >= best[0] / CLEAR_LEAD]
    if best[0] >= FEWEST_WORDS and not LANGDETECT_KNOWS.issuperset(close):
        return detector.closest(document.blocks[:TIE_BLOCKS], close)
    opinion = _langdetect(" ".join(block.text[:SAMPLE_CHARS] for block in sample)[:LANGDETECT_CHARS])
    if best[0] >= FEWEST_WORDS and opinion not in close:
        return best[1]
    return opinion


def _scores(sample: Sequence[Block], votes: Matrix, languages: Sequence[str]) -> list[tuple[float, str]]:
    """Languages with the share of the sample's words that speak for each, best first."""
    count = sum(min(len(block.words), VOTING_WORDS) for block in sample)
    found = (votes[[block.index for block in sample]].sum(axis=0) / max(count, 1)).round(9).tolist()
    return sorted(((score, code) for score, code in zip(found, languages, strict=True) if score > 0), reverse=True)


def _sample(blocks: Iterable[Block]) -> list[Block]:
    longest = sorted(blocks, key=lambda block: (-len(block.text), block.index))[:SAMPLE_BLOCKS]
    return sorted(longest, key=lambda block: block.index)


def _script(text: str) -> str | None:
    """The script that most letters of ``text`` belong to."""
    if len(_ASCII_LETTER.findall(text)) > 0.6 * len(text):
        return "latin"
    counts: Counter[str] = Counter()
    for match in _SCRIPT_PATTERN.finditer(text):
        counts[match.lastgroup or ""] += len(match.group())
    if not counts:
        return None
    if (
        counts["kana"] > 0.05 * (counts["han"] + counts["kana"])
        and counts["han"] + counts["kana"] > counts["latin"] / 2
    ):
        return "kana"
    # A letter of a script without spaces weighs about as much as a word's third.
    counts["han"] *= 2
    return min(counts, key=lambda name: (-counts[name], name))


def _langdetect(text: str) -> str | None:
    """langdetect's answer as ISO 639-1. Its generator is seeded per call: no state between pages."""
    from langdetect import DetectorFactory, LangDetectException
    from langdetect.detector_factory import detect as ask

    DetectorFactory.seed = 0
    try:
        code = str(ask(text))
    except LangDetectException:
        return None
    return {"no": "nb"}.get(code, code.split("-")[0])


def fitting_languages(language: str | None, kin: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The packs that fit a page: its language, close kin, and English, whose widgets stand everywhere."""
    near = kin.get(language or "", ())
    return tuple(dict.fromkeys([*([language] if language else []), *near, "en", "common"]))


# A block shows its language by so many words; shorter ones may be names.
TELLING_WORDS = 5
# It must say so much for another language than the page's, and so many times what it says for that.
FOREIGN_VOTES, FOREIGN_LEAD = 1.0, 2.5


def foreign_languages(document: Document, language: str | None, detector: Detector, votes: Matrix) -> list[str | None]:
    """For each block the language it is in, where that is clearly another than the page's."""
    if not document.blocks:
        return []
    own = votes[:, detector.languages.index(language)] if language in detector.languages else 0.0
    best = votes.max(axis=1)
    telling = np.array([len(block.words) >= TELLING_WORDS for block in document.blocks])
    clear = telling & (best > FOREIGN_VOTES) & (best > FOREIGN_LEAD * own)
    which = votes.argmax(axis=1)
    return [detector.languages[at] if is_clear else None for at, is_clear in zip(which, clear, strict=True)]
