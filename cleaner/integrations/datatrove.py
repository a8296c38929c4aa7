"""datatrove: a pipeline step that stands where an extractor or a formatter stands. Start at :class:`CleanerStep`.

::

    pipeline = [WarcReader("crawl/"), CleanerStep(), GopherQualityFilter(), JsonlWriter("stories/")]
"""

from __future__ import annotations

from typing import Unpack

from cleaner.integrations.core import Options, Step, extra

with extra("datatrove"):
    from datatrove.data import Document, DocumentsPipeline
    from datatrove.pipeline.base import PipelineStep
    from datatrove.utils.typeshelper import StatHints

__all__ = ["CleanerStep"]


class CleanerStep(PipelineStep):
    """Replaces each document's ``text``, HTML or plain text, by the story; forwards every document.

    The page's address is read from ``metadata["url"]``. Metadata gains ``title`` and ``language`` where
    it has none, ``removed`` (counts by category, as JSON) and ``warnings``; all are text, so that the
    columns of a ``ParquetWriter`` keep their types. A document that cannot be cleaned goes on as it
    was, with a warning. Statistics: ``total``, ``forwarded``, ``failed``, ``empty``,
    ``warnings``, ``removed/<category>``, the time, and the documents' length after cleaning.

    Args:
        **options: see :class:`~cleaner.integrations.core.Options`.

    Raises:
        ValueError, PackError: options that cannot be used, see :class:`cleaner.Cleaner`.
    """

    name = "📰 Cleaner"
    type = "✂️ - FORMAT"

    def __init__(self, **options: Unpack[Options]) -> None:
        super().__init__()
        self.step = Step(**options)

    def run(self, data: DocumentsPipeline, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Clean document after document; ``rank`` and ``world_size`` are datatrove's and not used."""
        for document in data:
            with self.track_time():
                self._clean(document)
            self.stat_update(StatHints.forwarded)
            yield document

    def _clean(self, document: Document) -> None:
        own = document.metadata or {}
        cleaned = self.step.clean(document.text, own.get(self.step.url))
        document.metadata = self.step.metadata(cleaned, own)
        if cleaned.text is not None:
            document.text = cleaned.text
            self.update_doc_stats(document)
        for name, number in cleaned.counts().items():
            self.stat_update(name, value=number)
