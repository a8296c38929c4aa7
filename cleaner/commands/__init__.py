"""One file a command; :mod:`cleaner.__main__` registers them."""
