"""Hugging Face datasets: a function for ``Dataset.map``. Start at :class:`CleanerBatch`.

::

    stories = dataset.map(CleanerBatch("html", keep=["caption"]), batched=True, num_proc=2)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Unpack

from cleaner.integrations.core import Options, Step, plain

__all__ = ["CleanerBatch"]


class CleanerBatch:
    """Cleans the pages in one column of a batch and adds columns: ``text``, ``title``, ``language`` …

    All columns are text, ``removed`` as JSON and ``warnings`` as one line, so that a first batch without
    a title or a warning does not fix a type that the next one breaks. A title or language that a row
    has already stays. A row that cannot be cleaned keeps its text, or gets ``""``, and a warning. Map
    a dataset in its plain format: with ``with_format("pandas")`` ``map`` itself drops other columns.

    Equal arguments give equal fingerprints in every process, so ``map`` finds what it has cached; a new
    release of the library or an edited pack gives another one, and the pages are cleaned anew.

    Args:
        field: the column with the page, HTML or plain text.
        **options: see :class:`~cleaner.integrations.core.Options`.

    Raises:
        ValueError, PackError: options that cannot be used, see :class:`cleaner.Cleaner`.
    """

    def __init__(self, field: str = "html", **options: Unpack[Options]) -> None:
        self.step = Step(field, **options)

    def __call__(self, batch: Mapping[str, Sequence[Any]]) -> dict[str, list[Any]]:
        """The columns that a batch gains. Raises ``ValueError`` where it lacks the column with the pages."""
        columns = self.step.columns(batch)
        return {name: [plain(value) for value in values] for name, values in columns.items()}
