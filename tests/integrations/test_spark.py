"""Spark: a local session with two workers, partitioned Parquet in and out.

Spark needs Java 17 or newer, which no Python package brings: ``apt-get install openjdk-17-jre-headless``,
or any JDK with ``JAVA_HOME`` set.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integrations.conftest import HEADLINE, PAGE, REQUIRED, STORY, TEXT, framework

framework("pyspark", "spark")

JAVA = os.environ.get("JAVA_HOME") or shutil.which("java")
if not JAVA and not REQUIRED:
    pytest.skip(
        "Spark needs Java, and there is none: apt-get install openjdk-17-jre-headless, or set JAVA_HOME",
        allow_module_level=True,
    )

from pyspark.sql import SparkSession
from pyspark.sql.functions import col, explode, lit, spark_partition_id

from cleaner.integrations.spark import clean_column


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    os.environ["PYSPARK_PYTHON"] = sys.executable  # workers need the library, so they run in this environment
    session = (
        SparkSession.builder.master("local[2]")
        .appName("cleaner")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")  # starts faster
        .getOrCreate()
    )
    yield session
    session.stop()


def frame(spark: Any, rows: list[tuple[Any, ...]], schema: str) -> Any:
    return spark.createDataFrame(rows, schema)


def test_partitioned_parquet_in_and_out_by_two_workers(spark: Any, tmp_path: Path) -> None:
    rows = [(number, f"https://skerry.example/{number}", PAGE, f"2031-04-0{1 + number % 3}") for number in range(12)]
    pages = frame(spark, rows, "id long, url string, html string, day string")
    pages.repartition(4).write.partitionBy("day").parquet(str(tmp_path / "pages"))

    crawl = spark.read.parquet(str(tmp_path / "pages")).repartition(2)
    assert {row[0] for row in crawl.select(spark_partition_id()).distinct().collect()} == {0, 1}
    clean_column(crawl, "html").write.partitionBy("day").parquet(str(tmp_path / "stories"))

    assert sorted(path.name for path in (tmp_path / "stories").glob("day=*")) == [
        "day=2031-04-01", "day=2031-04-02", "day=2031-04-03",
    ]  # fmt: skip
    stories = spark.read.parquet(str(tmp_path / "stories")).orderBy("id").collect()
    assert [story.id for story in stories] == list(range(12))
    assert {story.text for story in stories} == {STORY}
    assert stories[5].title == HEADLINE
    assert stories[5].removed == {"byline": 1, "credit": 1, "newsletter": 1}
    assert stories[5].warnings == []
    assert (stories[5].html, str(stories[5].day)) == (PAGE, "2031-04-03")


def test_bad_rows_stay_and_columns_of_every_type_come_through(spark: Any) -> None:
    rows = [
        (1, None, None, [1.5], {"a": 1}), (None, bytearray(PAGE.encode()), "Own", None, None), (3, b"", None, [], {}),
    ]  # fmt: skip
    pages = frame(spark, rows, "id int, html binary, title string, scores array<double>, more map<string,int>")
    null, story, empty = clean_column(pages).collect()
    assert (null.id, null.scores, null.more) == (1, [1.5], {"a": 1})
    assert (null.text, null.removed, null.warnings) == (None, {}, ["not cleaned: there is no page"])
    assert (story.id, story.text, story.title) == (None, STORY, "Own")
    assert (empty.id, empty.text, empty.warnings) == (3, "", ["the page is empty"])


def test_text_can_be_cleaned_in_its_own_column(spark: Any) -> None:
    pages = frame(spark, [(TEXT, 1), (None, 2)], "text string, id int")
    stories = clean_column(pages, "text", keep=["credit"])
    assert stories.columns == ["id", "text", "title", "language", "removed", "warnings"]
    assert [story.text is None for story in stories.collect()] == [False, True]
    assert stories.where("size(warnings) > 0").count() == 1


def test_the_address_reaches_per_site_rules(spark: Any, host_pack: Path) -> None:
    rows = [(PAGE, "https://skerry.example/lamp"), (PAGE, "https://elsewhere.example/lamp"), (PAGE, None)]
    stories = clean_column(frame(spark, rows, "html string, link string"), packs=[host_pack], url="link")
    counts = stories.select("link", explode("removed")).where(col("key") == "ad").collect()
    assert [row.link for row in counts] == ["https://skerry.example/lamp"]


def test_a_partition_without_rows_and_one_with_more_than_are_cleaned_at_once(spark: Any) -> None:
    pages = spark.range(300).select(lit("Skerry Head").alias("html"), "id")
    assert [row.id for row in clean_column(pages.coalesce(1)).collect()] == list(range(300))
    assert clean_column(pages.where("id < 0")).count() == 0


def test_cleaning_again_fills_the_same_columns(spark: Any) -> None:
    stories = clean_column(clean_column(frame(spark, [(PAGE,)], "html string")))
    assert stories.columns == ["html", "text", "title", "language", "removed", "warnings"]
    assert stories.collect()[0].text == STORY


@pytest.mark.parametrize(
    ("schema", "says"),
    [
        ("page string", "no column 'html'; choose from: page"),
        ("html string, Text string", "'Text' .* clashes with the new 'text'"),
        ("html string, removed boolean", r"'removed' \(boolean\) clashes .* prefix="),
    ],
)
def test_columns_that_do_not_fit_are_named_before_anything_runs(spark: Any, schema: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        clean_column(spark.createDataFrame([], schema))


def test_a_prefix_keeps_them_apart(spark: Any) -> None:
    pages = frame(spark, [(PAGE, True)], "html string, removed boolean")
    [story] = clean_column(pages, prefix="story_").collect()
    assert (story.removed, story.story_text) == (True, STORY)
