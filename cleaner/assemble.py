"""Decisions become a :class:`~cleaner.result.Result`. Start reading at :func:`build_result`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from cleaner.decide import Cut, Decision
from cleaner.document import Block, Document
from cleaner.result import Paragraph, Removal, Result

__all__ = ["build_result", "with_headline"]

Span = tuple[int, int]


def build_result(
    document: Document, decisions: Sequence[Decision], language: str | None, warnings: Sequence[str]
) -> Result:
    """Put the kept blocks together and list what went, in page order."""
    kept: list[tuple[Block, Span]] = []
    removed: list[Removal] = []
    title: Block | None = None
    for decision in decisions:
        if decision.action == "title":
            title = decision.block
        elif decision.action == "remove":
            removed.append(_removed_block(document, decision))
        else:
            kept += [(decision.block, span) for span in _left_over(decision)]
            removed += [_removed_span(document, cut, decision.block) for cut in decision.cuts]
    paragraphs = tuple(_paragraphs(document, kept))
    return Result(
        text="\n\n".join(paragraph.text for paragraph in paragraphs),
        paragraphs=paragraphs,
        title=_title(document, title),
        language=language,
        removed=tuple(removed),
        warnings=(*document.warnings, *warnings),
        source=document.source,
        kept=tuple(span for _, span in kept),
        title_span=(title.start, title.end) if title else None,
    )


def _title(document: Document, shown: Block | None) -> str | None:
    if shown is not None:
        return _HEADING_MARK.sub("", _flowing(document.source[shown.start : shown.end]))
    return document.stated_titles[0] if document.stated_titles else None


# What an extractor writes before a headline.
_HEADING_MARK = re.compile(r"^#{1,6}\s+")

# Begun only at the first blank of a row, so that long rows of blanks cost linear time.
_LINE_BREAK = re.compile(r"(?<![ \t])[ \t]*+[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]\s*")


def _flowing(text: str) -> str:
    """Text without line breaks inside; every other character stays."""
    if len(text.splitlines()) < 2:
        return text.strip()
    return _LINE_BREAK.sub(" ", text).strip()


def with_headline(result: Result) -> Result:
    """The result with the headline that the page shows as a paragraph, where it stands."""
    if result.title_span is None:
        return result
    span = result.title_span
    shown = Paragraph(_flowing(result.source[slice(*span)]), "heading", *span)
    paragraphs = tuple(sorted((shown, *result.paragraphs), key=lambda paragraph: paragraph.start))
    text = "\n\n".join(paragraph.text for paragraph in paragraphs)
    return replace(result, text=text, paragraphs=paragraphs, kept=tuple(sorted((span, *result.kept))), title_span=None)


def _removed_block(document: Document, decision: Decision) -> Removal:
    block = decision.block
    text = document.source[block.start : block.end]
    path = block.dom.path if block.dom else ""
    return Removal(text, block.start, block.end, decision.category, decision.because, decision.rule, path)


def _removed_span(document: Document, cut: Cut, block: Block) -> Removal:
    path = block.dom.path if block.dom else ""
    return Removal(document.source[cut.start : cut.end], cut.start, cut.end, cut.category, cut.because, cut.rule, path)


def _left_over(decision: Decision) -> Iterator[Span]:
    """The spans of a block between its cuts; blank ones are gaps."""
    at = decision.block.start
    for cut in decision.cuts:
        if cut.start > at:
            yield at, cut.start
        at = cut.end
    if at < decision.block.end:
        yield at, decision.block.end


def _paragraphs(document: Document, kept: Sequence[tuple[Block, Span]]) -> Iterator[Paragraph]:
    """One paragraph a block; sentences of one line and the pieces of a cut block are joined."""
    pieces: list[tuple[str, Block, Span]] = []
    for block, span in kept:
        text = _flowing(document.source[span[0] : span[1]])
        if not text:
            continue
        previous = pieces[-1][1] if pieces else None
        joins = block is previous or (block.kind == "sentence" and block.gap == 0)
        if pieces and not joins:
            yield _paragraph(pieces)
            pieces = []
        pieces.append((text, block, span))
    if pieces:
        yield _paragraph(pieces)


def _paragraph(pieces: Sequence[tuple[str, Block, Span]]) -> Paragraph:
    (_, block, (start, _)), (*_, (_, end)) = pieces[0], pieces[-1]
    kind = "paragraph" if block.kind == "sentence" else block.kind
    return Paragraph(" ".join(text for text, _, _ in pieces), kind, start, end)
