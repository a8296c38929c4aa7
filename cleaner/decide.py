"""Signals and scores become decisions. Start reading at :func:`decide`.

The order of authority: a caller's or pack's *keep* rule, then strong rules, then the score that all
observations together give. Two cares stand over it: long prose that the score is sure of outlives
a strong rule, and a page that would lose more of its prose than the budget allows is decided again
with more care. When in doubt a block stays: a lost paragraph is worse than a kept promo.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from cleaner.document import Block, Document, Signal
from cleaner.evidence import COLUMNS, Matrix
from cleaner.reasons import categorise, reasons
from cleaner.scoring import Weights

__all__ = ["Cut", "Decision", "Evidence", "Policy", "decide"]

# Below this probability of being story a block goes: in text, where less is known of a block, the less
# goes in doubt. Chosen on publishers left out of the fit.
BODY_THRESHOLDS = {"text": 0.3, "html": 0.42}
# The careful version, for pages that would lose too much prose.
CAREFUL_THRESHOLD = 0.08
# A block of so many words that scores so high survives a strong rule of the library.
SURE_WORDS, SURE_SCORE = 30, 0.93
# Under a section header a block that ends like no sentence needs this score; a paragraph of so many
# words that stays ends the section.
SECTION_THRESHOLD = 0.5
SECTION_END_WORDS = 12
# Longer paragraphs are judged as anywhere: headers stand in mid-story, too.
SECTION_PROSE_WORDS = 25
# A caption has a sentence and a credit; with more and this long it is a paragraph.
PROSE_SENTENCES = 2
# So is one of so many words that scores so high in spite of its credit.
CREDITED_SCORE, CREDITED_WORDS = 0.4, 20
# At most this share of the page's prose may go before the careful version is returned.
PROSE_BUDGET = 0.75
# Pages with less prose than this have no budget to exceed.
BUDGET_WORDS = 120

# The rule name of a removal that wording did not decide.
BY_SHAPE = "shape"

_WORDS = COLUMNS.index("words")
_TERMINAL = COLUMNS.index("terminal")
_SENTENCES = COLUMNS.index("sentences")


@dataclass(frozen=True, slots=True)
class Policy:
    """What the caller wants: categories that stay, and how careful to be."""

    keep: frozenset[str] = frozenset()
    threshold: float = BODY_THRESHOLDS["text"]
    budget: float = PROSE_BUDGET


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything known of a page's blocks when decisions fall; rows run parallel to the blocks."""

    language: str | None
    signals: tuple[Signal, ...]
    matrix: Matrix
    scores: Matrix
    weights: Weights


