"""Fuzz by coverage, with atheris (``pip install ".[fuzz]"``)::

    python -m tests.fuzz                # every target, half an hour each, one after the other
    python -m tests.fuzz html 600       # one target, ten minutes

The corpus grows in ``.fuzz/TARGET``, inputs that fail are written to ``.fuzz/``. One that failed
becomes a file in ``tests/fuzz/seeds/TARGET``, where ``tests/test_fuzz.py`` tries it ever after.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HALF_AN_HOUR = 1800
# Longest input in bytes, longest time for one in seconds.
MAX_LEN, TIMEOUT = 4096, 20


def fuzz(target: str, seconds: int) -> None:
    """Run one target for so many seconds; ends the process."""
    import atheris

    with atheris.instrument_imports(include=["cleaner"]):
        from tests.fuzz.targets import SEEDS, TARGETS

    corpus = Path(".fuzz") / target
    corpus.mkdir(parents=True, exist_ok=True)
    options = [f"-max_total_time={seconds}", f"-timeout={TIMEOUT}", f"-max_len={MAX_LEN}", "-print_final_stats=1"]
    atheris.Setup(
        [sys.argv[0], str(corpus), str(SEEDS / target), *options, f"-artifact_prefix=.fuzz/{target}-"], TARGETS[target]
    )
    atheris.Fuzz()


def main(arguments: list[str]) -> int:
    """Fuzz the target named, or every one in a process of its own."""
    if arguments:
        fuzz(arguments[0], int(arguments[1]) if len(arguments) > 1 else HALF_AN_HOUR)
        return 0
    targets = ("text", "html", "pack", "profile")
    return max(subprocess.run([sys.executable, "-m", "tests.fuzz", target]).returncode for target in targets)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
