"""Properties that hold for any page, found by trying many: derandomized, so every run tries the same."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleaner import Result, clean, clean_html, clean_text
from cleaner.folding import fold_offsets
from cleaner.readers.text import read_text

few = settings(derandomize=True, deadline=None, max_examples=60, suppress_health_check=list(HealthCheck), database=None)

PHRASES = (
    "Read also: ",
    "Photo: ",
    "(Photo: Reed)",
    "Share this article",
    "Czytaj także",
    "Fot. ",
    "Читайте также: ",
    "اقرأ أيضا",
    "相关阅读",
    "関連記事",
    "Subscribe to our newsletter",
    "© 2026",
    "By Anna Reed",
    "# ",
    "- ",
    "| a | b |",
    "https://example.org/a",
    "The harbour of the old town will close for three weeks in March, the council said.",
    "Burmistrz powiedział w poniedziałek, że most będzie zamknięty do końca kwietnia.",
)
SEPARATORS = ("\n", "\n\n", "\r\n", " ", "\t", "\u2028", "\u200b", "\u202e", "\x00", "\ufeff", ". ", "… ")
letters = st.text("aZ łŻéßıЖжєאבةی港のが각กिా0٣१.,:;!?()[]|»“’—\u0301\u200d\ud83d😀", max_size=30)
pieces = st.one_of(st.sampled_from(PHRASES), st.sampled_from(SEPARATORS), letters)
pages = st.lists(pieces, max_size=40).map("".join)


def assert_spans_rebuild(result: Result) -> None:
    at = 0
    for start, end, what in result.spans():
        assert start == at
        assert end > start
        assert what in ("kept", "removed", "title", "gap")
        at = end
    assert at == len(result.source)
    assert result.replay() == result.source
    assert all(removal.text == result.source[removal.start : removal.end] for removal in result.removed)
    assert all(removal.because and removal.category and removal.rule for removal in result.removed)
    json.loads(result.to_json())


@few
@given(pages)
def test_spans_rebuild_any_text(page: str) -> None:
    """No overlap, no hole, no changed character; gaps between blocks show nothing."""
    result = clean_text(page)
    assert result.source == page
    assert_spans_rebuild(result)
    for start, end, what in result.spans():
        assert what != "gap" or not any(character.isalnum() for character in page[start:end])


@few
@given(pages)
def test_the_text_is_made_of_the_paragraphs_and_those_of_the_kept_spans(page: str) -> None:
    result = clean_text(page)
    assert result.text == "\n\n".join(paragraph.text for paragraph in result.paragraphs)
    kept = " ".join(page[start:end] for start, end in result.kept)
    assert "".join(result.text.split()) == "".join(kept.split())


@few
@given(pages)
def test_blocks_are_spans_of_the_input_in_order(page: str) -> None:
    at = 0
    for block in read_text(page):
        assert at <= block.start < block.end
        assert " ".join(page[block.start : block.end].split()) == block.text
        at = block.end


@few
@given(st.text(max_size=80))
def test_origins_of_folded_characters_rise(text: str) -> None:
    folded, origins = fold_offsets(text)
    assert len(origins) == len(folded) + 1
    assert origins.tolist() == sorted(set(origins.tolist()))


NAMES = (
    "div",
    "p",
    "a",
    "b",
    "span",
    "ul",
    "li",
    "table",
    "tr",
    "td",
    "h1",
    "article",
    "figure",
    "figcaption",
    "script",
    "br",
    "x-y",
)
ATTRIBUTES = (
    "",
    ' class="related teaser"',
    ' id="comments"',
    " hidden",
    ' style="display:none"',
    ' href="#"',
    ' class="',
    " <",
)
tags = st.builds(
    lambda slash, name, attribute, close: f"<{slash}{name}{attribute}{close}",
    st.sampled_from(("", "", "/")),
    st.sampled_from(NAMES),
    st.sampled_from(ATTRIBUTES),
    st.sampled_from((">", ">", "/>", "")),
)
oddities = st.sampled_from(
    ("<!--", "-->", "<![CDATA[", "]]>", "&", "&amp;", "&#0;", "&#x110000;", "<!doctype html>", "<?xml?>", "</")
)
soups = st.lists(st.one_of(tags, tags, pieces, oddities), max_size=60).map("".join)


@few
@given(soups)
def test_html_of_any_nesting_gives_a_result(html: str) -> None:
    assert_spans_rebuild(clean_html(html))
    assert_spans_rebuild(clean(html))


@few
@given(st.binary(max_size=200))
def test_any_bytes_give_a_result(data: bytes) -> None:
    assert_spans_rebuild(clean_html(data))
    assert_spans_rebuild(clean_html(b"<p>" + data))
