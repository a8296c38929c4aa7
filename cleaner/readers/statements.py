"""What a page states of itself: JSON-LD, Open Graph, ``<html lang>``. Start at :func:`read_statements`.

Evidence, not truth: ``articleBody`` is often cut short, ``og:title`` carries the site's name, and
``lang`` is left at the template's default.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml.html import HtmlElement

__all__ = ["Statements", "read_statements"]

_NOT_LETTER = re.compile(r"[\W\d_]+")
# JSON-LD beyond this size or depth is data, not a statement about the page.
LONGEST_JSON = 2_000_000
DEEPEST = 6
# Every block is looked for in so many letters of a stated body.
LONGEST_KEY = 100_000


@dataclass(frozen=True, slots=True)
class Statements:
    """``titles`` best first; ``body`` is JSON-LD's articleBody, ``body_key`` its letters alone."""

    titles: tuple[str, ...] = ()
    language: str | None = None
    body: str = ""
    body_key: str = ""


def read_statements(tree: HtmlElement) -> Statements:
    """Read the page's head and JSON-LD; broken data counts as nothing said."""
    body, headlines = "", []
    for item in _linked_data(tree):
        text = item.get("articleBody")
        if isinstance(text, str) and len(text) > len(body):
            body = text
        headline = item.get("headline")
        if isinstance(headline, str) and _is_article(item):
            headlines.append(headline)
    titles = [*headlines, *_metas(tree, "og:title"), *_metas(tree, "twitter:title")]
    titles += [title.text for title in tree.iter("{*}title") if title.text][:1]
    return Statements(
        titles=tuple(dict.fromkeys(" ".join(title.split()) for title in titles if title.strip())),
        language=_language(tree),
        body=body,
        body_key=_NOT_LETTER.sub("", body).lower()[:LONGEST_KEY] if len(body) > 200 else "",
    )


def _linked_data(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    for script in tree.iter("{*}script"):
        text = script.text or ""
        if "ld+json" in (script.get("type") or "") and len(text) < LONGEST_JSON:
            try:
                data = json.loads(text, strict=False)
            except (ValueError, RecursionError):
                continue
            yield from _objects(data, DEEPEST)


def _objects(data: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth and isinstance(data, list):
        for item in data[:200]:
            yield from _objects(item, depth - 1)
    elif depth and isinstance(data, dict):
        yield data
        for name in ("@graph", "mainEntity", "mainEntityOfPage", "hasPart", "liveBlogUpdate"):
            if name in data and name != "liveBlogUpdate":
                yield from _objects(data[name], depth - 1)


def _is_article(item: dict[str, Any]) -> bool:
    kind = item.get("@type", "")
    return any(
        "Article" in str(name) or "Posting" in str(name) for name in (kind if isinstance(kind, list) else [kind])
    )


def _metas(tree: HtmlElement, name: str) -> list[str]:
    found = (m for m in tree.iter("{*}meta") if name in (m.get("property"), m.get("name")))
    return [content for content in (m.get("content") for m in found) if content]


def _language(tree: HtmlElement) -> str | None:
    root = next(tree.iter("{*}html"), None)
    stated = (
        (root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or "") if root is not None else ""
    )
    code = re.split(r"[-_]", stated.strip().lower())[0]
    return code if re.fullmatch(r"[a-z]{2}", code) else None
