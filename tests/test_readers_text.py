"""Plain text in its shapes: which lines make a block, and that offsets point into the input."""

from __future__ import annotations

import pytest

from cleaner.document import Document
from cleaner.readers.text import read_text

PARAGRAPHS = (
    "The old quay was closed on Monday.",
    "Boats had to leave the basin before noon, said the harbour master.",
    "Nobody was hurt.",
)
SENTENCE = "The harbour master counted the boats twice and wrote the number into his book. "


def texts(document: Document) -> tuple[str, ...]:
    return tuple(block.text for block in document)


@pytest.mark.parametrize(
    "line_end",
    ["\n", "\r\n", "\r", "\n\n", "\r\n\r\n", " \n \n ", "\n\n\n\n", "\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1e"],
    ids=repr,
)
def test_a_line_is_a_block_whatever_ends_it(line_end: str) -> None:
    assert texts(read_text(line_end.join(PARAGRAPHS))) == PARAGRAPHS


def test_a_block_knows_how_many_line_ends_stand_before_it() -> None:
    document = read_text("One.\nTwo.\n\nThree.\r\n\r\n\r\nFour.")
    assert [block.gap for block in document] == [1, 1, 2, 3]


SHAPES = {
    "a line a block": "\n".join(PARAGRAPHS),
    "Windows line ends": "\r\n\r\n".join(PARAGRAPHS),
    "indented with tabs": "\t" + "\n\t".join(PARAGRAPHS) + "\t\n",
    "zero-width marks": "\u200b" + "\u200b \n\ufeff".join(PARAGRAPHS) + "\u200e\n\u200b\n",
    "right-to-left marks": "\u202b" + "\u202c\n\u202b".join(PARAGRAPHS) + "\u202c",
    "no-break spaces": "\u00a0\u00a0" + "\u00a0\n\u00a0".join(PARAGRAPHS),
    "NUL bytes": "\x00" + "\x00\n\x00".join(PARAGRAPHS),
    "one line": SENTENCE * 40,
}


@pytest.mark.parametrize("text", SHAPES.values(), ids=list(SHAPES))
def test_offsets_point_into_the_input_and_gaps_are_invisible(text: str) -> None:
    """Blocks are spans of the input in order; their text is the span, its line ends as blanks."""
    document = read_text(text)
    assert document.source == text
    assert document.blocks
    at = 0
    for block in document:
        assert at <= block.start < block.end <= len(text)
        assert " ".join(text[block.start : block.end].split()) == block.text
        assert not any(character.isalnum() for character in text[at : block.start])
        at = block.end
    assert not any(character.isalnum() for character in text[at:])


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape != "one line"])
def test_invisible_characters_around_a_line_are_not_part_of_its_block(shape: str) -> None:
    assert texts(read_text(SHAPES[shape])) == PARAGRAPHS


WRAPPED = """\
The old quay was closed on Monday, and the boats had to leave the basin
before noon, because the storm that the harbour master had seen on the
charts moved faster than anybody in the town had hoped.

It took the lamps, the benches and the small ticket office by the pier
with it, as well as nine of the eleven oaks that stood along the street
since the days when the first ferry left for the islands with the post.

Nobody was hurt.
"""


@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["unix", "windows"])
def test_lines_wrapped_at_72_columns_are_joined_to_paragraphs(line_end: str) -> None:
    document = read_text(WRAPPED.replace("\n", line_end))
    first, second, third = texts(document)
    assert first.startswith("The old quay")
    assert first.endswith("had hoped.")
    assert "the pier with it" in second
    assert third == "Nobody was hurt."


def test_wrapped_lines_are_not_joined_over_a_short_line_or_a_list_item() -> None:
    text = WRAPPED.replace("Nobody was hurt.", "- lamps\n- benches")
    assert texts(read_text(text))[2:] == ("- lamps", "- benches")


def test_full_sentences_a_line_are_not_taken_for_wrapped_text() -> None:
    lines = ["The harbour master counted all the boats in the basin on Monday."] * 8
    assert len(read_text("\n".join(lines)).blocks) == 8


def test_a_whole_page_on_one_line_is_split_into_sentences() -> None:
    document = read_text(SENTENCE * 40)
    assert len(document.blocks) == 40
    assert {block.text for block in document} == {SENTENCE.strip()}
    assert {block.kind for block in document} == {"sentence"}
    assert [block.gap for block in document][1:] == [0] * 39


@pytest.mark.parametrize(
    "sentence",
    [
        "港の管理人は月曜日に船を二度数えた。",
        "وهل عدّ حارس الميناء القوارب مرتين؟ ",
        "बंदरगाह के रखवाले ने नावों को दो बार गिना। ",
        "He said: “Count them twice.” ",
    ],
    ids=["ja", "ar", "hi", "quoted"],
)
def test_sentences_end_in_the_marks_of_many_scripts(sentence: str) -> None:
    count = 2400 // len(sentence)
    document = read_text(sentence * count)
    assert [block.text for block in document] == [sentence.strip()] * count


def test_abbreviations_before_small_letters_do_not_end_a_sentence() -> None:
    sentence = "The boats, i.e. those of the approx. nine fishermen, left the basin at noon. "
    assert len(read_text(sentence * 30).blocks) == 30


def test_a_long_paragraph_among_others_is_not_split() -> None:
    long = (SENTENCE * 20).strip()
    assert texts(read_text(f"{long}\n{long}\n{long}")) == (long, long, long)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("- lamps", "list_item"),
        ("* lamps", "list_item"),
        ("• lamps", "list_item"),
        ("1. lamps", "list_item"),
        ("12) lamps", "list_item"),
        ("# Lamps", "heading"),
        ("### Lamps", "heading"),
        ("| lamps | 12 |", "table_row"),
        ("Lamps - and benches", "paragraph"),
        ("-40 degrees", "paragraph"),
        ("#lamps", "paragraph"),
        ("2026. That was the year.", "paragraph"),
        ("| lamps", "paragraph"),
    ],
)
def test_what_extractors_leave_of_lists_headings_and_tables_tells_the_kind(line: str, kind: str) -> None:
    (block,) = read_text(line)
    assert (block.kind, block.text) == (kind, line)


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\t\r\n\u200b\ufeff\u2028", "\x00"])
def test_a_text_without_a_visible_character_has_no_blocks(text: str) -> None:
    assert read_text(text).blocks == ()


def test_signs_alone_are_visible() -> None:
    assert texts(read_text("***\n—\n…")) == ("***", "—", "…")
