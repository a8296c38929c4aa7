"""Scrapy: an item pipeline. Start at :class:`CleanerPipeline`.

In ``settings.py``, with a spider that yields ``{"url": response.url, "html": response.text}``::

    ITEM_PIPELINES = {"cleaner.integrations.scrapy.CleanerPipeline": 300}
    CLEANER_KEEP = ["caption"]
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Self, cast

from cleaner.integrations.core import Cleaned, Options, Step, extra

with extra("scrapy"):
    from itemadapter import ItemAdapter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings
    from scrapy.statscollectors import StatsCollector

__all__ = ["CleanerPipeline"]

logger = logging.getLogger(__name__)


class CleanerPipeline:
    """Writes the story of the page in an item's field, and what is known of it, into the item's fields.

    Items of every kind that Scrapy knows: dicts, ``scrapy.Item``, dataclasses, attrs, pydantic. An item
    gains ``text``, ``title`` and ``language`` (where it has none of its own), ``removed`` (counts by
    category) and ``warnings``; of these, classes with fields get those that they declare. No item is
    dropped: one without a page goes on with a warning. Cleaning a page of usual size takes some 60 ms,
    in the thread that crawls.

    Settings, each optional: ``CLEANER_FIELD`` (the field with the page, ``html``), ``CLEANER_URL`` (the
    one with its address, ``url``), ``CLEANER_PREFIX`` (before the names of the fields that are
    written), ``CLEANER_KIND``, ``CLEANER_KEEP``, ``CLEANER_PACKS``, ``CLEANER_PROFILE``,
    ``CLEANER_THRESHOLD``, ``CLEANER_BUDGET``: see :class:`~cleaner.integrations.core.Options`.

    Crawler statistics: ``cleaner/total``, ``cleaner/failed``, ``cleaner/empty``, ``cleaner/warnings``,
    ``cleaner/removed/<category>``, ``cleaner/unwritten/<field>``.
    """

    def __init__(self, step: Step, stats: StatsCollector | None = None) -> None:
        self.step = step
        self._stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """What Scrapy calls. Raises what :class:`cleaner.Cleaner` raises, for settings it cannot use."""
        return cls(_step(crawler.settings), crawler.stats)

    def process_item(self, item: Any) -> Any:
        """The item that came in, with its fields written."""
        adapter = ItemAdapter(item)
        cleaned = self.step.clean_record(adapter)
        self._count(cleaned.counts())
        if cleaned.failed:
            logger.warning("%s: %s", adapter.get(self.step.url) or "an item", cleaned.warnings[0])
        self._count({f"unwritten/{name}": 1 for name in self._write(adapter, cleaned)})
        return item

    def _write(self, adapter: ItemAdapter, cleaned: Cleaned) -> list[str]:
        """Write the fields; names of those that the item does not take."""
        fields = self.step.fields(cleaned, adapter)
        return [name for name, value in fields.items() if not _put(adapter, name, value)]

    def _count(self, counts: Mapping[str, int]) -> None:
        for name, number in counts.items():
            if self._stats:
                self._stats.inc_value(f"cleaner/{name}", number)


def _put(adapter: ItemAdapter, name: str, value: Any) -> bool:
    try:
        adapter[name] = value
    except (AttributeError, KeyError, TypeError, ValueError):  # undeclared, frozen, or refused by a validator
        return False
    return True


def _step(settings: BaseSettings) -> Step:
    getters: dict[str, Callable[[str], Any]] = {
        "url": settings.get,
        "prefix": settings.get,
        "kind": settings.get,
        "keep": settings.getlist,
        "packs": settings.getlist,
        "profile": settings.getlist,
        "threshold": settings.getfloat,
        "budget": settings.getfloat,
    }
    options = {name: get(_setting(name)) for name, get in getters.items() if _setting(name) in settings}
    return Step(settings.get("CLEANER_FIELD", "html"), **cast(Options, options))


def _setting(name: str) -> str:
    return f"CLEANER_{name.upper()}"
