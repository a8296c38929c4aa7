"""Which block is the page's own headline, if the page shows one. Start at :func:`find_headline`.

Observation: a headline stands above the story, is short, ends without a full stop, and its words
come back in the first paragraphs. Counter-example: the headline of a teaser on top, which has its
own cut-off summary below it and whose words come back there and not in the lead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleaner.decide import Decision
from cleaner.document import Block, Document
from cleaner.folding import fold, key
from cleaner.readers.text import CLOSING, TERMINAL

__all__ = ["find_headline", "with_headline_taken"]

SHORTEST, LONGEST_BYTES = 5, 330
# A headline may ask or exclaim, but it does not end in a full stop.
FULL_STOPS = frozenset(TERMINAL) - frozenset("?!？！؟") | {""}
# The time of an entry in a live blog.
_TIME = re.compile(r"\d{1,2}[:.h]\d{2}\b")
LEAD_BLOCKS = 4
# So many of the candidate's longer words, cut to their stems, must stand in the lead.
SHARED = 0.25
STEM = 5
# A headline that shares so many stems with the lead needs to share no more than another.
TELLING = 3
# A line of fewer content words above a headline is a kicker.
LONGEST_KICKER = 4
# UTF-8 bytes of a paragraph: some 70 Latin letters, 25 Chinese characters.
SUBSTANTIAL_BYTES = 70
# Longer ones need no full stop; Thai writes none.
SUBSTANTIAL_UNSTOPPED = 250
# A headline stands at most this many blocks above the first paragraph.
REACH = 40


def find_headline(document: Document, decisions: Sequence[Decision]) -> int | None:
    """Index of the headline's block; None where the page shows none."""
    body = [d.block for d in decisions if d.action == "keep" and _is_substantial(d.block)]
    if not body:
        return None
    stated = _stated(document)
    if stated is not None:
        return stated
    first = body[0].index
    lead = {word[:STEM] for block in body[:LEAD_BLOCKS] for word in block.content}
    above = [d for d in decisions[max(0, first - REACH) : first] if _may_be_headline(document, d)]
    told = [d for d in above if _shared(d.block, lead) >= SHARED * len(_stems(d.block))]
    if told:
        return _first_telling(told, lead)
    kept = [d.block.index for d in above if d.action == "keep"]
    return kept[0] if kept else _top_line(document, decisions)


def with_headline_taken(document: Document, decisions: tuple[Decision, ...]) -> tuple[Decision, ...]:
    """The decisions with the headline taken out as title; a second showing of it is removed."""
    at = find_headline(document, decisions)
    if at is None:
        return decisions
    shown = decisions[at].block.key
    return tuple(
        Decision(decision.block, "title")
        if decision.block.index == at
        else Decision(decision.block, "remove", "teaser", "Repeats the page's headline.", "shape:headline")
        if decision.action == "keep" and decision.block.key == shown
        else decision
        for decision in decisions
    )


def _first_telling(told: Sequence[Decision], lead: set[str]) -> int:
    """Of several candidates those that look like story; of these the first that says enough of the lead.

    A kicker above the headline says less, a standfirst below it may say more.
    """
    likely = [decision for decision in told if decision.action == "keep"] or told
    enough = min(max(_shared(decision.block, lead) for decision in likely), TELLING)
    found = next(decision.block for decision in likely if _shared(decision.block, lead) >= enough)
    above = next((d.block for d in told if d.block.index == found.index - 1), None)
    return found.index if above is None or len(above.content) < LONGEST_KICKER else above.index


def _stems(block: Block) -> set[str]:
    return {word[:STEM] for word in block.content}


def _shared(block: Block, lead: set[str]) -> int:
    """How many of the block's stems the lead has too; a single one tells nothing."""
    stems = _stems(block)
    return len(stems & lead) if len(stems) > 1 else -1


def _top_line(document: Document, decisions: Sequence[Decision]) -> int | None:
    """The page's first line, where prose that stays follows at once: a headline that plays with words."""
    follows = len(decisions) > 1 and decisions[1].action == "keep" and _is_substantial(decisions[1].block)
    return 0 if follows and _may_be_headline(document, decisions[0]) else None


def _is_substantial(block: Block) -> bool:
    """A paragraph rather than a line; scripts without blanks say more in fewer characters."""
    size = _bytes(block)
    return size >= SUBSTANTIAL_BYTES and (size > SUBSTANTIAL_UNSTOPPED or _ends_like_a_sentence(block))


def _bytes(block: Block) -> int:
    return len(block.text.encode("utf-8", "replace"))


def _ends_like_a_sentence(block: Block) -> bool:
    return block.text.rstrip(CLOSING)[-1:] in FULL_STOPS


def _stated(document: Document) -> int | None:
    """The block that shows a headline which the page states of itself, with or without the site's name."""
    stated = [key(fold(title)) for title in document.stated_titles]
    for block in document.blocks:
        shown = block.key
        if shown and (shown in stated or (len(shown) > 25 and any(title.startswith(shown) for title in stated))):
            return block.index
    return None


def _may_be_headline(document: Document, decision: Decision) -> bool:
    block = decision.block
    if (decision.rule and decision.rule != "shape") or decision.cuts:
        return False
    if len(block.text) < SHORTEST or _bytes(block) > LONGEST_BYTES or _TIME.match(block.text):
        return False
    if _ends_like_a_sentence(block) or block.text[-1:] in "…:;|":
        return False
    return not _has_cut_off_summary(document.blocks, block)


def _has_cut_off_summary(blocks: Sequence[Block], block: Block) -> bool:
    following = blocks[block.index + 1] if block.index + 1 < len(blocks) else None
    return following is not None and following.text.rstrip().endswith(("…", "..."))
