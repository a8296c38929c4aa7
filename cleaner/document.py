"""The nouns everything else speaks in: :class:`Document`, :class:`Block`, :class:`Signal`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt

from cleaner.folding import WORD, fold_offsets, key

__all__ = ["UNSPACED", "Block", "Document", "Dom", "Signal", "Span", "host_of", "make_document"]


Span = tuple[int, int, str, int]  # start, end, kind, gap


@dataclass(frozen=True, slots=True)
class Dom:
    """Where an HTML block stands: evidence for the heuristics, and nothing of lxml."""

    path: str
    tag: str
    inside: int  # bits of readers.html.INSIDE: elements among the ancestors
    own: int  # bits of readers.html.GROUPS: what its class and id words speak of
    near: int  # ... its own, its parent's, its grandparent's
    every: int  # ... those of all ancestors
    link_share: float
    bold_share: float
    depth: int
    frame: int  # numbers of its element, parent and grandparent, to tell who stands together
    parent: int
    grandparent: int
    signature: str  # tag and first class of the three innermost elements
    stated: float  # 1: stands in JSON-LD's articleBody, 0: does not, -1: the page states none


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, line, heading, list item or caption.

    ``start`` and ``end`` are character offsets in :attr:`Document.source`; ``text`` is that span
    with line breaks inside it turned into blanks. ``folded`` is what rules are matched against,
    ``key`` the same without bullets and punctuation around it; ``words`` are the words in it and
    ``content`` the stems of those that carry meaning.
    """

    index: int
    text: str
    start: int
    end: int
    folded: str
    fold_start: int
    key: str
    words: tuple[str, ...]
    content: frozenset[str]
    kind: str = "paragraph"
    gap: int = 1
    dom: Dom | None = None


