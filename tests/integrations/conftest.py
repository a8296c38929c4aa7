"""What the tests of the adapters share: a page, what must come of it, and the frameworks.

Where a framework is missing, its tests are skipped and say which extra brings it. With
``CLEANER_REQUIRE_INTEGRATIONS=1``, as in continuous integration, they fail instead.
"""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from typing import Any

import pytest

REQUIRED = bool(os.environ.get("CLEANER_REQUIRE_INTEGRATIONS"))

HEADLINE = "Lighthouse at Skerry Head to be lit again"
CREDIT = "Photo: Ines Rowe/The Skerry Echo"
PROMO = "Sign up to our free morning newsletter"
PARAGRAPHS = (
    "The lighthouse at Skerry Head will be lit again in April, eleven years after the last keeper left the island.",
    "Volunteers have repaired the lamp with parts from a scrapped ferry, the harbour board said on Tuesday evening.",
    "“We found the lens in a barn, wrapped in fishing nets,” said Marta Lund, who leads the group of pensioners.",
    "The board will pay for the electricity, about nine hundred crowns a year, until the summer after next.",
)
STORY = "\n\n".join(PARAGRAPHS)
TEXT = "\n\n".join((HEADLINE, PARAGRAPHS[0], CREDIT, *PARAGRAPHS[1:], PROMO))
PAGE = f"""<!DOCTYPE html><html lang="en"><head><title>{HEADLINE} - The Skerry Echo</title></head><body>
<nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>
<article><h1>{HEADLINE}</h1>
<p>{PARAGRAPHS[0]}</p>
<figure><img src="lamp.jpg"><figcaption>{CREDIT}</figcaption></figure>
<p>{PARAGRAPHS[1]}</p><p>{PARAGRAPHS[2]}</p><p>{PARAGRAPHS[3]}</p>
<p>{PROMO}</p></article></body></html>"""

# A rule of one's own that only holds on one site: whether it fires tells whether the page's address arrived.
HOST_PACK = """language = "common"

[[rule]]
id = "ad.electricity"
category = "ad"
why = "House ad of the harbour board."
match = "start"
phrases = ["the board will pay"]
hosts = ["skerry.example"]
removes = ["The board will pay for your ferry ticket"]
keeps = ["Nobody knows what the board will pay."]
"""


def framework(module: str, extra: str) -> Any:
    """A framework's module; without it the test module is skipped, or fails where all are required."""
    if REQUIRED:
        return importlib.import_module(module)
    return pytest.importorskip(module, reason=f'{extra} is not installed: pip install -e ".[{extra}]"')


@pytest.fixture
def host_pack(tmp_path: Path) -> Path:
    path = tmp_path / "host.toml"
    path.write_text(HOST_PACK, "utf-8")
    return path
