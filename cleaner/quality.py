"""How well an extracted text fits a known body. Start reading at :func:`score`."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cleaner.goldpages import GoldPage

__all__ = ["Scores", "differences", "score", "tokens"]

# Words; in scripts without blanks, characters.
_TOKEN = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f]|[^\W\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f]+"
)


def tokens(text: str) -> list[str]:
    """Lower-case words, or characters in scripts without blanks."""
    return _TOKEN.findall(unicodedata.normalize("NFKC", text).lower())


SHINGLE = 4


@dataclass(frozen=True, slots=True)
class Scores:
    """Precision, recall and F1 of 4-token shingles, as the article-extraction-benchmark counts."""

    precision: float
    recall: float
    f1: float
    exact: float


def score(page: GoldPage, text: str) -> Scores:
    """Compare extracted ``text`` with the page's body; optional lines count neither way."""
    optional = {" ".join(tokens(line)) for line in page.optional}
    gold = [token for line in page.body for token in tokens(line) if " ".join(tokens(line)) not in optional]
    out = [token for line in text.splitlines() for token in _unless(tokens(line), optional)]
    wanted, given = _shingles(gold), _shingles(out)
    common = (wanted & given).total()
    precision = common / given.total() if given else float(not wanted)
    recall = common / wanted.total() if wanted else 1.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return Scores(precision, recall, f1, float(gold == out))


# A line of which fewer of its shingles stand on the other side is missing there.
SAME_LINE = 0.5


def differences(page: GoldPage, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Lines of the page's body that ``text`` lacks, and lines of ``text`` that are no body."""
    extra = text.splitlines()
    lost = _missing(page.body, [*extra, *page.optional])
    return lost, _missing(extra, [*page.body, *page.optional])


def _missing(lines: Iterable[str], there: Iterable[str]) -> tuple[str, ...]:
    flat = [token for line in there for token in tokens(line)]
    known, whole = set(_shingles(flat)), f" {' '.join(flat)} "
    return tuple(line for line in lines if (words := tokens(line)) and not _stands_in(words, known, whole))


def _stands_in(words: list[str], known: Set[tuple[str, ...]], whole: str) -> bool:
    if len(words) < SHINGLE:
        return f" {' '.join(words)} " in whole
    shingles = _shingles(words)
    return sum(count for shingle, count in shingles.items() if shingle in known) >= SAME_LINE * shingles.total()


def _unless(line: list[str], optional: Iterable[str]) -> list[str]:
    return [] if " ".join(line) in set(optional) else line


def _shingles(words: list[str], size: int = SHINGLE) -> Counter[tuple[str, ...]]:
    return Counter(tuple(words[at : at + size]) for at in range(max(1, len(words) - size + 1)) if words)
