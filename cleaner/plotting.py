"""F1 page by page, this library against its peers, as a picture. Needs the ``plot`` extra (Matplotlib)."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner.extractors import CLEANER

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["check_plot", "plot_f1"]

ENDINGS = (".png", ".svg")
COLUMNS = 4
OURS, THEIRS = "#0b57d0", "#c4472b"  # told apart by the colour-blind too; each is a side of the line as well

Scores = Mapping[tuple[str, str], float]  # F1 by set and id of the page


def check_plot(path: str) -> None:
    """Raise ``ValueError`` where ``path`` names no picture, ``ImportError`` where Matplotlib is missing."""
    if Path(path).suffix.lower() not in ENDINGS:
        raise ValueError(f"{path}: a plot is a .png or a .svg; name it so")
    if importlib.util.find_spec("matplotlib") is None:
        raise ImportError('--plot needs Matplotlib: pip install "news-page-cleaner[plot]"')


def plot_f1(f1s: Mapping[str, Scores], path: str) -> None:
    """Draw F1 by extractor and page into ``path``: one panel a peer, one dot a page.

    A dot above the line is a page on which this library is better. Without peers, the pages are
    drawn in order of their F1. Raises ``OSError`` where ``path`` cannot be written.
    """
    from matplotlib.figure import Figure

    ours = f1s[CLEANER]
    peers = {name: scores for name, scores in f1s.items() if name != CLEANER and scores}
    columns = min(COLUMNS, max(1, len(peers)))
    rows = -(-max(1, len(peers)) // columns)
    figure = Figure(figsize=(3.4 * columns + 0.6, 3.6 * rows + 0.4), layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False).flat
    for panel, (name, theirs) in zip(panels, peers.items(), strict=False):
        _against(panel, name, ours, theirs)
    if not peers:
        _alone(panels[0], ours)
    for panel in panels[max(1, len(peers)) :]:
        panel.set_axis_off()
    figure.savefig(path, dpi=150)


def _against(panel: Axes, name: str, ours: Scores, theirs: Scores) -> None:
    pairs = [(theirs[page], ours[page]) for page in ours if page in theirs]
    better = sum(our > their for their, our in pairs)
    worse = sum(our < their for their, our in pairs)
    colours = [OURS if our > their else THEIRS if our < their else "#777777" for their, our in pairs]
    panel.plot([0, 1], [0, 1], color="#999999", linewidth=0.8)
    panel.scatter([their for their, _ in pairs], [our for _, our in pairs], s=14, c=colours, alpha=0.65, linewidths=0)
    panel.set(xlim=(-0.03, 1.03), ylim=(-0.03, 1.03), aspect="equal", xlabel=f"F1 of {name}", ylabel="F1 of cleaner")
    panel.set_title(f"{better} better, {len(pairs) - better - worse} same, {worse} worse", fontsize=10)


def _alone(panel: Axes, ours: Scores) -> None:
    panel.plot(range(1, len(ours) + 1), sorted(ours.values()), color=OURS, marker=".", linewidth=0.8)
    panel.set(ylim=(-0.03, 1.03), xlabel="pages, worst first", ylabel="F1 of cleaner")
