"""How much a block looks like story: fitted points for every observation. Start at :class:`Weights`.

The weights are data (``cleaner/weights/*.json``), fitted by ``python -m cleaner.fitting`` on pages
with known bodies. They are small symmetric decision trees, as CatBoost grows them (Prokhorenkova
et al. 2018): each asks the same few yes/no questions of every block and gives points for the
pattern of answers. A block's points add up to its log-odds of being story. Nothing of CatBoost is
needed to use them: a look-up and a sum.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner.evidence import COLUMNS, Matrix
from cleaner.markup import MARKUP_COLUMNS

__all__ = ["Weights", "columns_of", "load_weights"]

# Rows scored at a time: bounds the memory that a page takes beside its tree.
CHUNK = 128
# Reasons are read off the first trees: boosting puts what weighs most there, and a quarter costs a quarter.
EXPLAINED_TREES = 120
_QUESTION = re.compile(r"(\S+) > (\S+)")


@dataclass(frozen=True, slots=True)
class Weights:
    """Trees over named columns."""

    columns: tuple[str, ...]
    bias: float
    asked: npt.NDArray[np.int64]  # (trees, depth): which column each question asks about
    limits: npt.NDArray[np.float32]  # (trees, depth): the answer is yes above this
    points: npt.NDArray[np.float64]  # (trees, 2 ** depth)
    means: tuple[npt.NDArray[np.float64], ...]  # mean points by the answers so far, question by question
    # The questions of the explained trees sorted by column: their order, the columns, where each begins.
    by_column: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]

    @classmethod
    def from_data(cls, data: dict[str, Any], columns: tuple[str, ...]) -> Weights:
        """Read what :meth:`to_data` wrote, for pages observed by ``columns``."""
        number = {name: index for index, name in enumerate(columns)}
        questions = [[_question(text) for text in tree["ask"]] for tree in data["trees"]]
        asked = np.array([[number[name] for name, _ in tree] for tree in questions])
        limits = np.array([[limit for _, limit in tree] for tree in questions])
        points = np.array([tree["points"] for tree in data["trees"]], dtype=float)
        return cls.of_trees(columns, float(data["bias"]), asked, limits, points)

    @classmethod
    def of_trees(
        cls, columns: tuple[str, ...], bias: float, asked: npt.NDArray[Any], limits: Matrix, points: Matrix
    ) -> Weights:
        """Weights of trees of one depth, their means worked out."""
        trees, depth = asked.shape
        means = tuple(points.reshape(trees, -1, 2 << question).mean(axis=1) for question in range(depth))
        asked = asked.astype(np.int64)
        explained = asked[:EXPLAINED_TREES].T.ravel()
        order = np.argsort(explained, kind="stable")
        by_column = (order, *np.unique(explained[order], return_index=True))
        return cls(columns, bias, asked, limits.astype(np.float32), points, means, by_column)

    def to_data(self) -> dict[str, Any]:
        """The inverse of :meth:`from_data`."""
        trees = [
            {
                "ask": [f"{self.columns[c]} > {limit:.5g}" for c, limit in zip(asked, limits, strict=True)],
                "points": [round(float(p), 3) for p in points],
            }
            for asked, limits, points in zip(self.asked, self.limits, self.points, strict=True)
        ]
        return {"bias": round(self.bias, 4), "trees": trees}

    def body(self, matrix: Matrix) -> Matrix:
        """Probability of being story, 0 to 1, a row."""
        return 1 / (1 + np.exp(-self.log_odds(matrix)))

    def log_odds(self, matrix: Matrix) -> Matrix:
        """Points a row: the bias and what every tree gives."""
        rows = [self._points(matrix[at : at + CHUNK]) for at in range(0, len(matrix), CHUNK)]
        return np.concatenate(rows) if rows else np.zeros(0)

    def _points(self, matrix: Matrix) -> Matrix:
        begins = np.arange(0, self.points.size, self.points.shape[1])[:, None]
        leaves = begins + self._leaves(matrix, len(self.points))
        return np.asarray(self.bias + self.points.ravel().take(leaves, mode="clip").sum(axis=0))

    def _leaves(self, matrix: Matrix, trees: int) -> npt.NDArray[np.uint8]:
        """Which leaf each row reaches in the first ``trees`` trees; one row a tree, one column a block."""
        # Whole rows of the turned matrix are copied at a time, which is many times faster than single cells.
        columns = np.ascontiguousarray(matrix.T, dtype=np.float32)
        leaves = np.zeros((trees, len(matrix)), dtype=np.uint8)
        for question in reversed(range(self.asked.shape[1])):
            leaves += leaves
            asked = columns.take(self.asked[:trees, question], axis=0)
            leaves |= (asked > self.limits[:trees, question, None]).view(np.uint8)
        return leaves

    def shares(self, matrix: Matrix) -> Matrix:
        """What each column contributed to each row's points, by the change along the trees' paths.

        Saabas' attribution: a question's share is how far its answer moves the mean of the leaves
        that can still be reached. One row a block, one column a column.
        """
        trees = min(EXPLAINED_TREES, len(self.points))
        leaves = self._leaves(matrix, trees)
        tree = np.arange(trees)[:, None]
        mean = self.points[:trees].mean(axis=1)[:, None]
        moves = np.empty((len(self.means), *leaves.shape))
        for question, means in enumerate(self.means):
            # Leaves with the same answers up to this question share their low bits.
            now = means[tree, leaves & np.uint8((2 << question) - 1)]
            np.subtract(now, mean, out=moves[question])
            mean = now
        # Moves of one column stand together once sorted, so they are summed in one go.
        order, named, first = self.by_column
        shares = np.zeros((len(self.columns), len(matrix)))
        shares[named] = np.add.reduceat(moves.reshape(len(order), -1)[order], first, axis=0)
        return shares.T


def _question(text: str) -> tuple[str, float]:
    match = _QUESTION.fullmatch(text)
    if match is None:
        raise ValueError(f"not a question of the form 'column > number': {text!r}")
    return match[1], float(match[2])


def columns_of(kind: str) -> tuple[str, ...]:
    """Names of the columns that a ``text`` or ``html`` page is observed by."""
    return (*COLUMNS, *(MARKUP_COLUMNS if kind == "html" else ()))


@cache
def load_weights(kind: str) -> Weights:
    """The fitted weights for ``text`` or ``html``; a pure function of the installed file."""
    source = resources.files("cleaner") / "weights" / f"{kind}.json"
    return Weights.from_data(json.loads(source.read_text("utf-8")), columns_of(kind))
