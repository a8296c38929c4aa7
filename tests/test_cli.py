"""The command line, as a user types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cleaner import __version__
from cleaner.__main__ import main

CAPTION = "Photo: Anna Reed/The Gull"
STORY = f"""The harbour will close for repairs

The harbour of the old town will close for three weeks in March, the city council said on Monday.

{CAPTION}

Fishermen were told in January that their boats must leave the basin before the first of the month.

The repairs cost four million and are paid by the region, which owns the quay and the old cranes.
"""
PACK = """language = "mine"

[[rule]]
id = "ad.radio"
category = "ad"
why = "House ad."
match = "start"
phrases = ["harbour radio presents"]
removes = ["Harbour radio presents the tide at noon"]
keeps = ["The harbour radio presents a riddle to sailors."]
"""


def run(*args: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, list(args), input=stdin)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_text(STORY, "utf-8")
    return path


def test_a_file_gives_its_story_and_nothing_else(page: Path) -> None:
    result = run(str(page))
    assert result.exit_code == 0
    assert "Fishermen were told" in result.stdout
    assert CAPTION not in result.stdout
    assert result.stderr == ""


def test_standard_input_is_read_where_no_file_is_named() -> None:
    assert run(stdin=STORY).stdout == run("-", stdin=STORY).stdout
    assert "Fishermen were told" in run(stdin=STORY).stdout


def test_html_is_told_from_text_and_bytes_of_any_encoding_are_read(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    czech = "Přístav starého města bude v březnu na tři týdny uzavřen, řekla v pondělí mluvčí města."
    path.write_bytes(f'<html><meta charset="windows-1250"><body><p>{czech}</p></body></html>'.encode("cp1250"))
    assert run(str(path)).stdout.strip() == czech


def test_json_is_one_object_a_line_a_page(page: Path) -> None:
    first, second = map(json.loads, run(str(page), str(page), "--json").stdout.splitlines())
    assert first == second
    assert first["file"] == str(page)
    assert first["language"] == "en"
    assert CAPTION in [removal["text"] for removal in first["removed"]]
    assert set(first) == {"file", "text", "title", "language", "paragraphs", "removed", "warnings"}


def test_json_of_standard_input_names_no_file() -> None:
    assert "file" not in json.loads(run("--json", stdin=STORY).stdout)


def test_explain_tells_what_went_and_why_on_standard_error(page: Path) -> None:
    plain, explained = run(str(page)), run(str(page), "--explain")
    assert explained.stdout == plain.stdout
    assert CAPTION in explained.stderr
    assert "removal" in explained.stderr


def test_keep_leaves_categories_in(page: Path) -> None:
    removed = json.loads(run(str(page), "--json").stdout)["removed"]
    (category,) = [removal["category"] for removal in removed if removal["text"] == CAPTION]
    assert CAPTION in run(str(page), "--keep", category).stdout
    assert CAPTION in run(str(page), "--keep", f" {category} , byline,").stdout


def test_language_overrides_detection(page: Path) -> None:
    assert json.loads(run(str(page), "--json", "--language", "nl").stdout)["language"] == "nl"


def test_a_missing_file_is_named_and_the_others_are_still_cleaned(page: Path) -> None:
    result = run("nowhere.txt", str(page))
    assert result.exit_code == 1
    assert "nowhere.txt" in result.stderr
    assert "Fishermen were told" in result.stdout


def test_a_folder_is_no_page(tmp_path: Path) -> None:
    result = run(str(tmp_path))
    assert result.exit_code == 1
    assert str(tmp_path) in result.stderr


def test_an_unknown_category_is_wrong_usage_and_the_known_ones_are_listed(page: Path) -> None:
    result = run(str(page), "--keep", "nonsense")
    assert result.exit_code == 2
    assert "nonsense" in result.stderr
    assert "caption" in result.stderr


def test_a_page_that_holds_nothing_warns(tmp_path: Path) -> None:
    path = tmp_path / "picture.html"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe")
    result = run(str(path))
    assert result.exit_code == 0
    assert "binary file" in result.stderr


def test_a_pack_of_your_own(page: Path, tmp_path: Path) -> None:
    pack = tmp_path / "mine.toml"
    pack.write_text(PACK, "utf-8")
    page.write_text(STORY + "\nHarbour radio presents the tide at noon\n", "utf-8")
    removed = json.loads(run(str(page), "--json", "--pack", str(pack)).stdout)["removed"]
    assert "mine:ad.radio" in [removal["rule"] for removal in removed]
    assert run(str(page), "--pack", "nowhere.toml").exit_code == 2


def test_packs_list_names_every_language() -> None:
    result = run("packs", "list")
    assert result.exit_code == 0
    assert "Polish" in result.stdout
    assert "common" in result.stdout


def test_packs_check_says_nothing_of_a_good_pack_but_that(tmp_path: Path) -> None:
    path = tmp_path / "good.toml"
    path.write_text(PACK, "utf-8")
    result = run("packs", "check", str(path))
    assert (result.exit_code, result.stdout.strip()) == (0, "1 pack without fault")


def test_packs_check_says_every_fault_of_a_bad_pack(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(PACK.replace('"House ad."', '""').replace('"ad"', '"radio"'), "utf-8")
    result = run("packs", "check", str(path), "nowhere.toml")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert all(part in result.stderr for part in ("bad.toml", "|why|", "|category|", "nowhere.toml"))


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_shows_examples(option: str) -> None:
    result = run(option)
    assert result.exit_code == 0
    assert "Examples:" in result.stdout
    assert "cleaner page.html --explain" in result.stdout


def test_version() -> None:
    assert __version__ in run("--version").stdout
