"""The first of the two passes of ``cleaner batch --learn``: a profile a site. Start at :func:`learned_profiles`.

The profiles are files beside the output, ``OUTPUT.profiles/<host>.profile.json``: they can be read,
used again with ``--profile``, and a run that is resumed does not learn a second time.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from warnings import catch_warnings, simplefilter

from cleaner.corpus.inputs import Inputs
from cleaner.corpus.options import BatchOptions, UsageError
from cleaner.corpus.readers import read_file
from cleaner.corpus.rows import page_of
from cleaner.learning import learn_by_host
from cleaner.profile import MIN_PAGES, Profile

__all__ = ["learned_profiles", "profiles_folder"]

# Is written when every profile stands in the folder.
COMPLETE = "complete"


def profiles_folder(output: Path) -> Path:
    """Where the profiles of a run into ``output`` are kept."""
    return output.with_name(output.name + ".profiles")


def learned_profiles(options: BatchOptions, inputs: Inputs) -> tuple[Profile, ...]:
    """A profile for every site of ``inputs`` with pages enough; learned once, then read from their files.

    Raises :class:`UsageError` where the input can be read only once, ``OSError`` where files cannot be
    written.
    """
    if "-" in options.inputs:
        raise UsageError("--learn reads the input twice, and standard input can be read once: give a file")
    folder = profiles_folder(options.output)
    if not (options.resume and (folder / COMPLETE).exists()):
        _learn(options, inputs, folder)
    return tuple(Profile.load(path) for path in sorted(folder.glob("*.profile.json")))


def _learn(options: BatchOptions, inputs: Inputs, folder: Path) -> None:
    with catch_warnings():
        simplefilter("ignore")  # of pages without an address; the second pass cleans them without a profile
        profiles = learn_by_host(_pages(options, inputs))
    folder.mkdir(exist_ok=True)
    for stale in (*folder.glob("*.profile.json"), folder / COMPLETE):
        stale.unlink(missing_ok=True)
    for host, profile in profiles.items():
        if profile.pages >= MIN_PAGES:
            profile.save(folder / f"{host}.profile.json")
    (folder / COMPLETE).touch()


def _pages(options: BatchOptions, inputs: Inputs) -> Iterator[dict[str, Any]]:
    """Every row that holds a page; what is wrong with the others is said in the second pass."""
    for name, _ in inputs.files():
        for row in read_file(name, options.fields):
            page = page_of(row, options.fields)
            if page is not None:
                yield {"html" if page.is_html else "text": page.content, "url": page.url}
