"""HTML made harmless for libxml2, before it is parsed. Start at :func:`without_surplus`, :func:`flattened`.

libxml2 appends an attribute by walking all those before it, so that 50,000 attributes on one tag
take it half a minute; and where elements nest deeper than 2,048 levels it stops reading, and what
follows is lost. Neither can be set otherwise.
"""

from __future__ import annotations

import re

__all__ = ["MOST_ATTRIBUTES", "flattened", "without_surplus"]

# Tags shorter than this cannot hold many attributes; of longer ones so many attributes are read.
LONG_TAG, MOST_ATTRIBUTES = 2_000, 200

# As browsers read them: quotes count behind "=" alone. Everything is possessive, hence linear.
_ATTRIBUTE = r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)?+"""
_TAG = re.compile(
    rf"""
    <(?:
        (script|style)\b[^>]*+>(?: [^<]++ | <(?!/\1) )*+
        | /?[a-z][^\s/>]*+(?:{_ATTRIBUTE})*+
        | !--(?: [^-]++ | -(?!->) )*+
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_FIRST_ATTRIBUTES = re.compile(rf"</?[a-z][^\s/>]*+(?:{_ATTRIBUTE}){{{MOST_ATTRIBUTES}}}+", re.I)


def without_surplus(html: str) -> str:
    """The page without what its tags have beyond :data:`MOST_ATTRIBUTES` attributes."""
    parts, at = [], 0
    for tag in _TAG.finditer(html):
        if tag.end() - tag.start() > LONG_TAG:
            first = _FIRST_ATTRIBUTES.match(html, tag.start(), tag.end())
            if first is not None:
                parts.append(html[at : first.end()])
                at = tag.end()
    return "".join((*parts, html[at:])) if parts else html


_ANY_TAG = re.compile(r"</?([a-z][^\s/>]*+)[^<>]*+>?", re.I)
# These stay: what they hold is no text of the page.
_UNREAD = frozenset("script style title meta template noscript textarea select svg iframe object".split())
_INSIDE_LINES = frozenset(
    "a abbr b bdi bdo big cite code em font i mark q s small span strong sub sup time u wbr".split()
)


def flattened(html: str) -> str:
    """The page's text line by line, without the elements around it."""
    return _ANY_TAG.sub(_flat, html)


def _flat(tag: re.Match[str]) -> str:
    name = tag[1].lower()
    if name in _UNREAD:
        return tag[0]
    return "" if name in _INSIDE_LINES else "<br>"
