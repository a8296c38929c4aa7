"""How a phrase must stand in its block: the seven matches, wildcards, the keyword gate, and offsets."""

from __future__ import annotations

import json

import pytest

from cleaner import PackError
from cleaner.matching import RuleSet, looks_like_names, match_rules
from cleaner.pack import Pack, gate, load_builtin, parse_pack
from cleaner.readers.html import read_html
from cleaner.readers.text import read_text


def tiny_pack(match: str, *phrases: str, more: str = "") -> Pack:
    """A pack of one rule."""
    rule = f'[[rule]]\nid = "ad.test"\ncategory = "ad"\nwhy = "A test."\nmatch = "{match}"\n'
    written = json.dumps(list(phrases), ensure_ascii=False)
    return parse_pack(f'language = "xx"\n{rule}phrases = {written}\n{more}', "tiny.toml")


def found(pack: Pack, text: str) -> list[str]:
    """What the pack's rules take of a text: whole blocks, or the spans they cut."""
    document = read_text(text)
    signals = match_rules(document, RuleSet.build([pack]))
    return [
        text[signal.start : signal.end] if signal.scope == "span" else document.blocks[signal.block].text
        for signal in signals
    ]


CASES = [
    # match, phrase, blocks that it takes, blocks that it leaves
    ("whole", "read also", ["Read also", "▶ READ ALSO:", "3. read also …"], ["Read also this", "Do read also"]),
    (
        "label",
        "read also",
        ["Read also: a tale", "Read also | a tale", "Read also – a tale", "▶ Read also"],
        ["Read also a tale", "They read also: hm"],
    ),
    ("start", "harbour radio", ["Harbour radio at noon", "• Harbour radio"], ["Old harbour radio", "Harbour radios"]),
    ("end", "by post", ["Get it by post", "Get it by post."], ["By post it came late", "by postmen"]),
    ("any", "free gift", ["Take a free gift home", "Free gift!"], ["A free gifted child", "gift, free"]),
]


@pytest.mark.parametrize(("match", "phrase", "taken", "left"), CASES, ids=[case[0] for case in CASES])
def test_how_a_phrase_must_stand_in_its_block(match: str, phrase: str, taken: list[str], left: list[str]) -> None:
    pack = tiny_pack(match, phrase)
    for text in taken:
        assert found(pack, text) == [text], text
    for text in left:
        assert found(pack, text) == [], text


@pytest.mark.parametrize("match", ["start", "end", "any"])
def test_a_block_longer_than_the_limit_is_prose_and_not_matched(match: str) -> None:
    text = "free gift " + "and the story went on " * 20 + "free gift"
    assert found(tiny_pack(match, "free gift"), text) == []
    assert found(tiny_pack(match, "free gift", more="longest = 900"), text) == [text]


def test_a_bracket_is_cut_out_and_the_block_stays() -> None:
    pack = tiny_pack("bracket", "photo:")
    assert found(pack, "The quay (Photo: A. Reed) was calm.") == ["(Photo: A. Reed)"]
    assert found(pack, "The quay [photo: Reed] was calm.") == ["[photo: Reed]"]
    assert found(pack, "The quay (a photo: none) was calm.") == []
    assert found(pack, "Photo: the quay was calm.") == []


def test_every_bracket_of_a_block_is_cut() -> None:
    text = "One (photo: Reed) and two (photo: Moor) stood there."
    assert found(tiny_pack("bracket", "photo:"), text) == ["(photo: Reed)", "(photo: Moor)"]


def test_a_tail_is_cut_from_its_sentence_to_the_end_of_the_block() -> None:
    pack = tiny_pack("tail", "read also")
    assert found(pack, "The quay was calm. Read also: Tides of March") == ["Read also: Tides of March"]
    assert found(pack, "You may read also: tides") == []
    assert found(pack, "The quay was calm. Read also the tides.") == []


def test_a_cut_never_reaches_beyond_its_block() -> None:
    """Invisible characters behind the block belong to the gap."""
    text = "It was calm. Read also: Tides\u200b\u200b \r\nThe next morning it rained."
    assert found(tiny_pack("tail", "read also"), text) == ["Read also: Tides"]


def test_at_stands_for_names_in_the_spelling_of_the_page() -> None:
    pack = tiny_pack("whole", "by @")
    assert found(pack, "By Anna van den Berg") == ["By Anna van den Berg"]
    assert found(pack, "BY ANNA REED") == ["BY ANNA REED"]
    assert found(pack, "By the end of the year") == []
    assert found(pack, "By") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Anna Reed", True),
        ("Ludwig van der Aa", True),
        ("Олена Коваль", True),
        ("李伟", True),
        ("ნინო ბერიძე", True),
        ("the end of the year", False),
        ("Anna walked home", False),
        ("123", False),
        ("", False),
    ],
)
def test_what_looks_like_names(text: str, expected: bool) -> None:
    assert looks_like_names(text) is expected


