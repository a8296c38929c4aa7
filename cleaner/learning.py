"""Learn what a site repeats, in one pass over its pages. Start reading at :class:`Learner`.

Each page is cleaned once without a profile; its blocks are counted with what became of them
(:class:`cleaner.profile.Seen`). Nothing of a page is held but counts, and they are bounded as
:mod:`cleaner.profile` says. Pages whose story was seen before are passed over: a hundred copies of
one page would teach that the story is furniture.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b
from typing import Any
from warnings import warn

from cleaner.cleaning import decide_alone, looks_like_html
from cleaner.decide import Decision
from cleaner.document import Document, host_of
from cleaner.profile import BUCKET, MIN_PAGES, Profile, ProfileError, Seen, forget, sample, site_of
from cleaner.readers.text import read_text
from cleaner.recurring import Story, block_key, place_key

__all__ = ["Learner", "learn", "learn_by_host"]

# A page is a copy when more than this share of its paragraphs stood together on one earlier page,
COPY_SHARE = 0.8
# judged by so many of them, against so many pages before it.
SKETCH, REMEMBERED = 16, 1000
# No page teaches more blocks than this.
PAGE_BLOCKS = 5000

Page = str | bytes | Mapping[str, Any]


def learn(pages: Iterable[Page], *, host: str | None = None) -> Profile:
    """Learn what repeats on the pages of one site.

    Args:
        pages: HTML or plain text, as str or bytes, or mappings with ``html`` or ``text`` and, if
            known, ``url``. Read once, one at a time, so a generator over millions will do.
        host: the site's host; default: the one that the pages' addresses name, if any.

    Returns a profile. From fewer than five different pages it removes nothing, which a warning says;
    another says where pages without addresses state several sites as theirs.

    Raises:
        ProfileError: the pages are of several sites; the message names them.
        TypeError: a page is of another type, or ``pages`` is one page.
    """
    learner = Learner(host)
    for page in _pages(pages):
        learner.add(page)
    profile = learner.profile()
    if len(learner.stated) > 1:
        sites = ", ".join(f"{site} ({pages})" for site, pages in learner.stated.most_common(5))
        warn(
            f"pages without url name several sites as their own: {sites}; what only one of them repeats may be "
            "missed: give mappings with url to cleaner.learn_by_host, or leave the others out",
            stacklevel=2,
        )
    if profile.pages < MIN_PAGES:
        copies = f" and {profile.copies} copies of them" if profile.copies else ""
        warn(
            f"{profile.pages} different pages of {profile.site}{copies}: a profile takes {MIN_PAGES}; "
            "it removes nothing until it is learned from more pages or merged with another",
            stacklevel=2,
        )
    return profile


def learn_by_host(pages: Iterable[Page]) -> dict[str, Profile]:
    """Learn a profile for every site among ``pages``, for a corpus of many; keys are hosts.

    Pages are mappings with ``html`` or ``text`` and ``url``; those without an address are passed
    over, with a warning. Sites of fewer than five pages get a profile that removes nothing.
    ``TypeError`` as in :func:`learn`.
    """
    learners: dict[str, Learner] = {}
    homeless = 0
    for page in _pages(pages):
        site = site_of(host_of(_address(page)))
        if site:
            learners.setdefault(site, Learner(site)).add(page)
        else:
            homeless += 1
    if homeless:
        warn(f"{homeless} pages have no url and taught nothing; give mappings with html or text and url", stacklevel=2)
    return {site: learners[site].profile() for site in sorted(learners)}


def _pages(pages: Iterable[Page]) -> Iterable[Page]:
    if isinstance(pages, (str, bytes, Mapping)):
        raise TypeError(f"learn takes many pages, not one {type(pages).__name__}; give a list of them")
    return pages


# Where a page says it belongs, in its head.
_CANONICAL = re.compile(r"<link\b[^>]{0,400}?\brel\s*=\s*[\"']?canonical\b[^>]{0,400}", re.I)
_HREF = re.compile(r"\bhref\s*=\s*[\"']?([^\"'\s>]+)", re.I)
HEAD_CHARS, MOST_SITES = 100_000, 1000


def _stated_site(content: str | bytes) -> str:
    head = content[:HEAD_CHARS]
    link = _CANONICAL.search(head if isinstance(head, str) else head.decode("latin-1"))
    href = _HREF.search(link[0]) if link else None
    return site_of(host_of(href[1])) if href else ""


class Learner:
    """Counts page by page; :meth:`profile` may be asked for at any time.

    ``host`` binds it to a site; without, the first page that has an address does. ``stated`` counts
    the sites that pages without address say they are of.
    """

    def __init__(self, host: str | None = None) -> None:
        self._host = site_of(host_of(host) or host or "")
        self._pages = self._copies = self._missed = self._number = 0
        self._blocks: dict[str, Seen] = {}
        self._sketches: deque[frozenset[str]] = deque(maxlen=REMEMBERED)
        self._bodies: frozenset[str] = frozenset()
        self.stated: Counter[str] = Counter()

    def add(self, page: Page) -> None:
        """Count a page; ``ProfileError`` where it is of another site, ``TypeError`` where it is none."""
        self._number += 1
        content = _content(page, self._number)
        document, kind = _read(content, _address(page))
        self._belongs(site_of(document.host))
        if not document.blocks:
            return
        decisions, evidence = decide_alone(document, kind)
        story = Story.of(document, evidence)
        if self._is_copy(_told(decisions, story)):
            self._copies += 1
            return
        stated = "" if document.host else _stated_site(content)
        if stated and len(self.stated) < MOST_SITES:
            self.stated[stated] += 1
        self._count(decisions, story)
        self._pages += 1
        if self._pages % BUCKET == 0:
            self._missed += 1
            self._blocks = forget(self._blocks, self._missed)

    def profile(self) -> Profile:
        """What the pages so far have taught."""
        return Profile(self._host, self._pages, dict(self._blocks), self._copies, self._missed, self._bodies)

    def _belongs(self, site: str) -> None:
        self._host = self._host or site
        if site and site != self._host and not site.endswith("." + self._host):
            raise ProfileError(
                f"page {self._number} is of {site}, the pages before it of {self._host}: a profile is of one site; "
                "learn them apart with cleaner.learn_by_host(pages), or name a common host with host="
            )

    def _is_copy(self, told: set[str]) -> bool:
        """Whether nearly all that a page tells was told by one earlier page."""
        hashes = sorted(blake2b(key.encode("utf-8", "replace"), digest_size=8).hexdigest() for key in told)
        sketch = frozenset(hashes[:SKETCH])
        if any(len(sketch & other) > COPY_SHARE * min(len(sketch), len(other)) for other in self._sketches):
            return True
        self._sketches.append(sketch)
        whole = blake2b("".join(hashes).encode(), digest_size=8).hexdigest()
        self._bodies = sample({*self._bodies, whole})
        return False

    def _count(self, decisions: Sequence[Decision], story: Story) -> None:
        page: dict[str, Seen] = {}
        for decision in decisions[:PAGE_BLOCKS]:
            key, seen = block_key(decision.block), _seen(decision, story)
            page[key] = _likelier(page[key], seen) if key in page else seen
        page.pop("", None)
        unseen = Seen(missed=self._missed)
        for key, seen in page.items():
            self._blocks[key] = self._blocks.get(key, unseen) + seen


def _told(decisions: Sequence[Decision], story: Story) -> set[str]:
    """The paragraphs and the headline that a page would keep; its lines where it has no paragraph."""
    kept = [decision.block for decision in decisions if decision.action == "keep"]
    titles = [decision.block for decision in decisions if decision.action == "title"]
    paragraphs = [block for block in kept if block.index in story.prose]
    told = [*titles, *(paragraphs or kept)] or [decision.block for decision in decisions]
    return set(map(block_key, told))


def _seen(decision: Decision, story: Story) -> Seen:
    index, place = decision.block.index, place_key(decision.block)
    lead, at = int(story.leads(index)), {place: 1} if place else {}
    if decision.action == "remove":
        return Seen(pages=1, lead=lead, gone={decision.category: 1}, at=at)
    return Seen(pages=1, kept=1, inside=int(story.surrounds(index)), lead=lead, at=at)


def _likelier(one: Seen, other: Seen) -> Seen:
    """Of a block that stands on a page several times, the likeliest to be story counts, in all places."""
    best = max(one, other, key=lambda seen: seen.kept + seen.inside)
    return replace(best, lead=max(one.lead, other.lead), at={**one.at, **other.at})


def _read(content: str | bytes, url: str | None) -> tuple[Document, str]:
    """A page as a document and its kind, ``text`` or ``html``."""
    if isinstance(content, str) and not looks_like_html(content):
        return replace(read_text(content), host=host_of(url)), "text"
    from cleaner.readers.html import read_html

    return read_html(content, url=url), "html"


def _content(page: Page, number: int) -> str | bytes:
    """The page itself; in a mapping what stands under ``html``, or ``text`` where that is missing."""
    content = (page.get("html") or page.get("text")) if isinstance(page, Mapping) else page
    if isinstance(content, (str, bytes)):
        return content
    shape = (
        f"a mapping with {sorted(map(str, page))}" if isinstance(page, Mapping) else f"of type {type(page).__name__}"
    )
    raise TypeError(f"page {number} is {shape}; give str, bytes, or a mapping with html or text and perhaps url")


def _address(page: Page) -> str | None:
    url = page.get("url") if isinstance(page, Mapping) else None
    return url if isinstance(url, str) else None
