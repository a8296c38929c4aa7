"""What was removed and why, for eyes: tables and colours on a terminal, plain text elsewhere."""

from __future__ import annotations

import io

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cleaner.explanation import family_of, shortened, summary
from cleaner.pack import builtin_languages, load_builtin
from cleaner.result import Result

__all__ = ["explanation_text", "print_explanation", "print_packs"]

_COLOURS = {
    "stories": "magenta", "pictures": "cyan", "people": "blue", "offers": "yellow", "talk": "green", "adverts": "red",
    "furniture": "white",
}  # fmt: skip


def print_explanation(name: str, result: Result, console: Console | None = None) -> None:
    """List the removals of ``result`` with place and reason, on standard error unless told otherwise."""
    console = console or Console(stderr=True)
    head = f"{name}: {summary(result)}" if name else summary(result)
    head += f"; language {result.language or 'unknown'}; title {result.title!r}"
    console.print(Text(head, style="bold"), soft_wrap=True)
    for removal in result.removed:
        line = Text(f"{removal.start}–{removal.end} ", style="dim")
        line.append(removal.category, style=_COLOURS[family_of(removal.category)])
        line.append(f"  {shortened(removal.text)}\n    {removal.because} ")
        line.append(f"[{removal.rule}]" + (f" at {removal.path}" if removal.path else ""), style="dim")
        console.print(line, soft_wrap=True)


def explanation_text(result: Result) -> str:
    """What :func:`print_explanation` prints, as text without colours or control codes."""
    file = io.StringIO()
    print_explanation("", result, Console(file=file, color_system=None, force_terminal=False, force_jupyter=False))
    return file.getvalue().rstrip("\n")


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
