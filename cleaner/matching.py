"""Rules against blocks: a keyword gate, then only the patterns whose keyword is there.

Start reading at :func:`match_rules`. The gate is one pass of an Aho-Corasick automaton over the
folded page (Aho and Corasick 1975, here pyahocorasick); what it costs grows with the page, not
with the number of rules. Rules that match a whole block by a literal phrase need no automaton:
one dictionary look-up a short block finds them, and for that reason headers of sections are found
in every language at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import ahocorasick

from cleaner.document import Block, Document, Signal
from cleaner.folding import key
from cleaner.pack import BEGINNING, Pack, Rule

__all__ = ["RuleSet", "looks_like_names", "match_rules"]

# Longer blocks are prose: of them only line rules that say so in `longest` see anything.
LONGEST_KEY = 90
# A bracket or tail pattern sees this many folded characters around its keyword, never more.
SPAN_WINDOW = 320


# A phrase that begins its block stands behind at most so many bullets, digits and signs.
LONGEST_LEAD, ANYWHERE = 24, 10**9
# So many characters a number in a phrase takes at most.
LONGEST_NUMBER = 12
# Beside a keyword that is bounded, these are more of the word.
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")


@dataclass(frozen=True, slots=True)
class _Wording:
    """One phrase of a rule behind the gate; ``latest`` is the last offset in a block where it may stand."""

    rule: Rule
    phrase: str
    latest: int


@dataclass(frozen=True, slots=True)
class _Gate:
    """A keyword and the wordings behind it. ``before`` and ``after``: no letter may stand there."""

    length: int
    before: bool
    after: bool
    wordings: tuple[_Wording, ...]

    @classmethod
    def of(cls, word: str, wordings: Sequence[_Wording]) -> _Gate:
        bounds = [_bounds(word, wording.phrase) for wording in wordings]
        return cls(len(word), all(b for b, _ in bounds), all(a for _, a in bounds), tuple(wordings))


def _latest(rule: Rule, word: str, phrase: str) -> int:
    """The last offset in a block at which ``word`` can be the keyword of ``phrase``."""
    at = phrase.find(word)
    if rule.match not in BEGINNING or at < 0 or "*" in phrase[:at] or "@" in phrase[:at]:
        return ANYWHERE
    return LONGEST_LEAD + at + LONGEST_NUMBER * phrase.count("#", 0, at)


def _bounds(word: str, phrase: str) -> tuple[bool, bool]:
    """Whether a keyword's first and last letter end a word of its phrase, so that no letter may follow them."""
    at, end = phrase.find(word), phrase.find(word) + len(word)
    before = at >= 0 and word[0] in _LETTERS and phrase[max(0, at - 1) : at] in ("", " ")
    after = at >= 0 and word[-1] in _LETTERS and phrase[end : end + 1] in ("", " ")
    return before, after


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Packs made ready for matching; build it once, use it for every page."""

    whole: dict[str, tuple[Rule, ...]]
    short: tuple[tuple[Rule, re.Pattern[str]], ...]  # with what finds the rule's keywords
    automaton: ahocorasick.Automaton | None

    @classmethod
    def build(cls, packs: Iterable[Pack]) -> RuleSet:
        """Make the rules of ``packs`` ready, in their order."""
        whole: dict[str, tuple[Rule, ...]] = {}
        gated: dict[str, list[_Wording]] = {}
        every = [rule for pack in packs for rule in pack.rules]
        short = tuple((rule, _any_of(rule.keywords)) for rule in every if _is_short(rule))
        for rule in (rule for rule in every if not _is_short(rule)):
            for phrase in rule.literals:
                whole[key(phrase)] = (*whole.get(key(phrase), ()), rule)
            for word, phrase in rule.wordings():
                gated.setdefault(word, []).append(_Wording(rule, phrase, _latest(rule, word, phrase)))
        automaton = ahocorasick.Automaton()
        for word, wordings in gated.items():
            automaton.add_word(word, _Gate.of(word, wordings))
        automaton.make_automaton()
        return cls(whole, short, automaton if gated else None)


def match_rules(document: Document, rules: RuleSet, blocks: Sequence[Block] | None = None) -> Iterator[Signal]:
    """Yield a signal for every rule of ``rules`` that matches one of ``blocks``, all where none are given."""
    blocks = document.blocks if blocks is None else blocks
    yield from _whole_blocks(document, rules, blocks)
    yield from _short_blocks(document, rules, blocks)
    for block in blocks:
        yield from _gated(block, document, rules)


def _gated(block: Block, document: Document, rules: RuleSet) -> Iterator[Signal]:
    """Rules whose keyword stands in the block."""
    said: set[tuple[str, str]] = set()  # a line rule speaks of a block once
    tried: set[int] = set()  # and its wordings are tried once, as they do not depend on where the keyword stands
    for at, gate in _hits(block.folded, rules):
        for wording in gate.wordings:
            rule = wording.rule
            if at > wording.latest:
                continue
            if rule.scope != "span":
                if len(block.folded) > rule.longest or id(wording) in tried or (rule.language, rule.id) in said:
                    continue
                tried.add(id(wording))
            for signal in _wording_signals(wording, block, document, at):
                said.add((rule.language, rule.id))
                yield signal


def _hits(folded: str, rules: RuleSet) -> Iterator[tuple[int, _Gate]]:
    """Where keywords stand in a block; not as parts of longer words, if their phrases end there."""
    if rules.automaton is None:
        return
    padded = folded + " "
    for end, gate in rules.automaton.iter(folded):
        at = end - gate.length + 1
        if not (gate.before and padded[at - 1] in _LETTERS) and not (gate.after and padded[end + 1] in _LETTERS):
            yield at, gate


def _whole_blocks(document: Document, rules: RuleSet, blocks: Sequence[Block]) -> Iterator[Signal]:
    for block in blocks:
        if len(block.folded) <= LONGEST_KEY:
            for rule in rules.whole.get(block.key, ()):
                if _fits_host(rule, document):
                    yield _signal(rule, block)


def _is_short(rule: Rule) -> bool:
    """Rules of short lines whose keywords are digits or signs: trying them costs less than the gate."""
    return bool(rule.written) and rule.longest <= LONGEST_KEY and max(map(len, rule.keywords)) <= 2


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, words)))


def _short_blocks(document: Document, rules: RuleSet, blocks: Sequence[Block]) -> Iterator[Signal]:
    for block in blocks:
        size = len(block.folded)
        if size <= LONGEST_KEY:
            for rule, keywords in rules.short:
                # Without a word in it a block is all signs, of which keywords cannot list every one.
                if size <= rule.longest and (not block.key or keywords.search(block.folded)):
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
    # A date that is a heading may head an entry of a chronology: there it is a hint.
    strength = "weak" if rule.category == "date" and block.kind == "heading" else rule.strength
    return Signal(block.index, rule.id, rule.category, rule.why, strength, rule.scope, start, end, rule.language)


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
