"""HTML read into blocks with the evidence of their markup. Start reading at :func:`read_html`.

Three steps: whatever was given becomes an lxml tree (:func:`_tree`), one walk over it makes blocks
(:class:`_Walk`), and what the page states of itself is read from its head (:mod:`.statements`).
The walk keeps no recursion, so nesting of any depth is harmless.

What is deliberately not done: nothing is thrown away for its tag or class here. A block in
``<aside>`` or of class ``teaser`` is read like any other and says where it stands; whether it goes
is decided later, by all that is known of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

from cleaner.document import Document, Dom, Span, host_of, make_document
from cleaner.readers.embedded import embedded_story
from cleaner.readers.encoding import decode
from cleaner.readers.statements import read_statements
from cleaner.readers.taming import MOST_ATTRIBUTES, flattened, without_surplus
from cleaner.vocabulary import GROUP_BITS, INSIDE_BITS, WORD_BITS

__all__ = ["parse", "read_html"]

_TAG_INSIDE = {
    **{name: INSIDE_BITS[name] for name in INSIDE_BITS},
    **{f"h{level}": INSIDE_BITS["h"] for level in range(1, 7)},
    "ul": 0, "ol": 0, "td": INSIDE_BITS["table"],
}  # fmt: skip

_SKIPPED = frozenset(
    "script style noscript template svg head select option textarea iframe object canvas math map audio video "
    "datalist colgroup title meta link input img base param source track".split()
)
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data dfn em font i ins kbd mark nobr q rp rt ruby s samp small "
    "span strike strong sub sup time tt u var wbr strike del center-inline amp-link".split()
)
_BREAKS = frozenset({"br", "hr"})
_CELLS = frozenset({"td", "th"})
# A row of cells up to this long, which hold words and no paragraphs, is one block. Longer cells lay a page out.
LONGEST_CELL = 80
# Stands between the cells of a row while it is read, and in the page's text.
_CELL_END, CELL_SEPARATOR = "\x1f", "\t"
_KINDS = {
    **{f"h{level}": "heading" for level in range(1, 7)},
    "li": "list_item", "dd": "list_item", "dt": "list_item", "tr": "table_row", "td": "table_row", "th": "table_row",
    "blockquote": "quote",
}  # fmt: skip
_BLANK = re.compile(r"[\s\u200b\ufeff]+")
_VISIBLE = re.compile(r"[^\s\u200b-\u200f\ufeff\xad]")
# Below this depth a path is the block's own element alone.
DEEPEST_PATH = 60
# Attributes longer than this hold data, not names.
LONGEST_NAMES = 400
TOO_DEEP = "elements nest too deeply for the parser: the text was read without them"
# Where no block is longer than this, the markup holds no story.
HARDLY_ANY_TEXT = 120


def read_html(html: Any, *, url: str | None = None) -> Document:
    """Read an HTML page into a document whose ``source`` is the page's visible text.

    Args:
        html: str, bytes, ``bs4.BeautifulSoup`` (or a tag of it) or an lxml element.
        url: the page's address, if known; tells the host for per-site rules.

    Raises:
        TypeError: ``html`` is of another type. Content never raises.
    """
    tree, warnings = _tree(html)
    if tree is None:
        return replace(make_document("", []), warnings=warnings)
    statements = read_statements(tree)
    document = _blocks_of(tree, statements.body_key)
    if _longest(document) < HARDLY_ANY_TEXT and not any(block.dom and block.dom.stated > 0 for block in document):
        hidden = embedded_story(tree, statements.body)
        story = parse(f"<html><body>{hidden}</body></html>") if hidden else None
        if story is not None:
            document = _blocks_of(story, statements.body_key)
            warnings = (*warnings, "the story was read from the page's scripts; its markup shows hardly any text")
    return replace(
        document,
        host=host_of(url),
        stated_titles=statements.titles,
        stated_language=statements.language,
        warnings=warnings,
    )


def _blocks_of(tree: HtmlElement, stated_body: str) -> Document:
    walk = _Walk()
    walk.over(tree)
    return walk.document(stated_body)


def _longest(document: Document) -> int:
    return max((len(block.text) for block in document), default=0)


def parse(html: Any) -> HtmlElement | None:
    """The page as an lxml tree, None where it holds no HTML; takes what :func:`read_html` takes."""
    return _tree(html)[0]


def _tree(html: Any) -> tuple[HtmlElement | None, tuple[str, ...]]:
    if isinstance(html, etree._ElementTree):
        html = html.getroot()
    if isinstance(html, etree._Element):
        return html, ()
    if isinstance(html, (str, bytes, bytearray)):
        return _parsed(html)
    if hasattr(html, "find_all") and hasattr(html, "decode"):  # bs4: its tree is converted, not parsed again
        return _from_soup(html), ()
    raise TypeError(
        f"clean_html takes str, bytes, BeautifulSoup or an lxml element, not {type(html).__name__}; "
        "for a file, give the bytes you read from it"
    )


def _parsed(html: str | bytes | bytearray) -> tuple[HtmlElement | None, tuple[str, ...]]:
    text, warning = (html, "") if isinstance(html, str) else decode(bytes(html))
    if warning:
        return None, (warning,)
    if not _VISIBLE.search(text):
        return None, ("the page is empty",)
    if "<" not in text[:100_000]:  # plain text given as HTML: each line is a block
        text = "<pre-text>" + text.replace("&", "&amp;").replace("\n", "<br>") + "</pre-text>"
    text = without_surplus(text.replace("\x00", " "))
    tree, is_whole = _by_libxml2(text)
    if not is_whole:
        return _by_libxml2(flattened(text))[0], (TOO_DEEP,)
    return tree, () if tree is not None else ("no HTML was found in the page",)


def _by_libxml2(text: str) -> tuple[HtmlElement | None, bool]:
    """The tree, and whether it holds the whole page: libxml2 stops reading where elements nest too deeply."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        tree = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        tree = None
    last = parser.error_log.last_error
    return tree, last is None or "Excessive depth" not in last.message


