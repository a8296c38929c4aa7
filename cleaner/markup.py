"""What the markup says of each block, as numbers. Start reading at :func:`observe_markup`.

These columns stand beside those of :mod:`cleaner.evidence` when the page is HTML: the element and
its ancestors, the words of class and id attributes, link share, and how much of the page's prose
shares the block's parent, grandparent and signature (siblings of one make are of one kind, as in
Vieira et al. 2006 and the sub-tree methods after them).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from cleaner.document import Document, Dom
from cleaner.evidence import COLUMNS, PROSE_WORDS, Matrix
from cleaner.folding import fold, key
from cleaner.vocabulary import GROUPS, INSIDE

__all__ = ["MARKUP_COLUMNS", "observe_markup"]

_TAGS = ("p", "h1", "h2", "h3", "h4", "li", "div", "td", "tr", "span", "blockquote", "figcaption")
_PLAIN = ("link_share", "bold_share", "depth", "stated", "repeats_stated_title")
_SHARES = tuple(
    f"{what}_{of}"
    for of in ("frame", "parent", "grandparent", "signature")
    for what in ("prose_share", "blocks", "link_mean", "words_mean")
)
_SIBLINGS = (
    "same_parent-1",
    "same_parent+1",
    "same_signature-1",
    "same_signature+1",
    "same_frame-1",
    "link-1",
    "link+1",
    "stated_any",
    "stated-1",
    "stated+1",
)

MARKUP_COLUMNS: tuple[str, ...] = tuple(
    f"dom_{name}"
    for name in (
        *_PLAIN,
        *(f"tag_{tag}" for tag in _TAGS),
        *(f"in_{name}" for name in INSIDE),
        *(f"{scope}_{group}" for scope in ("own", "near", "every") for group in GROUPS),
        *_SHARES,
        *_SIBLINGS,
    )
)


def observe_markup(document: Document, observed: Matrix) -> Matrix:
    """One row a block, columns as in :data:`MARKUP_COLUMNS`.

    ``observed`` holds the columns of :mod:`cleaner.evidence`.
    """
    doms = [block.dom for block in document.blocks if block.dom is not None]
    if not doms:
        return np.zeros((0, len(MARKUP_COLUMNS)))
    words = observed[:, COLUMNS.index("words")]
    prose = np.where((words >= PROSE_WORDS) & (observed[:, COLUMNS.index("terminal")] > 0), words, 0.0)
    titles = {key(fold(title)) for title in document.stated_titles}
    links = np.array([dom.link_share for dom in doms])
    stated = np.array([dom.stated for dom in doms])
    plain = np.array(
        [
            (dom.link_share, dom.bold_share, dom.depth, dom.stated, block.key in titles)
            for block, dom in zip(document.blocks, doms, strict=True)
        ]
    )
    tags = np.array([[dom.tag == tag for tag in _TAGS] for dom in doms], dtype=float)
    return np.hstack(
        [
            plain,
            tags,
            _bits([dom.inside for dom in doms], len(INSIDE)),
            *(_bits([getattr(dom, scope) for dom in doms], len(GROUPS)) for scope in ("own", "near", "every")),
            *(_shares(ids, words, prose, links) for ids in _memberships(doms)),
            _siblings(doms, links, stated),
        ]
    )


def _bits(values: Sequence[int], count: int) -> Matrix:
    return ((np.array(values, dtype=np.int64)[:, None] >> np.arange(count)) & 1).astype(float)


def _memberships(doms: Sequence[Dom]) -> list[npt.NDArray[np.int64]]:
    """For frame, parent, grandparent and signature: which group each block belongs to, from 0."""
    numbers: dict[str, int] = {}
    signatures = [numbers.setdefault(dom.signature, len(numbers)) for dom in doms]
    raw = ([dom.frame for dom in doms], [dom.parent for dom in doms], [dom.grandparent for dom in doms], signatures)
    return [np.unique(np.array(ids), return_inverse=True)[1] for ids in raw]


def _shares(ids: npt.NDArray[np.int64], words: Matrix, prose: Matrix, links: Matrix) -> Matrix:
    count = np.bincount(ids)
    return np.column_stack(
        [
            (np.bincount(ids, prose) / (prose.sum() or 1.0))[ids],
            np.log1p(count)[ids],
            (np.bincount(ids, links) / count)[ids],
            np.log1p(np.bincount(ids, words) / count)[ids],
        ]
    )


def _siblings(doms: Sequence[Dom], links: Matrix, stated: Matrix) -> Matrix:
    frames, parents, _, signatures = _memberships(doms)
    return np.column_stack(
        [
            _same_before(parents), _same_after(parents), _same_before(signatures), _same_after(signatures),
            _same_before(frames),
            np.concatenate(([-1.0], links[:-1])), np.concatenate((links[1:], [-1.0])),
            np.full(len(doms), float((stated > 0).any())),
            np.concatenate(([-1.0], stated[:-1])), np.concatenate((stated[1:], [-1.0])),
        ]
    )  # fmt: skip


def _same_before(ids: npt.NDArray[np.int64]) -> Matrix:
    return np.concatenate(([0.0], (ids[1:] == ids[:-1]).astype(float)))


def _same_after(ids: npt.NDArray[np.int64]) -> Matrix:
    return np.concatenate(((ids[1:] == ids[:-1]).astype(float), [0.0]))
