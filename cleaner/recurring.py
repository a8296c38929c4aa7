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
from hashlib import blake2b

from cleaner.decide import BODY_THRESHOLD, Evidence
from cleaner.document import Block, Document, Signal
from cleaner.evidence import COLUMNS, PROSE_WORDS
from cleaner.profile import MIN_PAGES, Profile, Seen

__all__ = ["block_key", "is_prose", "place_key", "profile_signals"]

# Fewer pages than this show no habit of a site.
LEAST_PAGES = 3
# Shares of the pages from which on a block is furniture: where the library removes it more often than not,
KNOWN_SHARE = 0.1
# where it stands apart from the story, as a line and as prose, and where it stands amid the story.
LINE_SHARE, PROSE_SHARE, INSIDE_SHARE = 0.5, 0.8, 0.9
# A place counts from so many blocks on, when at least this share of them went.
PLACE_BLOCKS, PLACE_GONE = 5, 0.75

# What a never removed line that recurs is called.
DEFAULT_CATEGORY = "navigation"
# Longer keys are cut and told apart by a hash.
KEY_CHARS = 80

_WORDS = COLUMNS.index("words")
_TERMINAL = COLUMNS.index("terminal")


def profile_signals(document: Document, evidence: Evidence, profiles: Sequence[Profile]) -> Iterator[Signal]:
    """Yield what the profiles of the page's site know of its blocks; others are passed over."""
    for profile in profiles:
        if profile.pages >= MIN_PAGES and profile.applies_to(document.host):
            for block in document:
                yield from _of_block(block, evidence, profile)


def _of_block(block: Block, evidence: Evidence, profile: Profile) -> Iterator[Signal]:
    seen = profile.blocks.get(block_key(block))
    if seen and _is_furniture(seen, seen.pages / profile.pages, is_prose(evidence, block.index)):
        yield _signal(block, profile, seen, f"Stands on {seen.pages} of {profile.pages} pages of {profile.site}.")
    place = profile.places.get(place_key(block))
    if place and _gives_away(place, float(evidence.scores[block.index])):
        count = place.kept + place.removed
        why = f"Stands where {place.removed} of {count} blocks on {place.pages} pages of {profile.site} went."
        yield _signal(block, profile, place, why)


def _signal(block: Block, profile: Profile, seen: Seen, why: str) -> Signal:
    category = seen.category or DEFAULT_CATEGORY
    return Signal(block.index, profile.host or "site", category, why, language="profile")


def is_prose(evidence: Evidence, index: int) -> bool:
    """Whether a block is long enough for a sentence and ends like one."""
    row = evidence.matrix[index]
    return bool(row[_WORDS] >= PROSE_WORDS and row[_TERMINAL] > 0)


def _is_furniture(seen: Seen, share: float, prose: bool) -> bool:
    if seen.pages < LEAST_PAGES:
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
