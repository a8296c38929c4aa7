"""datatrove: the step in a pipeline run by two tasks, from JSON lines to JSON lines and Parquet."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pytest

from tests.integrations.conftest import CREDIT, HEADLINE, PAGE, STORY, TEXT, framework

framework("datatrove", "datatrove")

from datatrove.data import Document
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.filters import LambdaFilter
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter, ParquetWriter

from cleaner.integrations.datatrove import CleanerStep


@pytest.fixture
def crawl(tmp_path: Path) -> Path:
    """Two files, one for each task: three pages of HTML and one of text a file."""
    folder = tmp_path / "crawl"
    folder.mkdir()
    for shard in range(2):
        rows = [
            {"id": f"{shard}-{number}", "text": page, "url": f"https://skerry.example/{number}", "crawl": shard}
            for number, page in enumerate([PAGE, PAGE, PAGE, TEXT])
        ]
        (folder / f"{shard}.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return folder


def run(tmp_path: Path, *pipeline: Any) -> dict[str, Any]:
    """Run the pipeline as two tasks in two processes; statistics of the cleaner, merged."""
    executor = LocalPipelineExecutor(list(pipeline), tasks=2, workers=2, logging_dir=str(tmp_path / "logs"))
    merged = executor.run().stats
    [stats] = [step.to_dict()["stats"] for step in merged if "Cleaner" in step.name]
    return {name: value["total"] if isinstance(value, dict) else value for name, value in stats.items()}


def read(folder: Path) -> list[dict[str, Any]]:
    lines = [line for path in sorted(folder.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]
    return sorted(map(json.loads, lines), key=lambda row: str(row["id"]))


def test_two_tasks_clean_a_crawl_and_add_up_their_statistics(crawl: Path, tmp_path: Path) -> None:
    stats = run(
        tmp_path,
        JsonlReader(str(crawl)),
        CleanerStep(),
        LambdaFilter(lambda document: document.metadata["language"] == "en"),
        JsonlWriter(str(tmp_path / "stories"), output_filename="${rank}.jsonl", compression=None),
    )
    stories = read(tmp_path / "stories")
    assert [story["id"] for story in stories] == ["0-0", "0-1", "0-2", "0-3", "1-0", "1-1", "1-2", "1-3"]
    assert {story["text"] for story in stories} == {STORY}
    metadata = stories[7]["metadata"]
    assert metadata.pop("file_path").endswith("1.jsonl")
    assert metadata == {
        "url": "https://skerry.example/3",
        "crawl": 1,
        "title": HEADLINE,
        "language": "en",
        "removed": '{"credit": 1, "newsletter": 1}',
        "warnings": "",
    }
    assert stats["total"] == stats["forwarded"] == 8
    assert stats["removed/newsletter"] == 8
    assert stats["removed/byline"] == 6
    assert stats["doc_len"] == 8 * len(STORY)


def test_the_step_sees_the_address(crawl: Path, tmp_path: Path, host_pack: Path) -> None:
    stats = run(tmp_path, JsonlReader(str(crawl)), CleanerStep(packs=[host_pack]))
    assert stats["removed/ad"] == 8


def test_columns_of_parquet_keep_their_types(crawl: Path, tmp_path: Path) -> None:
    pq = framework("pyarrow.parquet", "datatrove")
    first = {"text": "?", "id": "0", "url": "", "crawl": 0}  # no title, no language, nothing removed
    (crawl / "0.jsonl").write_text(f"{json.dumps(first)}\n{json.dumps(first | {'text': PAGE, 'id': '1'})}", "utf-8")
    run(
        tmp_path,
        JsonlReader(str(crawl)),
        CleanerStep(),
        ParquetWriter(str(tmp_path / "stories"), batch_size=1, expand_metadata=True),
    )
    rows = sorted(pq.read_table(tmp_path / "stories").to_pylist(), key=lambda row: str(row["id"]))
    assert [row["title"] for row in rows] == ["", HEADLINE, HEADLINE, HEADLINE, HEADLINE, HEADLINE]
    assert {row["text"] for row in rows[1:]} == {STORY}


def test_a_document_that_cannot_be_cleaned_goes_on_as_it_was() -> None:
    step = CleanerStep()
    documents = [Document(text=None, id="a"), Document(text="", id="b", metadata=None), Document(text=TEXT, id="c")]
    none, empty, story = step.run(documents)
    assert none.text is None
    assert none.metadata["warnings"] == "not cleaned: there is no page"
    assert empty.text == ""
    assert story.text == STORY
    stats = step.stats.to_dict()["stats"]
    assert (stats["forwarded"], stats["failed"], stats["empty"]) == (3, 1, 1)


def test_the_step_pickles_with_its_options() -> None:
    step = pickle.loads(pickle.dumps(CleanerStep(keep=["credit"])))
    [story] = step([Document(text=PAGE, id="a")])
    assert CREDIT in story.text


def test_wrong_options_are_refused_before_anything_runs() -> None:
    with pytest.raises(ValueError, match="unknown categories"):
        CleanerStep(keep=["captions"])
