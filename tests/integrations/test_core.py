"""The step that all adapters share, without any of their frameworks."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import cleaner
from cleaner import PackError
from cleaner.integrations import core
from cleaner.integrations.core import Cleaned, Step, extra, plain
from tests.integrations.conftest import CREDIT, HEADLINE, HOST_PACK, PAGE, STORY, TEXT
from tests.test_profile import story


def test_a_record_gains_five_fields() -> None:
    step = Step("html")
    record = {"id": 7, "html": PAGE}
    assert step.fields(step.clean_record(record), record) == {
        "text": STORY,
        "title": HEADLINE,
        "language": "en",
        "removed": {"byline": 1, "credit": 1, "newsletter": 1},
        "warnings": [],
    }


def test_a_title_and_a_language_of_ones_own_stay() -> None:
    step = Step()
    own = {"title": "A headline that the spider read", "language": " ", "text": "An older extraction"}
    fields = step.fields(step.clean(PAGE), own)
    assert fields["title"] == "A headline that the spider read"
    assert fields["language"] == "en"
    assert fields["text"] == STORY


def test_a_prefix_stands_before_every_field_that_is_written() -> None:
    step = Step(prefix="story_")
    assert step.writes == ("story_text", "story_title", "story_language", "story_removed", "story_warnings")
    assert step.fields(step.clean(PAGE), {"title": "The Skerry Echo"})["story_title"] == HEADLINE


@pytest.mark.parametrize("page", [PAGE, PAGE.encode(), TEXT])
def test_html_bytes_and_plain_text_are_told_apart(page: str | bytes) -> None:
    assert Step().clean(page).text == STORY


def test_the_kind_can_be_said() -> None:
    assert "<p>" in str(Step(kind="text").clean(PAGE).text)
    assert Step(kind="html").clean("<p>One bare paragraph, which no harbour board has ever seen.").text


def test_the_options_of_the_cleaner_arrive(host_pack: Path) -> None:
    assert CREDIT in str(Step(keep=["credit"]).clean(PAGE).text)
    step = Step(packs=[host_pack])
    assert step.clean(PAGE, "https://skerry.example/lighthouse").removed["ad"] == 1
    assert "ad" not in step.clean(PAGE, "https://elsewhere.example/lighthouse").removed
    assert "ad" not in step.clean(PAGE, {"not": "an address"}).removed


def test_a_profile_of_the_site_is_given_by_path_and_counts_as_the_packs_do(tmp_path: Path) -> None:
    line = "The Courier has told the story of the county since 1884 from the same house in Ferry Lane."
    pages = ["\n\n".join([*story(number), line]) for number in range(12)]
    cleaner.learn(pages, host="eastmere.example").save(tmp_path / "site.json")
    step = Step(profile=tmp_path / "site.json")
    assert line in str(Step().clean(pages[0]).text)
    assert line not in str(pickle.loads(pickle.dumps(step)).clean(pages[0], "https://eastmere.example/1").text)
    (tmp_path / "site.json").write_text((tmp_path / "site.json").read_text("utf-8") + "\n", "utf-8")
    assert Step(profile=[str(tmp_path / "site.json")]) != step


@pytest.mark.parametrize(
    ("record", "why"),
    [
        ({}, "there is no field 'html'"),
        ({"html": None}, "there is no page"),
        ({"html": 12}, "not int"),
        ({"html": float("nan")}, "not float"),
        ({"html": ["<p>"]}, "not list"),
    ],
)
def test_a_record_without_a_page_fails_alone_and_keeps_its_text(record: dict[str, object], why: str) -> None:
    cleaned = Step().clean_record(record)
    assert cleaned.failed
    assert why in cleaned.warnings[0]
    assert cleaned.counts() == {"total": 1, "failed": 1, "warnings": 1}
    fields = Step().fields(cleaned, record | {"text": "An older extraction"})
    assert fields["text"] == "An older extraction"
    assert fields["warnings"] == list(cleaned.warnings)


def test_a_fault_in_the_cleaner_costs_one_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr(core, "_run", breaks)
    assert Step().clean(PAGE) == Cleaned(warnings=("not cleaned: RecursionError: too deep",))


def test_a_pack_that_is_missing_where_the_work_is_done_is_no_fault_of_the_pages(host_pack: Path) -> None:
    step = pickle.dumps(Step(packs=[host_pack], budget=0.6))
    host_pack.unlink()
    core._cleaner.cache_clear()
    with pytest.raises(PackError, match=r"host\.toml"):
        pickle.loads(step).clean(PAGE)


@pytest.mark.parametrize("page", ["", "\ud800", "\x00\xff", b"\xff\xfe\x00", "<p>" * 3000])
def test_a_broken_page_is_cleaned_all_the_same(page: str | bytes) -> None:
    assert not Step().clean(page).failed


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"keep": ["captions"]}, ValueError, "unknown categories"),
        ({"keep": "caption"}, TypeError, "keep=['caption']"),
        ({"threshold": 2}, ValueError, "threshold"),
        ({"kind": "pdf"}, ValueError, "auto, html, text"),
        ({"packs": ["missing.toml"]}, PackError, "missing.toml"),
    ],
)
def test_wrong_options_are_refused_where_they_are_given(options: dict[str, object], error: type, says: str) -> None:
    with pytest.raises(error) as caught:
        Step(**options)  # type: ignore[arg-type]
    assert says in str(caught.value)


def test_columns_are_cleaned_row_by_row() -> None:
    batch: dict[str, list[Any]] = {"html": [PAGE, None, TEXT], "title": [None, None, "Own"], "id": [1, 2, 3]}
    columns = Step().columns(batch)
    assert columns["text"] == [STORY, None, STORY]
    assert columns["title"] == [HEADLINE, None, "Own"]
    assert "id" not in columns
    with pytest.raises(ValueError, match="no column 'page'; choose from: html, title, id"):
        Step("page").columns(batch)


def test_plain_values_are_text_and_numbers() -> None:
    assert [plain(value) for value in (None, {"ad": 2}, ["a", "b"], [], "text", 3)] == [
        "", '{"ad": 2}', "a; b", "", "text", 3,
    ]  # fmt: skip
    own = {"source": "https://skerry.example", "title": ["a", "list", "of", "theirs"]}
    metadata = Step().metadata(Step().clean(PAGE), own)
    assert metadata == own | {
        "language": "en", "removed": '{"byline": 1, "credit": 1, "newsletter": 1}', "warnings": "",
    }  # fmt: skip


def test_a_step_pickles_hashes_and_compares_by_its_values(host_pack: Path) -> None:
    step = Step("page", keep={"caption", "byline", "tags"}, packs=[host_pack])
    again = pickle.loads(pickle.dumps(step))
    assert again == step == Step("page", keep=["tags", "caption", "byline"], packs=[str(host_pack)])
    assert hash(again) == hash(step)
    assert again.clean(PAGE) == step.clean(PAGE)


def test_an_edited_pack_makes_another_step(host_pack: Path) -> None:
    before = Step(packs=[host_pack])
    host_pack.write_text(HOST_PACK.replace("House ad", "Advertisement"), "utf-8")
    assert Step(packs=[host_pack]) != before


def test_the_cleaner_is_built_once_a_process() -> None:
    step = Step(threshold=0.31)
    built = core._cleaner(step)
    assert core._cleaner(pickle.loads(pickle.dumps(step))) is built


def test_a_missing_framework_is_named_with_its_extra() -> None:
    with pytest.raises(ModuleNotFoundError, match=r'nowhere.*pip install "news-page-cleaner\[spark\]"'), extra("spark"):
        import nowhere  # type: ignore[import-not-found]  # noqa: F401


def test_the_library_itself_imports_no_framework() -> None:
    frameworks = ("scrapy", "itemadapter", "datatrove", "datasets", "langchain_core", "pyspark", "pyarrow")
    code = f"import cleaner, cleaner.integrations.core, sys; print([m for m in {frameworks} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
