"""Nothing that stands in a page or in a pack opens a file, a connection or a process, or runs as code."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

XINCLUDE = "http://www.w3.org/2001/XInclude"
SECRET = "the lighthouse keeper's own words"

# Python reports what it opens, runs and connects to. Files of the library, its dependencies and Python are data.
PROGRAM = """
import json, os, sys
from cleaner import Cleaner
from cleaner.pack import parse_pack

told = []
OWN = tuple(os.path.realpath(path) for path in (sys.prefix, sys.base_prefix, *json.loads(sys.argv[1])))
WATCHED = ("open", "socket.", "subprocess.", "os.", "exec", "compile", "urllib.", "ctypes.", "shutil.", "ftplib.",
           "webbrowser.", "tempfile.")
HARMLESS = ("os.listdir", "os.scandir")
OWN_CODE = ("<attrs", "<frozen", "<string>", "<__array")

def hook(event, arguments):
    if not event.startswith(WATCHED) or event in HARMLESS or importing():
        return
    if event == "open" and (isinstance(arguments[0], int) or os.path.realpath(arguments[0]).startswith(OWN)):
        return
    if event in ("exec", "compile"):
        name = getattr(arguments[0], "co_filename", arguments[1] if event == "compile" else "")
        if str(name).startswith(OWN_CODE):
            return
    told.append(f"{event} {arguments!r}"[:200])

def importing():
    frame = sys._getframe()
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False

data = json.loads(sys.stdin.read())
sys.addaudithook(hook)
cleaner = Cleaner(metadata=True)
texts = [cleaner.clean_html(page, url=data["url"]).to_json() for page in data["pages"]]
texts += [cleaner.clean_html(page.encode()).to_json() for page in data["pages"]]
texts += [cleaner.clean_text(page).to_json() for page in data["pages"]]
for pack in data["packs"]:
    try:
        texts.append(repr(parse_pack(pack, "pack.toml")))
    except ValueError as error:
        texts.append(str(error))
print(json.dumps({"told": told, "texts": texts}))
"""


def hostile_pages(file: Path, url: str) -> Iterator[str]:
    story = "<p>The harbour of the old town will close for three weeks in March, the council said.</p>"
    path = file.as_uri()
    for address in (path, url, str(file)):
        yield f'<!DOCTYPE r [<!ENTITY x SYSTEM "{address}">]><html><body><p>&x;</p>{story}</body></html>'
        yield f'<?xml version="1.0"?><!DOCTYPE r SYSTEM "{address}"><r>&x;{story}</r>'
        yield f'<!DOCTYPE r [<!ENTITY % d SYSTEM "{address}"> %d;]><html>{story}</html>'
        yield f'<html xmlns:xi="{XINCLUDE}"><xi:include href="{address}" parse="text"/>{story}</html>'
        yield f'<?xml-stylesheet type="text/xsl" href="{address}"?><html>{story}</html>'
        yield (
            f'<base href="{address}"><link rel=stylesheet href="{address}"><script src="{address}"></script>'
            f'<iframe src="{address}"></iframe><img src="{address}"><object data="{address}"></object>'
            f'<meta http-equiv=refresh content="0;url={address}"><link rel=canonical href="{address}">{story}'
        )
    yield f"<script>__import__('os').system('true')</script><p>{{{{ 7*7 }}}} ${{jndi:ldap://x}} $(id) `id`</p>{story}"
    yield f'<script type="application/ld+json">{{"@context": "{url}", "hasPart": {{"$ref": "{path}"}}}}</script>{story}'


def hostile_packs(file: Path) -> Iterator[str]:
    yield f'language = "en"\ninclude = "{file}"\nextends = "{file.as_uri()}"\n'
    yield (
        'language = "en"\n[[rule]]\nid = "a"\ncategory = "ad"\nmatch = "any"\n'
        "why = \"{{ 7*7 }} __import__('os').system('true') %(x)s {0.__class__}\"\n"
        f'phrases = ["file {file}", "{file.as_uri()}"]\nhosts = ["{file.as_uri()}"]\n'
    )


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield server


def test_hostile_pages_and_packs_touch_nothing(tmp_path: Path, listening: socket.socket) -> None:
    """Watched from inside by Python's audit events; from outside by a file with a secret and a server that waits."""
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    url = f"http://127.0.0.1:{listening.getsockname()[1]}/page"
    data = {"url": url, "pages": list(hostile_pages(secret, url)), "packs": list(hostile_packs(secret))}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps([str(ROOT), *sys.path])],
        input=json.dumps(data), capture_output=True, encoding="utf-8", check=True, timeout=120, cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert found["told"] == []
    assert not any(SECRET in text for text in found["texts"])
    assert any("will close for three weeks" in text for text in found["texts"])
    with pytest.raises(TimeoutError):
        listening.accept()
