"""Observations that decide alone, each with its counter-example. Start reading at :data:`HEURISTICS`.

Most shape and place is weighed (:mod:`cleaner.evidence`); what stands here are the few patterns
that are as good as wording. A heuristic is a function from a document to signals, like a rule; to
add one, write the function and name it in the tuple.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from cleaner.document import Block, Document, Signal
from cleaner.evidence import PROSE_WORDS
from cleaner.readers.text import TERMINAL

__all__ = ["HEURISTICS", "run_heuristics"]

ELLIPSES = ("…", "...")
# A truncated echo is at least so long; shorter beginnings agree by chance.
ECHO_CHARS = 30
HEADLINE_CHARS = 140
NAME_CHARS = 40

# So many teasers of headline, bar and summary; of so many words at least.
TEASERS, HEADLINE_WORDS, SUMMARY_WORDS = 3, 3, 6

# The unrelated tail: so many blocks in a row, late in the page, each about something else.
TAIL_RUN = 3
TAIL_BEGINS = 0.4
# Fewer paragraphs before it tell nothing of how the story hangs together.
TAIL_STORY = 6
TAIL_WORDS = 6
# A block is foreign to the text before it when at most this share of its stems stands there,
UNRELATED = 0.15
# and to its neighbours likewise; the story itself must hang together better than this.
COHERENT = 0.3


def run_heuristics(document: Document, signals: Sequence[Signal]) -> Iterator[Signal]:
    """Yield the signals of every heuristic, in the order of :data:`HEURISTICS`.

    ``signals`` is what rules said of the page; a heuristic may look at the company a block keeps.
    """
    for heuristic in HEURISTICS:
        yield from heuristic(document, signals)


def truncated_echoes(document: Document, _: Sequence[Signal]) -> Iterator[Signal]:
    """A block that breaks off in dots and whose beginning stands again on the page is a teaser.

    So is the headline on top of it. Counter-example: a quotation that trails off; its beginning
    stands nowhere else.
    """
    starts: dict[str, list[int]] = {}
    for block in document.blocks:
        starts.setdefault(block.folded[:ECHO_CHARS], []).append(block.index)
    for block in document.blocks:
        if len(block.text) < ECHO_CHARS + 3 or not block.text.endswith(ELLIPSES):
            continue
        begun = block.folded.rstrip(".… ").rsplit(" ", 1)[0]
        others = starts.get(block.folded[:ECHO_CHARS], ())
        if any(at != block.index and document.blocks[at].folded.startswith(begun) for at in others):
            yield _teaser(block, "echo", "Cut off with dots, and its beginning stands again elsewhere on the page.")
            above = document.blocks[block.index - 1] if block.index else None
            if above is not None and len(above.text) <= HEADLINE_CHARS and above.text[-1] not in TERMINAL:
                yield _teaser(above, "echo-headline", "The headline of a cut-off teaser.")


def bare_names(document: Document, signals: Sequence[Signal]) -> Iterator[Signal]:
    """A name alone on a line beside a credit, caption, date or byline that a rule knows is a byline.

    Counter-example: a subheading that is a name; it stands between paragraphs.
    """
    known = {signal.block for signal in signals if _marks_byline(signal)}
    for block in document.blocks:
        words = block.text.split()
        if not 2 <= len(words) <= 4 or len(block.text) > NAME_CHARS or block.index in known:
            continue
        beside = block.index - 1 in known or block.index + 1 in known
        if beside and all(word[0].isupper() and word[-1].isalpha() and not word.isupper() for word in words):
            why = "A name alone on a line, beside a credit, caption or date."
            yield Signal(block.index, "bare-name", "byline", why, language="shape")


def _marks_byline(signal: Signal) -> bool:
    strong = signal.strength == "strong" and signal.scope == "line"
    return strong and signal.category in ("credit", "caption", "byline", "date")


def barred_teasers(document: Document, signals: Sequence[Signal]) -> Iterator[Signal]:
    """Headline, bar, summary, again and again: teasers of other stories, of whatever they are about.

    The bar stands alone or behind the name of an author. Counter-example: signs between the parts of
    a story; what stands above them ends like a sentence.
    """
    named = {signal.block for signal in signals if signal.source == "byline.bar"}
    found = {
        head.index
        for head, bar, summary in zip(document.blocks, document.blocks[1:], document.blocks[2:], strict=False)
        if (not bar.key or bar.index in named) and _is_headline(head) and len(summary.words) >= SUMMARY_WORDS
    }
    # The story's own headline, author and lead stand apart: more story follows.
    heads = [at for at in sorted(found) if at + 3 in found or at - 3 in found]
    if len(heads) >= TEASERS:
        for at in heads:
            for block in document.blocks[at : at + 3]:
                yield _teaser(block, "barred-teaser", "A headline, a bar and a summary, one of several on the page.")


def _is_headline(block: Block) -> bool:
    return len(block.words) >= HEADLINE_WORDS and len(block.text) <= HEADLINE_CHARS and block.text[-1] not in TERMINAL


def unrelated_tail(document: Document, _: Sequence[Signal]) -> Iterator[Signal]:
    """Late paragraphs that share words neither with the text before nor with each other are teasers.

    They are full sentences and come without any header. Once three in a row have broken with the
    story, what follows to the end goes too, even where it names the same people. Counter-example: a
    story's closing section on something new; its paragraphs hang together.
    """
    prose = [block for block in document.blocks if len(block.text) > 60 and block.folded.count(" ") >= PROSE_WORDS]
    stems = [block.content for block in prose]
    at = _break(stems)
    if at is None:
        return
    for block in document.blocks[prose[at].index :]:
        yield _teaser(block, "unrelated-tail", "After the story's end, in a row of blocks each about something else.")


def _break(stems: Sequence[frozenset[str]]) -> int | None:
    """Where the first run of unrelated blocks begins in the later part; None where there is none."""
    before: set[str] = set()
    shares: list[float] = []
    for own in stems:
        shares.append(len(own & before) / len(own) if own else 1.0)
        before |= own
    first = max(TAIL_STORY, int(len(stems) * TAIL_BEGINS))
    story = sorted(shares[1:first])
    if not story or story[len(story) // 2] < COHERENT:
        return None
    run = 0
    for at in range(first, len(stems)):
        run = run + 1 if _stands_alone(stems, shares, at) else 0
        if run == TAIL_RUN:
            return at - TAIL_RUN + 1
    return None


def _stands_alone(stems: Sequence[frozenset[str]], shares: Sequence[float], at: int) -> bool:
    own = stems[at]
    if len(own) < TAIL_WORDS or shares[at] > UNRELATED:
        return False
    near = (stems[other] for other in (at - 1, at + 1) if other < len(stems))
    return all(len(own & other) <= UNRELATED * len(own) for other in near)


def _teaser(block: Block, name: str, why: str) -> Signal:
    return Signal(block.index, name, "teaser", why, language="shape")


Heuristic = Callable[[Document, Sequence[Signal]], Iterator[Signal]]
HEURISTICS: tuple[Heuristic, ...] = (truncated_echoes, bare_names, barred_teasers, unrelated_tail)
