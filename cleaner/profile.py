"""What repeats across the pages of one site, as a file that people can read. Start at :class:`Profile`.

A profile holds counts and nothing else: which blocks (folded, with digits and dates as ``#``) stood
on how many pages, in which places of the markup, whether amid a story, and what the library itself
did with them. :mod:`cleaner.learning` fills one, :mod:`cleaner.recurring` reads a page in its
light. Counts add up, so profiles merge.

Counting is bounded by lossy counting (Manku and Motwani 2002): each :data:`BUCKET` pages, what was
seen too rarely is forgotten. A block's count is too low by at most one page in :data:`BUCKET`; what
stands on more pages than that is never forgotten; with fewer pages all counts are exact.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from warnings import warn

__all__ = ["BUCKET", "MIN_PAGES", "Profile", "ProfileError", "Seen", "forget", "load_profiles", "site_of"]

FORMAT, VERSION = "cleaner-profile", 1
# With fewer pages a profile removes nothing.
MIN_PAGES = 5
# Pages after which rarely seen blocks are forgotten.
BUCKET = 100
# A block that stands in more places than this loses those it stood in once.
MOST_PLACES = 20
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


# The plain counts of a block, and those by name, in the order of the fields of Seen.
_COUNTS = ("pages", "kept", "inside", "lead", "missed")
_NAMED = ("gone", "at")


@dataclass(frozen=True, slots=True)
class Seen:
    """On how many pages a block was met, and how.

    ``kept`` and ``gone`` (by category) say what the library did without a profile; ``inside`` is on
    how many of the pages that kept it it stood between paragraphs of the story, ``lead`` where the
    standfirst stands; ``at`` counts the pages by its place in the markup. The true ``pages`` may be
    higher by ``missed`` at most.
    """

    pages: int = 0
    kept: int = 0
    inside: int = 0
    lead: int = 0
    missed: int = 0
    gone: Mapping[str, int] = field(default_factory=dict)
    at: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: Seen) -> Seen:
        return Seen(
            self.pages + other.pages,
            self.kept + other.kept,
            self.inside + other.inside,
            self.lead + other.lead,
            self.missed + other.missed,
            _summed(self.gone, other.gone),
            _summed(self.at, other.at),
        )

    @property
    def removed(self) -> int:
        """How often the library removed it by itself."""
        return sum(self.gone.values())

    @property
    def category(self) -> str:
        """The category it was removed with most often, empty where it never was."""
        return min(self.gone, key=lambda name: (-self.gone[name], name), default="")


def _summed(left: Mapping[str, int], right: Mapping[str, int]) -> dict[str, int]:
    return {name: left.get(name, 0) + right.get(name, 0) for name in {**left, **right}}


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
            blocks=forget(_added(self, other), missed),
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
        rows = sorted(self.blocks.items(), key=lambda item: (-item[1].pages, item[0]))
        parts.append('"blocks": [\n' + ",\n".join(_json(_row(name, seen)) for name, seen in rows) + "\n]")
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


def sample(bodies: Iterable[str]) -> frozenset[str]:
    """The smallest of the hashes: the same sample in whatever order pages come."""
    return frozenset(sorted(bodies)[:BODIES])


def forget(table: Mapping[str, Seen], missed: int) -> dict[str, Seen]:
    """The table without what was seen too rarely to tell it from what was missed."""
    return {name: _without_odd_places(seen) for name, seen in table.items() if seen.pages + seen.missed > missed}


def _without_odd_places(seen: Seen) -> Seen:
    if len(seen.at) <= MOST_PLACES:
        return seen
    return replace(seen, at={place: pages for place, pages in seen.at.items() if pages > 1})


def _added(one: Profile, two: Profile) -> dict[str, Seen]:
    unseen = Seen(missed=one.missed), Seen(missed=two.missed)
    names = {**one.blocks, **two.blocks}
    return {name: one.blocks.get(name, unseen[0]) + two.blocks.get(name, unseen[1]) for name in names}


def _json(value: object) -> str:
    """JSON that stays readable where it can; lone surrogates are escaped."""
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(value)
    return text


def _row(name: str, seen: Seen) -> dict[str, Any]:
    row: dict[str, Any] = {"block": name}
    row |= {count: getattr(seen, count) for count in _COUNTS if getattr(seen, count)}
    row |= {names: dict(sorted(getattr(seen, names).items())) for names in _NAMED if getattr(seen, names)}
    return row


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
        blocks=_blocks(path, data.get("blocks"), pages),
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


def _blocks(path: str | Path, rows: Any, pages: int) -> dict[str, Seen]:
    if not isinstance(rows, list):
        raise ProfileError(f"{path}: has no list of blocks; {AGAIN}")
    return dict(_entry(f"{path}: block {number}", row, pages) for number, row in enumerate(rows, 1))


def _entry(where: str, row: Any, pages: int) -> tuple[str, Seen]:
    if not isinstance(row, dict) or not isinstance(row.get("block"), str):
        raise ProfileError(f'{where}: is no entry with "block" and counts; {AGAIN}')
    pages_here, kept, inside, lead, missed = (_count(where, row, name) for name in _COUNTS)
    if not 1 <= pages_here <= pages:
        raise ProfileError(f"{where}: stands on {pages_here} of {pages} pages; {AGAIN}")
    gone, at = (_counts(f"{where}, {names}", row.get(names, {})) for names in _NAMED)
    return row["block"], Seen(pages_here, kept, inside, lead, missed, gone, at)


def _counts(where: str, value: Any) -> dict[str, int]:
    if not isinstance(value, dict):
        raise ProfileError(f"{where}: is no table of counts but {value!r}; {AGAIN}")
    return {name: _count(where, value, name) for name in value}


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
