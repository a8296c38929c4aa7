"""What was removed, as HTML: a report of many pages, and a small view for notebooks.

Start reading at :func:`render_report`. The pages are other people's and may be hostile: Jinja2
escapes all that comes from them, no page's text is ever put into a script, and a content security
policy lets the report run its own script, known by its hash, and load nothing at all.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

from cleaner.explanation import FAMILIES, Row, family_of, rows_of, share_removed, shortened, summary
from cleaner.result import Result

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["PageView", "render_inline", "render_report"]

# The innermost elements tell most of where a removal stood; whole paths would be a third of the file.
STEPS_SHOWN = 4
# A notebook cell is no place for a whole front page.
INLINE_ROWS = 150


@dataclass(frozen=True)
class PageView:
    """One page of a report: what it is called (a file name), and what cleaning gave."""

    name: str
    result: Result

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The page laid out, once."""
        return rows_of(self.result)

    @property
    def summary(self) -> str:
        """How much went, in words."""
        return summary(self.result)

    @property
    def share(self) -> float:
        """The share of the page's characters that went, 0 to 1."""
        return share_removed([self.result])


def render_report(pages: Sequence[PageView]) -> str:
    """One self-contained HTML file that shows ``pages`` with what was removed and why.

    It loads nothing from anywhere. Lone surrogates become ``?``, so that it can be written as UTF-8.
    """
    results = [page.result for page in pages]
    counts = Counter(removal.category for result in results for removal in result.removed)
    style, script = _source("report.css"), _source("report.js")
    template = _templates().get_template("report.html")
    html = template.render(
        pages=pages,
        counts=_by_family(counts),
        removals=counts.total(),
        share=share_removed(results),
        style=style,
        script=script,
        policy=_policy(style, script),
    )
    return html.encode("utf-8", "replace").decode("utf-8")


def render_inline(result: Result) -> str:
    """A piece of HTML for a notebook cell: no script, styles that touch nothing else."""
    rows = rows_of(result)
    template = _templates().get_template("notebook.html")
    html = template.render(
        result=result, summary=summary(result), rows=rows[:INLINE_ROWS], left_out=max(0, len(rows) - INLINE_ROWS)
    )
    return html.encode("utf-8", "replace").decode("utf-8")


def _by_family(counts: Counter[str]) -> list[tuple[str, int]]:
    """Categories with their number of removals; those that share a colour stand together."""
    order = [category for categories in FAMILIES.values() for category in categories]
    known = [(category, counts[category]) for category in order if counts[category]]
    return known + sorted((category, count) for category, count in counts.items() if category not in order)


def _policy(style: str, script: str) -> str:
    return f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none'"


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _end_of_path(path: str) -> str:
    steps = path.split(" > ")
    return " > ".join(["…", *steps[-STEPS_SHOWN:]] if len(steps) > STEPS_SHOWN else steps)


@cache
def _templates() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("cleaner")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(family=family_of, shortened=shortened, end_of_path=_end_of_path)
    return environment


@cache
def _source(name: str) -> str:
    """The text of a file in ``templates`` that goes into a report as it is."""
    from importlib.resources import files

    return (files("cleaner") / "templates" / name).read_text("utf-8")
