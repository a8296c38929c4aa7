"""Refit the weights from pages with known bodies: ``python -m cleaner.fitting text|html FOLDER…``.

Needs the ``fit`` extra (CatBoost); cleaning a page does not. The command prints what the weights
reach on publishers left out (five folds by publisher), then fits on all pages and writes
``cleaner/weights/<kind>.json``. Everything is seeded: the same pages give the same file.

Start reading at :func:`fit`. Blocks are labelled by their words standing in the gold body; a block
weighs by the root of its length, a page by the root of its weight, and body counts more than
boilerplate, as losing it is worse.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner.cleaning import observe_page
from cleaner.document import Document
from cleaner.evidence import COLUMNS, Matrix
from cleaner.goldpages import GoldPage, read_gold
from cleaner.quality import score, tokens
from cleaner.readers.html import read_html
from cleaner.readers.text import read_text
from cleaner.scoring import Weights, columns_of

__all__ = ["fit"]

FOLDS = 5
BODY_WEIGHT = 1.5
VIEW_WEIGHTS = {"": 1.0, "whole page": 0.6, "body alone": 0.4}
SETTINGS: dict[str, Any] = {
    "iterations": 450, "depth": 6, "learning_rate": 0.07, "l2_leaf_reg": 6, "random_seed": 1, "verbose": 0,
    "thread_count": 2, "allow_writing_files": False, "border_count": 32, "rsm": 0.4, "boosting_type": "Plain",
}  # fmt: skip
WORDS = COLUMNS.index("words")


@dataclass(slots=True)
class Sample:
    """A page ready for fitting: its blocks' columns and labels."""

    page: GoldPage
    document: Document
    matrix: Matrix
    labels: npt.NDArray[np.str_]
    view: str

    def weights(self) -> Matrix:
        weight = np.sqrt(np.clip(self.matrix[:, WORDS], 1, 60))
        weight = np.where(self.labels == "body", weight * BODY_WEIGHT, weight)
        weight = np.where(self.labels == "mixed", weight * 0.5, weight)
        return np.asarray(weight / np.sqrt(weight.sum()) * VIEW_WEIGHTS[self.view])


def samples(folders: Sequence[Path], kind: str) -> Iterator[Sample]:
    """Every page of ``folders``: an HTML page as it is; a text in its views, see :func:`_views`."""
    for page in (page for folder in folders for page in read_gold(folder)):
        if kind == "html" and page.html:
            document = read_html(page.html)
            yield from _sample(page, document, label_blocks([b.text for b in document], page), "", kind)
        elif kind == "text":
            for view, lines, labels in _views(page):
                document = read_text("\n".join(lines))
                texts = [block.text for block in document]
                by_block = _by_line(document, lines, labels) if labels else label_blocks(texts, page)
                yield from _sample(page, document, by_block, view, kind)


def _views(page: GoldPage) -> Iterator[tuple[str, Sequence[str], Sequence[str]]]:
    """A text page as it is met: its article area, the whole page, and the body with nothing to remove.

    Without labels, lines are labelled as blocks once they are read.
    """
    if page.lines:
        yield "", page.lines, page.labels
    if page.page:
        yield "whole page", page.page, label_blocks(page.page, page)
    if page.lines:
        yield "body alone", page.body, ["body"] * len(page.body)


def _sample(page: GoldPage, document: Document, labels: Sequence[str], view: str, kind: str) -> Iterator[Sample]:
    if document.blocks:
        yield Sample(page, document, observe_page(document, kind), np.array(labels), view)


def _by_line(document: Document, lines: Sequence[str], labels: Sequence[str]) -> list[str]:
    """Labels of lines as labels of the blocks that were read from them."""
    starts = np.cumsum([0, *(len(line) + 1 for line in lines)]).tolist()
    return [labels[bisect_right(starts, block.start) - 1] for block in document]


def label_blocks(texts: Sequence[str], page: GoldPage) -> list[str]:
    """Label each text: body, boiler, optional, mixed (holds body and more), or empty (unclear)."""
    body = [" ".join(tokens(line)) for line in page.body]
    optional = {" ".join(tokens(line)) for line in page.optional}
    flat, whole, seen = f" {' '.join(body)} ", Counter(body), Counter[str]()
    keys = [" ".join(tokens(text)) for text in texts]
    labels = []
    for at, key in enumerate(keys):
        count, inside = len(key.split()), f" {key} " in flat
        seen[key] += 1
        if not key:
            label = "empty"
        elif inside and (count > 8 or key in whole):
            label = "body" if seen[key] <= max(1, whole[key], flat.count(f" {key} ") * (count > 8)) else "boiler"
        elif key in optional:
            label = "optional"
        elif inside:
            label = _short_inside(keys, at, flat)
        else:
            label = "mixed" if count > 8 and any(len(line) > 40 and line in key for line in body) else "boiler"
        labels.append(label)
    return labels


