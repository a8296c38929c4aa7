"""What cleaning gives back: :class:`Result`, and every :class:`Removal` with its reason."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cleaner.explanation import Explanation

__all__ = ["Metadata", "Paragraph", "Removal", "Result"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the body. ``kind``: paragraph, heading, list_item, quote or table_row."""

    text: str
    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Removal:
    """What was taken out, where and why.

    ``start`` and ``end`` are character offsets in :attr:`Result.source`; ``text`` is that span.
    ``because`` is a sentence for people; ``rule`` names the rule (``en:related.read-also``) or is
    ``shape`` where no wording but shape and place decided; ``path`` is the DOM path in HTML.
    """

    text: str
    start: int
    end: int
    category: str
    because: str
    rule: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What an HTML page states of itself; every field may be missing."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    date: str | None = None
    site: str | None = None
    language: str | None = None
    description: str | None = None
    image: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """The story and what was removed around it.

    ``source`` is the text that offsets refer to: the input itself for plain text, the page's
    visible text for HTML. ``kept`` are the spans of ``source`` that make up ``paragraphs``,
    ``title_span`` that of the headline. Kept, removed and title spans and the blank gaps between
    them rebuild ``source`` exactly: :meth:`replay`.
    """

    text: str
    paragraphs: tuple[Paragraph, ...]
    title: str | None
    language: str | None
    removed: tuple[Removal, ...]
    warnings: tuple[str, ...] = ()
    source: str = field(default="", repr=False)
    kept: tuple[tuple[int, int], ...] = field(default=(), repr=False)
    title_span: tuple[int, int] | None = field(default=None, repr=False)
    metadata: Metadata | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return self.text

    def spans(self) -> tuple[tuple[int, int, str], ...]:
        """``(start, end, what)`` over the whole source; what: kept, removed, title or gap."""
        marked = [(start, end, "kept") for start, end in self.kept]
        marked += [(removal.start, removal.end, "removed") for removal in self.removed]
        if self.title_span:
            marked.append((*self.title_span, "title"))
        spans: list[tuple[int, int, str]] = []
        at = 0
        for start, end, what in sorted(marked):
            if start > at:
                spans.append((at, start, "gap"))
            spans.append((start, end, what))
            at = end
        if at < len(self.source):
            spans.append((at, len(self.source), "gap"))
        return tuple(spans)

    def replay(self) -> str:
        """Put kept, removed and title texts back in order; equals :attr:`source`."""
        removed = {(removal.start, removal.end): removal.text for removal in self.removed}
        return "".join(
            removed[start, end] if what == "removed" else self.source[start:end] for start, end, what in self.spans()
        )

    def counts(self) -> dict[str, int]:
        """Number of removals by category, most first."""
        counts = Counter(removal.category for removal in self.removed)
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def explain(self) -> Explanation:
        """What was removed, where and why, as text to print; a notebook shows it in colour."""
        from cleaner.explanation import Explanation

        return Explanation(self)

    def _repr_html_(self) -> str:
        """The page for a notebook: story plain, removals tinted, the reason on hover."""
        from cleaner.html_report import render_inline

        return render_inline(self)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; ``source`` and span tuples are left out, they can be rebuilt."""
        data: dict[str, Any] = {
            "text": self.text,
            "title": self.title,
            "language": self.language,
            "paragraphs": [asdict(paragraph) for paragraph in self.paragraphs],
            "removed": [asdict(removal) for removal in self.removed],
            "warnings": list(self.warnings),
        }
        if self.metadata is not None:
            data["metadata"] = asdict(self.metadata)
        return data

    def to_json(self, indent: int | None = None) -> str:
        """:meth:`to_dict` as JSON; lone surrogates are escaped, everything else stays readable."""
        text = json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)
        return text if text.isascii() or _encodable(text) else json.dumps(self.to_dict(), indent=indent)


def _encodable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
