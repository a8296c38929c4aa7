"""What was removed, for eyes: the layout, the terminal, the notebook, and the HTML report in a real browser."""

from __future__ import annotations

import pickle
import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from click.testing import Result as Run

import cleaner
from cleaner.__main__ import main
from cleaner.explanation import FAMILIES, direction_of, family_of, rows_of
from cleaner.html_report import INLINE_ROWS, PageView, render_inline, render_report
from cleaner.pack import CATEGORIES
from cleaner.result import Paragraph, Removal, Result
from tests.conftest import FIXTURES

ATTACK = (
    "\"'></title></style></script></bdi><script>document.title='owned'</script>{{ 7*7 }}"
    "<img src=x onerror=\"document.title='owned'\"><svg onload=\"document.title='owned'\">"
)
FERRY = FIXTURES / "wild" / "en" / "ferry" / "source.txt"
TAILOR = FIXTURES / "wild" / "ar" / "html-dukkan-alkhayyat" / "source.html"


def made(*parts: tuple[str, str], language: str | None = "en") -> Result:
    """A result of lines, each with what it is: title, kept, or the category it was removed as.

    A part that begins with a blank goes on the line of the part before it.
    """
    source, kept, removed, title = "", list[Paragraph](), list[Removal](), None
    for text, what in parts:
        source += "" if not source or text.startswith(" ") else "\n"
        start = len(source)
        source += text
        if what == "title":
            title = (start, len(source))
        elif what == "kept":
            kept.append(Paragraph(text, "paragraph", start, len(source)))
        else:
            removed.append(Removal(text, start, len(source), what, f"because of {what}", f"en:{what}.rule"))
    return Result(
        text="\n\n".join(paragraph.text for paragraph in kept),
        paragraphs=tuple(kept),
        title=source[slice(*title)] if title else None,
        language=language,
        removed=tuple(removed),
        source=source,
        kept=tuple((paragraph.start, paragraph.end) for paragraph in kept),
        title_span=title,
    )


MILL = made(
    ("Home", "navigation"),
    ("Sport", "navigation"),
    ("The old mill grinds again", "title"),
    ("By Nora Quist", "byline"),
    ("The mill on the Ash stood still for forty years.", "kept"),
    (" (Photo: Nora Quist)", "credit"),
    ("Read also: A baker for the valley", "related"),
    ("On Sunday its wheel turned, and half the valley came to see it.", "kept"),
    ("Sign up for our morning letter", "newsletter"),
)


def test_rows_are_the_lines_of_the_page_and_a_cut_stands_in_its_line() -> None:
    rows = rows_of(MILL)
    kinds = [row.kind for row in rows]
    assert kinds == ["removed", "title", "removed", "paragraph", "removed", "paragraph", "removed"]
    mill = rows[3]
    assert [piece.removal.category if piece.removal else "story" for piece in mill.pieces] == ["story", "credit"]


def test_a_menu_shares_one_row_and_long_removals_do_not() -> None:
    assert rows_of(MILL)[0].categories == {"navigation": 2}
    teaser = ("A teaser about the mill that is so long that it fills a line", "teaser")
    assert len(rows_of(made(teaser, teaser))) == 2


def test_a_menu_of_ten_thousand_entries_is_laid_out_in_linear_time() -> None:
    from time import perf_counter

    menu = made(*[("Entry", "navigation")] * 10_000)
    start = perf_counter()
    assert rows_of(menu)[0].categories == {"navigation": 10_000}
    assert perf_counter() - start < 2


@pytest.mark.parametrize("path", [FERRY, TAILOR])
def test_rows_hold_the_whole_page(path: Path) -> None:
    result = cleaner.clean(path.read_text("utf-8"))
    shown = "".join(piece.text for row in rows_of(result) for piece in row.pieces)
    assert "".join(shown.split()) == "".join(result.source.split())


def test_direction_is_that_of_most_letters_not_of_the_first() -> None:
    assert direction_of("BBC قالت إن المدينة القديمة ستفتح أبوابها") == "rtl"
    assert direction_of("الخط in a page of Latin letters") == "ltr"
    assert direction_of("12:30", default="rtl") == "rtl"


def test_every_category_has_a_colour() -> None:
    assert {category for categories in FAMILIES.values() for category in categories} == set(CATEGORIES) - {"body"}
    assert family_of("of a pack not known here") == "furniture"


