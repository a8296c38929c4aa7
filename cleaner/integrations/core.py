"""What every adapter shares. Start reading at :class:`Step`.

A framework brings records and takes records back; what lies between is the same everywhere::

    step = Step("html", keep=["caption"])             # on the machine that plans the work
    step.fields(step.clean_record(record), record)   # in every process that does it

A step is plain values, so it pickles, hashes and compares; the :class:`cleaner.Cleaner` behind it is
built once a process, at first use. What a record gains is named in :data:`FIELDS`.
"""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import KW_ONLY, dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, TypedDict, get_args

from cleaner import __version__
from cleaner.cleaning import Cleaner, pack_files
from cleaner.decide import PROSE_BUDGET
from cleaner.result import Result

__all__ = ["FIELDS", "Cleaned", "Kind", "Options", "Step", "extra", "plain"]

Kind = Literal["auto", "html", "text"]
Paths = str | Path | Iterable[str | Path]

FIELDS = ("text", "title", "language", "removed", "warnings")
# What a spider or a parser read off the page is theirs; the cleaner's guess fills gaps only.
_OWN_FIRST = frozenset({"title", "language"})


class Options(TypedDict, total=False):
    """What every adapter takes beside its framework's own arguments.

    ``keep``, ``packs``, ``profile``, ``threshold`` and ``budget`` are those of :class:`cleaner.Cleaner`;
    packs and profiles are given by path, since every process reads them for itself. ``kind``
    says what the page is: ``html``, ``text``, or ``auto`` (told by itself). ``url`` names the field
    with the page's address; ``prefix`` stands before the name of every field that is written.
    """

    keep: Iterable[str]
    packs: Paths
    profile: Paths
    threshold: float
    budget: float
    kind: Kind
    url: str
    prefix: str


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What cleaning one page gave. ``text`` is None where the page could not be cleaned: ``warnings`` say why."""

    text: str | None = None
    title: str | None = None
    language: str | None = None
    removed: Mapping[str, int] = dataclasses.field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @classmethod
    def of(cls, result: Result) -> Cleaned:
        """The part of a :class:`cleaner.Result` that records carry: removals become counts by category."""
        return cls(result.text, result.title, result.language, result.counts(), result.warnings)

    @property
    def failed(self) -> bool:
        """Whether there was no page, or none that could be cleaned."""
        return self.text is None

    def counts(self) -> dict[str, int]:
        """What a framework's statistics add up, by name: ``total``, ``failed``, ``removed/caption`` …"""
        counts = {"total": 1, "failed": int(self.failed), "empty": int(self.text == ""), "warnings": len(self.warnings)}
        counts |= {f"removed/{category}": number for category, number in self.removed.items()}
        return {name: number for name, number in counts.items() if number}