def _from_soup(soup: Any) -> HtmlElement:
    """A BeautifulSoup tree as an lxml tree, element by element, without recursion."""
    from bs4.element import NavigableString, PreformattedString, Tag

    if soup.name == "[document]":
        shown = (child for child in soup.children if not isinstance(child, PreformattedString))
        top = [child for child in shown if isinstance(child, Tag) or child.strip()]
        soup = top[0] if len(top) == 1 and top[0].name == "html" else soup
    root = etree.Element("html" if soup.name == "[document]" else _tag_name(soup.name), _attributes(soup.attrs))
    stack: list[tuple[Any, Any]] = [(soup, root)]
    while stack:
        source, target = stack.pop()
        last = None
        for child in source.children:
            if isinstance(child, Tag):
                last = etree.SubElement(target, _tag_name(child.name), _attributes(child.attrs))
                stack.append((child, last))
            elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
                text = _XML_INVALID.sub(" ", str(child))
                if last is None:
                    target.text = (target.text or "") + text
                else:
                    last.tail = (last.tail or "") + text
    return root


_XML_INVALID = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_XML_NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)


def _tag_name(name: str) -> str:
    return name if _XML_NAME.fullmatch(name) else "span"


def _attributes(attributes: Any) -> dict[str, str]:
    return {
        name: _XML_INVALID.sub(" ", " ".join(value) if isinstance(value, list) else str(value))
        for name, value in islice(attributes.items(), MOST_ATTRIBUTES)
        if _XML_NAME.fullmatch(name)
    }


_CAMEL = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


@lru_cache(maxsize=4096)
def _group_bits(names: str) -> int:
    """The groups that the words of a class or id attribute speak of, as bits."""
    bits = 0
    for word in _CAMEL.findall(names):
        bits |= WORD_BITS.get(word.lower(), 0)
    return bits


