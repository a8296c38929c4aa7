"""Scrapy: crawls of a site on this machine, each a process of its own as ``scrapy runspider`` starts it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.integrations.conftest import CREDIT, HEADLINE, PAGE, STORY, framework

framework("scrapy", "scrapy")

from scrapy.settings import Settings

from cleaner.integrations.scrapy import CleanerPipeline

SPIDER = Path(__file__).with_name("harbour_spider.py")
PIPELINE = {"cleaner.integrations.scrapy.CleanerPipeline": 300}


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing about it."""

    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """Address of a site with a start page and two stories."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "index.html").write_text('<a href="first.html">1</a> <a href="second.html">2</a>', "utf-8")
    for name in ("first", "second"):
        (folder / f"{name}.html").write_text(PAGE, "utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def crawl(site: str, folder: Path, kind: str = "dict", **settings: str) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """Items and statistics of one crawl."""
    items, stats = folder / "items.jsonl", folder / "stats.json"
    settings |= {"ITEM_PIPELINES": json.dumps(PIPELINE), "LOG_LEVEL": "INFO"}
    command = [sys.executable, "-m", "scrapy", "runspider", str(SPIDER), "-O", str(items)]
    command += [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
    command += ["-a", f"site={site}", "-a", f"kind={kind}", "-a", f"stats={stats}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    rows = [json.loads(line) for line in items.read_text("utf-8").splitlines()]
    return sorted(rows, key=lambda row: str(row["url"])), json.loads(stats.read_text("utf-8"))


def test_a_crawl_gives_stories_counts_and_loses_no_item(site: str, tmp_path: Path) -> None:
    items, stats = crawl(site, tmp_path)
    null, missing, first, second = items
    assert first == {
        "url": f"{site}first.html",
        "html": PAGE,
        "text": STORY,
        "title": HEADLINE,
        "language": "en",
        "removed": {"byline": 1, "credit": 1, "newsletter": 1},
        "warnings": [],
    }
    assert second["text"] == STORY
    assert {*null["warnings"], *missing["warnings"]} == {
        "not cleaned: there is no page", "not cleaned: there is no field 'html'",
    }  # fmt: skip
    assert stats["cleaner/total"] == stats["item_scraped_count"] == 4
    assert stats["cleaner/failed"] == stats["cleaner/warnings"] == stats["log_count/WARNING"] == 2
    assert stats["cleaner/removed/newsletter"] == 2


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("item", {"text", "title", "language", "removed", "warnings"}),
        ("dataclass", {"text"}),
        ("attrs", {"text", "removed"}),
        ("frozen", set()),
    ],
)
def test_items_of_every_kind_get_the_fields_that_they_take(
    site: str, tmp_path: Path, kind: str, written: set[str]
) -> None:
    items, stats = crawl(site, tmp_path, kind)
    assert [set(item) for item in items] == [{"url", "html"} | written] * 2
    assert all(item["text"] == STORY for item in items if "text" in written)
    unwritten = {name.rpartition("/")[2] for name in stats if name.startswith("cleaner/unwritten/")}
    assert unwritten == {"text", "title", "language", "removed", "warnings"} - written


def test_settings_name_the_fields_and_set_the_options(site: str, tmp_path: Path, host_pack: Path) -> None:
    host_pack.write_text(host_pack.read_text("utf-8").replace("skerry.example", "127.0.0.1"), "utf-8")
    settings = {"CLEANER_KEEP": "credit,caption", "CLEANER_PACKS": str(host_pack), "CLEANER_PREFIX": "clean_"}
    [*_, item], stats = crawl(site, tmp_path, **settings, CLEANER_THRESHOLD="0.2", CLEANER_FIELD="html")
    assert CREDIT in item["clean_text"]
    assert item["clean_removed"]["ad"] == 1
    assert stats["cleaner/removed/ad"] == 2


def crawler_with(settings: dict[str, Any]) -> Any:
    """As much of a crawler as exists before it runs."""
    return SimpleNamespace(settings=Settings(settings), stats=None)


def test_every_setting_reaches_the_step() -> None:
    settings = {
        "CLEANER_FIELD": "body", "CLEANER_URL": "link", "CLEANER_PREFIX": "x_", "CLEANER_KIND": "html",
        "CLEANER_KEEP": ["caption"], "CLEANER_THRESHOLD": "0.25", "CLEANER_BUDGET": 0.5,
    }  # fmt: skip
    step = CleanerPipeline.from_crawler(crawler_with(settings)).step
    assert (step.field, step.url, step.prefix, step.kind) == ("body", "link", "x_", "html")
    assert (step.keep, step.packs, step.threshold, step.budget) == (("caption",), (), 0.25, 0.5)


def test_settings_that_cannot_be_used_stop_the_crawl_before_it_starts() -> None:
    with pytest.raises(ValueError, match="unknown categories"):
        CleanerPipeline.from_crawler(crawler_with({"CLEANER_KEEP": "captions"}))
