"""Every fixture is checked four ways: expected text, replay, idempotence, untouched stays.

`fixtures/known-failures` holds pages that are not cleaned right yet; each is a strict xfail, so a
page that begins to work is noticed and moves to `wild` or `untouched`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from cleaner import Cleaner, Result, clean_html, clean_text
from tests.conftest import Fixture, fixture_folders, read_fixture

WORKING = [*fixture_folders("wild"), *fixture_folders("untouched")]
FAILING = fixture_folders("known-failures")


def name(folder: Path) -> str:
    return "/".join(folder.parts[-3:])


def cleaned(fixture: Fixture) -> Result:
    return clean_html(fixture.source) if fixture.is_html else clean_text(fixture.source)


@pytest.mark.parametrize("folder", WORKING, ids=name)
def test_the_body_is_what_is_expected(folder: Path) -> None:
    fixture = read_fixture(folder)
    result = cleaned(fixture)
    assert result.text == fixture.expected
    assert result.language == fixture.language


@pytest.mark.parametrize("folder", FAILING, ids=name)
@pytest.mark.xfail(strict=True, reason="not cleaned right yet")
def test_known_failures(folder: Path) -> None:
    fixture = read_fixture(folder)
    assert cleaned(fixture).text == fixture.expected


@pytest.mark.parametrize("folder", [*WORKING, *FAILING], ids=name)
def test_kept_and_removed_rebuild_the_page(folder: Path) -> None:
    """Spans cover the source without overlap; what lies between them is white space."""
    fixture = read_fixture(folder)
    result = cleaned(fixture)
    if not fixture.is_html:
        assert result.source == fixture.source
    assert result.replay() == result.source
    at = 0
    for start, end, what in result.spans():
        assert start == at
        assert what != "gap" or not result.source[start:end].strip()
        at = end
    assert at == len(result.source)


# Days head the entries of these pages; without the markup that says so they read like stamps.
NOT_STABLE = frozenset({"wild/be/html-vystava-afisha", "wild/ka/html-qronologia"})


def stability_cases() -> list[object]:
    known = pytest.mark.xfail(strict=True, reason="looks like boilerplate once it stands alone")
    folders = [*WORKING, *FAILING]
    return [pytest.param(f, id=name(f), marks=[known] if name(f) in NOT_STABLE else []) for f in folders]


@pytest.mark.parametrize("folder", stability_cases())
def test_cleaning_again_changes_nothing(folder: Path) -> None:
    """The headline stays the second time: a standfirst that tops the body looks like one, and no one can tell."""
    result = cleaned(read_fixture(folder))
    again = Cleaner(keep=["headline"]).clean_text(result.text, language=result.language)
    assert again.text == result.text


@pytest.mark.parametrize("folder", fixture_folders("untouched"), ids=name)
def test_untouched_pages_lose_nothing(folder: Path) -> None:
    assert cleaned(read_fixture(folder)).removed == ()


@pytest.mark.parametrize("folder", fixture_folders("wild"), ids=name)
def test_wild_pages_name_a_reason_for_every_removal(folder: Path) -> None:
    fixture = read_fixture(folder)
    result = cleaned(fixture)
    assert result.removed
    assert all(removal.because and removal.category and removal.rule for removal in result.removed)
    assert all(removal.text == result.source[removal.start : removal.end] for removal in result.removed)


def test_fixtures_cover_many_languages() -> None:
    assert len({folder.parent.name for folder in WORKING}) >= 20