@dataclass(frozen=True, slots=True)
class Signal:
    """One observation about a block, or about the span ``start:end`` of ``Document.source`` in it."""

    block: int
    source: str
    category: str
    why: str
    strength: str = "strong"
    scope: str = "line"
    start: int = -1
    end: int = -1
    language: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A page as an ordered tuple of blocks, plus what is known of it."""

    source: str
    blocks: tuple[Block, ...]
    folded: str
    origins: npt.NDArray[np.int64]
    host: str = ""
    stated_titles: tuple[str, ...] = ()
    stated_language: str | None = None
    warnings: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Block]:
        return iter(self.blocks)


def host_of(url: str | None) -> str:
    """The host that an address names, in lower case; empty where there is none."""
    try:
        return urlsplit(url or "").hostname or ""
    except ValueError:  # scraped addresses may be broken, such as http://[
        return ""


def make_document(source: str, spans: Iterable[Span], dom_of: Callable[[int], Dom] | None = None) -> Document:
    """Build a document of ``(start, end, kind, gap)`` spans in ``source``, in order.

    ``gap`` is the number of line ends before the block (2 and more: a blank line); ``dom_of`` says
    where the span of a number stands in HTML.
    """
    folded, origins = fold_offsets(source)
    spans = list(spans)
    numbers = list(range(len(spans)))
    spans, numbers = _joined(spans, numbers, _letters(spans))
    spans, numbers = _joined(spans, numbers, _scraps(spans))
    doms_of = [dom_of(number) if dom_of else None for number in numbers]
    starts = np.searchsorted(origins, [span[0] for span in spans]).tolist()
    ends = np.searchsorted(origins, [span[1] for span in spans]).tolist()
    folded = _unbroken(folded, zip(starts, ends, strict=True))
    content = _content_of(folded)
    blocks = tuple(
        _block(index, source[span[0] : span[1]], span, folded[first:last], first, content, dom)
        for index, (span, first, last, dom) in enumerate(zip(spans, starts, ends, doms_of, strict=True))
    )
    return Document(source=source, blocks=blocks, folded=folded, origins=origins)


# Blocks of so few characters that follow each other in such numbers are no lines but letters.
LETTER_CHARS, LETTER_RUN = 2, 40
# A page of so many blocks that are so short on average is no page that anybody reads.
SCRAPS, SCRAP_CHARS = 2_000, 40

Run = tuple[int, int]  # the first of some blocks that follow each other, and the one behind the last


def _letters(spans: Sequence[Span]) -> Iterator[Run]:
    """Long runs of single letters: text set letter under letter reads as one line."""
    for first, last in _runs_up_to(LETTER_CHARS, spans):
        if last - first >= LETTER_RUN:
            yield first, last


def _scraps(spans: Sequence[Span]) -> Iterator[Run]:
    """On a page of scraps, those that follow each other, up to the length of a short line.

    So a page costs what its size costs, whatever it is cut into.
    """
    if len(spans) < SCRAPS or spans[-1][1] - spans[0][0] > SCRAP_CHARS * len(spans):
        return
    for first, last in _runs_up_to(SCRAP_CHARS, spans):
        for at in range(first, last):
            if spans[at][1] - spans[first][0] >= SCRAP_CHARS or at == last - 1:
                yield first, at + 1
                first = at + 1


def _runs_up_to(chars: int, spans: Sequence[Span]) -> list[Run]:
    """Where blocks of at most so many characters follow each other."""
    short = np.array([end - start <= chars for start, end, _, _ in spans], dtype=bool)
    bounds = np.flatnonzero(np.diff(short, prepend=False, append=False))
    return [(first, last) for first, last in bounds.reshape(-1, 2).tolist()]


def _joined(spans: list[Span], numbers: list[int], runs: Iterable[Run]) -> tuple[list[Span], list[int]]:
    """Spans with each of ``runs`` made one, which keeps the number of the first of them."""
    kept_spans, kept_numbers, at = [], [], 0
    for first, last in runs:
        start, _, kind, gap = spans[first]
        kept_spans += [*spans[at:first], (start, spans[last - 1][1], kind, gap)]
        kept_numbers += numbers[at : first + 1]
        at = last
    return [*kept_spans, *spans[at:]], [*kept_numbers, *numbers[at:]]


Content = Callable[[str, Sequence[str]], frozenset[str]]


def _block(index: int, text: str, span: Span, folded: str, fold_start: int, content: Content, dom: Dom | None) -> Block:
    start, end, kind, gap = span
    words = tuple(_WORD.findall(folded))
    flowing = " ".join(text.split())
    return Block(
        index, flowing, start, end, folded, fold_start, key(folded), words, content(folded, words), kind, gap, dom
    )


_WORD = re.compile(rf"[{WORD}]+")
# Scripts written without blanks between words.
UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
# Words of so many letters carry meaning more often than grammar.
CONTENT_LETTERS = 4
# What is left of a word when its ending is cut off, crudely and for all languages alike.
STEM_LETTERS = 6


def _content_of(page: str) -> Content:
    """How the words that carry meaning are found in the scripts that a folded page holds."""
    if UNSPACED.search(page):
        return _unspaced_content
    return _hangul_content if _HANGUL.search(page) else _content


def _content(_: str, words: Sequence[str]) -> frozenset[str]:
    """The stems of words of four letters and more."""
    return frozenset([word[:STEM_LETTERS] for word in words if len(word) >= CONTENT_LETTERS])


def _unspaced_content(folded: str, words: Sequence[str]) -> frozenset[str]:
    """In scripts without blanks, pairs of characters."""
    wide = UNSPACED.findall(folded)
    mostly = len(wide) > len(folded) * 0.3
    return frozenset([a + b for a, b in pairwise(wide)]) if mostly else _hangul_content(folded, words)


def _hangul_content(folded: str, words: Sequence[str]) -> frozenset[str]:
    """Korean nouns are of two syllables, with a particle behind them."""
    nouns = {word[:2] for word in words if len(word) > 1 and _HANGUL.match(word)}
    return _content(folded, [word for word in words if not _HANGUL.match(word)]) | nouns


def _unbroken(folded: str, spans: Iterable[tuple[int, int]]) -> str:
    """The folded page with blanks for the line ends inside blocks, as hard-wrapped text has them."""
    parts, at = [], 0
    for first, last in spans:
        if "\n" in folded[first:last]:
            parts += [folded[at:first], folded[first:last].replace("\n", " ")]
            at = last
    return "".join((*parts, folded[at:]))
