"""What a profile says of a page's blocks, as signals. Start reading at :func:`profile_signals`.

A block that stands on many pages of a site is its furniture, unless it is story that several pages
quote: an agency's paragraph, a definition, a subheading of every explainer. What tells them apart
is the share of pages, whether the block stands amid the story, its length, and what the library did
with it elsewhere without a profile. Where the markup gives most blocks of a place away (captions,
comments), the rest of that place is judged more strictly.

Profile signals are like a rule's: keep rules outrank them, and long prose that the score is sure of
outlives them (:mod:`cleaner.decide`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from cleaner.decide import BODY_THRESHOLD, BY_SHAPE, Decision, Evidence
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
LINE_SHARE, PROSE_SHARE, INSIDE_SHARE = 0.5, 0.8, 0.9
# A place counts from so many blocks on, when at least this share of them went.
PLACE_BLOCKS, PLACE_GONE = 12, 0.75

# Where a page shows no headline, so many blocks above its first paragraph may be standfirst.
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
            if block.index != story.headline:
                yield from _of_block(block, evidence, profile, story)


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
        likely = evidence.scores >= BODY_THRESHOLD
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
        """Whether a block stands where the standfirst does: between the headline and the first paragraph."""
        above = self.headline if self.headline >= 0 else self.first - LEAD_BLOCKS
        return above <= index <= self.first

    def surrounds(self, index: int) -> bool:
        """Whether a block stands between paragraphs of the story."""
        return self.first < index < self.last


def _of_block(block: Block, evidence: Evidence, profile: Profile, story: Story) -> Iterator[Signal]:
    seen = profile.blocks.get(block_key(block))
    pages = 0 if seen is None else seen.lead if story.leads(block.index) else seen.pages
    if seen and _is_furniture(seen, pages, profile.pages, block.index in story.prose):
        yield _signal(block, profile, seen, f"Stands on {pages} of {profile.pages} pages of {profile.site}.")
    place = profile.places.get(place_key(block))
    if place and _gives_away(place, float(evidence.scores[block.index])):
        count = place.kept + place.removed
        why = f"Stands where {place.removed} of {count} blocks on {place.pages} pages of {profile.site} went."
        yield _signal(block, profile, place, why)


def _signal(block: Block, profile: Profile, seen: Seen, why: str) -> Signal:
    category = seen.category or DEFAULT_CATEGORY
    return Signal(block.index, profile.host or "site", category, why, language="profile")


def _is_furniture(seen: Seen, pages: int, all_pages: int, prose: bool) -> bool:
    share = pages / all_pages
    if pages < LEAST_PAGES:
        return False
    if seen.removed > seen.kept:
        return share >= KNOWN_SHARE
    if 2 * seen.inside > seen.kept:
        return share >= INSIDE_SHARE
    return share >= (PROSE_SHARE if prose else LINE_SHARE)


def _gives_away(place: Seen, score: float) -> bool:
    """Whether a block's own score, weighed by what became of the others in its place, makes it go."""
    if place.pages < LEAST_PAGES or place.kept + place.removed < PLACE_BLOCKS:
        return False
    if place.removed < PLACE_GONE * (place.kept + place.removed):
        return False
    odds = score * (place.kept + 1)
    return odds < BODY_THRESHOLD * (odds + (1 - score) * (place.removed + 1))


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
    """The DOM path with the numbers of generated class names folded; empty in plain text."""
    return _short(re.sub(r"\d+", "#", block.dom.path)) if block.dom else ""


def _short(text: str) -> str:
    """The text, or the end of it that tells it apart: its beginning and a hash."""
    if len(text) <= KEY_CHARS:
        return text
    return f"{text[:KEY_CHARS]}…{blake2b(text.encode('utf-8', 'replace'), digest_size=4).hexdigest()}"
