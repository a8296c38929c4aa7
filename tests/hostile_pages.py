"""Pages made to cost time: each maker takes a size in characters and gives a page of about that size.

What they cost is held against :func:`harmless`, prose of the same size; see ``test_hostile_cost.py``.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import cycle, islice

from cleaner.pack import Pack, Rule, builtin_languages, load_builtin

Page = str | bytes
Make = Callable[[int], Page]

STORY = "The harbour of the old town will close for three weeks in March, the city council said on Monday. "
_WORDS = (
    "the a of in on to and for with that was has will harbour council ferry bridge street market morning "
    "winter report budget worker school hospital minister village station engine garden letter window"
).split()
NAMES = "Anna Reed Moira Tennant Duncan Rae Li Wei Jan Novak"


def harmless(size: int) -> str:
    """An ordinary page, as long as it must be: paragraphs, two short lines behind each, no two alike."""
    random_ = random.Random(size)
    lines, length = [], 0
    while length < size:
        paragraph = " ".join(random_.choices(_WORDS, k=random_.randint(20, 80))).capitalize() + "."
        short = [" ".join(random_.choices(_WORDS, k=random_.randint(2, 9))).capitalize() for _ in range(2)]
        lines += [paragraph, *short]
        length += sum(map(len, (paragraph, *short))) + 6
    return "\n\n".join(lines)[:size]


def harmless_html(size: int) -> str:
    """The same prose as a page."""
    body = "\n".join(f"<p>{paragraph}</p>" for paragraph in harmless(size).split("\n\n"))
    return f"<html><body><article>{body}</article></body></html>"[:size]


def repeated(piece: str) -> Make:
    """Pages of ``piece`` again and again."""
    return lambda size: piece * (size // len(piece) + 1)


def _filled(pieces: Iterable[str], size: int, between: str) -> str:
    """``pieces`` in turn, again and again, up to ``size``."""
    taken, length = [], 0
    for piece in cycle(pieces):
        if length >= size:
            break
        taken.append(piece)
        length += len(piece) + len(between)
    return between.join(taken)


@cache
def packs() -> tuple[Pack, ...]:
    return tuple(map(load_builtin, builtin_languages()))


@cache
def every_keyword() -> tuple[str, ...]:
    """The keywords of all rules of all packs, in an order that mixes languages."""
    found = sorted({word for pack in packs() for rule in pack.rules for word in rule.keywords})
    random.Random(7).shuffle(found)
    return tuple(found)


def near_misses(rule: Rule) -> Iterator[str]:
    """Lines that come close to what ``rule`` looks for: its examples, phrases cut short, names without end."""
    yield from (line.replace("⟦", "").replace("⟧", "") for line in (*rule.removes, *rule.keeps))
    for phrase in rule.phrases:
        filled = phrase.replace("#", "12").replace("*", "of the")
        yield filled.replace("@", NAMES + ",")
        yield filled.replace("@", "").rpartition(" ")[0] or filled[:-1]
        if "@" in phrase:
            yield filled.replace("@", f"{NAMES} and " * 20)
    yield from rule.keywords


def flood(rules: Iterable[Rule], between: str) -> Make:
    """Near misses of ``rules``, each on a line of its own or all on one, by what stands ``between``."""
    lines = [line for rule in rules for line in near_misses(rule) if line]
    return lambda size: _filled(lines, size, between)


def keyword_floods() -> dict[str, Make]:
    one_line = {"every keyword on one line": lambda size: _filled(every_keyword(), size, " ")}
    return {**one_line, "every keyword on lines": lambda size: _filled(every_keyword(), size, "\n")}


def pack_floods(between: str = "\n") -> dict[str, Make]:
    """One page a pack: near misses of all its rules."""
    return {pack.language: flood(pack.rules, between) for pack in packs()}


TEXTS: dict[str, Make] = {
    **keyword_floods(),
    "one line of sentences": repeated(STORY),
    "one line without a full stop": repeated("and the harbour of the old town "),
    "one word": repeated("x"),
    "one word of digits": repeated("1"),
    "one-character lines": repeated("a\n"),
    "one-character lines, blank lines between": repeated("a\n\n"),
    "two-character lines": repeated("ab\n"),
    "three-character lines": repeated("abc\n"),
    "lines of one sign": repeated("-\n"),
    "lines of three signs": repeated("***\n"),
    "lines of one Chinese character": repeated("港\n"),
    "one- and long lines in turn": repeated("a\n" * 30 + STORY + "\n"),
    "identical headlines": repeated("Harbour ferry to return in May\n"),
    "identical teasers cut off": repeated("Harbour ferry to return in May after two years…\n"),
    "teasers with one beginning": lambda size: "\n".join(
        f"Harbour ferry to return in May after {number}…" for number in range(size // 45)
    ),
    "identical paragraphs": repeated(STORY + "\n\n"),
    "alternating scripts": repeated("Harbour гавань 港口 ميناء נמל ท่าเรือ λιμάνι "),
    "alternating scripts, line by line": repeated("Harbour\nгавань\n港口\nميناء\nท่าเรือ\n"),
    "alternating letters": repeated("aбc港dم"),
    "lines in turns of languages": repeated(
        STORY + "\nBurmistrz powiedział w poniedziałek, że most będzie zamknięty do końca kwietnia.\n"
        "Мэр сказал в понедельник, что мост будет закрыт до конца апреля.\n"
    ),
    "combining marks": repeated("e" + "\u0301" * 50),
    "combining marks on lines": repeated("e\u0301\u0302\u0303 \u0301\n"),
    "Indic vowel signs": repeated("\u0915\u093f\u0940\u0941"),
    "bidi controls": repeated("\u202e\u2066a\u202c\u2069"),
    "bidi controls alone": repeated("\u202e"),
    "zero-width marks between letters": repeated("a\u200b"),
    "white space of all kinds": repeated(" \t\u3000\u2009\u00a0"),
    "white space before line ends": repeated("a" + " " * 200 + "\n"),
    "line ends of all kinds": repeated("ab c\r\n\u2028\u2029\v\f\x85"),
    "NUL bytes": repeated("a\x00"),
    "lone surrogates": repeated("\ud800a "),
    "nested brackets": repeated("(photo: "),
    "nested brackets, closed": lambda size: "(photo: " * (size // 9) + ")" * (size // 9),
    "nested quotes": repeated("“‘"),
    "quotes behind full stops": repeated(".”"),
    "a full stop and quotes without end": lambda size: "Said. " + "”" * size,
    "full stops": repeated("."),
    "full stops and blanks": repeated(". "),
    "Chinese full stops": repeated("。"),
    "question marks on lines": repeated("?\n"),
    "numbers and colons": repeated("12:34 1.2.2026 "),
    "addresses": repeated("https://example.org/a www.a.com @b #c "),
    "names without end": repeated(NAMES + " and "),
    "bylines of names without end": repeated(f"By {NAMES}, "),
    "capitalised words, a colon at last": lambda size: "Photo " * (size // 6) + ":",
    "tags in text": repeated("<b "),
    "bars": repeated("| a "),
    "bars on lines": repeated("|a|b|\n"),
    "bullets": repeated("- a b c\n"),
    "headings": repeated("# a b c\n"),
    "dots and dashes": repeated("…—"),
    "wrapped lines": repeated("the harbour of the old town will close for three weeks in March and the\n"),
    "Thai without a blank": repeated("ท่าเรือของเมืองเก่าจะปิดสามสัปดาห์"),
    "Chinese without a stop": repeated("老城的港口将关闭三周"),
    "Korean syllables": repeated("항구는 삼월에 "),
    "emoji": repeated("👩\u200d🚀😀"),
    "every code point": lambda size: "".join(map(chr, islice(cycle(range(0x110000)), size))),
    "letters of all scripts on lines": lambda size: "\n".join(
        chr(0x100 + number % 0x2000) * 3 for number in range(size // 4)
    ),
}


def attributes(size: int) -> str:
    """A tag with ever more attributes of different names."""
    return "<p " + " ".join(f"a{number}=1" for number in range(size // 9)) + f">{STORY}</p>"


def one_name_attributes(size: int) -> str:
    return "<p " + "a=1 " * (size // 4) + f">{STORY}</p>"


def nested(opening: str, closing: str = "", text: str = STORY) -> Make:
    """Elements in each other, closed or not, some text in the innermost."""
    return lambda size: opening * (count := size // (len(opening) + len(closing))) + text + closing * count


PAGES: dict[str, Make] = {
    "<p>a</p>": repeated("<p>a</p>"),
    "<p>abc</p>": repeated("<p>abc</p>"),
    "<p> of a word each": repeated("<p>Harbour</p>"),
    "<p> never closed": repeated("<p>a b"),
    "<li>": repeated("<ul><li>One thing<li>Another</ul>"),
    "<br>": repeated("a<br>"),
    "<br> between words": repeated("Harbour<br>"),
    "nested <div>": nested("<div>", "</div>"),
    "nested <div> never closed": nested("<div>"),
    "nested <div> with text": repeated("<div>a b c "),
    "nested <div class>": nested('<div class="related teaser">', "</div>"),
    "nested <b>": nested("<b>", "</b>"),
    "nested <b> with text": repeated("<b>a "),
    "nested <span class> with text": repeated('<span class="share">a '),
    "nested <a>": repeated("<a href=x>a "),
    "nested <font><p>": repeated("<font><p>a "),
    "nested <blockquote>": nested("<blockquote>", "</blockquote>"),
    "nested <q>": repeated("<q>a "),
    "nested <ul>": nested("<ul><li>", "</li></ul>"),
    "nested <table>": nested("<table><tr><td>", "</td></tr></table>"),
    "nested <table> never closed": repeated("<table><tr><td>a"),
    "nested <svg>": nested("<svg>", "</svg>"),
    "nested <form>": repeated("<form>a "),
    "nested <button>": repeated("<button>a "),
    "nested <select>": repeated("<select><option>a "),
    "nested <noscript>": repeated("<noscript>a "),
    "nested <iframe>": repeated("<iframe>a "),
    "misnested tags": repeated("<b><p><i></b></p></i>a"),
    "misnested formatting": repeated("<a><b><i><u></a>x"),
    "closing tags": repeated("</div>"),
    "closing tags without an opening, with text": repeated("a</p></b>"),
    "a table of many rows": repeated("<tr><td>a</td><td>b</td></tr>"),
    "a table row of many cells": repeated("<td>a</td>"),
    "a table row of many cells, whole": lambda size: "<table><tr>" + "<td>a</td>" * (size // 10) + "</tr></table>",
    "attributes on one tag": attributes,
    "one attribute many times": one_name_attributes,
    "attributes on a tag never closed": lambda size: attributes(size)[:-110],
    "attributes in a closing tag": lambda size: "</p " + attributes(size)[3:],
    "attributes without values": lambda size: "<p " + " ".join(map("b{:x}".format, range(size // 7))) + ">a</p>",
    "an attribute in quotes never closed": lambda size: '<p class="' + "x " * (size // 2),
    "one long attribute": lambda size: f'<div class="{"x" * size}">{STORY}</div>',
    "a class of many words": lambda size: f'<div class="{"share " * (size // 6)}">{STORY}</div>',
    "many tags with a class of their own": lambda size: "".join(
        f'<p class="related{number}">a b c' for number in range(size // 28)
    ),
    "a style without end": lambda size: f'<p style="{"display " * (size // 8)}">{STORY}',
    "entities": repeated("&amp;"),
    "entities without an end": repeated("&amp"),
    "entities unknown": repeated("&bogus;"),
    "numbers as entities": repeated("&#65;&#x41;&#xD800;"),
    "an entity of many digits": lambda size: "<p>&#" + "1" * size + ";",
    "an entity of many letters": lambda size: "<p>&" + "a" * size + ";",
    "entity declarations": lambda size: (
        "<!DOCTYPE p [" + "".join(f'<!ENTITY e{n + 1} "&e{n};&e{n};">' for n in range(size // 30)) + "]><p>&e99;</p>"
    ),
    "comments": repeated("<!-- a -->b"),
    "comments never closed": repeated("<!-- "),
    "comments half closed": repeated("<!-- - --"),
    "CDATA": repeated("<![CDATA[ a ]]>"),
    "CDATA never closed": repeated("<![CDATA["),
    "processing instructions": repeated("<?a b?>c"),
    "doctypes": repeated("<!doctype html>"),
    "<plaintext>": lambda size: "<plaintext>" + "<p>a b c" * (size // 8),
    "<plaintext> again and again": repeated("<plaintext>"),
    "<textarea> never closed": lambda size: "<textarea>" + "<p>a b c" * (size // 8),
    "<title> never closed": lambda size: "<title>" + "<p>a b c" * (size // 8),
    "titles": repeated("<title>a b c</title>"),
    "metas": repeated("<meta property='og:title' content='a b c'>"),
    "metas, all different": lambda size: (
        "".join(f"<meta property='og:title' content='title {number}'>" for number in range(size // 45))
        + f"<p>{STORY}" * 20
    ),
    "<script> never closed": lambda size: "<script>" + "<p>a b c" * (size // 8),
    "empty scripts": repeated("<script></script>"),
    "quotes in a script": lambda size: "<script>" + '"\\u003cp>' * (size // 9) + "</script>",
    "JSON-LD deeply nested": lambda size: '<script type="application/ld+json">' + "[" * size + "</script>",
    "JSON-LD blocks": repeated('<script type="application/ld+json">{"headline":"a","@type":"Article"}</script>'),
    "a stated body and many blocks": lambda size: (
        f'<script type="application/ld+json">{{"articleBody": "{harmless(size // 2)}"}}</script>'.replace("\n", " ")
        + "<p>no such words here" * (size // 42)
    ),
    "opening brackets": repeated("<"),
    "closing brackets": repeated(">"),
    "broken tags": repeated("<p <a <b "),
    "slashes": repeated("</"),
    "framesets": repeated("<frameset><frame src=x>"),
    "heads and bodies": repeated("<html><head></head><body>a</body></html>"),
    "hidden blocks": repeated("<p hidden>a b c</p>"),
    "custom elements": lambda size: "".join(f"<x-{number}>a b" for number in range(size // 12)),
    "namespaces": repeated('<a:b xmlns:a="u">c</a:b>'),
    "ruby": repeated("<ruby>港<rt>a</ruby>"),
    "images": repeated('<img src="a.png" alt="a b c">'),
    "blocks of every tag": repeated("<h1>a b<h2>c d<section>e f<aside>g h</aside></section><figure>i j</figure>"),
    "one line of text in one <p>": lambda size: f"<p>{STORY * (size // len(STORY))}</p>",
    "every keyword in <p>": lambda size: "".join(
        f"<p>{word.replace('<', '&lt;')}</p>" for word in islice(cycle(every_keyword()), size // 18)
    ),
    "plain text": lambda size: harmless(size),
    "plain text of short lines": repeated("ab c\n"),
    "PNG": lambda size: b"\x89PNG\r\n\x1a\n" + random.Random(7).randbytes(size),
    "PDF": lambda size: b"%PDF-1.7\n" + random.Random(7).randbytes(size),
    "random bytes": lambda size: b"<p>" + random.Random(7).randbytes(size),
    "a page cut off in a character": lambda size: harmless_html(size).replace("a", "ž").encode()[:-1],
    "declared big5": lambda size: b'<meta charset="big5">' + harmless_html(size).replace("a", "ü").encode("cp1252"),
    "declared UTF-7": lambda size: b'<meta charset="utf-7">' + harmless_html(size).replace("a", "ü").encode("cp1252"),
    "declared IDNA": lambda size: b'<meta charset="idna">' + harmless_html(size).replace("a", "ü").encode("cp1252"),
    "declared punycode": lambda size: b'<meta charset="punycode">' + b"<p>a\xfc</p>" * (size // 9),
    "declared UTF-16": lambda size: b'<meta charset="utf-16">' + harmless_html(size).replace("a", "ü").encode("cp1252"),
    "UTF-16 without a mark": lambda size: harmless_html(size // 2).encode("utf-16-le"),
    "UTF-32": lambda size: harmless_html(size // 4).encode("utf-32"),
}
