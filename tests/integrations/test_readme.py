"""The README's examples of pipelines, run as they are written, from a folder in which the fixtures stand."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import FIXTURES, ROOT
from tests.integrations.conftest import framework

EXAMPLE = re.compile(r"<!-- example: (\w+) ?(\S*) -->\n```python\n(.*?)```", re.DOTALL)
EXAMPLES = {
    name: (file or f"{name}_example.py", code) for name, file, code in EXAMPLE.findall((ROOT / "README.md").read_text())
}
NEEDS = {"huggingface": "datasets", "langchain": "langchain_core", "spark": "pyspark"}
QUICK_START = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
SENTENCE = "The Victorian swing bridge that joins the two halves of Wexcombe"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the fixtures and with what the first example makes for the others."""
    (tmp_path / "fixtures").symlink_to(FIXTURES)
    run(tmp_path, "pages", sys.executable)
    return tmp_path


def run(folder: Path, name: str, *command: str) -> str:
    file, code = EXAMPLES[name]
    (folder / file).write_text(code, "utf-8")
    environment = {**os.environ, "PYSPARK_PYTHON": sys.executable, "JAVA_TOOL_OPTIONS": QUICK_START}
    done = subprocess.run([*command, file], cwd=folder, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name != "pages"])
def test_an_example_runs_as_written_and_gives_the_story(name: str, folder: Path) -> None:
    framework(NEEDS.get(name, name), name)
    command = (
        [sys.executable, "-m", "scrapy", "runspider", "-O", "stories.jsonl"] if name == "scrapy" else [sys.executable]
    )
    printed = run(folder, name, *command)
    written = [path.read_text("utf-8") for path in folder.glob("stories*") if path.is_file()]
    written += [path.read_text("utf-8") for path in folder.glob("stories/*.jsonl")]
    assert SENTENCE in "".join([printed, *written])
