"""Hugging Face datasets: ``map`` in two processes, what it caches, and what it must not."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cleaner.integrations.huggingface import CleanerBatch
from tests.integrations.conftest import CREDIT, HEADLINE, HOST_PACK, PAGE, STORY, TEXT, framework

datasets = framework("datasets", "huggingface")

from datasets.fingerprint import Hasher


@pytest.fixture(autouse=True)
def _quiet() -> None:
    datasets.disable_progress_bars()


@pytest.fixture
def pages(tmp_path: Path) -> Any:
    """A dataset on disk, so that what ``map`` makes of it is cached beside it."""
    rows = [{"id": number, "url": f"https://skerry.example/{number}", "html": PAGE} for number in range(6)]
    (tmp_path / "pages.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return datasets.Dataset.from_json(str(tmp_path / "pages.jsonl"), cache_dir=str(tmp_path / "cache"))


def test_a_map_in_two_processes_adds_columns(pages: Any) -> None:
    stories = pages.map(CleanerBatch("html"), batched=True, batch_size=2, num_proc=2)
    assert stories["text"][:] == [STORY] * 6
    assert stories["id"][:] == list(range(6))
    assert stories[0] == pages[0] | {
        "text": STORY,
        "title": HEADLINE,
        "language": "en",
        "removed": '{"byline": 1, "credit": 1, "newsletter": 1}',
        "warnings": "",
    }


def test_the_same_map_again_is_read_from_the_cache(pages: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first = pages.map(CleanerBatch("html", keep=["credit", "caption"]), batched=True, num_proc=2)

    def never(*_: object) -> None:
        raise AssertionError("a page was cleaned again")

    monkeypatch.setattr("cleaner.integrations.core.Step.clean", never)
    again = pages.map(CleanerBatch("html", keep=["caption", "credit"]), batched=True, num_proc=2)
    assert again.cache_files == first.cache_files
    assert again[5] == first[5]
    assert CREDIT in again[5]["text"]


def test_the_fingerprint_is_the_same_in_another_process(host_pack: Path) -> None:
    code = (
        "import sys; from datasets.fingerprint import Hasher;"
        "from cleaner.integrations.huggingface import CleanerBatch;"
        "print(Hasher.hash(CleanerBatch('html', keep={'tags', 'caption', 'byline', 'date'}, packs=[sys.argv[1]])))"
    )
    hashes = {
        subprocess.run([sys.executable, "-c", code, str(host_pack)], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    }
    here = Hasher.hash(CleanerBatch("html", keep=["byline", "caption", "date", "tags"], packs=[host_pack]))
    assert hashes == {here + "\n"}


def test_other_options_an_edited_pack_or_a_used_object_do_what_they_should(host_pack: Path) -> None:
    batch = CleanerBatch(packs=[host_pack])
    before = Hasher.hash(batch)
    batch({"html": [PAGE]})
    assert Hasher.hash(batch) == before
    assert Hasher.hash(CleanerBatch(packs=[host_pack], threshold=0.2)) != before
    host_pack.write_text(HOST_PACK.replace("House ad", "Advertisement"), "utf-8")
    assert Hasher.hash(CleanerBatch(packs=[host_pack])) != before


def test_rows_that_cannot_be_cleaned_stay_with_a_warning_and_types_hold_from_batch_to_batch() -> None:
    pages = datasets.Dataset.from_dict({"page": [None, "", None, TEXT, PAGE], "title": ["Own", None, None, None, None]})
    stories = pages.map(CleanerBatch("page"), batched=True, batch_size=1, writer_batch_size=1)
    assert stories["text"][:] == ["", "", "", STORY, STORY]
    assert stories["title"][:] == ["Own", "", "", HEADLINE, HEADLINE]
    assert [bool(warnings) for warnings in stories["warnings"]] == [True, False, True, False, False]


def test_text_is_cleaned_in_its_own_column_and_a_row_of_numbers_is_not_lost() -> None:
    assert datasets.Dataset.from_dict({"text": [TEXT]}).map(CleanerBatch("text"), batched=True)[0]["text"] == STORY
    [row] = datasets.Dataset.from_dict({"html": [3]}).map(CleanerBatch(), batched=True)
    assert row["html"] == 3
    assert "not int" in row["warnings"]


def test_a_stream_is_cleaned_as_it_is_read(pages: Any) -> None:
    stream = pages.to_iterable_dataset().map(CleanerBatch(), batched=True, batch_size=2)
    assert next(iter(stream))["text"] == STORY


def test_a_column_that_is_not_there_is_named(pages: Any) -> None:
    with pytest.raises(ValueError, match="no column 'page'; choose from: id, url, html"):
        pages.map(CleanerBatch("page"), batched=True)
