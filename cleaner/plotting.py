"""F1 page by page, this library against its peers, as a picture. Needs the ``plot`` extra (Matplotlib)."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Mapping
from math import floor
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner.extractors import CLEANER

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["check_plot", "plot_f1"]

ENDINGS = (".png", ".svg")
COLUMNS = 4
MARKED = 60  # lines of fewer pages show each as a dot
OURS, THEIRS = "#0b57d0", "#c4472b"  # told apart by the colour-blind too; each is a side of the line as well

Scores = Mapping[tuple[str, str], float]  # F1 by set and id of the page


def check_plot(path: str) -> None:
    """Raise ``ValueError`` where ``path`` names no picture, ``ImportError`` where Matplotlib is missing."""
    if Path(path).suffix.lower() not in ENDINGS:
        raise ValueError(f"{path}: a plot is a .png or a .svg; name it so")
    if importlib.util.find_spec("matplotlib") is None:
        raise ImportError('--plot needs Matplotlib: pip install "news-page-cleaner[plot]"')


def plot_f1(f1s: Mapping[str, Scores], path: str) -> None:
    """Draw F1 by extractor and page into ``path``: all in order of F1, then one panel a peer, one dot a page.

    A dot above the line is a page on which this library is better. Raises ``OSError`` where ``path``
    cannot be written.
    """
    from matplotlib.figure import Figure

    ours = f1s[CLEANER]
    peers = {name: scores for name, scores in f1s.items() if name != CLEANER and scores}
    columns = min(COLUMNS, 1 + len(peers))
    rows = -(-(1 + len(peers)) // columns)
    figure = Figure(figsize=(3.6 * columns, 3.7 * rows), layout="constrained")
    first, *panels = figure.subplots(rows, columns, squeeze=False).flat
    _in_order(first, {CLEANER: ours, **peers})
    for panel, (name, theirs) in zip(panels, peers.items(), strict=False):
        _against(panel, name, ours, theirs)
    for panel in panels[len(peers) :]:
        panel.set_axis_off()
    figure.savefig(path, dpi=150)


def _lowest(scores: Iterable[float]) -> float:
    """Where an axis begins: most pages crowd near 1, and emptiness below shows nothing."""
    return min(0.9, floor(min(scores) * 10) / 10) - 0.01


def _in_order(panel: Axes, f1s: Mapping[str, Scores]) -> None:
    for number, (name, scores) in enumerate(f1s.items()):
        shares = [at / len(scores) for at in range(1, len(scores) + 1)]
        (line,) = panel.plot(shares, sorted(scores.values()), marker="." if len(scores) < MARKED else "", label=name)
        line.set(color=OURS if name == CLEANER else f"C{number}", linewidth=2.2 if name == CLEANER else 1.1)
    panel.set(xlabel="share of pages, worst first", ylabel="F1", ylim=(None, 1.01))
    panel.set_title("page by page", fontsize=10)
    panel.legend(fontsize=8, loc="lower right")


def _against(panel: Axes, name: str, ours: Scores, theirs: Scores) -> None:
    pairs = [(theirs[page], ours[page]) for page in ours if page in theirs]
    better = sum(our > their for their, our in pairs)
    worse = sum(our < their for their, our in pairs)
    colours = [OURS if our > their else THEIRS if our < their else "#777777" for their, our in pairs]
    low = _lowest(score for pair in pairs for score in pair)
    panel.plot([low, 1], [low, 1], color="#999999", linewidth=0.8)
    panel.scatter([their for their, _ in pairs], [our for _, our in pairs], s=14, c=colours, alpha=0.65, linewidths=0)
    panel.set(xlim=(low, 1.01), ylim=(low, 1.01), aspect="equal", xlabel=f"F1 of {name}", ylabel="F1 of cleaner")
    panel.set_title(f"{better} better, {len(pairs) - better - worse} same, {worse} worse", fontsize=10)
