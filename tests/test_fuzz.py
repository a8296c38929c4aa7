"""What fuzzing starts from and what it once found, tried again; see :mod:`tests.fuzz.__main__`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.targets import SEEDS, TARGETS

FILES = sorted(SEEDS.glob("*/*"))


@pytest.mark.parametrize("file", FILES, ids=[f"{file.parent.name}/{file.name}" for file in FILES])
def test_inputs_of_the_fuzzer_hold(file: Path) -> None:
    TARGETS[file.parent.name](file.read_bytes())
