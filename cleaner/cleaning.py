"""The flow, in four lines, and the public door to it. Start reading at :meth:`Cleaner.clean_text`.

document = read_text(page)                       # readers: a page becomes blocks
evidence = gather(document, ...)                 # rules, observations, scores
decisions = decide(document, evidence, policy)   # what goes, and why
result = build_result(document, decisions, ...)  # text, removals
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from cleaner.assemble import build_result, with_headline
from cleaner.decide import BODY_THRESHOLDS, PROSE_BUDGET, Decision, Evidence, Policy, decide
from cleaner.document import Block, Document, Signal, host_of
from cleaner.evidence import Matrix, observe
from cleaner.headline import with_headline_taken
from cleaner.heuristics import run_heuristics
from cleaner.language import Detector, detect, fitting_languages, foreign_languages
from cleaner.markup import observe_markup
from cleaner.matching import RuleSet, match_rules
from cleaner.pack import CATEGORIES, Pack, builtin_heads, builtin_languages, load_builtin, load_pack
from cleaner.profile import Profile, load_profiles
from cleaner.readers.text import read_text
from cleaner.recurring import profile_signals
from cleaner.result import Result
from cleaner.scoring import load_weights

__all__ = ["Cleaner", "clean", "clean_html", "clean_text"]


@cache
def _detector() -> Detector:
    return Detector.build(builtin_heads())


@cache
def _kin() -> Mapping[str, tuple[str, ...]]:
    return {pack.language: pack.kin for pack in builtin_heads()}


@lru_cache(maxsize=128)
def _rules_for(languages: tuple[str, ...], extra: tuple[Pack, ...], headers: bool) -> RuleSet:
    """The rules of some languages and of a user's packs; with ``headers``, the section headers of all others."""
    builtin = [load_builtin(language) for language in languages if language in builtin_languages()]
    heads = [pack for pack in builtin_heads() if headers and pack.language not in languages]
    return RuleSet.build([*builtin, *extra, *(_whole_lines(pack) for pack in heads)])


def _whole_lines(pack: Pack) -> Pack:
    """The pack with those rules alone that match whole blocks."""
    return replace(pack, rules=tuple(rule for rule in pack.rules if rule.literals))


class Cleaner:
    """A configured cleaner; make one, use it for every page. Immutable, so threads may share it.

    Args:
        keep: categories that stay in the text, such as ``["caption", "byline"]``; with
            ``"headline"`` the page's headline stays, too.
        packs: paths of rule packs of your own (files or folders), beside the built-in ones.
        threshold: probability of being story, 0 to 1, below which a block goes; lower keeps more.
            Default: 0.3 in text and 0.42 in HTML.
        budget: share of the page's prose, 0 to 1, that may go before the careful version is
            returned with a warning.
        metadata: for HTML, also read authors, date, site and the like into ``Result.metadata``.
        profile: what sites repeat (:func:`cleaner.learn`): a profile, the path of one, or a list of
            them. Each is used for pages of its host, and for pages whose address is not known.

    Raises:
        ValueError: an unknown category, or a number outside 0 to 1.
        PackError: a pack that cannot be used.
        ProfileError: a profile that cannot be used, or two of one site.
    """

    def __init__(
        self,
        *,
        keep: Iterable[str] = (),
        packs: Iterable[str | Path] = (),
        threshold: float | None = None,
        budget: float = PROSE_BUDGET,
        metadata: bool = False,
        profile: Profile | str | Path | Iterable[Profile | str | Path] | None = None,
    ) -> None:
        self._metadata = metadata
        self._keep = _categories(keep)
        limits = BODY_THRESHOLDS
        if threshold is not None:
            limits = dict.fromkeys(BODY_THRESHOLDS, _share("threshold", threshold))
        share = _share("budget", budget)
        self._policies = {kind: Policy(self._keep, limit, share) for kind, limit in limits.items()}
        self._packs = tuple(load_pack(file) for path in packs for file in pack_files(Path(path)))
        self._profiles = load_profiles(profile)

    def __repr__(self) -> str:
        return f"Cleaner(keep={sorted(self._keep)}, packs={[pack.name for pack in self._packs]})"

    @property
    def packs(self) -> tuple[Pack, ...]:
        """The rule packs of one's own, loaded."""
        return self._packs

    def clean_text(self, text: str, *, url: str | None = None, language: str | None = None) -> Result:
        """Clean plain text of a news page; ``language`` (ISO 639-1) overrides detection.

        ``url`` tells per-site rules and profiles the host. Raises ``TypeError`` for anything but
        ``str``; never raises for content.
        """
        if not isinstance(text, str):
            raise TypeError(_not_text(text))
        return self._clean(replace(read_text(text), host=host_of(url)), language, "text")

    def clean_html(self, html: Any, *, url: str | None = None, language: str | None = None) -> Result:
        """Clean an HTML page given as str, bytes, BeautifulSoup or lxml element.

        ``url`` tells per-site rules and profiles the host. Raises ``TypeError`` for any other type.
        """
        from cleaner.readers.html import read_html

        result = self._clean(read_html(html, url=url), language, "html")
        if not self._metadata:
            return result
        from cleaner.metadata import read_metadata

        return replace(result, metadata=read_metadata(html, url=url))

    def clean(self, page: Any, *, url: str | None = None, language: str | None = None) -> Result:
        """Clean a page of either kind: bytes, trees and text with tags are read as HTML."""
        if isinstance(page, str) and not looks_like_html(page):
            return self.clean_text(page, url=url, language=language)
        return self.clean_html(page, url=url, language=language)

    def _clean(self, document: Document, language: str | None, kind: str) -> Result:
        evidence = gather(document, kind, language, self._packs, self._profiles)
        decisions, warnings = decide(document, evidence, self._policies[kind])
        result = build_result(document, with_headline_taken(document, decisions), evidence.language, warnings)
        return with_headline(result) if "headline" in self._keep else result


