"""No page costs much more than an ordinary one of its size, whatever it is made of.

The quick part runs everywhere on small pages with room for a busy machine. The long part holds the
bound itself on pages of a megabyte (and :data:`HUGE` ones of ten)::

    python -m pytest -m long -s tests/test_hostile_cost.py
"""

from __future__ import annotations

import time
from functools import cache

import pytest

from cleaner import Cleaner, clean_html, clean_text
from cleaner.pack import builtin_languages
from tests.hostile_pages import PAGES, TEXTS, Make, Page, flood, harmless, harmless_html, pack_floods, packs

# At most so many times an ordinary page's time; on small pages what is loaded and begun weighs more.
BOUND, QUICK_BOUND = 5.0, 10.0
SMALL, BIG, TENFOLD = 40_000, 1_000_000, 10_000_000
TRIES = 3
HUGE = ("one line of sentences", "one-character lines", "identical headlines", "<p>a</p>", "attributes on one tag")
EVERY = [pytest.param("text", make, id=f"text: {name}") for name, make in TEXTS.items()]
EVERY += [pytest.param("html", make, id=f"html: {name}") for name, make in PAGES.items()]
CLEANER = Cleaner()


def seconds(kind: str, page: Page, language: str | None = None) -> float:
    """Time to clean a page; a result that does not hold fails the test."""
    start = time.process_time()
    result = CLEANER.clean_html(page) if kind == "html" else CLEANER.clean_text(str(page), language=language)
    taken = time.process_time() - start
    assert result.replay() == result.source
    return taken


@cache
def ordinary(kind: str, size: int) -> float:
    page = harmless_html(size) if kind == "html" else harmless(size)
    return min(seconds(kind, page) for _ in range(2 if size > BIG else TRIES))


def times_the_ordinary(kind: str, make: Make, size: int, bound: float, language: str | None = None) -> float:
    """How many times an ordinary page's time; measured again where that is too much: the machine may be busy."""
    clean_text("Harbour"), clean_html("<p>Harbour")
    page, taken = make(size), float("inf")
    for _ in range(TRIES):
        taken = min(taken, seconds(kind, page, language))
        ratio = taken / (ordinary(kind, size) * len(page) / size)
        if ratio <= bound:
            break
    return ratio


@pytest.mark.parametrize(("kind", "make"), EVERY)
def test_a_hostile_page_costs_no_more_than_a_few_ordinary_ones(kind: str, make: Make) -> None:
    assert times_the_ordinary(kind, make, SMALL, QUICK_BOUND) <= QUICK_BOUND


@pytest.mark.parametrize("language", [code for code in builtin_languages() if code != "common"])
def test_near_misses_of_every_rule_of_a_pack_cost_no_more_either(language: str) -> None:
    assert times_the_ordinary("text", pack_floods()[language], SMALL, QUICK_BOUND, language) <= QUICK_BOUND


@pytest.mark.long
@pytest.mark.parametrize(("kind", "make"), EVERY)
def test_megabytes_keep_the_bound(kind: str, make: Make, request: pytest.FixtureRequest) -> None:
    ratio = times_the_ordinary(kind, make, BIG, BOUND)
    print(f"{ratio:6.2f} times  {request.node.callspec.id}")
    assert ratio <= BOUND


@pytest.mark.long
@pytest.mark.parametrize("name", HUGE)
def test_ten_megabytes_keep_the_bound(name: str) -> None:
    kind = "text" if name in TEXTS else "html"
    ratio = times_the_ordinary(kind, {**TEXTS, **PAGES}[name], TENFOLD, BOUND)
    print(f"{ratio:6.2f} times  10 MB of {name}")
    assert ratio <= BOUND


@pytest.mark.long
@pytest.mark.parametrize("between", ["\n", " "], ids=["lines", "one line"])
@pytest.mark.parametrize("language", builtin_languages())
def test_near_misses_of_each_rule_keep_the_bound(language: str, between: str) -> None:
    """One page a rule, in its language: examples, keywords, phrases cut short, names without end."""
    pack = next(pack for pack in packs() if pack.language == language)
    code = None if language == "common" else language
    worst = max(
        (times_the_ordinary("text", flood([rule], between), SMALL, BOUND, code), rule.id) for rule in pack.rules
    )
    print(f"{worst[0]:6.2f} times  {language}: {worst[1]}")
    assert worst[0] <= BOUND
