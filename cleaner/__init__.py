"""The body of a news article, alone: without related stories, captions, credits, promos, comments.

Start with :func:`clean`, :func:`clean_text`, :func:`clean_html`; make a :class:`Cleaner` for
options. How it works is told in :mod:`cleaner.cleaning`.
"""

from cleaner.cleaning import Cleaner, clean, clean_html, clean_text
from cleaner.pack import PackError
from cleaner.result import Metadata, Paragraph, Removal, Result

__all__ = [
    "Cleaner", "Metadata", "PackError", "Paragraph", "Removal", "Result", "clean", "clean_html", "clean_text",
]  # fmt: skip
__version__ = "0.1.0"