def _short_inside(keys: Sequence[str], at: int, flat: str) -> str:
    """A few words that stand in the body: body only where a neighbour continues them there."""
    before = keys[at - 1] if at else ""
    after = keys[at + 1] if at + 1 < len(keys) else ""
    if (before and f" {before} {keys[at]} " in flat) or (after and f" {keys[at]} {after} " in flat):
        return "body"
    return "boiler" if len(keys[at].split()) < 3 else "empty"


def fit(folders: Sequence[Path], kind: str) -> dict[str, Any]:
    """Fit on all pages of ``folders``; prints held-out figures; returns the data of a weights file."""
    pages = list(samples(folders, kind))
    _report(pages, _held_out(pages))
    return {"about": _ABOUT.format(pages=len(pages), kind=kind), **_weights(_model(pages), kind).to_data()}


_ABOUT = (
    "Points for observations on {kind} blocks, fitted by `python -m cleaner.fitting` on {pages} pages. "
    "A block's points add up to its log-odds of being story. In each tree, the answer to question i (from 0) "
    "is worth 2**i; their sum says which of the points are given."
)


def _folds(pages: Sequence[Sample]) -> npt.NDArray[np.int64]:
    publishers = sorted({page.page.publisher for page in pages})
    np.random.default_rng(0).shuffle(publishers)
    number = {publisher: index % FOLDS for index, publisher in enumerate(publishers)}
    return np.array([number[page.page.publisher] for page in pages])


def _held_out(pages: Sequence[Sample]) -> list[Matrix]:
    """Scores of every page by a model that saw no page of its publisher."""
    folds = _folds(pages)
    scores: list[Matrix] = [np.zeros(0)] * len(pages)
    for fold in range(FOLDS):
        model = _model([page for page, own in zip(pages, folds, strict=True) if own != fold])
        for index in np.flatnonzero(folds == fold).tolist():
            scores[index] = model.predict_proba(pages[index].matrix)[:, 1]
    return scores


def _model(pages: Sequence[Sample]) -> Any:
    from catboost import CatBoostClassifier

    labels = np.concatenate([page.labels for page in pages])
    known = np.isin(labels, ["body", "mixed", "boiler"])
    weights = np.concatenate([page.weights() for page in pages])
    model = CatBoostClassifier(**SETTINGS)
    return model.fit(
        np.vstack([page.matrix for page in pages])[known],
        np.isin(labels, ["body", "mixed"])[known],
        sample_weight=weights[known],
    )


def _weights(model: Any, kind: str) -> Weights:
    """A CatBoost model's trees, all of one depth, as weights."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        model.save_model(str(path), format="json")
        data = json.loads(path.read_text("utf-8"))
    scale, bias = data["scale_and_bias"]
    splits = [[(s["float_feature_index"], s["border"]) for s in tree["splits"]] for tree in data["oblivious_trees"]]
    depth = max(map(len, splits))
    leaves = [tree["leaf_values"] for tree in data["oblivious_trees"]]
    points = [np.tile(own, 2 ** (depth - len(split))) for own, split in zip(leaves, splits, strict=True)]
    full = [split + [(0, float("inf"))] * (depth - len(split)) for split in splits]
    return Weights.of_trees(
        columns=columns_of(kind),
        bias=float(bias[0]),
        asked=np.array([[column for column, _ in split] for split in full]),
        limits=np.array([[border for _, border in split] for split in full]),
        points=np.array(points) * scale,
    )


def _report(pages: Sequence[Sample], scores: Sequence[Matrix]) -> None:
    """Print what the scores alone reach: no strong rules, no headline, no heuristics."""
    for threshold in (0.2, 0.35, 0.5):
        rows: dict[str, list[float]] = {}
        for page, body in zip(pages, scores, strict=True):
            text = "\n".join(b.text for b, p in zip(page.document, body, strict=True) if p >= threshold)
            rows.setdefault(f"{page.page.set} {page.view}".strip(), []).append(score(page.page, text).f1)
        means = "  ".join(f"{key} {np.mean(values):.3f}" for key, values in sorted(rows.items()))
        print(f"publishers left out, threshold {threshold}: meanF1 {means}", flush=True)


def main() -> None:
    """Command line of the fit."""
    parser = argparse.ArgumentParser(prog="python -m cleaner.fitting", description=__doc__)
    parser.add_argument("kind", choices=["text", "html"])
    parser.add_argument("folders", type=Path, nargs="+", help="pages with known bodies, see cleaner.goldpages")
    parser.add_argument("--out", type=Path, help="where to write; default: the installed package's weights")
    options = parser.parse_args()
    data = fit(options.folders, options.kind)
    out = options.out or Path(__file__).parent / "weights" / f"{options.kind}.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(data, indent=None, separators=(",", ":")).replace('{"ask"', '\n{"ask"'), "utf-8")


if __name__ == "__main__":
    main()
