"""LangChain: documents in, documents with the story alone out. Start at :class:`CleanerTransformer`.

::

    loader = AsyncHtmlLoader(addresses)
    stories = CleanerTransformer(keep=["caption"]).transform_documents(loader.load())
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack

from cleaner.integrations.core import Options, Step, extra

with extra("langchain"):
    from langchain_core.documents import BaseDocumentTransformer, Document

__all__ = ["CleanerTransformer"]


class CleanerTransformer(BaseDocumentTransformer):
    """Replaces ``page_content`` by the story and adds to the metadata what is known of it.

    Metadata gains ``title`` and ``language`` where it has none, ``removed`` (counts by category, as
    JSON) and ``warnings``; all are text, since many vector stores take nothing else. The page's
    address is read from ``source``, as loaders write it. A document that cannot be cleaned comes out
    with its content as it was and a warning. Documents that come in are not changed.

    ``atransform_documents`` does the same in the executor that LangChain uses, off the event loop.

    Args:
        **options: see :class:`~cleaner.integrations.core.Options`.

    Raises:
        ValueError, PackError: options that cannot be used, see :class:`cleaner.Cleaner`.
    """

    def __init__(self, **options: Unpack[Options]) -> None:
        options.setdefault("url", "source")
        self.step = Step(**options)

    def transform_documents(self, documents: Sequence[Document], **kwargs: Any) -> Sequence[Document]:
        """One document for each that comes in, in the same order; ``kwargs`` are not used."""
        return [self._clean(document) for document in documents]

    def _clean(self, document: Document) -> Document:
        page, metadata = document.page_content, document.metadata
        cleaned = self.step.clean(page, metadata.get(self.step.url))
        text = page if cleaned.text is None else cleaned.text
        return document.model_copy(update={"page_content": text, "metadata": self.step.metadata(cleaned, metadata)})
