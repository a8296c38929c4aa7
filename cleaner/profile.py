"""What repeats across the pages of one site, as a file that people can read. Start at :class:`Profile`.

A profile holds counts and nothing else: which blocks (folded, with digits and dates as ``#``) stood
on how many pages, whether they stood amid a story, and what the library itself did with them; for
HTML also the places (DOM paths) that blocks stood in. :mod:`cleaner.learning` fills one,
:mod:`cleaner.recurring` reads a page in its light. Counts add up, so profiles merge.

Counting is bounded by lossy counting (Manku and Motwani 2002): each :data:`BUCKET` pages, what was
seen too rarely is forgotten. A block's count is too low by at most one page in :data:`BUCKET`; what
stands on more pages than that is never forgotten; with fewer pages all counts are exact.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from warnings import warn

__all__ = ["BUCKET", "MIN_PAGES", "Profile", "ProfileError", "Seen", "forget", "load_profiles", "site_of"]

FORMAT, VERSION = "cleaner-profile", 1
# With fewer pages a profile removes nothing.
MIN_PAGES = 5
# Pages after which rarely seen blocks are forgotten.
BUCKET = 100
# A sample of the stories learned from, enough to tell that two profiles saw the same pages.
BODIES = 1000
AGAIN = "learn it again with `cleaner learn`"

_SUBDOMAIN = re.compile(r"^(?:www\d*|m|mobile|amp)\.(?=[^.]+\.)")


class ProfileError(ValueError):
    """A profile that cannot be learned, read, merged or used; the message says what to do next."""


def site_of(host: str) -> str:
    """The site that a host belongs to: ``www2.example.org`` and ``m.example.org`` are ``example.org``.

    >>> site_of("WWW.Example.org"), site_of("sport.example.org")
    ('example.org', 'sport.example.org')
    """
    return _SUBDOMAIN.sub("", host.strip().lower().rstrip("."))


@dataclass(frozen=True, slots=True)
class Seen:
    """How often a block or a place was met.

    ``pages`` counts pages. ``kept`` and ``gone`` (by category) say what the library did without a
    profile: once a page for a block, once a block for a place. ``inside`` is how many of the kept
    stood between paragraphs of a story, ``lead`` on how many pages it stood between headline and
    story. The true ``pages`` may be higher by ``missed`` at most.
    """

    pages: int = 0
    kept: int = 0
    inside: int = 0
    lead: int = 0
    gone: Mapping[str, int] = field(default_factory=dict)
    missed: int = 0

    def __add__(self, other: Seen) -> Seen:
        gone = {name: self.gone.get(name, 0) + other.gone.get(name, 0) for name in {**self.gone, **other.gone}}
        return Seen(
            self.pages + other.pages,
            self.kept + other.kept,
            self.inside + other.inside,
            self.lead + other.lead,
            gone,
            self.missed + other.missed,
        )

    @property
    def removed(self) -> int:
        """How often the library removed it by itself."""
        return sum(self.gone.values())

    @property
    def category(self) -> str:
        """The category it was removed with most often, empty where it never was."""
        return min(self.gone, key=lambda name: (-self.gone[name], name), default="")


@dataclass(frozen=True, slots=True)
class Profile:
    """What repeats on one site, learned from ``pages`` different pages.

    ``host`` is empty where the pages named none; such a profile applies to every page. ``copies``
    are pages that were passed over because their story had been seen. ``missed`` bounds how many
    pages a forgotten block can have stood on. Make one with :func:`cleaner.learn`.
    """

    host: str
    pages: int
    blocks: Mapping[str, Seen]
    places: Mapping[str, Seen]
    copies: int = 0
    missed: int = 0
    bodies: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        return f"Profile(host={self.host!r}, pages={self.pages}, blocks={len(self.blocks)})"

    @property
    def site(self) -> str:
        """The site in words, for reasons and errors."""
        return self.host or "this site"

    def applies_to(self, host: str) -> bool:
        """Whether pages of ``host`` are this site's: always where either side names no host."""
        site = site_of(host)
        return not (self.host and site) or site == self.host or site.endswith("." + self.host)

    def merge(self, other: Profile) -> Profile:
        """A profile of the pages of both; equals learning from all of them, within the bound.

        Raises ``ProfileError`` where the two are of different hosts. Warns where they were learned
        from the same pages, which then count twice.
        """
        if self.host != other.host:
            raise ProfileError(
                f"profiles of different sites do not merge: {self.host or 'no host'} and {other.host or 'no host'}; "
                "keep both and give them as a list, Cleaner(profile=[…])"
            )
        shared = len(self.bodies & other.bodies)
        if shared:
            warn(f"{shared} pages of {self.site} are in both profiles and count twice", stacklevel=2)
        missed = self.missed + other.missed
        return Profile(
            host=self.host,
            pages=self.pages + other.pages,
            blocks=forget(_added(self, self.blocks, other, other.blocks), missed),
            places=forget(_added(self, self.places, other, other.places), missed),
            copies=self.copies + other.copies,
            missed=missed,
            bodies=sample(self.bodies | other.bodies),
        )

    def save(self, path: str | Path) -> None:
        """Write the profile as JSON, one block a line, most frequent first; same counts, same file."""
        head = {
            "format": FORMAT, "version": VERSION, "host": self.host, "pages": self.pages, "copies": self.copies,
            "missed": self.missed, "bodies": sorted(self.bodies),
        }  # fmt: skip
        parts = [f'"{name}": {_json(value)}' for name, value in head.items()]
        parts += [f'"{name}": [\n{_lines(table)}\n]' for name, table in self._tables().items()]
        Path(path).write_text("{" + ",\n".join(parts) + "}\n", "utf-8", newline="\n")

    @classmethod
    def load(cls, path: str | Path) -> Profile:
        """Read what :meth:`save` wrote.

        Raises ``ProfileError`` where the file cannot be read, is broken, or is of another version.
        """
        try:
            data = json.loads(Path(path).read_text("utf-8"))
        except OSError as error:
            raise ProfileError(f"{path}: cannot be read ({error.strerror}); check the path, or {AGAIN}") from error
        except (ValueError, RecursionError) as error:
            raise ProfileError(f"{path}: is no JSON ({error}); {AGAIN}") from error
        return _checked(path, data)

    def _tables(self) -> dict[str, Mapping[str, Seen]]:
        return {"blocks": self.blocks, "places": self.places}