def test_explain_says_what_went_where_and_why() -> None:
    text = MILL.explain()
    assert "6 removals" in text
    assert "related  Read also: A baker for the valley" in text
    assert "because of related [en:related.rule]" in text
    assert repr(text) == str(text)
    assert pickle.loads(pickle.dumps(text)) == text


def test_explain_keeps_codes_of_hostile_pages_off_the_terminal() -> None:
    text = made(("Read also: \x1b[2J\u202egnihton", "related"), ("The mill turned.", "kept")).explain()
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_a_notebook_shows_the_page_tinted_and_escaped() -> None:
    html = made((f"Read also: {ATTACK}", "related"), (f"The mill {ATTACK} turned.", "kept"))._repr_html_()
    assert "<script" not in html
    assert "<img" not in html
    assert 'title="because of related' in html
    assert MILL.explain()._repr_html_() == MILL._repr_html_()


def test_a_notebook_is_not_flooded() -> None:
    html = render_inline(made(*[(f"The wheel turned {n} times on that day.", "kept") for n in range(INLINE_ROWS + 7)]))
    assert html.count("<p ") == INLINE_ROWS
    assert "7 more rows" in html


def test_styles_of_a_notebook_touch_nothing_else() -> None:
    style = re.search(r"<style>(.*?)</style>", MILL._repr_html_(), re.S)
    assert style is not None
    assert all(line.startswith(".cleaner-result") for line in style[1].strip().splitlines())


def test_a_report_escapes_names_headlines_reasons_and_text() -> None:
    removal = Removal(ATTACK, 0, len(ATTACK), ATTACK, ATTACK, ATTACK, ATTACK)
    hostile = Result("", (), ATTACK, ATTACK, (removal,), (ATTACK,), ATTACK)
    html = render_report([PageView(ATTACK, hostile)] * 2)
    assert html.count("<script") == 1
    assert "<img" not in html


def test_a_report_loads_nothing() -> None:
    html = render_report([PageView("mill.html", MILL)])
    assert not re.search(r"src=|href=(?!\"#)|<link|url\(|@import|https?:", html)
    assert "default-src 'none'" in unescape(html)


def test_lone_surrogates_do_not_stop_a_report() -> None:
    html = render_report([PageView("mill\udcff.html", made(("The mill \ud800 turned.", "kept")))])
    assert "The mill ? turned." in html


def run(*args: str, stdin: str | None = None) -> Run:
    return CliRunner().invoke(main, list(args), input=stdin)


def test_explain_on_the_terminal_says_the_same_as_the_option() -> None:
    assert run("explain", str(FERRY)).stdout == run(str(FERRY), "--explain").stderr
    assert run("explain", stdin="The mill turned.\nBy Nora Quist").stdout.startswith("-: ")


def test_explain_writes_a_report_of_all_pages_that_can_be_read(tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    ran = run("explain", str(FERRY), "nowhere.html", str(TAILOR), "--html", str(report))
    assert ran.exit_code == 1
    assert "nowhere.html" in ran.stderr
    assert "2 pages" in ran.stderr
    assert report.read_text("utf-8").count('<section class="page"') == 2


def test_explain_writes_to_standard_output() -> None:
    assert run("explain", str(FERRY), "--html", "-").stdout.startswith("<!doctype html>")


def test_no_page_no_report(tmp_path: Path) -> None:
    ran = run("explain", "nowhere.html", "--html", str(tmp_path / "report.html"))
    assert ran.exit_code == 1
    assert "was not written" in ran.stderr
    assert not (tmp_path / "report.html").exists()


def test_a_report_that_cannot_be_written_is_wrong_usage(tmp_path: Path) -> None:
    ran = run("explain", str(FERRY), "--html", str(tmp_path / "no" / "report.html"))
    assert ran.exit_code == 2
    assert "cannot be written" in ran.stderr


# In a real browser. Driver is selenium's WebDriver, whose own types are loose.
Driver = Any
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
CHROMEDRIVER = shutil.which("chromedriver")
in_browser = pytest.mark.skipif(
    not (CHROMIUM and CHROMEDRIVER), reason="no Chromium here: apt-get install chromium chromium-driver"
)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Driver]:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for option in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(option)
    options.add_argument("--window-size=1300,900")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(str(CHROMEDRIVER)))
    yield driver
    driver.quit()


