"""The command line's commands, one a file; :mod:`cleaner.__main__` names them."""
