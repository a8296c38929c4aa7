"""What is measured: this library and, where they are installed, its peers. Start at :data:`EXTRACTORS`."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["CLEANER", "EXTRACTORS", "PARSE_ONLY", "Extractor", "Settings", "chosen", "make"]

Extractor = Callable[[Any], str]  # bytes of HTML, or a text, to the story
CLEANER = "cleaner"
PARSE_ONLY = "parse only"
LONG_LINE = 12


@dataclass(frozen=True, slots=True)
class Settings:
    """How the cleaner that is measured is set up."""

    keep: tuple[str, ...] = ()
    packs: tuple[str, ...] = ()


def _cleaner(settings: Settings, kind: str) -> Extractor:
    """This library's extractor for pages of ``kind``; raises what :class:`cleaner.Cleaner` does."""
    from cleaner import Cleaner

    cleaner = Cleaner(keep=settings.keep, packs=settings.packs)
    clean = cleaner.clean_html if kind == "html" else cleaner.clean_text
    return lambda page: clean(page).text


def _long_lines() -> Extractor:
    """What many pipelines do to text: lines of a dozen words stay."""
    return lambda text: "\n".join(line for line in text.splitlines() if len(line.split()) >= LONG_LINE)


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


# kind of page -> name -> (module that must be installed, how to make the extractor)
EXTRACTORS: dict[str, dict[str, tuple[str, Callable[[], Extractor]]]] = {
    "html": {
        "trafilatura": ("trafilatura", _trafilatura),
        "trafilatura precision": ("trafilatura", _trafilatura_precision),
        "readability-lxml": ("readability", _readability),
        "resiliparse": ("resiliparse", _resiliparse),
        "newspaper4k": ("newspaper", _newspaper),
        "goose3": ("goose3", _goose),
        "jusText": ("justext", _justext),
        PARSE_ONLY: ("lxml", _parse_only),
    },
    "text": {
        "all lines": ("cleaner", lambda: str),
        "long lines": ("cleaner", _long_lines),
    },
}


def make(name: str, kind: str, settings: Settings) -> Extractor | None:
    """The extractor ``name`` for pages of ``kind``; None where it takes none of them."""
    if name == CLEANER:
        return _cleaner(settings, kind)
    maker = EXTRACTORS[kind].get(name)
    return maker[1]() if maker else None


def chosen(peers: Sequence[str]) -> list[str]:
    """This library and the installed ones of ``peers``; none named means all, ``none`` means no peer.

    Raises ``ValueError`` for a name that is unknown.
    """
    modules = {name: module for extractors in EXTRACTORS.values() for name, (module, _) in extractors.items()}
    unknown = sorted(set(peers) - set(modules) - {CLEANER, "none"})
    if unknown:
        raise ValueError(f"unknown peers {unknown}; choose from: {', '.join(modules)}, none")
    wanted = [name for name in modules if not peers or name in peers]
    return [CLEANER, *(name for name in wanted if importlib.util.find_spec(modules[name]))]
