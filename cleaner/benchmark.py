"""Quality, time and memory beside other extractors, on pages with known bodies. Start at :func:`run`.

Every extractor runs in a process of its own, so that its memory is its own and nothing that one
imports slows another; times are taken page by page around the call alone. Quality is counted as
the article-extraction-benchmark does (:func:`cleaner.goldpages.score`). ``parse only`` stands in
the table as the measure for memory: the page's tree and nothing else.
"""

from __future__ import annotations

import importlib.util
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from statistics import mean

from rich.console import Console
from rich.progress import track
from rich.table import Table

from cleaner.goldpages import GoldPage, Scores, read_gold, score

__all__ = ["Row", "run"]

Extractor = Callable[[bytes], str]
PARSE_ONLY = "parse only"


@dataclass(frozen=True, slots=True)
class Row:
    """One extractor on one set: means over pages, milliseconds a page, peak memory in MB."""

    extractor: str
    set: str
    pages: int
    precision: float
    recall: float
    mean_f1: float
    exact: float
    milliseconds: float
    peak_mb: float


def _cleaner() -> Extractor:
    from cleaner import clean_html

    return lambda html: clean_html(html).text


def _parse_only() -> Extractor:
    from cleaner.readers.html import parse

    def extract(html: bytes) -> str:
        parse(html)
        return ""

    return extract


def _trafilatura() -> Extractor:
    from trafilatura import extract

    return lambda html: extract(html, include_comments=False) or ""


def _trafilatura_precision() -> Extractor:
    from trafilatura import extract

    return lambda html: extract(html, include_comments=False, favor_precision=True) or ""


def _readability() -> Extractor:
    from lxml.html import fromstring
    from readability import Document

    return lambda html: str(fromstring(Document(html.decode("utf-8", "replace")).summary()).xpath("string()"))


def _resiliparse() -> Extractor:
    from resiliparse.extract.html2text import extract_plain_text

    return lambda html: extract_plain_text(html.decode("utf-8", "replace"), main_content=True)


def _newspaper() -> Extractor:
    from newspaper import Article

    def extract(html: bytes) -> str:
        article = Article("http://localhost/")
        article.download(input_html=html.decode("utf-8", "replace"))
        article.parse()
        return str(article.text)

    return extract


def _goose() -> Extractor:
    from goose3 import Goose

    goose = Goose()
    return lambda html: goose.extract(raw_html=html).cleaned_text or ""


def _justext() -> Extractor:
    import justext

    words = justext.get_stoplist("English")
    return lambda html: "\n".join(p.text for p in justext.justext(html, words) if not p.is_boilerplate)


# name -> (module that must be installed, how to make the extractor)
EXTRACTORS: dict[str, tuple[str, Callable[[], Extractor]]] = {
    "cleaner": ("cleaner", _cleaner),
    "trafilatura": ("trafilatura", _trafilatura),
    "trafilatura precision": ("trafilatura", _trafilatura_precision),
    "readability-lxml": ("readability", _readability),
    "resiliparse": ("resiliparse", _resiliparse),
    "newspaper4k": ("newspaper", _newspaper),
    "goose3": ("goose3", _goose),
    "jusText": ("justext", _justext),
    PARSE_ONLY: ("lxml", _parse_only),
}


def run(folder: str, sets: Sequence[str] = (), limit: int = 0, peers: Sequence[str] = ()) -> list[Row]:
    """Measure and print a table; ``peers`` names extractors, none means all that are installed.

    Raises ``FileNotFoundError`` where ``folder`` holds no gold pages, ``ValueError`` for an unknown peer.
    """
    unknown = sorted(set(peers) - set(EXTRACTORS))
    if unknown:
        raise ValueError(f"unknown peers {unknown}; choose from: {', '.join(EXTRACTORS)}")
    next(read_gold(folder, sets))
    installed = [name for name, (module, _) in EXTRACTORS.items() if importlib.util.find_spec(module)]
    chosen = [name for name in installed if not peers or name in peers or name == "cleaner"]
    rows: list[Row] = []
    for name in chosen:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            rows += pool.submit(_measure, name, folder, tuple(sets), limit).result()
    _print(rows)
    return rows


def _measure(name: str, folder: str, sets: tuple[str, ...], limit: int) -> list[Row]:
    """Run one extractor over all pages; called in a process of its own."""
    extract = EXTRACTORS[name][1]()
    pages = list(_limited(read_gold(folder, sets), limit))
    _timed(extract, b"<html><body><p>The first call loads what is loaded late.</p></body></html>")
    base = _peak_mb()
    found: dict[str, list[tuple[Scores, float]]] = {}
    for page in track(pages, description=name, console=Console(stderr=True), transient=True):
        text, spent = _timed(extract, page.html)
        found.setdefault(page.set, []).append((score(page, text), spent))
    peak = _peak_mb() - base
    return [_row(name, set_, rows, peak) for set_, rows in found.items()]


def _limited(pages: Iterator[GoldPage], limit: int) -> Iterator[GoldPage]:
    counts: dict[str, int] = {}
    for page in pages:
        counts[page.set] = counts.get(page.set, 0) + 1
        if not limit or counts[page.set] <= limit:
            yield page


def _timed(extract: Extractor, html: bytes) -> tuple[str, float]:
    start = time.perf_counter()
    try:
        text = extract(html)
    except Exception as error:  # a peer that fails on a page has extracted nothing
        print(f"{type(error).__name__}: {error}"[:200], file=sys.stderr)
        text = ""
    return text, time.perf_counter() - start


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def _row(name: str, set_: str, rows: Sequence[tuple[Scores, float]], peak: float) -> Row:
    scores = [row[0] for row in rows]
    return Row(
        extractor=name,
        set=set_,
        pages=len(rows),
        precision=mean(s.precision for s in scores),
        recall=mean(s.recall for s in scores),
        mean_f1=mean(s.f1 for s in scores),
        exact=mean(s.exact for s in scores),
        milliseconds=mean(row[1] for row in rows) * 1e3,
        peak_mb=peak,
    )


def _print(rows: Sequence[Row]) -> None:
    table = Table("extractor", "set", "pages", "precision", "recall", "meanF1", "exact", "ms/page", "peak MB")
    for row in rows:
        shares = (row.precision, row.recall, row.mean_f1, row.exact)
        quality = ["" if row.extractor == PARSE_ONLY else f"{share:.3f}" for share in shares]
        table.add_row(row.extractor, row.set, str(row.pages), *quality, f"{row.milliseconds:.1f}", f"{row.peak_mb:.0f}")
    Console(width=110).print(table)
