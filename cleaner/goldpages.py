"""Pages with known bodies, for fitting and for measuring. Start reading at :func:`read_gold`.

Five layouts are read:

- the public article-extraction-benchmark's (Scrapinghub 2020): ``html/ID.html.gz`` beside
  ``ground-truth.json`` (``{ID: {"articleBody": ..., "url": ...}}``);
- a folder a set: ``SET/gold.jsonl`` (``id, file, host, title, summary, body``) beside the pages it
  names, and ``SET.texts.jsonl.gz`` (``id, lines, labels, page``) with the pages as plain text;
- this library's fixtures: ``KIND/LANG/NAME/`` with ``source.txt`` or ``source.html``,
  ``expected.txt`` and ``removed.toml``;
- pairs, at any depth: ``NAME.expected.txt`` beside ``NAME.html``, ``NAME.htm`` or ``NAME.txt``;
- ``*.jsonl``, each line an object with ``html`` or ``text``, and ``body`` (a text or a list of
  paragraphs); ``title``, ``id`` and ``url`` may be there.

Pairs and ``*.jsonl`` are people's own, so what is wrong with one of them must not stop the rest:
every layout names what it could read first, and reads it only then.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any

import rtoml

from cleaner.quality import tokens

__all__ = ["GoldError", "GoldPage", "read_gold", "read_gold_or_errors"]


class GoldError(ValueError):
    """A page or body that cannot be used; the message names it and the next step."""


@dataclass(frozen=True, slots=True)
class GoldPage:
    """One page and its body. ``optional`` (headline, standfirst) counts neither way.

    A page without ``html`` is plain text, its ``lines``.
    """

    set: str
    id: str
    publisher: str
    html: bytes
    body: tuple[str, ...]
    optional: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    page: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """``html`` or ``text``."""
        return "html" if self.html else "text"

    @property
    def source(self) -> bytes | str:
        """The page as an extractor is given it: bytes of HTML, or text."""
        return self.html or "\n".join(self.lines)


# What could be read, by the name to blame, and how to read it.
Reading = tuple[str, Callable[[], GoldPage]]

NO_GOLD = (
    "no pages with known bodies here; put NAME.expected.txt beside NAME.html or NAME.txt, or a .jsonl whose lines "
    "have html or text, and body, or ground-truth.json beside html/ID.html.gz, or SET/gold.jsonl, or "
    "KIND/LANG/NAME/removed.toml"
)


def read_gold(folder: str | Path, sets: Sequence[str] = ()) -> Iterator[GoldPage]:
    """Yield the gold pages of ``folder``, which may also be one ``.jsonl`` file.

    ``sets`` picks some of a folder's sets. Raises ``FileNotFoundError``, which says which layouts
    are known, where there are none, and :class:`GoldError` at the first that cannot be used.
    """
    for page in read_gold_or_errors(folder, sets):
        if isinstance(page, GoldError):
            raise page
        yield page


def read_gold_or_errors(folder: str | Path, sets: Sequence[str] = ()) -> Iterator[GoldPage | GoldError]:
    """Like :func:`read_gold`, but a page that cannot be used is yielded as its error, and the rest follow."""
    empty = True
    for culprit, read in _readings(Path(folder), sets):
        empty = False
        yield _page_or_error(culprit, read)
    if empty:
        raise FileNotFoundError(f"{folder}: {NO_GOLD}")


def _page_or_error(culprit: str, read: Callable[[], GoldPage]) -> GoldPage | GoldError:
    try:
        return read()
    except GoldError as error:
        return error
    except OSError as error:
        other = f"{error.filename} " if error.filename and str(error.filename) != culprit else ""
        return GoldError(f"{culprit}: {other}cannot be read ({error.strerror or error}); check it")
    except json.JSONDecodeError as error:
        return GoldError(f"{culprit}: no valid JSON ({error}); mend or delete it")
    except KeyError as error:
        return GoldError(f"{culprit}: has no {error.args[0]}; add it")
    except (EOFError, zlib.error, ValueError, TypeError, RecursionError) as error:
        return GoldError(f"{culprit}: cannot be used ({error}); mend it, or take it away")


def _readings(folder: Path, sets: Sequence[str]) -> Iterator[Reading]:
    if (folder / "ground-truth.json").is_file():
        return _benchmark_layout(folder)
    if next(folder.glob("*/*/*/removed.toml"), None):
        return _fixtures(folder)
    if found := sorted(path.parent.name for path in folder.glob("*/gold.jsonl")):
        return (reading for name in found if not sets or name in sets for reading in _set_layout(folder, name))
    return _own_pages(folder)


def _benchmark_layout(folder: Path) -> Iterator[Reading]:
    path = folder / "ground-truth.json"
    try:
        truth = sorted(dict(json.loads(path.read_bytes())).items())
    except (OSError, ValueError, TypeError, RecursionError) as error:
        yield str(path), partial(_fail, f"{path}: cannot be read ({error}); mend it, nothing counts without it")
        return
    for id_, entry in truth:
        yield f"{path}: {id_}", partial(_benchmark_page, folder, id_, entry)


def _benchmark_page(folder: Path, id_: str, entry: dict[str, Any]) -> GoldPage:
    host = re.sub(r"^\w+://(www\.)?|/.*", "", entry.get("url", id_))
    page = folder / "html" / f"{id_}.html.gz"
    if not page.is_file():
        raise GoldError(f"{page}: not there, though ground-truth.json has its body; add the page or take the body out")
    body = _body(f"ground-truth.json: {id_}", entry["articleBody"])
    return GoldPage(folder.name, id_, host, gzip.decompress(page.read_bytes()), body)


def _fail(message: str) -> GoldPage:
    raise GoldError(message)


def _set_layout(folder: Path, name: str) -> Iterator[Reading]:
    texts = _texts(folder / f"{name}.texts.jsonl.gz")
    path = folder / name / "gold.jsonl"
    for number, line in _lines(path):
        yield f"{path}, line {number}", partial(_set_page, folder / name, texts, line)


def _set_page(folder: Path, texts: dict[str, dict[str, Any]], line: str) -> GoldPage:
    gold = json.loads(line)
    text = texts.get(gold["id"], {})
    return GoldPage(
        set=folder.name,
        id=gold["id"],
        publisher=_publisher(gold["host"]),
        html=gzip.decompress((folder / gold["file"]).read_bytes()),
        body=tuple(gold["body"]),
        optional=tuple(part for part in (gold["title"], *gold["summary"]) if part),
        lines=tuple(text.get("lines", ())),
        labels=tuple(text.get("labels", ())),
        page=tuple(text.get("page", ())),
    )


def _fixtures(folder: Path) -> Iterator[Reading]:
    for path in sorted(found.parent for found in folder.glob("*/*/*/removed.toml")):
        yield str(path), partial(_fixture, folder, path)


def _fixture(folder: Path, path: Path) -> GoldPage:
    """A fixture, a publisher of its own. Its lines bear no labels: they may be wrapped, or all be one."""
    body = tuple(line for line in (path / "expected.txt").read_text("utf-8").splitlines() if line)
    title = rtoml.loads((path / "removed.toml").read_text("utf-8")).get("title")
    html = path / "source.html"
    lines = () if html.exists() else tuple((path / "source.txt").read_text("utf-8").splitlines())
    return GoldPage(
        set=folder.name,
        id="/".join(path.parts[-3:]),
        publisher="/".join(path.parts[-3:]),
        html=html.read_bytes() if html.exists() else b"",
        body=body,
        optional=(title,) if title else (),
        lines=lines,
    )


def _own_pages(folder: Path) -> Iterator[Reading]:
    """Pairs and JSON lines; ``folder`` may be a single file of the latter."""
    for path in sorted(folder.rglob("*.expected.txt")):
        yield str(path), partial(_pair, folder, path)
    for path in [folder] if folder.is_file() else sorted([*folder.glob("*.jsonl"), *folder.glob("*.jsonl.gz")]):
        try:
            for number, line in _lines(path):
                yield f"{path}, line {number}", partial(_record, path, number, line)
        except (OSError, EOFError, zlib.error) as error:
            yield str(path), partial(_fail, f"{path}: cannot be read ({error}); check it")


PAGE_ENDINGS = (".html", ".htm", ".txt", ".html.gz", ".htm.gz", ".txt.gz", "")


def _pair(folder: Path, gold: Path) -> GoldPage:
    stem = gold.name.removesuffix(".expected.txt")
    path = next((gold.with_name(stem + end) for end in PAGE_ENDINGS if gold.with_name(stem + end).is_file()), None)
    if path is None:
        raise GoldError(f"{gold}: no page beside it; add {stem}.html or {stem}.txt, or delete it")
    body = _body(str(gold), _text(gold, gold.read_bytes()))
    page = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    if not page.strip():
        raise GoldError(f"{path}: is empty; save the page again, or delete it and its {gold.name}")
    is_text = ".txt" in path.suffixes[-2:]
    return _own_page(folder, str(path.relative_to(folder)), _text(path, page) if is_text else page, body)


def _text(path: Path, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise GoldError(f"{path}: is not UTF-8 ({error.reason} at byte {error.start}); save it as UTF-8") from None


def _record(path: Path, number: int, line: str) -> GoldPage:
    culprit = f"{path}, line {number}"
    record = json.loads(line)
    if not isinstance(record, dict) or not any(isinstance(record.get(key), str) for key in ("html", "text")):
        raise GoldError(f'{culprit}: no page in it; each line is {{"html": or "text": "…", "body": "…"}}')
    html = record.get("html")
    # The mark in front outranks whatever encoding the page states: it no longer holds.
    page = html.encode("utf-8-sig", "replace") if isinstance(html, str) and html else str(record.get("text", ""))
    if not page.strip():
        raise GoldError(f"{culprit}: its page is empty; put it there, or delete the line")
    body = _body(culprit, record["body"])
    # Ids need not be unique in people's files, lines are.
    name = record.get("id") or record.get("url") or ""
    return _own_page(path, f"line {number} {name}".rstrip(), page, body, record)


def _own_page(
    source: Path, id_: str, page: str | bytes, body: tuple[str, ...], record: dict[str, Any] | None = None
) -> GoldPage:
    title = (record or {}).get("title")
    return GoldPage(
        set=source.resolve().name,
        id=id_,
        publisher=id_,
        html=page if isinstance(page, bytes) else b"",
        body=body,
        optional=(title,) if isinstance(title, str) and title else (),
        lines=tuple(page.split("\n")) if isinstance(page, str) else (),
    )


def _body(culprit: str, body: object) -> tuple[str, ...]:
    """The lines of a gold body, given as a text or as a list of paragraphs."""
    parts = [body] if isinstance(body, str) else body
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise GoldError(f"{culprit}: its body is {type(body).__name__}; give a text or a list of paragraphs")
    lines = tuple(line for part in parts for line in str(part).splitlines() if line.strip())
    if not any(tokens(line) for line in lines):
        raise GoldError(f"{culprit}: its body is empty; write the article's text there, or leave the page out")
    return lines


def _opened(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", errors="replace")
    return open(path, encoding="utf-8-sig", errors="replace")


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a text file that are not blank, with their numbers from 1; bytes that are no UTF-8 as ``�``."""
    with _opened(path) as file:
        yield from ((number, line) for number, line in enumerate(file, start=1) if line.strip())


def _texts(path: Path) -> dict[str, dict[str, Any]]:
    if not path.is_file():
        return {}
    return {entry["id"]: entry for entry in (json.loads(line) for _, line in _lines(path))}


def _publisher(host: str) -> str:
    """One name for a publisher across sets: ``www.example.com`` and ``Example`` are the same."""
    bare = re.sub(r"^(www\d*|edition|news|m)\.", "", host.lower())
    bare = re.sub(r"(\.(com|org|net|co|gov|edu))?\.[a-z]{2,4}$", "", bare)
    return re.sub(r"[^a-z0-9]", "", bare)
