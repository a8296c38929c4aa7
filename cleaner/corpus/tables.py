"""Parquet by pyarrow: a step's records as a small table, and small tables merged into one. Imported where used only.

Our own columns have fixed types. What other columns hold is seen step by step: each is written as
pyarrow infers it, and the merge finds the type that fits all steps. A column of mixed kinds, or of
a kind that Parquet cannot hold, becomes text: strings as they are, all else as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from cleaner.pack import CATEGORIES

__all__ = ["merge_tables", "write_table"]

GROUP_BYTES = 1 << 25  # a row group of the merged file holds about this much

_REMOVAL = {
    "text": pa.string(), "start": pa.int64(), "end": pa.int64(), "category": pa.string(),
    "because": pa.string(), "rule": pa.string(), "path": pa.string(),
}  # fmt: skip
TYPES: dict[str, pa.DataType] = {
    "url": pa.string(),
    "text": pa.string(),
    "title": pa.string(),
    "language": pa.string(),
    "removed": pa.struct([(category, pa.int32()) for category in sorted(CATEGORIES)]),
    "warnings": pa.list_(pa.string()),
    "removals": pa.list_(pa.struct(list(_REMOVAL.items()))),
}


def write_table(records: Sequence[dict[str, Any]], path: Path) -> None:
    """Write records as one Parquet file; columns in the order in which they first appear."""
    names = dict.fromkeys(name for record in records for name in record)
    columns = {name: _column(name, [record.get(name) for record in records]) for name in names}
    parquet.write_table(pa.table(columns), path, compression="zstd")


def merge_tables(paths: Sequence[Path], output: Path) -> None:
    """Write the rows of all files, in order, as one; holds a row group in memory at a time."""
    schema = _common_schema([parquet.read_schema(path) for path in paths])
    with parquet.ParquetWriter(output, schema, compression="zstd") as writer:
        for group in _groups(paths, schema):
            writer.write_table(group)


def _groups(paths: Sequence[Path], schema: pa.Schema) -> Iterator[pa.Table]:
    waiting: list[pa.Table] = []
    for path in paths:
        waiting.append(_fitted(parquet.read_table(path), schema))
        if sum(table.nbytes for table in waiting) >= GROUP_BYTES:
            yield pa.concat_tables(waiting)
            waiting = []
    if waiting:
        yield pa.concat_tables(waiting)


def _column(name: str, values: list[Any]) -> pa.Array:
    if name in TYPES:
        return _own_column(values, TYPES[name])
    try:
        array = pa.array(values)
    except (pa.ArrowException, TypeError, ValueError, OverflowError):  # mixed kinds; lone surrogates
        return pa.array(map(_as_text, values), pa.string())
    return array if _storable(array.type) else pa.array(map(_as_text, values), pa.string())


def _own_column(values: list[Any], kind: pa.DataType) -> pa.Array:
    try:
        return pa.array(values, kind)
    except UnicodeEncodeError:
        return pa.array(map(_encodable, values), kind)


def _storable(kind: pa.DataType) -> bool:
    """Whether Parquet can hold the type: a struct needs a field, at every depth."""
    if pa.types.is_struct(kind) and not kind.num_fields:
        return False
    return all(_storable(kind.field(place).type) for place in range(kind.num_fields))


def _encodable(value: Any) -> Any:
    """A value with lone surrogates, which UTF-8 cannot hold, as question marks."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {key: _encodable(inner) for key, inner in value.items()}
    return [_encodable(inner) for inner in value] if isinstance(value, list) else value


def _as_text(value: Any) -> str | None:
    if value is None:
        return None
    return str(_encodable(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)))


def _common_schema(schemas: Sequence[pa.Schema]) -> pa.Schema:
    fields = [(name, kind) for name, kind in TYPES.items() if name != "removals"]
    kinds: dict[str, pa.DataType] = {"id": pa.null(), **dict(fields)}
    for schema in schemas:
        for field in schema:
            kinds[field.name] = _common_type(kinds.get(field.name, pa.null()), field.type)
    return pa.schema([(name, pa.string() if pa.types.is_null(kind) else kind) for name, kind in kinds.items()])


def _common_type(one: pa.DataType, other: pa.DataType) -> pa.DataType:
    if one == other:
        return one
    both = [pa.schema([("column", kind)]) for kind in (one, other)]
    try:
        return pa.unify_schemas(both, promote_options="permissive").field(0).type
    except pa.ArrowException:
        return pa.string()


def _fitted(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The table with the columns and types of ``schema``."""
    missing = pa.nulls(table.num_rows)
    columns = [table[field.name] if field.name in table.column_names else missing for field in schema]
    return pa.table(
        [_as_type(column, field.type) for column, field in zip(columns, schema, strict=True)], schema=schema
    )


def _as_type(column: Any, kind: pa.DataType) -> Any:
    if column.type == kind:
        return column
    if pa.types.is_null(column.type):
        return pa.nulls(len(column), kind)
    values = column.to_pylist()
    return pa.array(map(_as_text, values) if pa.types.is_string(kind) else values, kind)