@pytest.fixture
def browser(chromium: Driver, tmp_path: Path) -> Iterator[Driver]:
    """The report of three pages, freshly opened; whatever the browser complains of fails the test."""
    hostile = made((f"Read also: {ATTACK}", "related"), (f"The mill {ATTACK} turned.", "kept"))
    tailor = cleaner.clean(TAILOR.read_text("utf-8"))
    pages = [PageView("mill.html", MILL), PageView("hostile.html", hostile), PageView("tailor.html", tailor)]
    report = tmp_path / "report.html"
    report.write_text(render_report(pages), "utf-8")
    chromium.get_log("browser")
    chromium.get(report.as_uri())
    yield chromium
    assert chromium.get_log("browser") == []


def press(browser: Driver, *keys: str) -> None:
    from selenium.webdriver.common.action_chains import ActionChains

    for key in keys:
        ActionChains(browser).send_keys(key).perform()


def focused(browser: Driver) -> str:
    """The first words of what has the focus: for a removal its text, without the reason."""
    return str(browser.execute_script("return document.activeElement.firstChild?.textContent ?? ''"))


def shown(browser: Driver, selector: str) -> list[str]:
    """The texts of the elements that are drawn."""
    script = """return [...document.querySelectorAll(arguments[0])]
        .filter(element => element.checkVisibility({contentVisibilityAuto: false, visibilityProperty: true}))
        .map(element => element.firstChild.textContent)"""
    return list(browser.execute_script(script, selector))


def check(browser: Driver, value: str) -> None:
    browser.find_element("css selector", f"input[value={value}]").click()


@in_browser
def test_the_first_page_is_drawn_with_its_removals_and_counts(browser: Driver) -> None:
    assert shown(browser, ".page.page h2") == ["mill.html"]
    assert shown(browser, ".cut") == [removal.text for removal in MILL.removed]
    assert "3 pages" in browser.find_element("css selector", ".totals").text
    assert "6 removals" in browser.find_element("css selector", ".about").text


@in_browser
def test_a_category_can_be_filtered_away_and_back(browser: Driver) -> None:
    check(browser, "related")
    assert "Read also: A baker for the valley" not in shown(browser, ".cut")
    assert "By Nora Quist" in shown(browser, ".cut")
    check(browser, "related")
    assert "Read also: A baker for the valley" in shown(browser, ".cut")


@in_browser
def test_none_leaves_the_story_alone_and_the_story_can_go_too(browser: Driver) -> None:
    browser.find_element("id", "none").click()
    assert shown(browser, ".page .cut") == []
    assert len(shown(browser, ".page .row")) == 3
    browser.find_element("id", "story").click()
    browser.find_element("id", "all").click()
    assert len(shown(browser, ".page .cut")) == 6
    assert "On Sunday its wheel turned, and half the valley came to see it." not in shown(browser, ".row > p")


@in_browser
def test_keys_go_from_removal_to_removal_and_on_to_the_next_page(browser: Driver) -> None:
    press(browser, "n", "j")
    assert focused(browser) == "Sport"
    assert browser.find_element("id", "position").text == "2 / 6 navigation"
    press(browser, "p")
    assert focused(browser) == "Home"
    press(browser, "k")
    assert shown(browser, ".page h2") == ["tailor.html"]
    press(browser, "n", *"nnnnnn")
    assert shown(browser, ".page h2") == ["hostile.html"]
    press(browser, "[")
    assert shown(browser, ".page h2") == ["mill.html"]


@in_browser
def test_filtered_removals_are_jumped_over(browser: Driver) -> None:
    check(browser, "navigation")
    press(browser, "n")
    assert focused(browser) == "By Nora Quist"


@in_browser
def test_tab_reaches_a_removal_shows_its_reason_and_enter_keeps_it_open(browser: Driver) -> None:
    from selenium.webdriver.common.keys import Keys

    press(browser, "n", Keys.TAB)
    assert focused(browser) == "Sport"
    outline = "return getComputedStyle(document.activeElement).outlineStyle"
    assert browser.execute_script(outline) == "solid"
    reason = "because of navigation en:navigation.rule"
    assert [why.text for why in visible(browser, ".why")] == [f"navigation {reason}".replace(" en:", "\nen:")]
    press(browser, Keys.ENTER, Keys.TAB)
    assert len(visible(browser, ".why")) == 2
    press(browser, Keys.ESCAPE)
    assert len(visible(browser, ".why")) == 1


def visible(browser: Driver, selector: str) -> list[Any]:
    return [element for element in browser.find_elements("css selector", selector) if element.is_displayed()]


