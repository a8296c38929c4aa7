"""Pages with known bodies, for fitting and benchmarks. Start reading at :func:`read_gold`.

Three layouts are read:

- the public article-extraction-benchmark's (Scrapinghub 2020): ``html/ID.html.gz`` beside
  ``ground-truth.json`` (``{ID: {"articleBody": ..., "url": ...}}``);
- a folder a set: ``SET/gold.jsonl`` (``id, file, host, title, summary, body``) beside the pages it
  names, and ``SET.texts.jsonl.gz`` (``id, lines, labels, page``) with the pages as plain text;
- this library's fixtures: ``KIND/LANG/NAME/`` with ``source.txt`` or ``source.html``,
  ``expected.txt`` and ``removed.toml``.
"""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rtoml

__all__ = ["GoldPage", "Scores", "read_gold", "score", "tokens"]


@dataclass(frozen=True, slots=True)
class GoldPage:
    """One page and its body. ``optional`` (headline, standfirst) counts neither way."""

    set: str
    id: str
    publisher: str
    html: bytes
    body: tuple[str, ...]
    optional: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    page: tuple[str, ...] = ()


def read_gold(folder: str | Path, sets: Sequence[str] = ()) -> Iterator[GoldPage]:
    """Yield the gold pages of ``folder``; ``FileNotFoundError`` says which layouts are known."""
    folder = Path(folder)
    if (folder / "ground-truth.json").is_file():
        yield from _benchmark_layout(folder)
        return
    if next(folder.glob("*/*/*/removed.toml"), None):
        yield from _fixtures(folder)
        return
    found = sorted(path.parent.name for path in folder.glob("*/gold.jsonl"))
    if not found:
        raise FileNotFoundError(
            f"{folder}: none of ground-truth.json with html/, SET/gold.jsonl, KIND/LANG/NAME/removed.toml is here"
        )
    for name in [name for name in found if not sets or name in sets]:
        yield from _set_layout(folder, name)


def _benchmark_layout(folder: Path) -> Iterator[GoldPage]:
    truth = json.loads((folder / "ground-truth.json").read_text("utf-8"))
    for id_, entry in sorted(truth.items()):
        host = re.sub(r"^\w+://(www\.)?|/.*", "", entry.get("url", id_))
        html = gzip.decompress((folder / "html" / f"{id_}.html.gz").read_bytes())
        body = tuple(line for line in entry["articleBody"].split("\n") if line.strip())
        yield GoldPage(folder.name, id_, host, html, body)


def _set_layout(folder: Path, name: str) -> Iterator[GoldPage]:
    texts = _texts(folder / f"{name}.texts.jsonl.gz")
    for line in (folder / name / "gold.jsonl").read_text("utf-8").splitlines():
        gold = json.loads(line)
        text = texts.get(gold["id"], {})
        yield GoldPage(
            set=name,
            id=gold["id"],
            publisher=_publisher(gold["host"]),
            html=gzip.decompress((folder / name / gold["file"]).read_bytes()),
            body=tuple(gold["body"]),
            optional=tuple(part for part in (gold["title"], *gold["summary"]) if part),
            lines=tuple(text.get("lines", ())),
            labels=tuple(text.get("labels", ())),
            page=tuple(text.get("page", ())),
        )


def _fixtures(folder: Path) -> Iterator[GoldPage]:
    """Fixtures, each a publisher of its own; spans cut inside a line make it a mixed one."""
    for path in sorted(found.parent for found in folder.glob("*/*/*/removed.toml")):
        body = tuple(line for line in (path / "expected.txt").read_text("utf-8").splitlines() if line)
        title = rtoml.loads((path / "removed.toml").read_text("utf-8")).get("title")
        html = path / "source.html"
        lines = () if html.exists() else tuple((path / "source.txt").read_text("utf-8").splitlines())
        yield GoldPage(
            set=folder.name,
            id="/".join(path.parts[-3:]),
            publisher="/".join(path.parts[-3:]),
            html=html.read_bytes() if html.exists() else b"",
            body=body,
            optional=(title,) if title else (),
            lines=lines,
            labels=tuple(_fixture_label(line, body, title) for line in lines),
        )


def _fixture_label(line: str, body: Sequence[str], title: str | None) -> str:
    text = " ".join(line.split())
    if not text:
        return "empty"
    if text == title:
        return "optional"
    if text in body:
        return "body"
    return "mixed" if any(len(part) > 40 and part in text for part in body) else "boiler"


def _texts(path: Path) -> dict[str, dict[str, Any]]:
    if not path.is_file():
        return {}
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return {entry["id"]: entry for entry in map(json.loads, file)}


def _publisher(host: str) -> str:
    """One name for a publisher across sets: ``www.example.com`` and ``Example`` are the same."""
    bare = re.sub(r"^(www\d*|edition|news|m)\.", "", host.lower())
    bare = re.sub(r"(\.(com|org|net|co|gov|edu))?\.[a-z]{2,4}$", "", bare)
    return re.sub(r"[^a-z0-9]", "", bare)


# Words; in scripts without blanks, characters.
_TOKEN = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f]|[^\W\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f]+"
)


def tokens(text: str) -> list[str]:
    """Lower-case words, or characters in scripts without blanks."""
    return _TOKEN.findall(unicodedata.normalize("NFKC", text).lower())


@dataclass(frozen=True, slots=True)
class Scores:
    """Precision, recall and F1 of 4-token shingles, as the article-extraction-benchmark counts."""

    precision: float
    recall: float
    f1: float
    exact: float


def score(page: GoldPage, text: str) -> Scores:
    """Compare extracted ``text`` with the page's body; optional lines count neither way."""
    optional = {" ".join(tokens(line)) for line in page.optional}
    gold = [token for line in page.body for token in tokens(line) if " ".join(tokens(line)) not in optional]
    out = [token for line in text.splitlines() for token in _unless(tokens(line), optional)]
    wanted, given = _shingles(gold), _shingles(out)
    common = (wanted & given).total()
    precision = common / given.total() if given else float(not wanted)
    recall = common / wanted.total() if wanted else 1.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return Scores(precision, recall, f1, float(gold == out))


def _unless(line: list[str], optional: Iterable[str]) -> list[str]:
    return [] if " ".join(line) in set(optional) else line


def _shingles(words: list[str], size: int = 4) -> Counter[tuple[str, ...]]:
    return Counter(tuple(words[at : at + size]) for at in range(max(1, len(words) - size + 1)) if words)