def gather(
    document: Document,
    kind: str,
    language: str | None = None,
    packs: tuple[Pack, ...] = (),
    profiles: Sequence[Profile] = (),
) -> Evidence:
    """Everything that can be known of a document's blocks: language, signals, observations, scores.

    ``kind`` is ``text`` or ``html``; ``language`` overrides detection; ``packs`` stand beside the
    built-in ones.
    """
    language, signals, matrix = _observed(document, kind, language, packs)
    weights = load_weights(kind)
    evidence = Evidence(language, signals, matrix, weights.body(matrix), weights)
    return replace(evidence, signals=(*signals, *profile_signals(document, evidence, profiles)))


def decide_alone(document: Document, kind: str) -> tuple[tuple[Decision, ...], Evidence]:
    """What a default cleaner makes of each block, and by what; what a profile is learned from."""
    evidence = gather(document, kind)
    decisions, _ = decide(document, evidence, Policy(threshold=BODY_THRESHOLDS[kind]))
    return with_headline_taken(document, decisions), evidence


def observe_page(document: Document, kind: str) -> Matrix:
    """A document's observations by built-in packs alone; what the fit starts from."""
    return _observed(document, kind, None, ())[2]


def _observed(
    document: Document, kind: str, language: str | None, packs: tuple[Pack, ...]
) -> tuple[str | None, tuple[Signal, ...], Matrix]:
    """The language, the signals and the observations of a document."""
    votes = _detector().votes(document)
    language = language or detect(document, _detector(), votes) or document.stated_language
    foreign = foreign_languages(document, language, _detector(), votes)
    said = tuple(_signals(document, language, foreign, packs))
    signals = tuple(dict.fromkeys((*said, *run_heuristics(document, said))))
    known = language in builtin_languages()
    function_words = load_builtin(language).function_words if language and known else frozenset()
    matrix = observe(document, signals, function_words, foreign)
    if kind == "html":
        matrix = np.hstack([matrix, observe_markup(document, matrix)])
    return language, signals, matrix


def _signals(
    document: Document, language: str | None, foreign: Sequence[str | None], extra: tuple[Pack, ...]
) -> Iterator[Signal]:
    """Rules that fit the page, headers of every language, rules that fit foreign blocks."""
    yield from match_rules(document, _rules_for(fitting_languages(language, _kin()), extra, headers=True))
    in_language: dict[str, list[Block]] = {}
    for block, code in zip(document.blocks, foreign, strict=True):
        if code:
            in_language.setdefault(code, []).append(block)
    for code in sorted(in_language):
        yield from match_rules(document, _rules_for((code,), (), headers=False), in_language[code])


_TAG = re.compile(
    r"<(?:!doctype|html|head|body|div|p|article|section|span|table|br|a|h[1-6]|ul|img|script|meta)\b[^<>]{0,2000}>",
    re.I,
)


def looks_like_html(text: str) -> bool:
    """Whether text has tags of HTML near its beginning; one stray tag in a long text does not count."""
    head = text[:20_000]
    tags = sum(1 for _ in _TAG.finditer(head))
    return tags >= 3 or (tags > 0 and head.lstrip()[:1] == "<")


def _categories(keep: Iterable[str]) -> frozenset[str]:
    if isinstance(keep, str):
        raise TypeError(f"keep is a list of categories, not the text {keep!r}; write keep=[{keep!r}]")
    chosen = frozenset(keep)
    unknown = sorted(chosen - CATEGORIES - {"headline"})
    if unknown:
        raise ValueError(f"unknown categories {unknown}; choose from: {', '.join(sorted(CATEGORIES))}")
    return chosen


def _share(name: str, value: float) -> float:
    if not 0 <= value <= 1:
        raise ValueError(f"{name} is a share from 0 to 1, not {value!r}")
    return float(value)


def pack_files(path: Path) -> list[Path]:
    return sorted(path.glob("*.toml")) if path.is_dir() else [path]


def _not_text(value: object) -> str:
    if isinstance(value, bytes):
        return "clean_text takes str, not bytes: decode it first, or give HTML bytes to clean_html"
    return f"clean_text takes str, not {type(value).__name__}"


@cache
def _default() -> Cleaner:
    return Cleaner()


def clean_text(text: str, *, url: str | None = None, language: str | None = None) -> Result:
    """Clean plain text with the default :class:`Cleaner`; see :meth:`Cleaner.clean_text`."""
    return _default().clean_text(text, url=url, language=language)


def clean_html(html: Any, *, url: str | None = None, language: str | None = None) -> Result:
    """Clean an HTML page with the default :class:`Cleaner`; see :meth:`Cleaner.clean_html`."""
    return _default().clean_html(html, url=url, language=language)


def clean(page: Any, *, url: str | None = None, language: str | None = None) -> Result:
    """Clean a page of either kind with the default :class:`Cleaner`; see :meth:`Cleaner.clean`."""
    return _default().clean(page, url=url, language=language)