@in_browser
def test_the_reason_shows_on_hover_and_stays_on_click(browser: Driver) -> None:
    from selenium.webdriver.common.action_chains import ActionChains

    cut = browser.find_element("css selector", ".cut[data-category=related]")
    ActionChains(browser).move_to_element(cut).perform()
    assert "because of related" in visible(browser, ".why")[0].text
    cut.click()
    assert cut.get_attribute("aria-expanded") == "true"
    ActionChains(browser).move_to_element(browser.find_element("id", "position")).perform()
    assert "because of related" in visible(browser, ".why")[0].text


@in_browser
def test_a_hostile_page_runs_no_script(browser: Driver) -> None:
    press(browser, "]")
    assert ATTACK in " ".join(shown(browser, ".cut"))
    assert browser.title == "What was removed from 3 pages"
    assert browser.find_elements("css selector", "main img, main script") == []


@in_browser
def test_the_policy_stops_a_script_that_got_in_all_the_same(browser: Driver) -> None:
    inject = """const script = document.createElement('script'); script.textContent = "document.title='owned'";
        document.body.append(script)"""
    browser.execute_script(inject)
    assert browser.title == "What was removed from 3 pages"
    assert [entry for entry in browser.get_log("browser") if "Content Security Policy" in entry["message"]]


@in_browser
def test_a_page_written_right_to_left_is_drawn_so(browser: Driver) -> None:
    browser.find_element("css selector", ".index a[href='#p3']").click()
    direction = "return getComputedStyle(document.querySelector('#p3 .row.title > p')).direction"
    assert browser.execute_script(direction) == "rtl"
    edges = """const text = document.querySelector('#p3 .row.title > p'); const range = document.createRange();
        range.selectNodeContents(text); const drawn = range.getBoundingClientRect(), box = text.getBoundingClientRect();
        return [box.right - drawn.right, drawn.left - box.left]"""
    right, left = browser.execute_script(edges)
    assert right < left


@in_browser
def test_the_index_finds_and_orders_pages(browser: Driver) -> None:
    search = browser.find_element("id", "find")
    search.send_keys("TAILOR")
    assert [item.text.splitlines()[1] for item in visible(browser, ".index li")] == ["tailor.html"]
    search.clear()
    search.send_keys(" \b")
    browser.find_element("css selector", "#order option[value=count]").click()
    names = [item.text.splitlines()[1] for item in visible(browser, ".index li")]
    assert names == ["tailor.html", "mill.html", "hostile.html"]


@in_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_on_every_tint(browser: Driver, scheme: str) -> None:
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    script = """
      const light = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map(part => part / 255)
        .map(part => part <= .03928 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4)
        .reduce((sum, part, at) => sum + part * [.2126, .7152, .0722][at], 0);
      const contrast = (a, b) => (Math.max(light(a), light(b)) + .05) / (Math.min(light(a), light(b)) + .05);
      const family = (name) => { const probe = document.createElement('span'); probe.className = 'chip f-' + name;
        document.body.append(probe); const style = getComputedStyle(probe); return style; };
      return arguments[0].map(name => { const style = family(name);
        return Math.min(contrast(style.color, style.backgroundColor),
                        contrast(getComputedStyle(document.body).color, style.backgroundColor)); });"""
    assert min(browser.execute_script(script, list(FAMILIES))) >= 4.5


@in_browser
def test_a_narrow_screen_needs_no_scrolling_sideways(browser: Driver) -> None:
    metrics = {"width": 390, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        assert browser.execute_script("return document.documentElement.scrollWidth") <= 390
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@in_browser
def test_a_hundred_pages_open_within_two_seconds_in_ten_megabytes(chromium: Driver, tmp_path: Path) -> None:
    lines = [(f"Read also: Story {n} of the mill and its millers, told once more", "related") for n in range(250)]
    story = [(f"The wheel turned {n} times before noon, and the millers counted.", "kept") for n in range(40)]
    report = tmp_path / "report.html"
    report.write_text(render_report([PageView(f"{n}.html", made(*lines, *story)) for n in range(100)]), "utf-8")
    assert report.stat().st_size < 10e6
    assert min(opened(chromium, report) for _ in range(2)) < 2000  # twice, as other work on the machine delays it


def opened(chromium: Driver, report: Path) -> float:
    """Milliseconds until the report was read, laid out and ready."""
    chromium.get(report.as_uri())
    return float(chromium.execute_script("return performance.getEntriesByType('navigation')[0].loadEventEnd"))
