"""Commands of the command line that have a file of their own; :mod:`cleaner.__main__` registers them."""
