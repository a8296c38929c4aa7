"""What tests share: where the fixtures are, and how one is read."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "fixtures"


@dataclass(frozen=True)
class Fixture:
    """A page, the body it should give, and what should go with its category."""

    name: str
    source: str
    is_html: bool
    expected: str
    title: str | None
    language: str
    removed: tuple[tuple[str, str], ...]


def read_fixture(folder: Path) -> Fixture:
    html = folder / "source.html"
    data = tomllib.loads((folder / "removed.toml").read_text("utf-8"))
    return Fixture(
        name=str(folder.relative_to(FIXTURES)),
        source=(html if html.exists() else folder / "source.txt").read_text("utf-8"),
        is_html=html.exists(),
        expected=(folder / "expected.txt").read_text("utf-8").rstrip("\n"),
        title=data.get("title"),
        language=data["language"],
        removed=tuple((entry["category"], entry["text"]) for entry in data.get("removed", [])),
    )


def fixture_folders(kind: str) -> list[Path]:
    return sorted(path.parent for path in (FIXTURES / kind).glob("*/*/removed.toml"))
