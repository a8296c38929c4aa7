"""Many pages from Python: :func:`clean_many`. What shares the work out is in :mod:`cleaner.corpus.workers`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from cleaner.cleaning import Cleaner
from cleaner.corpus.workers import Lost, Plan, cores, map_ordered
from cleaner.result import Result

__all__ = ["CleansPages", "Failure", "Page", "clean_many", "clean_page"]


class CleansPages(Protocol):
    """What :class:`cleaner.Cleaner` can do and workers need; anything that pickles and has it will serve."""

    def clean(self, page: Any, *, url: str | None = None, language: str | None = None) -> Result:
        """Clean a page of either kind."""

    def clean_html(self, html: Any, *, url: str | None = None, language: str | None = None) -> Result:
        """Clean an HTML page."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A page that could not be cleaned: its number in the input (from 0), its ``id`` if it had one, and why."""

    index: int
    id: Any
    reason: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page on its way to a worker. ``is_html`` False: the cleaner tells by itself."""

    content: str | bytes
    is_html: bool = False
    url: str | None = None
    language: str | None = None
    id: Any = None


def clean_page(cleaner: CleansPages, page: Page) -> Result:
    """Clean one page by its own kind, address and language."""
    clean = cleaner.clean_html if page.is_html else cleaner.clean
    return clean(page.content, url=page.url, language=page.language)


def clean_many(
    pages: Iterable[str | bytes | Mapping[str, Any]],
    workers: int | None = None,
    *,
    chunk: int = 32,
    cleaner: CleansPages | None = None,
    limit: float | None = 60.0,
) -> Iterator[Result | Failure]:
    """Clean pages in worker processes; yield one value a page, in order, as they are asked for.

    Args:
        pages: texts, HTML as str or bytes, or mappings with ``html`` or ``text`` and, where known,
            ``url``, ``language`` and ``id``. Read lazily, a bounded number ahead.
        workers: processes; default: one a core.
        chunk: pages handed over at a time.
        cleaner: the :class:`cleaner.Cleaner` to use; default: one without options.
        limit: seconds a page may take before its worker is stopped; None: any time.

    Yields a :class:`Result` a page, or a :class:`Failure` for one of a wrong type, one over the time
    limit, one that its worker process died of. Raises ``ValueError`` for numbers that make no sense,
    ``RuntimeError`` where worker processes cannot start, and whatever ``pages`` raises. A ``cleaner``
    of a class that the calling script defines needs ``if __name__ == "__main__":`` around the call.
    """
    plan = Plan(cores() if workers is None else workers, chunk, limit)
    if plan.workers < 1 or chunk < 1 or (limit is not None and limit <= 0):
        raise ValueError(f"workers, chunk and limit are more than 0, not {workers!r}, {chunk!r}, {limit!r}")
    work = _Work(cleaner or Cleaner())
    values = map_ordered(work, map(_page, pages), plan, weight=_weight)
    return (_value(index, page, value) for index, (page, value) in enumerate(values))


@dataclass(frozen=True, slots=True)
class _Work:
    """Carries the cleaner into the workers."""

    cleaner: CleansPages

    def __call__(self, page: Page | Failure) -> Result | Failure:
        return page if isinstance(page, Failure) else clean_page(self.cleaner, page)


def _page(page: object) -> Page | Failure:
    if isinstance(page, str | bytes):
        return Page(page)
    if not isinstance(page, Mapping):
        return Failure(0, None, f"a page is str, bytes or a mapping, not {type(page).__name__}")
    html, text, id_ = page.get("html"), page.get("text"), page.get("id")
    content = text if html is None else html
    if not isinstance(content, str | bytes):
        return Failure(0, id_, f"neither 'html' nor 'text' holds str or bytes; the keys are {list(page)}"[:300])
    return Page(content, html is not None, page.get("url"), page.get("language"), id_)


def _weight(page: Page | Failure) -> int:
    return len(page.content) if isinstance(page, Page) else 0


def _value(index: int, page: Page | Failure, value: Result | Failure | Lost) -> Result | Failure:
    if isinstance(value, Result):
        return value
    return Failure(index, page.id, value.reason)
