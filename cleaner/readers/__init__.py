"""Readers turn one kind of input into a :class:`cleaner.document.Document`. One file a kind."""
