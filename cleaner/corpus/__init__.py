"""A corpus, not a page: :func:`clean_many` from Python, :func:`cleaner.corpus.run.run` behind ``cleaner batch``.

Start reading at :mod:`cleaner.corpus.run`: inputs are found (``inputs``), read by format
(``readers``) into rows, cleaned in supervised processes (``workers`` calling ``rows``), and written
in steps that a killed run can go on from (``sinks``, ``state``).
"""

from cleaner.corpus.many import CleansPages, Failure, clean_many

__all__ = ["CleansPages", "Failure", "clean_many"]
