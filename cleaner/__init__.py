"""The body of a news article, alone: without related stories, captions, credits, promos, comments.

Start with :func:`clean`, :func:`clean_text`, :func:`clean_html`; make a :class:`Cleaner` for
options, :func:`learn` for what a site repeats. How it works is told in :mod:`cleaner.cleaning`.
"""

from cleaner.cleaning import Cleaner, clean, clean_html, clean_text
from cleaner.learning import learn, learn_by_host
from cleaner.pack import PackError
from cleaner.profile import Profile, ProfileError
from cleaner.result import Metadata, Paragraph, Removal, Result

__all__ = [
    "Cleaner", "Metadata", "PackError", "Paragraph", "Profile", "ProfileError", "Removal", "Result", "clean",
    "clean_html", "clean_text", "learn", "learn_by_host",
]  # fmt: skip
__version__ = "0.1.0"