@dataclass(slots=True)
class _Frame:
    """An open block-level element during the walk."""

    number: int
    parent: int
    tag: str
    label: str  # tag and first class
    own: int  # groups of its own class and id words
    near: int  # groups of its own, its parent's and grandparent's
    every: int  # groups of all ancestors
    inside: int
    depth: int


@dataclass(slots=True)
class _Open:
    """The block being filled."""

    parts: list[str] = field(default_factory=list)
    size: int = 0
    linked: int = 0
    strong: int = 0
    inline: dict[int, int] = field(default_factory=dict)


_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


class _Walk:
    """One pass over the tree, in document order, closing a block at every block-level boundary."""

    def __init__(self) -> None:
        self.frames: list[_Frame] = [_Frame(0, 0, "", "", 0, 0, 0, 0, 0)]
        self._paths: dict[int, str] = {0: ""}
        self._stack = [self.frames[0]]
        self._links = 0
        self._bold = 0
        self._inline: list[int] = []
        self._in_row = False
        self._open = _Open()
        self._found: list[tuple[str, _Frame, float, float, int]] = []

    def over(self, root: HtmlElement) -> None:
        """Walk ``root`` and everything below it."""
        walker = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
        for event, element in walker:
            tag = _local(element.tag)
            read = None if tag in _SKIPPED else tag
            if event == "start":
                if read is None:
                    walker.skip_subtree()
                else:
                    self._enter(read, element)
                continue
            if read is not None:
                self._leave(read)
            if element.tail and element is not root:
                self._text(element.tail)
        self._flush()

    def _enter(self, tag: str, element: HtmlElement) -> None:
        if tag in _BREAKS:
            self._flush()
        elif tag in _INLINE or (self._in_row and tag in _CELLS):
            self._links += tag == "a"
            self._bold += tag in ("b", "strong")
            if tag in _CELLS and self._open.parts:
                self._open.parts.append(_CELL_END)
            own = _own_bits(element)
            self._inline.append(own | GROUP_BITS["byline"] if tag == "time" else own)
        else:
            self._flush()
            self._push(tag, element)
            self._in_row = tag == "tr" and _is_row(element)
        if element.text:
            self._text(element.text)

    def _leave(self, tag: str) -> None:
        if tag in _BREAKS:
            return
        if tag in _INLINE or (self._in_row and tag in _CELLS):
            self._links -= tag == "a"
            self._bold -= tag in ("b", "strong")
            self._inline.pop()
        else:
            self._flush()
            self._stack.pop()
            self._in_row = False

    def _push(self, tag: str, element: HtmlElement) -> None:
        above = self._stack[-1]
        own = _own_bits(element)
        names = element.get("class", "")[:LONGEST_NAMES].split(None, 1)
        inside = above.inside | _TAG_INSIDE.get(tag, 0) | (INSIDE_BITS["a"] if self._links else 0)
        if _is_hidden(element):
            inside |= INSIDE_BITS["hidden"]
        if "articlebody" in element.get("itemprop", "").lower():
            inside |= INSIDE_BITS["itemprop"]
        frame = _Frame(
            number=len(self.frames),
            parent=above.number,
            tag=tag,
            label=f"{tag}.{names[0]}" if names else tag,
            own=own,
            near=own | above.own | self.frames[above.parent].own,
            every=own | above.every,
            inside=inside,
            depth=above.depth + 1,
        )
        self.frames.append(frame)
        self._stack.append(frame)

    def _path(self, frame: _Frame) -> str:
        """Labels from the top down to the frame; of very deep pages the first ones and the frame's own."""
        missing = []
        while frame.number not in self._paths:
            missing.append(frame)
            frame = self.frames[frame.parent]
        path = self._paths[frame.number]
        for frame in reversed(missing):
            path = f"{path} > {frame.label}" if path and frame.depth <= DEEPEST_PATH else frame.label
            self._paths[frame.number] = path
        return path

    def _text(self, text: str) -> None:
        if not _VISIBLE.search(text):
            self._open.parts.append(" ")
            return
        size = len(text)
        block = self._open
        block.parts.append(text)
        block.size += size
        block.linked += size if self._links else 0
        block.strong += size if self._bold else 0
        for bits in self._inline:
            if bits:
                block.inline[bits] = block.inline.get(bits, 0) + size

    def _flush(self) -> None:
        block = self._open
        if block.size:
            text = "".join(block.parts)
            if _CELL_END in text:
                text = CELL_SEPARATOR.join(cell for cell in map(_flowing, text.split(_CELL_END)) if cell)
            else:
                text = _flowing(text)
            if text:
                inline = 0
                for bits, size in block.inline.items():
                    inline |= bits if size >= 0.6 * block.size else 0
                size = block.size
                self._found.append((text, self._stack[-1], block.linked / size, block.strong / size, inline))
        if block.parts:
            self._open = _Open()

    def document(self, stated_body: str) -> Document:
        """The blocks found, with the evidence of their markup."""
        spans: list[Span] = []
        at = 0
        for text, frame, *_ in self._found:
            spans.append((at, at + len(text), _kind(frame), 1))
            at += len(text) + 1
        source = "\n".join(text for text, *_ in self._found)
        return make_document(source, spans, lambda number: self._dom(*self._found[number], stated_body))

    def _dom(self, text: str, frame: _Frame, linked: float, bold: float, inline: int, stated_body: str) -> Dom:
        parent = self.frames[frame.parent]
        grand = self.frames[parent.parent]
        letters = _letters(text) if stated_body else ""
        return Dom(
            path=self._path(frame),
            tag=frame.tag,
            inside=frame.inside,
            own=frame.own | inline,
            near=frame.near | inline,
            every=frame.every | inline,
            link_share=linked,
            bold_share=bold,
            depth=frame.depth,
            frame=frame.number,
            parent=frame.parent,
            grandparent=parent.parent,
            signature=f"{grand.label}>{parent.label}>{frame.label}",
            stated=-1.0 if not stated_body else float(len(letters) > 7 and letters in stated_body),
        )


