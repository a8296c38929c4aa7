"""Plain text in its many shapes, read into blocks. Start reading at :func:`read_text`.

Three shapes are told apart by measuring lines, because nothing in a plain text says which it is:

- a block per line, with or without blank lines between (what most extractors write);
- hard-wrapped paragraphs: lines of nearly one width that break off in mid-sentence;
- everything on one line: there the sentence is the block.

The text is never changed: a block is a span of the input, and what lies between blocks is white
space or invisible characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from cleaner.document import Document, Span, make_document

__all__ = ["read_text"]

# A line from its first to its last visible character. Line ends are those of Windows, Unix, old
# Macs and Unicode. The class in front is possessive so that long blank runs cost linear time.
_INVISIBLE = r"\s\x00-\x20\x7f\xad\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
_LINE_END = r"\n\r\v\f\x1c-\x1e\x85\u2028\u2029"
_LINE = re.compile(rf"[^{_LINE_END}]+")
_VISIBLE = re.compile(rf"[^{_INVISIBLE}]")
_BREAK = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")

TERMINAL = ".!?…。！？．｡।॥؟۔։။។៕፧።"
CLOSING = "\"'”’»›)]}）］】」』〉》“"
# A sentence ends in a mark and perhaps closing quotes. Languages with capitals want one behind it.
# Runs are taken whole and from their first mark on, so that a long row of dots costs linear time.
_SENTENCE_END = re.compile(
    rf"(?<![.!?…؟۔।॥])[.!?…؟۔।॥]++[{re.escape(CLOSING)}]*+\s++(?![a-zà-ÿа-яё])|[。！？｡]++[{re.escape(CLOSING)}]*+"
)

# A line longer than this that holds most of the text holds a whole page; a long paragraph does not.
ONE_LINE_CHARS = 1200
ONE_LINE_SHARE = 0.6
# Hard-wrapped text: its lines are at most this wide, and most break off near the widest.
WRAP_WIDEST = 100
WRAP_NARROWEST = 45
WRAP_FULL = 0.72
WRAP_SHARE = 0.55
WRAP_LINES = 6
# Where few lines are wrapped: at least so many (or all that another follows), of so many paragraphs, of which
# such a share ends like a sentence.
WRAP_FEWEST, WRAP_JOINED, WRAP_FINISHED = 4, 3, 0.8


def read_text(text: str) -> Document:
    """Read plain text into a document; offsets are characters of ``text``."""
    lines = list(_lines(text))
    if _is_wrapped(text, lines):
        lines = list(_unwrapped(text, lines))
    long = max(ONE_LINE_CHARS, ONE_LINE_SHARE * sum(end - start for start, end, _, _ in lines))
    spans = [part for line in lines for part in _sentences(text, line, long)]
    return make_document(text, spans)


def _lines(text: str) -> Iterator[Span]:
    gap = 2
    last = 0
    for match in _LINE.finditer(text):
        start, end = match.span()
        first = _VISIBLE.search(text, start, end)
        if first is None:
            continue
        gap = len(_BREAK.findall(text, last, start))
        content = text[first.start() : end]
        trimmed = _trimmed_length(content)
        last = first.start() + trimmed
        yield first.start(), last, _kind(content), gap or 1


_TRAILING = frozenset(
    "".join(map(chr, range(0x21))) + "\x7f\x85\xa0\xad\u1680\u202f\u205f\u3000\ufeff"
    + "".join(map(chr, [*range(0x2000, 0x2010), *range(0x2028, 0x202F), *range(0x2060, 0x2065)]))
    + "".join(map(chr, range(0x2066, 0x2070)))
)  # fmt: skip
_TRAILING_CHARS = "".join(sorted(_TRAILING))


def _trimmed_length(content: str) -> int:
    return len(content.rstrip(_TRAILING_CHARS))


_LIST_ITEM = re.compile(r"(?:[-*•◦‣▪–]|\d{1,2}[.)])\s")
_HEADING = re.compile(r"#{1,6}\s")


def _kind(line: str) -> str:
    if _HEADING.match(line):
        return "heading"
    if _LIST_ITEM.match(line):
        return "list_item"
    return "table_row" if line.startswith("|") and line.count("|") > 1 else "paragraph"


def _is_wrapped(text: str, lines: list[Span]) -> bool:
    """Most lines that are followed by another line break off near the widest, in mid-sentence."""
    if len(lines) < WRAP_LINES:
        return False
    widths = [end - start for start, end, _, _ in lines]
    widest = sorted(widths)[int(len(widths) * 0.95)]
    if not WRAP_NARROWEST <= widest <= WRAP_WIDEST:
        return False
    followed = [line for line, after in pairwise(lines) if after[3] == 1]
    full = [line for line in followed if line[1] - line[0] >= WRAP_FULL * widest]
    open_ended = [line for line in full if text[line[1] - 1] not in TERMINAL + ":"]
    if len(followed) >= len(lines) / 3 and len(open_ended) >= WRAP_SHARE * len(followed):
        return True
    # Few wrapped paragraphs among many short ones: what would be joined must end like sentences.
    many = len(open_ended) >= WRAP_FEWEST or (bool(open_ended) and len(full) == len(followed))
    if max(widths) > WRAP_WIDEST or not many:
        return False
    joined = [(start, end) for start, end, _, _ in _unwrapped(text, lines) if end - start > widest + 1]
    finished = sum(text[start:end].rstrip(CLOSING)[-1:] in TERMINAL for start, end in joined)
    return len(joined) >= WRAP_JOINED and finished >= WRAP_FINISHED * len(joined)


def _unwrapped(text: str, lines: list[Span]) -> Iterator[Span]:
    """Join lines up to a blank line, a list item or a line too short to have been wrapped."""
    widest = max(end - start for start, end, _, _ in lines)
    current: Span | None = None
    previous_full = False
    for line in lines:
        joins = current is not None and line[3] == 1 and previous_full and line[2] == "paragraph"
        if current is not None and joins:
            current = (current[0], line[1], current[2], current[3])
        else:
            if current is not None:
                yield current
            current = line
        previous_full = line[1] - line[0] >= WRAP_FULL * widest
    if current is not None:
        yield current


def _sentences(text: str, line: Span, long: float) -> Iterator[Span]:
    """A line of ``long`` characters and more becomes a block a sentence; others stay as they are."""
    start, end, kind, gap = line
    if end - start < long or kind != "paragraph":
        yield line
        return
    for match in _SENTENCE_END.finditer(text, start, end):
        stop = match.start() + len(match.group().rstrip())
        if stop - start > 1 and match.end() < end:
            yield start, stop, "sentence", gap
            start, gap = match.end(), 0
    yield start, end, "sentence", gap
