"""A row of input becomes a record of output; this is what workers do. Start at :class:`RowCleaner`.

Rows cross to the workers as raw as they were read and come back as finished lines, so that the
parent, which every row must pass, does next to nothing.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from cleaner.corpus.many import CleansPages, Page, clean_page
from cleaner.corpus.options import Fields
from cleaner.result import Result

__all__ = ["OWN", "Fault", "Row", "RowCleaner", "RowError", "page_of", "to_json_line", "weight"]

# Columns of a record that are ours; an input column of such a name is carried over as input_<name>.
OWN = ("id", "url", "text", "title", "language", "removed", "warnings", "removals")


class RowError(ValueError):
    """A row that holds no page; the message is the reason for the failures file."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Stands in place of a row that could not be read: why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it was read: a line of JSON not yet parsed, or columns, or why there is neither.

    ``number`` counts lines in JSON lines and rows or records elsewhere, from 1; ``offset`` is how far
    into its file the reader is, in bytes.
    """

    file: str
    number: int
    data: bytes | Mapping[str, Any] | Fault
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A finished record, with what the summary counts."""

    record: bytes | dict[str, Any]
    size: int
    visible: int
    kept: int
    removed: dict[str, int]
    language: str | None


@dataclass(frozen=True, slots=True)
class RowCleaner:
    """Called in the workers with a :class:`Row`, gives :class:`Cleaned` or :class:`Fault`.

    ``as_line``: the record as a line of JSON; otherwise as a dictionary.
    """

    cleaner: CleansPages
    fields: Fields
    language: str | None = None
    explain: bool = False
    as_line: bool = True

    def __call__(self, row: Row) -> Cleaned | Fault:
        """Clean one row; a :class:`Fault` where it holds no page."""
        try:
            columns = _columns(row.data)
            page = _page(columns, self.fields, self.language)
        except RowError as error:
            return Fault(str(error))
        result = clean_page(self.cleaner, page)
        record = self._record(row, columns, page, result)
        return Cleaned(
            record=to_json_line(record) if self.as_line else record,
            size=_size(page.content),
            visible=len(result.source),
            kept=len(result.text),
            removed=result.counts(),
            language=result.language,
        )

    def _record(self, row: Row, columns: Mapping[str, Any], page: Page, result: Result) -> dict[str, Any]:
        given = columns.get(self.fields.id)
        record = {
            "id": f"{row.file}:{row.number}" if given is None else given,
            "url": page.url,
            "text": result.text,
            "title": result.title,
            "language": result.language,
            "removed": result.counts(),
            "warnings": list(result.warnings),
        }
        if self.explain:
            record["removals"] = [asdict(removal) for removal in result.removed]
        used = {self.fields.html, self.fields.id}
        if not page.is_html:
            used.add(self.fields.text)
        if page.url == columns.get(self.fields.url):  # otherwise it is no text, and carried over as it is
            used.add(self.fields.url)
        carried = {name: value for name, value in columns.items() if name not in used}
        return record | {f"input_{name}" if name in OWN else name: value for name, value in carried.items()}


def page_of(row: Row, fields: Fields) -> Page | None:
    """The page that a row holds; None where it holds none."""
    try:
        return _page(_columns(row.data), fields, None)
    except RowError:
        return None


def _columns(data: bytes | Mapping[str, Any] | Fault) -> Mapping[str, Any]:
    if isinstance(data, Fault):
        raise RowError(data.reason)
    if not isinstance(data, bytes):
        return data
    try:
        value = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise RowError(f"not UTF-8: {error.reason} at byte {error.start + 1} of the line") from None
    except (ValueError, RecursionError) as error:
        raise RowError(f"not JSON: {error}") from None
    if not isinstance(value, dict):
        raise RowError(f"not a JSON object, but {type(value).__name__}")
    return value


def _page(columns: Mapping[str, Any], fields: Fields, language: str | None) -> Page:
    """The page in a row: its HTML, else its text. An address that is no text is not used."""
    html, text, url = columns.get(fields.html), columns.get(fields.text), columns.get(fields.url)
    url = url if isinstance(url, str) else None
    if html is not None:
        return Page(_content(html, fields.html, str | bytes), True, url, language)
    if text is not None:
        return Page(_content(text, fields.text, str), False, url, language)
    null = [f"{name!r} is null" for name in (fields.html, fields.text) if name in columns]
    names = ", ".join(map(repr, columns)) or "none"
    raise RowError(" and ".join(null) or f"no field {fields.html!r} or {fields.text!r}; the fields are: {names}"[:400])


def _content(value: Any, field: str, kind: Any) -> str | bytes:
    if not isinstance(value, kind):
        raise RowError(f"field {field!r} is no text, but {type(value).__name__}")
    return value  # type: ignore[no-any-return]


def _size(content: str | bytes) -> int:
    return len(content if isinstance(content, bytes) else content.encode("utf-8", "replace"))


def weight(row: Row) -> int:
    """About how much memory a row takes."""
    if isinstance(row.data, Mapping):
        return sum(len(value) for value in row.data.values() if isinstance(value, str | bytes))
    return len(row.data) if isinstance(row.data, bytes) else 0


def to_json_line(record: Mapping[str, Any]) -> bytes:
    """A record as a line of JSON in UTF-8: lone surrogates escaped, not-a-number as null, dates in ISO form."""
    try:
        return _dump(record, ensure_ascii=False)
    except UnicodeEncodeError:
        return _dump(record, ensure_ascii=True)
    except ValueError:
        return to_json_line(_finite(record))


def _dump(record: Mapping[str, Any], ensure_ascii: bool) -> bytes:
    line = json.dumps(record, ensure_ascii=ensure_ascii, allow_nan=False, default=_plain)
    return line.encode("utf-8") + b"\n"


def _plain(value: Any) -> str:
    """What JSON has no type for: bytes, dates, decimals."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_finite(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
