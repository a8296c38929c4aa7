"""Spark: clean a column of a DataFrame. Start at :func:`clean_column`.

::

    pages = spark.read.parquet("s3a://crawl/pages")
    clean_column(pages, "html").write.partitionBy("day").parquet("s3a://crawl/stories")
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Unpack

from cleaner.integrations.core import Options, Step, extra

with extra("spark"):
    import pyarrow as pa
    from pyspark.sql.types import ArrayType, DataType, IntegerType, MapType, StringType, StructField, StructType

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

__all__ = ["clean_column"]

_TYPES: dict[str, tuple[DataType, Any]] = {
    "text": (StringType(), pa.string()),
    "title": (StringType(), pa.string()),
    "language": (StringType(), pa.string()),
    "removed": (MapType(StringType(), IntegerType()), pa.map_(pa.string(), pa.int32())),
    "warnings": (ArrayType(StringType()), pa.list_(pa.string())),
}

# Spark hands over 10,000 rows at once; as Python objects, pages of news would then take gigabytes.
_ROWS = 256


def clean_column(df: DataFrame, column: str = "html", **options: Unpack[Options]) -> DataFrame:
    """The frame with the stories of the pages in ``column``, which may hold strings or binary.

    Every other column stays as it is. New at the end: ``text``, ``title``, ``language`` (strings),
    ``removed`` (a map from category to count) and ``warnings`` (an array of strings). Columns of these
    names and types are filled anew, but a title or language that a row has already stays. A row whose
    page is null or cannot be cleaned stays, too: its ``text`` is null unless the row had one, and
    ``warnings`` say why.

    The work is one ``mapInArrow``, lazy as everything in Spark, and runs wherever Spark runs it; the
    library, and packs of your own, must be there.

    Args:
        df: the DataFrame.
        column: the column with the pages.
        **options: see :class:`~cleaner.integrations.core.Options`.

    Raises:
        ValueError: no such column, a column that clashes with a new one, or options that cannot be used.
        PackError: a pack that cannot be used.
    """
    step = Step(column, **options)
    _check(df, step)
    stays = [df.schema[name] for name in df.columns if name not in step.writes]
    gains = [StructField(name, _types(step, name)[0]) for name in step.writes]
    return df.mapInArrow(partial(_clean_batches, step), StructType([*stays, *gains]))


def _types(step: Step, name: str) -> tuple[DataType, Any]:
    return _TYPES[name.removeprefix(step.prefix)]


def _check(df: DataFrame, step: Step) -> None:
    if step.field not in df.columns:
        raise ValueError(f"there is no column {step.field!r}; choose from: {', '.join(df.columns)}")
    new = {name.lower(): StructField(name, _types(step, name)[0]) for name in step.writes}
    for column in df.schema.fields:
        field = new.get(column.name.lower())
        if field and (field.name, field.dataType) != (column.name, column.dataType):
            raise ValueError(
                f"column {column.name!r} ({column.dataType.simpleString()}) clashes with the new {field.name!r} "
                f'({field.dataType.simpleString()}); rename it, or give the new ones a prefix, as in prefix="story_"'
            )


def _clean_batches(step: Step, batches: Iterable[Any]) -> Iterator[Any]:
    """What a worker runs: record batches in, record batches with the new columns out."""
    for batch in batches:
        for start in range(0, batch.num_rows, _ROWS):
            yield _clean_batch(step, batch.slice(start, _ROWS))


def _clean_batch(step: Step, batch: Any) -> Any:
    names = batch.schema.names
    gained = step.columns({name: batch.column(name).to_pylist() for name in step.reads if name in names})
    columns = {name: batch.column(name) for name in names if name not in gained}
    columns |= {name: pa.array(_rows(values), _types(step, name)[1]) for name, values in gained.items()}
    return pa.RecordBatch.from_pydict(columns)


def _rows(values: list[Any]) -> list[Any]:
    """Values as Arrow wants them: a map is a list of pairs."""
    return [list(value.items()) if isinstance(value, dict) else value for value in values]
