"""The one measuring that ``cleaner benchmark`` and ``cleaner evaluate`` share. Start at :func:`measure_all`.

Every extractor runs in a process of its own, so that its memory is its own, nothing that one
imports slows another, and one that crashes takes nothing down; times are taken page by page around
the call alone. Quality is counted as the article-extraction-benchmark does
(:func:`cleaner.quality.score`).
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from statistics import mean

from rich.console import Console
from rich.progress import track

from cleaner.extractors import Extractor, Settings, make
from cleaner.goldpages import GoldError, GoldPage, read_gold_or_errors
from cleaner.quality import Scores, differences, score, tokens

__all__ = ["Measured", "PageScore", "Row", "Source", "errors_in", "measure_all", "pages_of", "rows_of", "words_in"]

# A page that loses less of its body than this counts as intact.
INTACT_RECALL = 0.99


@dataclass(frozen=True, slots=True)
class Source:
    """Where the gold pages are, and which of them count: some sets, at most ``limit`` pages a set."""

    folder: str
    sets: tuple[str, ...] = ()
    limit: int = 0
    settings: Settings = field(default_factory=Settings)


@dataclass(frozen=True, slots=True)
class PageScore:
    """One extractor on one page; ``lost`` are lines of the body, ``junk`` lines that are no body."""

    set: str
    id: str
    kind: str
    scores: Scores
    seconds: float
    lost: tuple[str, ...]
    junk: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """One extractor on all pages of the kinds it takes. ``fault`` says why there are none."""

    extractor: str
    pages: tuple[PageScore, ...] = ()
    peak_mb: float = 0.0
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One extractor on the pages of one kind of one set: means over pages, sums of words.

    ``intact`` is the share of pages that lose less than a hundredth of their body.
    """

    extractor: str
    set: str
    kind: str
    pages: int
    precision: float
    recall: float
    mean_f1: float
    exact: float
    intact: float
    lost_words: int
    junk_words: int
    milliseconds: float
    peak_mb: float


def errors_in(source: Source) -> list[GoldError]:
    """What is wrong with pages that cannot be used; raises ``FileNotFoundError`` where there are no pages at all."""
    return [page for page in read_gold_or_errors(source.folder, source.sets) if isinstance(page, GoldError)]


def pages_of(source: Source) -> Iterator[GoldPage]:
    """The pages that count; those that cannot be used are :func:`errors_in`'s to tell."""
    counts: dict[str, int] = {}
    for page in read_gold_or_errors(source.folder, source.sets):
        if isinstance(page, GoldError):
            continue
        counts[page.set] = counts.get(page.set, 0) + 1
        if not source.limit or counts[page.set] <= source.limit:
            yield page


def measure_all(names: Sequence[str], source: Source) -> Iterator[Measured]:
    """Run one extractor after the other, each in a process of its own."""
    for name in names:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            try:
                yield pool.submit(_measure, name, source).result()
            except Exception as error:  # whatever ails a peer, the others still count
                yield Measured(name, fault=f"{name}: left out, as it failed ({type(error).__name__}: {error})")


def _measure(name: str, source: Source) -> Measured:
    """Run one extractor over all pages; called in a process of its own."""
    extractors = {kind: make(name, kind, source.settings) for kind in ("html", "text")}
    pages = list(pages_of(source))
    for kind, extract in extractors.items():
        if extract is not None and any(page.kind == kind for page in pages):
            _timed(extract, _FIRST_CALL[kind])
    base = _peak_mb()
    scores = []
    console = Console(stderr=True)
    for page in track(pages, description=name, console=console, transient=True, disable=not console.is_terminal):
        if (extract := extractors[page.kind]) is not None:
            scores.append(_page_score(page, extract))
    return Measured(name, tuple(scores), _peak_mb() - base)


# The first call loads what is loaded late; its time and memory are no page's.
_FIRST_CALL: dict[str, bytes | str] = {
    "html": b"<html><body><p>The first call loads what is loaded late.</p></body></html>",
    "text": "The first call loads what is loaded late.",
}


def _page_score(page: GoldPage, extract: Extractor) -> PageScore:
    text, spent = _timed(extract, page.source)
    return PageScore(page.set, page.id, page.kind, score(page, text), spent, *differences(page, text))


def _timed(extract: Extractor, page: bytes | str) -> tuple[str, float]:
    start = time.perf_counter()
    try:
        text = extract(page)
    except Exception as error:  # a peer that fails on a page has extracted nothing
        print(f"{type(error).__name__}: {error}"[:200], file=sys.stderr)
        text = ""
    return text, time.perf_counter() - start


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def rows_of(measured: Measured) -> Iterator[Row]:
    """Sum up an extractor's pages, one row for each set and kind of page."""
    groups: dict[tuple[str, str], list[PageScore]] = {}
    for page in measured.pages:
        groups.setdefault((page.set, page.kind), []).append(page)
    for (set_, kind), pages in groups.items():
        yield _row(measured, set_, kind, pages)


def _row(measured: Measured, set_: str, kind: str, pages: Sequence[PageScore]) -> Row:
    return Row(
        extractor=measured.extractor,
        set=set_,
        kind=kind,
        pages=len(pages),
        precision=mean(page.scores.precision for page in pages),
        recall=mean(page.scores.recall for page in pages),
        mean_f1=mean(page.scores.f1 for page in pages),
        exact=mean(page.scores.exact for page in pages),
        intact=mean(float(page.scores.recall > INTACT_RECALL) for page in pages),
        lost_words=words_in(line for page in pages for line in page.lost),
        junk_words=words_in(line for page in pages for line in page.junk),
        milliseconds=mean(page.seconds for page in pages) * 1e3,
        peak_mb=measured.peak_mb,
    )


def words_in(lines: Iterator[str] | Sequence[str]) -> int:
    """The words (in scripts without blanks: characters) of ``lines``."""
    return sum(len(tokens(line)) for line in lines)
