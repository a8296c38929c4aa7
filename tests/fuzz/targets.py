"""What is fuzzed: functions of bytes that fail where a promise of the library is broken."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from cleaner import Cleaner, Profile, ProfileError, Result, clean_html, clean_text
from cleaner.matching import RuleSet, match_rules
from cleaner.pack import PackError, parse_pack
from cleaner.readers.text import read_text

__all__ = ["SEEDS", "TARGETS"]

SEEDS = Path(__file__).parent / "seeds"
PAGE = "Harbour to close\n\nBy Anna Reed\n\nThe harbour will close in March, the council said.\n\nRead also: Lamps\n"


def _holds(result: Result) -> None:
    assert result.replay() == result.source
    assert isinstance(result.to_json(), str)


def text(data: bytes) -> None:
    """Any text gives a result whose spans rebuild it."""
    page = data.decode("utf-8", "surrogateescape")
    result = clean_text(page)
    assert result.source == page
    _holds(result)


def html(data: bytes) -> None:
    """Any bytes give a result whose spans rebuild its source."""
    _holds(clean_html(data))


def pack(data: bytes) -> None:
    """A pack is refused by its own error, or can be matched."""
    try:
        found = parse_pack(data.decode("utf-8", "replace"), "fuzzed.toml")
    except PackError:
        return
    assert all(signal.category for signal in match_rules(read_text(PAGE), RuleSet.build([found])))


def profile(data: bytes) -> None:
    """A profile is refused by its own error, or survives being saved, and cleans a page."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "profile.json"
        path.write_bytes(data)
        try:
            found = Profile.load(path)
        except ProfileError:
            return
        found.save(path)
        assert Profile.load(path) == found
        _holds(Cleaner(profile=found).clean_text(PAGE))


TARGETS: dict[str, Callable[[bytes], None]] = {"text": text, "html": html, "pack": pack, "profile": profile}