def _flowing(text: str) -> str:
    return _BLANK.sub(" ", text).strip()


def _kind(frame: _Frame) -> str:
    kind = _KINDS.get(frame.tag, "paragraph")
    if kind == "paragraph" and frame.inside & INSIDE_BITS["blockquote"]:
        return "quote"
    return "list_item" if kind == "paragraph" and frame.inside & INSIDE_BITS["li"] else kind


_NOT_LETTER = re.compile(r"[\W\d_]+")


def _letters(text: str) -> str:
    return _NOT_LETTER.sub("", text).lower()


def _local(tag: Any) -> str | None:
    """An element's name without the namespace that XHTML gives it; None for comments and the like."""
    if not isinstance(tag, str):
        return None
    return tag.rpartition("}")[2] if tag[:1] == "{" else tag


def _is_row(row: HtmlElement) -> bool:
    """Whether a table row is a line of data: cells of a few words, nothing in them but inline markup."""
    return len(row) > 1 and all(_local(cell.tag) in _CELLS and _is_short_cell(cell) for cell in row)


def _is_short_cell(cell: HtmlElement) -> bool:
    size = len(cell.text or "")
    for child in cell:
        if _local(child.tag) not in _INLINE or len(child) > 1 or size > LONGEST_CELL:
            return False
        size += len(child.text or "") + len(child.tail or "")
    return size <= LONGEST_CELL


def _own_bits(element: HtmlElement) -> int:
    names, identity = element.get("class", ""), element.get("id", "")
    return _group_bits(names[:LONGEST_NAMES]) | _group_bits(identity[:LONGEST_NAMES])


def _is_hidden(element: HtmlElement) -> bool:
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    style = element.get("style")
    return bool(style and _HIDDEN_STYLE.search(style[:LONGEST_NAMES]))
