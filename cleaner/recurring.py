"""What a profile says of a page's blocks, as signals. Start reading at :func:`profile_signals`.

A block that stands on many pages of a site is its furniture, unless it is story that several pages
quote: an agency's paragraph, a definition, a subheading of every explainer. What tells them apart
is the share of pages, whether the block stands amid the story, its length, and what the library did
with it elsewhere without a profile. A headline that other pages list is not furniture of its own
page, nor is its standfirst: of a block in the headline's place, or in another place of the markup,
only the pages count on which it stood there, too.

Profile signals are like a rule's: keep rules outrank them, and long prose that the score is sure of
outlives them (:mod:`cleaner.decide`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from sys import intern

import numpy as np

from cleaner.decide import BODY_THRESHOLDS, BY_SHAPE, Decision, Evidence
from cleaner.document import Block, Document, Signal
from cleaner.evidence import COLUMNS, PROSE_WORDS
from cleaner.headline import find_headline
from cleaner.profile import MIN_PAGES, Profile, Seen

__all__ = ["Story", "block_key", "place_key", "profile_signals"]

# Fewer pages than this show no habit of a site.
LEAST_PAGES = 3
# Shares of the pages from which on a block is furniture: where the library removes it more often than not,
KNOWN_SHARE = 0.1
# where it stands apart from the story, as a line and as prose, and where it stands amid the story.
LINE_SHARE, PROSE_SHARE, INSIDE_SHARE = 0.5, 0.6, 0.9
# Prose that scores so high is no furniture amid or atop the story, however often it stands; elsewhere it
# takes this share.
SURE, SURE_SHARE, NEVER = 0.9, 0.8, 2.0
# A block that scores less than this needs only this part of the share.
DOUBTFUL, DOUBTED = 0.6, 0.7
# So many blocks above the first paragraph may be headline and standfirst, even where none is recognised.
LEAD_BLOCKS = 3

# What a never removed line that recurs is called.
DEFAULT_CATEGORY = "navigation"
# Longer keys are cut and told apart by a hash.
KEY_CHARS = 80

_WORDS = COLUMNS.index("words")
_TERMINAL = COLUMNS.index("terminal")


def profile_signals(document: Document, evidence: Evidence, profiles: Sequence[Profile]) -> Iterator[Signal]:
    """Yield what the profiles of the page's site know of its blocks; others are passed over."""
    fitting = [p for p in profiles if p.pages >= MIN_PAGES and p.applies_to(document.host)]
    if not fitting:
        return
    story = Story.of(document, evidence)
    for profile in fitting:
        for block in document:
            yield from _of_block(block, float(evidence.scores[block.index]), profile, story)


@dataclass(frozen=True, slots=True)
class Story:
    """Where a page's story seems to stand: the headline (-1 where none is), first and last paragraph."""

    headline: int
    first: int
    last: int
    prose: frozenset[int]

    @classmethod
    def of(cls, document: Document, evidence: Evidence) -> Story:
        """The story as the scores alone see it."""
        likely = evidence.scores >= BODY_THRESHOLDS["text"]
        alone = [
            Decision(block, "keep" if kept else "remove", rule=BY_SHAPE)
            for block, kept in zip(document, likely, strict=True)
        ]
        headline = find_headline(document, alone)
        matrix = evidence.matrix
        is_prose = (matrix[:, _WORDS] >= PROSE_WORDS) & (matrix[:, _TERMINAL] > 0)
        story = np.flatnonzero(is_prose & likely)
        story = story[story > headline] if headline is not None else story
        ends = (int(story[0]), int(story[-1])) if story.size else (-1, -1)
        return cls(-1 if headline is None else headline, *ends, frozenset(np.flatnonzero(is_prose).tolist()))

    def leads(self, index: int) -> bool:
        """Whether a block stands where headline and standfirst do, down to the first paragraph."""
        near = self.first - LEAD_BLOCKS
        return (min(near, self.headline) if self.headline >= 0 else near) <= index <= self.first

    def surrounds(self, index: int) -> bool:
        """Whether a block stands between paragraphs of the story."""
        return self.first < index < self.last


def _of_block(block: Block, score: float, profile: Profile, story: Story) -> Iterator[Signal]:
    seen = profile.blocks.get(block_key(block))
    if seen is None:
        return
    leads = story.leads(block.index)
    pages = seen.lead if leads else seen.pages
    if block.dom and seen.at:
        pages = min(pages, seen.at.get(place_key(block), 0))
    share = _share_needed(seen, score, leads, block.index in story.prose)
    if pages >= LEAST_PAGES and pages >= profile.pages * share:
        why = f"Stands on {pages} of {profile.pages} pages of {profile.site}."
        category = seen.category or DEFAULT_CATEGORY
        yield Signal(block.index, profile.host or "site", category, why, language="profile")


def _share_needed(seen: Seen, score: float, leads: bool, prose: bool) -> float:
    """The share of the site's pages that makes a block its furniture."""
    amid = 2 * seen.inside > seen.kept
    if prose and score >= SURE:
        return NEVER if amid or leads else SURE_SHARE
    if seen.removed > seen.kept:
        return KNOWN_SHARE
    share = INSIDE_SHARE if amid or (prose and leads) else PROSE_SHARE if prose else LINE_SHARE
    return share * (DOUBTED if score < DOUBTFUL else 1.0)


_NUMBER = r"\d[\d.,:/\-]*"
# A day, a month in words of any language and a year, in either order, with a weekday in front.
_DATE = re.compile(
    r"(?:\b[^\W\d]{2,},\s)?(?:\b\d{1,2}\.?\s(?:de\s)?[^\W\d]{3,}\.?,?\s(?:de\s)?\d{4}\b"
    r"|\b[^\W\d]{3,}\.?\s\d{1,2},?\s\d{4}\b)"
)
_NUMBERS = re.compile(rf"{_NUMBER}(?:\s{_NUMBER})*")
_EDGES = re.compile(r"^[^\w#]+|[^\w#]+$")
_LETTER = re.compile(r"[^\W\d_]")


def block_key(block: Block) -> str:
    """What a block is counted under: folded, numbers and dates as ``#``; empty where no letter is left.

    Runs of numbers count as one, so that ``12 May 2024, 08:30`` and ``3 June 2024, 19:05`` agree.
    """
    text = block.folded.strip()
    text = _EDGES.sub("", _NUMBERS.sub("#", _DATE.sub("#", text)))
    return _short(text) if _LETTER.search(text) else ""


def place_key(block: Block) -> str:
    """A block's place in the markup, the numbers of generated class names folded; empty in plain text."""
    return intern(_short(re.sub(r"\d+", "#", block.dom.signature))) if block.dom else ""


def _short(text: str) -> str:
    """The text, or the end of it that tells it apart: its beginning and a hash."""
    if len(text) <= KEY_CHARS:
        return text
    return f"{text[:KEY_CHARS]}…{blake2b(text.encode('utf-8', 'replace'), digest_size=4).hexdigest()}"
