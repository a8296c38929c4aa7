"""What was removed and why, for eyes: tables and colours on a terminal, plain text elsewhere."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cleaner.pack import builtin_languages, load_builtin
from cleaner.result import Result

__all__ = ["print_explanation", "print_packs"]

LONGEST_SHOWN = 120
_COLOURS = {
    "related": "magenta", "teaser": "magenta", "caption": "cyan", "credit": "cyan", "byline": "blue", "date": "blue",
    "bio": "blue", "app_promo": "yellow", "newsletter": "yellow", "subscribe": "yellow", "paywall": "yellow",
    "social": "green", "comments": "green", "poll": "green", "ad": "red", "affiliate": "red",
}  # fmt: skip


def print_explanation(name: str, result: Result, console: Console | None = None) -> None:
    """List the removals of ``result`` with place and reason, on standard error unless told otherwise."""
    console = console or Console(stderr=True)
    share = sum(len(removal.text) for removal in result.removed) / max(1, len(result.source))
    head = f"{name}: {len(result.removed)} removals, {share:.0%} of the page"
    console.print(Text(f"{head}; language {result.language or 'unknown'}; title {result.title!r}", style="bold"))
    for removal in result.removed:
        shown = " ".join(removal.text.split())
        shown = shown if len(shown) <= LONGEST_SHOWN else shown[: LONGEST_SHOWN - 1] + "…"
        line = Text(f"{removal.start}–{removal.end} ", style="dim")
        line.append(removal.category, style=_COLOURS.get(removal.category, "white"))
        line.append(f"  {shown}\n    {removal.because} ")
        line.append(f"[{removal.rule}]" + (f" at {removal.path}" if removal.path else ""), style="dim")
        console.print(line, soft_wrap=True)


def print_packs(console: Console | None = None) -> None:
    """A table of the built-in packs: code, language, rules, wordings."""
    console = console or Console()
    table = Table("code", "language", "rules", "wordings", "categories")
    for code in builtin_languages():
        pack = load_builtin(code)
        wordings = sum(len(rule.keywords) for rule in pack.rules)
        categories = len({rule.category for rule in pack.rules})
        table.add_row(code, pack.name, str(len(pack.rules)), str(wordings), str(categories))
    console.print(table)
