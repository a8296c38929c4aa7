"""The public functions: what goes in, what comes out, and what the switches do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import cleaner
from cleaner import Cleaner, clean, clean_html, clean_text
from tests.conftest import FIXTURES, ROOT, read_fixture

FERRY = read_fixture(FIXTURES / "wild" / "en" / "ferry")
BRIDGE = read_fixture(FIXTURES / "wild" / "en" / "html-swing-bridge")


def test_a_result_is_its_text() -> None:
    result = clean_text(FERRY.source)
    assert str(result) == result.text == "\n\n".join(paragraph.text for paragraph in result.paragraphs)


def test_the_headline_is_the_title_and_stands_neither_in_the_text_nor_among_the_removals() -> None:
    result = clean_text(FERRY.source)
    assert result.title == FERRY.title
    assert str(FERRY.title) not in result.text
    assert FERRY.title not in [removal.text for removal in result.removed]


def test_the_headline_may_be_kept() -> None:
    assert Cleaner(keep=["headline"]).clean_text(FERRY.source).text.startswith(str(FERRY.title))


def test_a_removal_says_what_where_and_why() -> None:
    result = clean_text(FERRY.source)
    byline = next(removal for removal in result.removed if removal.rule == "en:byline.by")
    assert byline.text == "By Moira Tennant, Transport Correspondent"
    assert FERRY.source[byline.start : byline.end] == byline.text
    assert byline.category == "byline"
    assert byline.because.endswith(".")


def test_clean_tells_html_from_text() -> None:
    assert clean(FERRY.source).text == clean_text(FERRY.source).text
    assert clean(BRIDGE.source).text == clean_html(BRIDGE.source).text
    assert clean(BRIDGE.source.encode()).text == clean_html(BRIDGE.source).text
    prose = "Engineers write a < b where others write <b>bold</b> words, and that was the whole quarrel of the evening."
    assert clean(prose).text == prose


def test_html_removals_name_their_place_in_the_page() -> None:
    removed = clean_html(BRIDGE.source).removed
    assert removed
    assert all(removal.path for removal in removed)


def test_categories_can_be_kept() -> None:
    plain = clean_text(FERRY.source)
    caption = next(removal for removal in plain.removed if removal.category in ("caption", "credit"))
    kept = Cleaner(keep=["caption", "credit"]).clean_text(FERRY.source)
    assert caption.text in kept.text
    assert not {"caption", "credit"} & {removal.category for removal in kept.removed}


def test_a_result_as_json() -> None:
    result = clean_text(FERRY.source)
    data = json.loads(result.to_json())
    assert data["text"] == result.text
    assert data["removed"][0].keys() == {"text", "start", "end", "category", "because", "rule", "path"}
    assert sum(result.counts().values()) == len(result.removed)


def test_a_language_given_is_believed() -> None:
    assert clean_text(FERRY.source).language == "en"
    assert clean_text(FERRY.source, language="nl").language == "nl"


def test_metadata_only_for_those_who_ask() -> None:
    assert clean_html(BRIDGE.source).metadata is None
    metadata = Cleaner(metadata=True).clean_html(BRIDGE.source).metadata
    assert metadata is not None
    assert metadata.title == BRIDGE.title
    assert metadata.language == "en"


def test_a_page_of_boilerplate_alone_has_no_body() -> None:
    page = "Share this article\nFacebook\nTwitter\nSign up to our newsletter\nAdvertisement\n© 2024 Example Media"
    result = clean_text(page)
    assert result.text == ""
    assert "\n".join(removal.text for removal in result.removed) == page


def test_a_budget_of_prose_returns_the_careful_version_with_a_warning() -> None:
    """Twelve captions in full sentences look like boilerplate; beyond the budget they stay."""
    lines = [
        f"Rowers of the {name} club train on the lake before sunrise on Sunday. Photo: Ann Lee/AFP"
        for name in ("red", "blue", "green", "white", "old", "new", "north", "south", "east", "west", "upper", "lower")
    ]
    strict = Cleaner(budget=1).clean_text("\n\n".join(lines))
    assert len(strict.removed) == len(lines)
    assert strict.warnings == ()


def test_brackets_and_read_also_lines_are_cut_out_of_paragraphs() -> None:
    page = (
        "(Photo: AFP) The mayor of Lowick opened the new bridge on Monday after eleven years of building and two "
        "changes of plan.\n\nThe bridge cost forty million and carries four lanes, two of them for buses and bicycles. "
        "It replaces a ferry that had run since 1911.\n\nResidents on the northern bank had asked for it since the "
        "flood of 1987, when the ferry could not cross for nine days."
    )
    result = clean_text(page)
    assert result.text.startswith("The mayor of Lowick opened")
    assert [(removal.text, removal.category) for removal in result.removed] == [("(Photo: AFP)", "credit")]


SCRIPTED = """<html><head><title>Town buys mill</title></head><body><div id="root"></div><script>
window.STATE = {"article": {"html": %s}};</script></body></html>"""


def test_a_story_that_only_scripts_hold_is_found() -> None:
    paragraphs = [
        "The town of Ashby bought the old mill on Tuesday for one pound, the council said after a closed meeting.",
        "The roof has been open to the rain since 2009 and the wheel has not turned for forty years, a report found.",
        "Volunteers want to grind flour there again by next summer and have raised nine thousand pounds so far.",
        "The council will decide in March who may use the upper floors, which are dry but have no stairs.",
        "Until then the yard stays closed, because slates fall from the roof whenever the wind blows from the west.",
    ]
    html = json.dumps("".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)).replace("<", "\\u003c")
    result = clean_html(SCRIPTED % html)
    assert [paragraph.text for paragraph in result.paragraphs] == paragraphs
    assert any("scripts" in warning for warning in result.warnings)


def test_the_names_that_are_public() -> None:
    assert set(cleaner.__all__) >= {"clean", "clean_text", "clean_html", "Cleaner", "Result", "Removal", "PackError"}


SEEDS = ROOT.parent / "shared" / "seeds"


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the reference pages are not beside this checkout")
def test_the_five_reference_pages_lose_their_junk_and_nothing_else() -> None:
    gold = json.loads((SEEDS / "gold.json").read_text("utf-8"))
    for name, page in gold.items():
        source = Path(SEEDS / name).read_text("utf-8")
        lines = source.split("\n")
        result = clean_text(source)
        kept = {" ".join(line.split()) for line in result.text.splitlines()}
        assert {" ".join(lines[number - 1].split()) for number in page["body"]} <= kept, name
        gone = {" ".join(lines[int(number) - 1].split()) for number in page["removed"]} - {""}
        assert not gone & kept, name
        assert result.title == (lines[page["title"] - 1].strip() if page["title"] else None), name
        assert result.language == page["language"], name
