"""Bytes of a page into text. Start reading at :func:`decode`.

The order of belief: a byte order mark; valid UTF-8 (text in another encoding is hardly ever valid
UTF-8 by accident); what the page declares, widened to the superset that browsers use; and last
BeautifulSoup's UnicodeDammit, which looks at the content.
"""

from __future__ import annotations

import codecs
import re

__all__ = ["decode"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""", re.I)
# Browsers read these names as supersets (WHATWG Encoding Standard).
_SUPERSETS = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030", "iso-8859-1": "cp1252",
    "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252", "iso-8859-9": "cp1254", "shift_jis": "cp932",
    "shift-jis": "cp932", "x-sjis": "cp932", "sjis": "cp932", "euc-kr": "cp949", "ks_c_5601-1987": "cp949",
    "big5": "big5hkscs", "tis-620": "cp874", "iso-8859-11": "cp874", "windows-874": "cp874", "x-mac-roman": "mac-roman",
    # A page whose declaration can be read byte by byte is not UTF-16, whatever it declares.
    "utf-16": "utf-8", "utf-16le": "utf-8", "utf-16be": "utf-8", "utf-16-le": "utf-8", "utf-16-be": "utf-8",
    "utf-32": "utf-8", "unicode": "utf-8",
}  # fmt: skip
_SEVEN_BIT = ("iso-2022", "hz-gb")
# Codecs of Python that no page is written in; some take a time that grows with the square of the text.
_NO_ENCODINGS = frozenset("idna punycode unicode_escape raw_unicode_escape undefined".split())
_BINARY = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"\x00\x00\x00",
    b"RIFF",
    b"\x7fELF",
    b"OggS",
    b"ID3",
)
DECLARATION_BYTES = 4096
# UnicodeDammit sees twice so many bytes.
SNIFFED_BYTES = 8192
# More broken characters than this share, and the declared encoding is not believed.
BROKEN_SHARE = 0.02


def decode(data: bytes) -> tuple[str, str]:
    """Return ``(text, warning)``; a warning says why the text is empty. Never raises."""
    if data.startswith(_BINARY):
        return "", "this is a binary file (PDF, image, archive or the like), not HTML"
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, "replace").lstrip("\ufeff"), ""
    declared = _declared(data)
    if not declared.startswith(_SEVEN_BIT):
        try:
            return data.decode("utf-8"), ""
        except UnicodeDecodeError:
            pass
    return _believed(data, declared) or _sniffed(data), ""


def _declared(data: bytes) -> str:
    match = _DECLARED.search(data[:DECLARATION_BYTES])
    name = match[1].decode("ascii").lower() if match else ""
    return "" if name.replace("-", "_") in _NO_ENCODINGS else _SUPERSETS.get(name, name)


def _believed(data: bytes, declared: str) -> str:
    """The text in the declared encoding, empty where that is unknown or breaks too much."""
    try:
        text = data.decode(declared, "replace") if declared else ""
    except (LookupError, UnicodeDecodeError, ValueError):
        return ""
    return text if text.count("\ufffd") <= max(5, BROKEN_SHARE * len(text)) else ""


_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")


def _sample(data: bytes) -> bytes:
    """What shows the encoding at a bounded cost: the beginning, and what begins with the first byte beyond ASCII."""
    first = _BEYOND_ASCII.search(data, SNIFFED_BYTES)
    return data[:SNIFFED_BYTES] + (data[first.start() : first.start() + SNIFFED_BYTES] if first else b"")


def _sniffed(data: bytes) -> str:
    from bs4.dammit import UnicodeDammit

    text = UnicodeDammit(_sample(data), is_html=True)
    encoding = text.original_encoding or "utf-8"
    return data.decode(_SUPERSETS.get(encoding, encoding), "replace")
