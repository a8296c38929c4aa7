"""The same page gives the same result: in any process, in any order, in any thread."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from cleaner import Cleaner, clean
from tests.conftest import ROOT
from tests.hostile_pages import PAGES as HOSTILE_PAGES
from tests.hostile_pages import TEXTS

TEXT = """The harbour will close for repairs

By Anna Reed

The harbour of the old town will close for three weeks in March, the city council said on Monday.

Read also: Nine lamps for the pier

Fishermen were told in January that their boats must leave the basin before the first of the month.

Share this article
"""
POLISH = """Most na rzece zostanie zamknięty

Burmistrz zapowiedział, że most na rzece będzie zamknięty do końca kwietnia, a autobusy pojadą przez wieś.

Czytaj także: Nowe lampy na rynku

Fot. Anna Reed

Mieszkańcy dowiedzieli się o tym w poniedziałek z kartki przypiętej na drzwiach urzędu gminy.
"""
SHORT = "Oslo Bergen Trondheim Stavanger"
HTML = "<html><body><article>" + "".join(f"<p>{line}</p>" for line in TEXT.split("\n\n")) + "</article></body></html>"
HOSTILE = tuple(make(300) for make in (*TEXTS.values(), *HOSTILE_PAGES.values()))[::3]
PAGES = (TEXT, POLISH, SHORT, HTML, "", TEXT + POLISH, *HOSTILE)

PROGRAM = """
import ast, sys
from cleaner import clean
for page in ast.literal_eval(sys.stdin.read()):
    print(ascii(clean(page).to_json()))
"""


def in_a_fresh_process(seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(
        command, input=repr(PAGES), env=environment, capture_output=True, check=True, encoding="utf-8", timeout=120
    )
    return done.stdout


def test_a_fresh_process_with_another_hash_seed_gives_the_same_bytes() -> None:
    here = "".join(ascii(clean(page).to_json()) + "\n" for page in PAGES)
    assert in_a_fresh_process("1") == in_a_fresh_process("4321") == here


def test_the_order_of_pages_does_not_matter() -> None:
    cleaner = Cleaner()
    expected = {page: cleaner.clean(page) for page in PAGES}
    shuffled = list(PAGES) * 3
    random.Random(7).shuffle(shuffled)
    assert all(cleaner.clean(page) == expected[page] for page in shuffled)


def test_threads_that_share_a_cleaner_give_the_same_as_one() -> None:
    cleaner = Cleaner()
    pages = list(PAGES) * 2
    expected = [cleaner.clean(page) for page in pages]
    with ThreadPoolExecutor(max_workers=4) as pool:
        assert list(pool.map(cleaner.clean, pages)) == expected


def test_two_cleaners_of_the_same_options_agree() -> None:
    assert [Cleaner().clean(page) for page in PAGES] == [clean(page) for page in PAGES]