def test_number_sign_stands_for_a_number_of_any_script() -> None:
    pack = tiny_pack("whole", "# comments")
    assert found(pack, "12 comments") == ["12 comments"]
    assert found(pack, "1,204 comments") == ["1,204 comments"]
    assert found(pack, "١٢ comments") == ["١٢ comments"]
    assert found(pack, "Many comments") == []


def test_star_stands_for_up_to_eighty_characters() -> None:
    pack = tiny_pack("whole", "join * today")
    assert found(pack, "Join our club today") == ["Join our club today"]
    assert found(pack, "Join " + "very " * 20 + "much today") == []


def test_phrases_and_pages_are_folded_alike() -> None:
    assert found(tiny_pack("whole", "Čtěte také"), "CTETE TAKE:") == ["CTETE TAKE:"]


def test_words_end_where_they_end_but_scripts_without_blanks_know_no_word_ends() -> None:
    assert found(tiny_pack("start", "foto"), "Fotografie der Brücke") == []
    assert found(tiny_pack("start", "写真"), "写真提供は市役所") == ["写真提供は市役所"]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["unix", "windows"])
def test_a_phrase_is_found_across_the_line_end_of_a_wrapped_paragraph(line_end: str) -> None:
    lines = [
        "The old quay was closed on Monday, and the boats had to leave the basin",
        "before noon, because the storm that the harbour master had seen on the",
        "charts (photo",
        "of the basin: Anna Reed) moved faster than anybody in the town had hoped",
        "and took the lamps, the benches and the small ticket office by the pier",
        "with it, as well as nine of the eleven oaks that stood along the street",
        "since the days when the first ferry left.",
    ]
    lines[1:3] = [lines[1] + " charts (photo"]
    text = line_end.join(lines)
    assert found(tiny_pack("bracket", "photo of the basin"), text) == [f"(photo{line_end}of the basin: Anna Reed)"]


def test_the_gate_is_the_longest_literal_part_of_a_phrase() -> None:
    """Only where it stands in the page is the rule's pattern tried at all."""
    assert gate("join * this very day") == "this very day"
    assert gate("by @") == "by"
    assert tiny_pack("any", "join * today", "sign up").rules[0].keywords == ("today", "sign up")


def test_keywords_of_a_rule_replace_the_gate() -> None:
    pack = tiny_pack("any", "join * today", more='keywords = ["club"]')
    assert found(pack, "Join our club today") == ["Join our club today"]
    assert found(pack, "Join our choir today") == []


def test_a_pattern_runs_on_folded_text_behind_its_keywords() -> None:
    pack = parse_pack(
        'language = "xx"\n[[rule]]\nid = "ad.test"\ncategory = "ad"\nwhy = "A test."\nkeywords = ["lamp"]\n'
        "pattern = '''^ lamps? \\s from \\s \\d+  # verbose: blanks and comments do not count'''\n",
        "tiny.toml",
    )
    assert found(pack, "LÁMPS from 12 crowns") == ["LÁMPS from 12 crowns"]
    assert found(pack, "Lamps from far away") == []


def test_a_rule_speaks_once_of_a_block_whatever_its_keywords() -> None:
    assert len(found(tiny_pack("any", "free gift", "free lamp"), "Free gift, free lamp, free gift")) == 1


def test_a_rule_with_hosts_holds_on_those_sites_and_their_subdomains_alone() -> None:
    rules = RuleSet.build([tiny_pack("whole", "read also", more='hosts = ["example.org"]')])
    counts = {
        url: len(list(match_rules(read_html("<p>Read also</p>", url=url), rules)))
        for url in ("https://example.org/a", "https://www.example.org/a", "https://notexample.org/a", None)
    }
    assert list(counts.values()) == [1, 1, 0, 0]


def test_a_signal_names_its_rule_category_and_reason() -> None:
    (signal,) = match_rules(read_text("Read also"), RuleSet.build([tiny_pack("whole", "read also")]))
    assert (signal.language, signal.source, signal.category, signal.why) == ("xx", "ad.test", "ad", "A test.")
    assert (signal.strength, signal.scope, signal.block) == ("strong", "line", 0)


def test_an_empty_pack_finds_nothing() -> None:
    assert found(parse_pack('language = "xx"', "empty.toml"), "Read also") == []


@pytest.mark.parametrize("phrase", ["*", "#", "\u200b"])
def test_a_phrase_without_letters_is_refused(phrase: str) -> None:
    with pytest.raises(PackError, match="never be tried"):
        tiny_pack("any", phrase)


def test_built_in_headers_are_found_whatever_surrounds_them() -> None:
    rules = RuleSet.build([load_builtin("en")])
    signals = list(match_rules(read_text("» Related articles «"), rules))
    assert "related" in {signal.category for signal in signals}