@dataclass(frozen=True, slots=True)
class Cut:
    """A span of the source that goes although its block stays."""

    start: int
    end: int
    category: str
    because: str
    rule: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What happens to one block: kept (perhaps with cuts), removed, or taken as the headline."""

    block: Block
    action: str  # keep, remove or title
    category: str = ""
    because: str = ""
    rule: str = ""
    cuts: tuple[Cut, ...] = ()


def decide(document: Document, evidence: Evidence, policy: Policy) -> tuple[tuple[Decision, ...], tuple[str, ...]]:
    """Decide every block; returns decisions in page order and warnings."""
    decisions = tuple(_decide_all(document, evidence, policy, policy.threshold))
    share = _prose_lost(decisions, evidence)
    if share <= policy.budget:
        return tuple(_explained(decisions, evidence)), ()
    careful = tuple(_decide_all(document, evidence, policy, min(CAREFUL_THRESHOLD, policy.threshold)))
    if _prose_lost(careful, evidence) >= share:
        return tuple(_explained(decisions, evidence)), ()
    warning = (
        f"{share:.0%} of the page's prose would have gone, more than the budget of {policy.budget:.0%}: "
        "the careful version is returned; read `removed` and what was kept"
    )
    return tuple(_explained(careful, evidence)), (warning,)


def _prose_lost(decisions: Sequence[Decision], evidence: Evidence) -> float:
    words = evidence.matrix[:, _WORDS]
    prose = np.where((words >= 12) & (evidence.matrix[:, _TERMINAL] > 0), words, 0.0)
    gone = np.array([decision.action == "remove" for decision in decisions], dtype=bool)
    total = prose.sum()
    return float(prose[gone].sum() / total) if total >= BUDGET_WORDS else 0.0


def _decide_all(document: Document, evidence: Evidence, policy: Policy, threshold: float) -> Iterator[Decision]:
    by_block: list[list[Signal]] = [[] for _ in document.blocks]
    for signal in evidence.signals:
        by_block[signal.block].append(signal)
    goes = _all_that_goes(by_block, evidence, threshold)
    stays = np.flatnonzero(~np.array(goes, dtype=bool))
    first, last = (int(stays[0]), int(stays[-1])) if stays.size else (len(goes), -1)
    section = ""
    for block, signals, gone in zip(document.blocks, by_block, goes, strict=True):
        if not gone:
            section = ""
            yield Decision(block, "keep", cuts=tuple(_cuts(signals, policy)) if signals else ())
            continue
        section = next((s.category for s in signals if s.scope == "heads-section"), section)
        decision = _ruled(block, signals)
        if decision is None:
            outside = (block.index < first, block.index > last)
            category = categorise(block, evidence.matrix[block.index], signals, outside, section)
            decision = Decision(block, "remove", category, "", BY_SHAPE)
        yield decision if decision.category not in policy.keep else Decision(block, "keep")


def _all_that_goes(by_block: Sequence[Sequence[Signal]], evidence: Evidence, threshold: float) -> list[bool]:
    """Block by block, in order: under a section header a block must look more like story to stay."""
    goes = []
    in_section = False
    under_header = max(threshold, SECTION_THRESHOLD) if threshold > CAREFUL_THRESHOLD else threshold
    rows = zip(by_block, evidence.scores.tolist(), evidence.matrix[:, [_WORDS, _TERMINAL]].tolist(), strict=True)
    for index, (signals, score, (words, terminal)) in enumerate(rows):
        doubtful = in_section and words < SECTION_PROSE_WORDS and not terminal
        limit = under_header if doubtful else threshold
        gone = _goes(signals, evidence, index, limit) if signals else score < limit
        if gone and any(signal.scope == "heads-section" and _is_strong(signal) for signal in signals):
            in_section = True
        elif not gone and words >= SECTION_END_WORDS:
            in_section = False
        goes.append(gone)
    return goes


def _goes(signals: Sequence[Signal], evidence: Evidence, index: int, threshold: float) -> bool:
    """Whether a block that rules or heuristics speak of goes."""
    if any(signal.strength == "keep" for signal in signals):
        return False
    score = evidence.scores[index]
    strong = [signal for signal in signals if _is_strong(signal)]
    if strong and _credit_is_cut(signals, strong, evidence, index):
        return False
    if strong:
        sure = evidence.matrix[index, _WORDS] >= SURE_WORDS and score >= SURE_SCORE
        return not sure or any(signal.language == "shape" for signal in strong)
    return bool(score < threshold)


def _credit_is_cut(signals: Sequence[Signal], strong: Sequence[Signal], evidence: Evidence, index: int) -> bool:
    """Paragraphs of several sentences that end in a bracketed credit lose the bracket, not the story."""
    only_photo = all(signal.category in ("caption", "credit") for signal in strong)
    cut = any(signal.scope == "span" and signal.strength == "strong" for signal in signals)
    row = evidence.matrix[index]
    several = row[_SENTENCES] >= PROSE_SENTENCES and row[_WORDS] >= SECTION_PROSE_WORDS
    likely = evidence.scores[index] >= CREDITED_SCORE and row[_WORDS] >= CREDITED_WORDS
    return only_photo and cut and bool(several or likely)


def _is_strong(signal: Signal) -> bool:
    return signal.strength == "strong" and signal.scope != "span"


def _ruled(block: Block, signals: Sequence[Signal]) -> Decision | None:
    """A removed block with the strongest rule as its reason; None where no strong rule speaks of it."""
    for signal in signals:
        if _is_strong(signal):
            return Decision(block, "remove", signal.category, signal.why, f"{signal.language}:{signal.source}")
    return None


def _explained(decisions: Sequence[Decision], evidence: Evidence) -> Iterator[Decision]:
    """Put into words why blocks without a rule went; all at once, as that is far cheaper."""
    rows = [d.block.index for d in decisions if d.rule == BY_SHAPE]
    because = iter(reasons(evidence.weights, evidence.matrix[rows])) if rows else iter(())
    for decision in decisions:
        if decision.rule == BY_SHAPE:
            yield Decision(decision.block, "remove", decision.category, next(because), BY_SHAPE)
        else:
            yield decision


def _cuts(signals: Sequence[Signal], policy: Policy) -> Iterator[Cut]:
    """Spans to cut out of a block that stays, in order and without overlaps."""
    at = -1
    spans = [s for s in signals if s.scope == "span" and s.strength == "strong" and s.category not in policy.keep]
    for signal in sorted(spans, key=lambda signal: (signal.start, -signal.end)):
        if signal.start >= at:
            yield Cut(signal.start, signal.end, signal.category, signal.why, f"{signal.language}:{signal.source}")
            at = signal.end
