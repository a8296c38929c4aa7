"""Rules against blocks: a keyword gate, then only the patterns whose keyword is there.

Start reading at :func:`match_rules`. The gate is one pass of an Aho-Corasick automaton over the
folded page (Aho and Corasick 1975, here pyahocorasick); what it costs grows with the page, not
with the number of rules. Rules that match a whole block by a literal phrase need no automaton:
one dictionary look-up a short block finds them, and for that reason headers of sections are found
in every language at once.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import ahocorasick

from cleaner.document import Block, Document, Signal
from cleaner.folding import key
from cleaner.pack import Pack, Rule

__all__ = ["RuleSet", "looks_like_names", "match_rules"]

# Longer blocks are prose: of them only line rules that say so in `longest` see anything.
LONGEST_KEY = 90
# A bracket or tail pattern sees this many folded characters around its keyword, never more.
SPAN_WINDOW = 320


# A phrase that begins its block stands behind at most so many bullets, digits and signs.
BEGINNING = frozenset({"whole", "label", "start"})
LONGEST_LEAD, ANYWHERE = 24, 10**9


@dataclass(frozen=True, slots=True)
class _Wording:
    """One phrase of a rule behind the gate; ``latest`` is the last offset in a block where it may stand."""

    rule: Rule
    phrase: str
    latest: int


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Packs made ready for matching; build it once, use it for every page."""

    whole: dict[str, tuple[Rule, ...]]
    short: tuple[Rule, ...]
    automaton: ahocorasick.Automaton | None
    gated: tuple[tuple[_Wording, ...], ...]

    @classmethod
    def build(cls, packs: Iterable[Pack]) -> RuleSet:
        """Make the rules of ``packs`` ready, in their order."""
        whole: dict[str, tuple[Rule, ...]] = {}
        gated: dict[str, list[_Wording]] = {}
        every = [rule for pack in packs for rule in pack.rules]
        short = tuple(filter(_is_short, every))
        for rule in (rule for rule in every if not _is_short(rule)):
            for phrase in rule.literals:
                whole[key(phrase)] = (*whole.get(key(phrase), ()), rule)
            for word, phrase in rule.wordings():
                begins = rule.match in BEGINNING and word == phrase
                gated.setdefault(word, []).append(_Wording(rule, phrase, LONGEST_LEAD if begins else ANYWHERE))
        automaton = ahocorasick.Automaton()
        for index, word in enumerate(gated):
            automaton.add_word(word, (index, len(word)))
        automaton.make_automaton()
        return cls(whole, short, automaton if gated else None, tuple(map(tuple, gated.values())))


def match_rules(document: Document, rules: RuleSet) -> Iterator[Signal]:
    """Yield a signal for every rule of ``rules`` that matches a block, in page order by block."""
    yield from _whole_blocks(document, rules)
    yield from _short_blocks(document, rules)
    if rules.automaton is None:
        return
    starts = [block.fold_start for block in document.blocks]
    said: set[tuple[int, str, str]] = set()  # a line rule speaks of a block once
    for end, (index, length) in rules.automaton.iter(document.folded):
        number = bisect_right(starts, end - length + 1) - 1
        if number < 0:
            continue
        block = document.blocks[number]
        at = end - length + 1 - block.fold_start
        size = len(block.folded)
        for wording in rules.gated[index]:
            rule = wording.rule
            spans = rule.scope == "span"
            if at > wording.latest or (not spans and (size > rule.longest or (number, rule.language, rule.id) in said)):
                continue
            for signal in _wording_signals(wording, block, document, at):
                said.add((number, rule.language, rule.id))
                yield signal


def _whole_blocks(document: Document, rules: RuleSet) -> Iterator[Signal]:
    for block in document.blocks:
        if len(block.folded) <= LONGEST_KEY:
            for rule in rules.whole.get(key(block.folded), ()):
                if _fits_host(rule, document):
                    yield _signal(rule, block)


def _is_short(rule: Rule) -> bool:
    """Rules of short lines whose keywords are digits or signs: trying them costs less than the gate."""
    return bool(rule.written) and rule.longest <= LONGEST_KEY and max(map(len, rule.keywords)) <= 2


def _short_blocks(document: Document, rules: RuleSet) -> Iterator[Signal]:
    for block in document.blocks:
        size = len(block.folded)
        if size <= LONGEST_KEY:
            for rule in rules.short:
                if size <= rule.longest:
                    yield from _wording_signals(_Wording(rule, "", ANYWHERE), block, document, 0)


def _wording_signals(wording: _Wording, block: Block, document: Document, at: int) -> Iterator[Signal]:
    """What one wording says of one block, its keyword standing at folded offset ``at`` in the block."""
    rule = wording.rule
    pattern = rule.pattern(wording.phrase)
    if rule.scope == "span":
        start = max(0, at - SPAN_WINDOW // 4)
        for match in pattern.finditer(block.folded, start, min(at + SPAN_WINDOW, len(block.folded))):
            if match.end() > at and _names_hold(match, block, document) and _fits_host(rule, document):
                yield _signal(rule, block, document, match)
                return
        return
    found = pattern.search(block.folded)
    if found and _names_hold(found, block, document) and _fits_host(rule, document):
        yield _signal(rule, block)


def _fits_host(rule: Rule, document: Document) -> bool:
    return not rule.hosts or any(document.host == host or document.host.endswith("." + host) for host in rule.hosts)


def _signal(rule: Rule, block: Block, document: Document | None = None, match: re.Match[str] | None = None) -> Signal:
    start, end = -1, -1
    if document is not None and match is not None:
        start, end = (min(int(document.origins[block.fold_start + at]), block.end) for at in match.span())
    return Signal(block.index, rule.id, rule.category, rule.why, rule.strength, rule.scope, start, end, rule.language)


_NAME_WORD = re.compile(r"[^\W\d_]+")
_SMALL_WORDS = 3


def _names_hold(match: re.Match[str], block: Block, document: Document) -> bool:
    """Whether every ``@`` of a phrase holds what looks like a name in the page's own spelling."""
    if not match.re.groups or match.re.flags & re.VERBOSE:
        return True
    spans = [match.span(group) for group in range(1, match.re.groups + 1)]
    return all(
        looks_like_names(
            document.source[
                int(document.origins[block.fold_start + start]) : int(document.origins[block.fold_start + end])
            ]
        )
        for start, end in spans
        if start >= 0
    )


def _has_case(letter: str) -> bool:
    # Georgian letters have capitals in Unicode, but nobody writes names with them.
    return (letter.islower() or letter.isupper()) and not "\u10a0" <= letter <= "\u10ff"


def looks_like_names(text: str) -> bool:
    """Whether every longer word begins with a capital; unicameral scripts pass by shortness.

    >>> looks_like_names("Anna van den Berg and Li Wei"), looks_like_names("the end of the year")
    (True, False)
    """
    words = _NAME_WORD.findall(text)
    if not words:
        return False
    if not any(_has_case(word[0]) for word in words):
        return len(words) <= 5 and len(text) <= 40
    capitals = sum(word[0].isupper() for word in words)
    small = sum(len(word) <= _SMALL_WORDS and word[0].islower() for word in words)
    return bool(capitals and capitals + small == len(words))
