"""What an HTML page states of itself: title, authors, date, site, language, description, image.

The reading is trafilatura's (its metadata module, with htmldate for the date); nothing of it is
loaded unless a caller asks with ``Cleaner(metadata=True)``. Start at :func:`read_metadata`.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from cleaner.readers.html import parse
from cleaner.readers.statements import read_statements
from cleaner.result import Metadata

__all__ = ["read_metadata"]


def read_metadata(html: Any, *, url: str | None = None) -> Metadata:
    """Read the statements of a page given as str, bytes, BeautifulSoup or lxml element.

    Content never raises: a page whose statements cannot be read has none.
    """
    tree = parse(html)
    if tree is None:
        return Metadata(url=url)
    statements = read_statements(tree)
    found = _trafilatura(tree, url)
    authors = str(found.get("author") or "")
    return Metadata(
        title=(statements.titles or (found.get("title"),))[0],
        authors=tuple(name.strip() for name in authors.split(";") if name.strip()),
        date=found.get("date"),
        site=found.get("sitename"),
        language=statements.language,
        description=found.get("description"),
        image=found.get("image"),
        url=found.get("url") or url,
    )


def _trafilatura(tree: Any, url: str | None) -> dict[str, Any]:
    from trafilatura.metadata import extract_metadata

    # trafilatura changes the tree that it reads, and wants a whole page.
    page = etree.fromstring(etree.tostring(tree, encoding="utf-8", method="html"), etree.HTMLParser(encoding="utf-8"))
    try:
        found = extract_metadata(page, default_url=url)
    except Exception:  # another library's fault on a hostile page is no fault of the caller's
        return {}
    return found.as_dict() if found is not None else {}
