"""A spider for the tests: yields an item, of the kind asked for, for every page that the start page links to."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import attrs
import scrapy


class Story(scrapy.Item):
    """Declares every field."""

    url = scrapy.Field()
    html = scrapy.Field()
    text = scrapy.Field()
    title = scrapy.Field()
    language = scrapy.Field()
    removed = scrapy.Field()
    warnings = scrapy.Field()


@dataclasses.dataclass
class Plain:
    """Declares no field but the story's."""

    url: str
    html: Any
    text: str | None = None


@attrs.define
class Slotted:
    """Takes nothing that it does not declare."""

    url: str
    html: Any
    text: str | None = None
    removed: dict[str, int] | None = None


@dataclasses.dataclass(frozen=True)
class Frozen:
    """Refuses every change."""

    url: str
    html: Any


KINDS: dict[str, Any] = {"dict": dict, "item": Story, "dataclass": Plain, "attrs": Slotted, "frozen": Frozen}


class HarbourSpider(scrapy.Spider):
    """``-a site=URL -a kind=dict -a stats=FILE``: statistics of the cleaner are written to the file."""

    name = "harbour"
    site: str
    kind: str
    stats: str

    async def start(self) -> AsyncIterator[scrapy.Request]:
        yield scrapy.Request(self.site, self.parse)

    def parse(self, response: Any, **_: Any) -> Iterator[Any]:
        yield from response.follow_all(css="a", callback=self.parse_page)
        if self.kind == "dict":
            yield {"url": response.url, "html": None}
            yield {"url": response.url}

    def parse_page(self, response: Any) -> Iterator[Any]:
        yield KINDS[self.kind](url=response.url, html=response.text)

    def closed(self, reason: str) -> None:
        stats = self.crawler.stats.get_stats() if self.crawler.stats else {}
        counts = {name: number for name, number in stats.items() if name.startswith(("cleaner/", "item_", "log_count"))}
        Path(self.stats).write_text(json.dumps(counts), "utf-8")