def sample(bodies: Iterable[str]) -> frozenset[str]:
    """The smallest of the hashes: the same sample in whatever order pages come."""
    return frozenset(sorted(bodies)[:BODIES])


def forget(table: Mapping[str, Seen], missed: int) -> dict[str, Seen]:
    """The table without what was seen too rarely to tell it from what was missed."""
    return {name: seen for name, seen in table.items() if seen.pages + seen.missed > missed}


def _added(one: Profile, left: Mapping[str, Seen], two: Profile, right: Mapping[str, Seen]) -> dict[str, Seen]:
    unseen_left, unseen_right = Seen(missed=one.missed), Seen(missed=two.missed)
    return {name: left.get(name, unseen_left) + right.get(name, unseen_right) for name in {**left, **right}}


def _json(value: object) -> str:
    """JSON that stays readable where it can; lone surrogates are escaped."""
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(value)
    return text


def _lines(table: Mapping[str, Seen]) -> str:
    rows = sorted(table.items(), key=lambda item: (-item[1].pages, item[0]))
    return ",\n".join(_json(_row(name, seen)) for name, seen in rows)


_COUNTS = ("pages", "kept", "inside", "lead", "missed")


def _row(name: str, seen: Seen) -> dict[str, Any]:
    counts = {count: getattr(seen, count) for count in _COUNTS if getattr(seen, count)}
    return {"is": name, **counts, **({"gone": dict(sorted(seen.gone.items()))} if seen.gone else {})}


def _checked(path: str | Path, data: Any) -> Profile:
    """The data of a file as a profile; every fault names the file and what is wrong in it."""
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ProfileError(f'{path}: is no profile (it lacks "format": "{FORMAT}"); {AGAIN}')
    if data.get("version") != VERSION:
        raise ProfileError(
            f"{path}: is of version {data.get('version')!r}, this library reads version {VERSION}; {AGAIN}"
        )
    if not isinstance(data.get("host"), str) or not _are_texts(data.get("bodies")):
        raise ProfileError(f"{path}: host is no text, or bodies no list of texts; {AGAIN}")
    pages = _count(path, data, "pages")
    return Profile(
        host=site_of(data["host"]),
        pages=pages,
        blocks=_table(path, data, "blocks", pages),
        places=_table(path, data, "places", pages),
        copies=_count(path, data, "copies"),
        missed=_count(path, data, "missed"),
        bodies=frozenset(data["bodies"]),
    )


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def _count(path: str | Path, data: Mapping[str, Any], name: str) -> int:
    value = data.get(name, 0)
    if type(value) is not int or value < 0:
        raise ProfileError(f"{path}: {name} is no count but {value!r}; {AGAIN}")
    return value


def _table(path: str | Path, data: Mapping[str, Any], name: str, pages: int) -> dict[str, Seen]:
    rows = data.get(name)
    if not isinstance(rows, list):
        raise ProfileError(f"{path}: has no list of {name}; {AGAIN}")
    return dict(_entry(f"{path}: {name}, entry {number}", row, pages) for number, row in enumerate(rows, 1))


def _entry(where: str, row: Any, pages: int) -> tuple[str, Seen]:
    if not isinstance(row, dict) or not isinstance(row.get("is"), str) or not isinstance(row.get("gone", {}), dict):
        raise ProfileError(f'{where}: is no entry with "is" and counts; {AGAIN}')
    gone = {category: _count(where, row["gone"], category) for category in row.get("gone", {})}
    counts = {name: _count(where, row, name) for name in _COUNTS}
    if not 1 <= counts["pages"] <= pages:
        raise ProfileError(f"{where}: stands on {counts['pages']} of {pages} pages; {AGAIN}")
    return row["is"], Seen(**counts, gone=gone)


def load_profiles(given: Profile | str | Path | Iterable[Profile | str | Path] | None) -> tuple[Profile, ...]:
    """The profiles that a caller gave: none, one or several, read where they are paths.

    Raises ``ProfileError`` for a file that cannot be used and for two profiles of one site, and
    ``TypeError`` for anything that is neither a profile nor a path.
    """
    several = () if given is None else (given,) if isinstance(given, (Profile, str, Path)) else tuple(given)
    found: dict[str, tuple[Profile, str]] = {}
    for number, one in enumerate(several, 1):
        if not isinstance(one, (Profile, str, Path)):
            raise TypeError(f"profile {number} is a {type(one).__name__}; give a Profile or the path of its file")
        profile, name = (one, f"profile {number}") if isinstance(one, Profile) else (Profile.load(one), str(one))
        if profile.host in found:
            raise ProfileError(
                f"{found[profile.host][1]} and {name} are both of {profile.host or 'no host'}; "
                "make one of them with profile.merge(other), or leave one out"
            )
        found[profile.host] = profile, name
    return tuple(profile for profile, _ in found.values())
