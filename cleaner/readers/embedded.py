"""Stories that stand only in a page's scripts. Start reading at :func:`embedded_story`.

Pages that a browser puts together hold their story as JSON: schema.org's ``articleBody``, or the
article's HTML as an escaped string in the state that the script starts from. Both are looked at
only where the markup itself shows hardly any text.
"""

from __future__ import annotations

import json
import re
from html import escape

from lxml.html import HtmlElement

__all__ = ["embedded_story"]

# A JSON string; possessive, so that unclosed quotes cost linear time.
_STRING = re.compile(r'"(?:[^"\\]|\\.)*+"', re.S)
_PARAGRAPH = re.compile(r"<p[\s>]", re.I)
_ESCAPED_PARAGRAPH = re.compile(r"(?:\\u003[cC]|<)p[\s>\\]")
# Strings shorter than this hold no story; a story has at least so many paragraphs.
SHORTEST = 500
PARAGRAPHS = 3
LONGEST_SCRIPT = 5_000_000


def embedded_story(tree: HtmlElement, stated_body: str) -> str:
    """HTML of the story that the page's scripts hold, empty where they hold none.

    ``stated_body`` is JSON-LD's articleBody, which serves where no HTML string is found.
    """
    found = max((html for script in tree.iter("script") for html in _strings(script.text or "")), key=len, default="")
    if found:
        return found
    lines = [line for line in stated_body.splitlines() if line.strip()]
    return "".join(f"<p>{escape(line)}</p>" for line in lines)


def _strings(script: str) -> list[str]:
    """Strings of a script that hold HTML paragraphs."""
    if len(script) > LONGEST_SCRIPT or not _ESCAPED_PARAGRAPH.search(script):
        return []
    found = []
    for match in _STRING.finditer(script):
        if match.end() - match.start() < SHORTEST or not _ESCAPED_PARAGRAPH.search(match.group()):
            continue
        try:
            text = json.loads(match.group(), strict=False)
        except ValueError:
            continue
        if len(_PARAGRAPH.findall(text)) >= PARAGRAPHS:
            found.append(text)
    return found
