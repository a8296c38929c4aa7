"""Every built-in rule carries examples, and they hold; broken packs say what is wrong."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest

from cleaner import Cleaner, PackError
from cleaner.checking import check_pack, pack_faults
from cleaner.matching import RuleSet, match_rules
from cleaner.pack import builtin_languages, load_builtin, load_pack
from cleaner.readers.text import read_text

PACKS = resources.files("cleaner") / "packs"


@pytest.mark.parametrize("language", builtin_languages())
def test_every_example_of_a_pack_holds(language: str) -> None:
    """`removes` are removed by their rule, `keeps` by no strong rule of the pack; patterns compile."""
    assert check_pack(str(PACKS / f"{language}.toml")) == ()


@pytest.mark.parametrize("language", [code for code in builtin_languages() if code != "common"])
def test_near_misses_survive_the_common_rules_too(language: str) -> None:
    rules = RuleSet.build([load_builtin("common")])
    for rule in load_builtin(language).rules:
        for text in rule.keeps:
            strong = [s for s in match_rules(read_text(text), rules) if s.strength == "strong" and s.scope != "span"]
            assert not strong, f"{rule.id}: {text}"


def test_a_broken_pack_names_every_fault_at_once(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        'language = "xx"\n[[rule]]\nid = "a"\ncategory = "nonsense"\nwhy = "x"\nmatch = "whole"\nphrases = ["y"]\n'
        '[[rule]]\nid = "b"\ncategory = "ad"\nmatch = "whole"\nphrases = []\ntypo = 1\n',
        "utf-8",
    )
    with pytest.raises(PackError) as caught:
        load_pack(path)
    faults = "\n".join(caught.value.faults)
    assert "mine.toml: rule 'a': |category|: 'nonsense' is not known; use one of:" in faults
    assert "rule 'b': |phrases|: this rule has no effect" in faults
    assert "rule 'b': |typo|: this field is not read" in faults


def test_a_pattern_that_could_take_exponential_time_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "slow.toml"
    path.write_text(
        'language = "xx"\n[[rule]]\nid = "a"\ncategory = "ad"\nwhy = "x"\nkeywords = ["a"]\npattern = "(a+)+$"\n',
        "utf-8",
    )
    with pytest.raises(PackError, match="exponential"):
        load_pack(path)


def test_one_fault_of_a_rule_does_not_hide_another(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        'language = "xx"\n[[rule]]\nid = "a"\ncategory = "ad"\nwhy = "x"\nmatch = "whoel"\n'
        'phrases = ["y"]\nlongest = "x"\n'
        '[[rule]]\nid = "b"\ncategory = "ad"\nwhy = "x"\nkeywords = ["a"]\npattern = "(a+)+"\n',
        "utf-8",
    )
    with pytest.raises(PackError) as caught:
        load_pack(path)
    faults = "\n".join(caught.value.faults)
    assert "rule 'a': |match|: 'whoel' is not known" in faults
    assert "rule 'a': |longest|: 'x' is no length; give a whole number" in faults
    assert "rule 'b': |pattern|: it could take exponential time" in faults


def test_examples_that_do_not_hold_are_faults(tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(
        'language = "xx"\n[[rule]]\nid = "ad.here"\ncategory = "ad"\nwhy = "x"\nmatch = "start"\n'
        'phrases = ["buy now"]\nremoves = ["Sell now"]\nkeeps = ["Buy now, said the trader.", "Nothing of it"]\n',
        "utf-8",
    )
    faults = "\n".join(pack_faults(load_pack(path)))
    assert "does not match 'Sell now'" in faults
    assert "'Buy now, said the trader.' is removed by 'ad.here'" in faults
    assert "'Nothing of it' holds no keyword" in faults


def test_a_missing_file_is_a_pack_error() -> None:
    with pytest.raises(PackError, match="cannot be read"):
        Cleaner(packs=["nowhere.toml"])


STORY = """The harbour will close for repairs

The harbour of the old town will close for three weeks in March, the city council said on Monday.

Fishermen were told in January that their boats must leave the basin before the first of the month.

Harbour radio presents the tide at noon

The repairs cost four million and are paid by the region, which owns the quay and the old cranes.
"""


def test_a_pack_of_your_own_removes_and_its_keep_rules_outrank(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    rule = (
        '[[rule]]\nid = "{id}"\ncategory = "ad"\nwhy = "House ad."\nmatch = "start"\nphrases = ["{phrase}"]\n{more}\n'
    )
    path.write_text(
        'language = "mine"\n' + rule.format(id="ad.radio", phrase="harbour radio presents", more=""), "utf-8"
    )
    result = Cleaner(packs=[path]).clean_text(STORY)
    assert [(r.text, r.rule) for r in result.removed] == [("Harbour radio presents the tide at noon", "mine:ad.radio")]
    keep = rule.format(id="keep.radio", phrase="harbour radio", more='strength = "keep"')
    path.write_text(path.read_text("utf-8") + keep, "utf-8")
    assert "Harbour radio presents the tide at noon" in Cleaner(packs=[path]).clean_text(STORY).text


def test_a_rule_for_one_site_holds_there_alone(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_text(
        'language = "mine"\n[[rule]]\nid = "ad.radio"\ncategory = "ad"\nwhy = "House ad."\nmatch = "start"\n'
        'phrases = ["harbour radio presents"]\nhosts = ["example.org"]\n',
        "utf-8",
    )
    page = (
        "<html><body><article>" + "".join(f"<p>{line}</p>" for line in STORY.split("\n\n")) + "</article></body></html>"
    )
    there = Cleaner(packs=[path]).clean_html(page, url="https://www.example.org/harbour")
    assert "mine:ad.radio" in {removal.rule for removal in there.removed}
    elsewhere = Cleaner(packs=[path]).clean_html(page, url="https://example.net/harbour")
    assert "mine:ad.radio" not in {removal.rule for removal in elsewhere.removed}
