"""HTML read into blocks: where blocks begin and end, what their markup says of them, and encodings."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from lxml import etree
from lxml import html as lxml_html

from cleaner import clean_html
from cleaner.document import Block, Document, Dom
from cleaner.readers.encoding import decode
from cleaner.readers.html import read_html
from cleaner.vocabulary import GROUPS, INSIDE


def texts(document: Document) -> list[str]:
    return [block.text for block in document]


def dom(block: Block) -> Dom:
    assert block.dom is not None
    return block.dom


def groups(bits: int) -> set[str]:
    return {name for index, name in enumerate(GROUPS) if bits >> index & 1}


def inside(block: Block) -> set[str]:
    return {name for index, name in enumerate(INSIDE) if dom(block).inside >> index & 1}


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>One <b>bold</b> <i>word</i>.</p>", ["One bold word."]),
        ("<p>One<p>Two", ["One", "Two"]),
        ("<p>One<br>Two<hr>Three", ["One", "Two", "Three"]),
        ("<div>One <span>two</span><p>three</p>four</div>", ["One two", "three", "four"]),
        ("<p>wo<b>rd</b>s</p>", ["words"]),
        ("<p>  One \n\t two&nbsp; three </p>", ["One two three"]),
        ("<p>One<!-- not this -->Two<![CDATA[nor this]]></p>", ["OneTwo"]),
        ("<ul><li>One<li><p>Two</ul>", ["One", "Two"]),
        ("<custom-story>One<p>Two</custom-story>", ["One", "Two"]),
        ("<p>One<script>var x</script><style>p{}</style><noscript>no</noscript>", ["One"]),
        ("<head><title>Not shown</title></head><p>One", ["One"]),
        ("<p>&lt;b&gt; &amp; &#233;</p>", ["<b> & é"]),
        ("plain text\nas HTML & more", ["plain text", "as HTML & more"]),
    ],
)
def test_where_blocks_begin_and_end(html: str, expected: list[str]) -> None:
    assert texts(read_html(html)) == expected


def test_the_source_is_the_visible_text_a_line_a_block() -> None:
    document = read_html("<h1>Head</h1><div><p>One</p><p>Two</p></div>")
    assert document.source == "Head\nOne\nTwo"
    assert [document.source[block.start : block.end] for block in document] == ["Head", "One", "Two"]


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        ("<h2>x</h2>", "heading"),
        ("<ul><li>x</ul>", "list_item"),
        ("<ul><li><p>x</ul>", "list_item"),
        ("<dl><dd>x</dl>", "list_item"),
        ("<table><tr><td>x</table>", "table_row"),
        ("<table><tr><th>x</table>", "table_row"),
        ("<blockquote>x</blockquote>", "quote"),
        ("<blockquote><p>x</blockquote>", "quote"),
        ("<div>x</div>", "paragraph"),
    ],
)
def test_the_element_tells_the_kind(html: str, kind: str) -> None:
    assert [block.kind for block in read_html(html)] == [kind]


def test_a_row_of_short_cells_is_a_block_with_tabs_between_them() -> None:
    document = read_html("<table><tr><th>Boat<th>Place<tr><td>Gull<td>2</table>")
    assert document.source == "Boat\tPlace\nGull\t2"
    assert all("table" in inside(block) for block in document)


def test_the_share_of_a_block_that_is_linked_or_bold() -> None:
    first, second, third = read_html("<p>abcde<a href=#>fghij</a></p><nav><a>Home</a> <a>News</a></nav><p><b>all</b>")
    assert dom(first).link_share == 0.5
    assert dom(second).link_share == 1.0
    assert (dom(third).link_share, dom(third).bold_share) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("attribute", "expected"),
    [
        ('class="footer"', {"nav"}),
        ('id="site-footer"', {"nav"}),
        ('class="football-story"', {"body"}),
        ('class="footballFans"', set()),
        ('class="relatedLinks"', {"related"}),
        ('class="photo_CREDIT x1"', {"photo"}),
        ('class="shared-thoughts"', set()),
        ('class="newsletter-signup" id="share"', {"promo", "social"}),
        ('data-name="footer"', set()),
    ],
)
def test_whole_words_of_class_and_id_tell_the_group(attribute: str, expected: set[str]) -> None:
    """`football-story` has no `foot` in it, and `shared` is not `share`."""
    (block,) = read_html(f"<div {attribute}>Some words</div>")
    assert groups(dom(block).own) == expected


def test_groups_of_the_block_of_near_and_of_all_ancestors_are_kept_apart() -> None:
    (block,) = read_html(
        '<div class="sidebar"><div class="poll"><div class="card"><div><p class="lead">x</p></div></div></div></div>'
    )
    assert groups(dom(block).own) == {"lead"}
    assert groups(dom(block).near) == {"lead", "teaser"}
    assert groups(dom(block).every) == {"lead", "teaser", "nav"}


def test_an_inline_element_speaks_for_its_block_where_it_holds_most_of_it() -> None:
    whole, part = read_html(
        '<p><span class="caption">The old quay</span></p><p>The old quay, <i class="caption">new</i></p>'
    )
    assert groups(dom(whole).own) == {"photo"}
    assert groups(dom(part).own) == set()


@pytest.mark.parametrize(
    "attribute", ["hidden", 'style="display: none"', 'style="color:red;VISIBILITY:hidden"', 'aria-hidden="true"']
)
def test_hidden_blocks_are_read_and_say_so(attribute: str) -> None:
    hidden, shown = read_html(f"<div {attribute}><p>One</p></div><p style='color:red'>Two</p>")
    assert "hidden" in inside(hidden)
    assert "hidden" not in inside(shown)


def test_a_block_knows_its_ancestors_and_path() -> None:
    (block,) = read_html('<article><figure class="wide left"><figcaption>x</figcaption></figure></article>')
    assert inside(block) == {"article", "figure", "figcaption"}
    assert dom(block).path == "html > body > article > figure.wide > figcaption"


STATED = """<html lang="en-GB"><head><title>Quay closed - The Gull</title>
<meta property="og:title" content="Quay closed">
<script type="application/ld+json">{"@graph": [{"@type": ["NewsArticle"], "headline": "The quay  is closed",
"articleBody": "The old quay was closed on Monday. %s"}]}</script></head>
<body><p>The old quay was closed on Monday.</p><p>Subscribe to The Gull today.</p></body></html>""" % (
    "The boats left before noon. " * 10
)


def test_json_ld_states_the_body_and_titles_are_listed_best_first() -> None:
    document = read_html(STATED)
    assert document.stated_titles == ("The quay is closed", "Quay closed", "Quay closed - The Gull")
    assert document.stated_language == "en"
    assert [dom(block).stated for block in document] == [1.0, 0.0]


@pytest.mark.parametrize(
    "data", ["{broken", "[" * 50_000, '{"headline": 3, "articleBody": []}', '"text"', ""], ids=range(5)
)
def test_broken_json_ld_states_nothing(data: str) -> None:
    (block,) = read_html(f'<script type="application/ld+json">{data}</script><p>One</p>')
    assert dom(block).stated == -1.0


ENCODED = {
    "windows-1250": "Příliš žluťoučký kůň úpěl ďábelské ódy nad přístavem.",
    "windows-1253": "Η παλιά αποβάθρα έκλεισε τη Δευτέρα το πρωί.",
    "gb2312": "旧码头星期一早上关闭，船只必须离开港口。",
    "big5": "舊碼頭星期一早上關閉，船隻必須離開港口。",
    "koi8-r": "Старый причал закрыли в понедельник утром.",
    "shift_jis": "古い桟橋は月曜日の朝に閉鎖された。",
    "euc-kr": "낡은 부두는 월요일 아침에 폐쇄되었다.",
    "iso-8859-1": "Le vieux quai a été fermé lundi, d'après la mairie.",
    "utf-8": "Stara przystań, żółte łodzie, 旧码头 и причал.",
}


@pytest.mark.parametrize("encoding", ENCODED)
def test_bytes_are_read_in_their_declared_encoding(encoding: str) -> None:
    page = f'<html><head><meta charset="{encoding}"></head><body><p>{ENCODED[encoding]}</p></body></html>'
    assert texts(read_html(page.encode(encoding))) == [ENCODED[encoding]]


@pytest.mark.parametrize("declared", ["utf-8", "nonsense", "hex", "utf-16", "us-ascii"])
@pytest.mark.parametrize("encoding", ["koi8-r", "shift_jis", "windows-1253"])
def test_a_wrong_declaration_never_raises_and_the_page_is_read(encoding: str, declared: str) -> None:
    page = f'<meta charset="{declared}"><p>Quay 12</p><p>{ENCODED[encoding] * 5}</p>'
    first, *_ = texts(read_html(page.encode(encoding)))
    assert first == "Quay 12"


@pytest.mark.parametrize("declared", ["iso-8859-1", "gb2312", "utf-16", "nonsense"])
def test_valid_utf_8_is_utf_8_whatever_is_declared(declared: str) -> None:
    page = f'<meta charset="{declared}"><p>{ENCODED["utf-8"]}</p>'
    assert texts(read_html(page.encode())) == [ENCODED["utf-8"]]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-32"])
def test_a_byte_order_mark_decides(encoding: str) -> None:
    page = f'<meta charset="iso-8859-1"><p>{ENCODED["utf-8"]}</p>'
    assert texts(read_html(page.encode(encoding))) == [ENCODED["utf-8"]]


def test_a_byte_declared_gb2312_may_use_the_letters_of_its_superset() -> None:
    assert decode('<meta charset="gb2312">镕'.encode("gb18030"))[0].endswith("镕")


PAGE = """<!doctype html><html lang="en"><head><title>The quay</title></head><body><article class="story">
<h1>The quay is closed</h1><p>The old quay was <a href="#">closed on Monday</a>, said the mayor.</p>
<!-- not shown --><p>Nobody was hurt.</p></article><div class="footer">The Gull &copy; 2026</div></body></html>"""


@pytest.mark.parametrize(
    "page",
    [
        PAGE.encode(),
        bytearray(PAGE.encode()),
        BeautifulSoup(PAGE, "html.parser"),
        BeautifulSoup(PAGE, "lxml"),
        lxml_html.fromstring(PAGE),
        lxml_html.fromstring(PAGE).getroottree(),
    ],
    ids=["bytes", "bytearray", "soup", "soup by lxml", "lxml element", "lxml tree"],
)
def test_every_form_of_input_gives_the_same_blocks(page: Any) -> None:
    """Not only the same texts: the same markup evidence, so the same decisions."""
    expected, document = read_html(PAGE), read_html(page)
    assert document.source == expected.source
    assert document.stated_language == expected.stated_language == "en"
    assert document.stated_titles == expected.stated_titles
    assert [dom(block) for block in document] == [dom(block) for block in expected]


def test_xhtml_with_its_namespace_is_read_like_html() -> None:
    xhtml = (
        '<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="pl"><head><title>T</title></head>'
        "<body><p>One <a>two</a></p><script>var x</script></body></html>"
    )
    document = read_html(etree.fromstring(xhtml))
    assert texts(document) == ["One two"]
    assert (document.stated_titles, document.stated_language) == (("T",), "pl")


def test_a_part_of_a_page_may_be_given() -> None:
    soup = BeautifulSoup(PAGE, "html.parser")
    document = read_html(soup.find("article"))
    assert texts(document)[0] == "The quay is closed"
    assert groups(dom(document.blocks[0]).near) == {"body"}
    assert texts(read_html(lxml_html.fromstring(PAGE).find(".//article"))) == texts(document)


def test_the_tree_that_was_given_is_not_changed() -> None:
    soup, tree = BeautifulSoup(PAGE, "html.parser"), lxml_html.fromstring(PAGE)
    before = str(soup), etree.tostring(tree)
    clean_html(soup)
    clean_html(tree)
    assert (str(soup), etree.tostring(tree)) == before


def test_names_that_xml_does_not_know_are_read_all_the_same() -> None:
    soup = BeautifulSoup("<p a²='1' 1x='2' x:y='3'>One <b²>two</b²> <o:p>three</o:p>\x0b</p>", "html.parser")
    assert texts(read_html(soup)) == ["One two three"]


@pytest.mark.parametrize(
    ("url", "host"),
    [("https://www.Example.org:80/a?b", "www.example.org"), ("http://[", ""), ("no address", ""), (None, "")],
)
def test_the_address_tells_the_host_and_a_broken_one_does_not_raise(url: str | None, host: str) -> None:
    assert read_html("<p>One", url=url).host == host


@pytest.mark.parametrize("start", [b"%PDF-1.7 ", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b"GIF89a", b"\xff\xd8\xff\xe0"])
def test_binary_files_give_no_blocks_and_a_warning(start: bytes) -> None:
    document = read_html(start + b"<p>not a page</p>" * 3)
    assert document.blocks == ()
    assert "binary file" in document.warnings[0]