@dataclass(frozen=True, slots=True)
class Step:
    """How pages are cleaned, and which fields of a record they come from.

    ``field`` names the one with the page; for the rest see :class:`Options`.

    Raises what :class:`cleaner.Cleaner` raises, here and not later in some worker, and
    ``ValueError`` for an unknown kind.
    """

    field: str = "html"
    _: KW_ONLY
    url: str = "url"
    prefix: str = ""
    kind: Kind = "auto"
    keep: Iterable[str] = ()
    packs: Paths = ()
    profile: Paths = ()
    threshold: float | None = None
    budget: float = PROSE_BUDGET
    # Changes when the library, a pack or a profile changes, so that nobody reuses what an older one has cached.
    edition: str = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise ValueError(f"kind is {', '.join(get_args(Kind))}, not {self.kind!r}")
        if not isinstance(self.keep, str):  # a str is a mistake that Cleaner explains
            object.__setattr__(self, "keep", tuple(sorted(self.keep)))
        packs, profiles = _paths(self.packs), _paths(self.profile)
        object.__setattr__(self, "packs", packs)
        object.__setattr__(self, "profile", profiles)
        object.__setattr__(self, "edition", _edition([*packs, *profiles]))
        _cleaner(self)

    @property
    def writes(self) -> tuple[str, ...]:
        """Names of the fields that a record gains, in the order of :data:`FIELDS`."""
        return tuple(self.prefix + name for name in FIELDS)

    @property
    def reads(self) -> tuple[str, ...]:
        """Names of the fields that are looked at: the page, its address, and what may be there already."""
        return tuple(dict.fromkeys((self.field, self.url, *self.writes)))

    def clean(self, page: object, url: object = None) -> Cleaned:
        """Clean one page. None, a wrong type or a fault in it raise nothing but give a failed :class:`Cleaned`.

        Raises ``PackError`` or ``ProfileError`` where a file of one's own is missing in this process: no page's fault.
        """
        cleaner = _cleaner(self)
        if page is None:
            return Cleaned(warnings=("not cleaned: there is no page",))
        try:
            return Cleaned.of(_run(cleaner, self.kind, page, url if isinstance(url, str) else None))
        except Exception as error:  # whatever one page does, the millions after it must not pay for it
            return Cleaned(warnings=(f"not cleaned: {type(error).__name__}: {error}",))

    def clean_record(self, record: Mapping[str, Any]) -> Cleaned:
        """Clean the page in a record's field; see :meth:`clean`."""
        if self.field not in record:
            return Cleaned(warnings=(f"not cleaned: there is no field {self.field!r}",))
        return self.clean(record[self.field], record.get(self.url))

    def fields(self, cleaned: Cleaned, record: Mapping[str, Any]) -> dict[str, Any]:
        """What the record gains, by field name.

        A title or language that the record has already stays, and so does its text where the page
        could not be cleaned.
        """
        names = zip(self.writes, FIELDS, strict=True)
        return {written: _settle(name, _value(cleaned, name), record.get(written)) for written, name in names}

    def metadata(self, cleaned: Cleaned, own: Mapping[str, Any]) -> dict[str, Any]:
        """A document's own metadata and, as :func:`plain` values, every field it gains but the text."""
        gained = self.fields(cleaned, own)
        del gained[self.prefix + "text"]
        return {**own, **{name: plain(value) for name, value in gained.items() if value is not own.get(name, own)}}

    def columns(self, batch: Mapping[str, Sequence[Any]]) -> dict[str, list[Any]]:
        """What a batch of columns gains, by column name; columns that the step does not read are not touched.

        Raises ``ValueError`` where the column with the pages is missing: that is no bad page but a wrong name.
        """
        if self.field not in batch:
            raise ValueError(f"there is no column {self.field!r}; choose from: {', '.join(batch)}")
        read = {name: batch[name] for name in self.reads if name in batch}
        rows = [dict(zip(read, row, strict=True)) for row in zip(*read.values(), strict=True)]
        gained = [self.fields(self.clean_record(row), row) for row in rows]
        return {name: [fields[name] for fields in gained] for name in self.writes}


def plain(value: Any) -> Any:
    """A field's value for records that take text and numbers only: no None, no lists, no mappings.

    None becomes ``""``, counts become JSON, warnings one line: a column then has one type from its
    first batch to its last, and vector stores accept it as metadata.
    """
    if isinstance(value, dict):
        return json.dumps(value)
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return "" if value is None else value


@contextmanager
def extra(name: str) -> Iterator[None]:
    """Around the imports of a framework: where it is missing, the error says which extra brings it."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(f'{error}: pip install "news-page-cleaner[{name}]"', name=error.name) from error


@lru_cache(maxsize=16)
def _cleaner(step: Step) -> Cleaner:
    packs, profiles = _paths(step.packs), _paths(step.profile)
    return Cleaner(keep=step.keep, packs=packs, profile=profiles, threshold=step.threshold, budget=step.budget)


def _paths(given: Paths) -> tuple[str, ...]:
    return (str(given),) if isinstance(given, (str, Path)) else tuple(os.fspath(path) for path in given)


def _run(cleaner: Cleaner, kind: Kind, page: Any, url: str | None) -> Result:
    if kind == "text":
        return cleaner.clean_text(page, url=url)
    return cleaner.clean_html(page, url=url) if kind == "html" else cleaner.clean(page, url=url)


def _edition(paths: Iterable[str]) -> str:
    digest = sha256(__version__.encode())
    for file in (file for path in paths for file in pack_files(Path(path)) if file.is_file()):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _value(cleaned: Cleaned, name: str) -> Any:
    value = getattr(cleaned, name)
    if name == "removed":
        return dict(value)
    return list(value) if name == "warnings" else value


def _settle(name: str, value: Any, own: Any) -> Any:
    return own if _is_there(own) and (value is None or name in _OWN_FIRST) else value


def _is_there(value: Any) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value is not None
