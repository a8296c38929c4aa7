"""What a site repeats is learned from its pages and goes; story that several pages quote stays."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

import cleaner
from cleaner import Cleaner, Profile, ProfileError, Result, learn, learn_by_host
from cleaner.__main__ import main
from cleaner.document import host_of
from cleaner.learning import Learner
from cleaner.profile import MIN_PAGES, site_of
from cleaner.readers.text import read_text
from cleaner.recurring import block_key

TOPICS = "harbour library tram orchard bridge school market museum reservoir theatre stadium bakery".split()
PEOPLE = (
    "Mara Quill,Joss Tarn,Edda Finch,Ivo Brandt,Lena Okoro,Piet Hollis,"
    "Rhea Sands,Otto Vane,Nell Abara,Kit Morrow,Ada Rusk,Sol Pereira"
).split(",")
PAGES = len(TOPICS)

# What stands around every story; the numbers differ from page to page.
TOP = ("Eastmere Courier and County Times", "Puzzles Horoscopes Obituaries")
END = (
    "The Courier has told the story of the county since 1884 from the same house in Ferry Lane.",
    "Tip line open {} days a week",
)

# What several stories share although it is story.
AGENCY = (
    "Eastmere, a port of ninety thousand people on the northern coast, lost its shipyards in the nineties and has "
    "since tried to attract technology firms with tax breaks that critics say cost more than they bring in."
)
DEFINITION = "A section 12 order lets a council stop building work for up to ninety days."
SERIES = "In this series we follow the money that Eastmere spends on its public places."


def headline(number: int) -> str:
    return f"Council delays the {TOPICS[number]} plan for a third time"


def story(number: int) -> list[str]:
    topic, person = TOPICS[number], PEOPLE[number]
    return [
        f"Work on the {topic} will not begin before the spring after the council of Eastmere put off its vote.",
        f"“We have been waiting for a decision on the {topic} for two years,” said {person}, who lives next to it.",
        f"The delay adds {number + 3} million to the bill, says a report that the treasurer gave the {topic} board.",
        f"{person} said that neighbours of the {topic} would meet again on Friday to decide whether to go to court.",
        f"A spokesman for the mayor declined to comment on the {topic}, but said that talks with builders went well.",
    ]


def body(number: int) -> list[str]:
    """The story with what it shares with others: half quote the agency, most belong to the series."""
    paragraphs = story(number)
    quoted = [AGENCY] if number % 2 else []
    defined = [DEFINITION] if number % 3 else []
    return [*([SERIES] if number else []), *paragraphs[:2], *defined, *quoted, *paragraphs[2:]]


def furniture(number: int) -> list[str]:
    return [*TOP, *(line.format(number + 3) for line in END)]


def text_page(number: int) -> str:
    end = [line.format(number + 3) for line in END]
    return "\n\n".join([*TOP, headline(number), *body(number), *end])


def html_page(number: int) -> str:
    top = "".join(f"<div class='x'>{line}</div>" for line in TOP)
    paragraphs = "".join(f"<p>{line}</p>" for line in body(number))
    # The end stands in the markup of the story, so that only repetition gives it away.
    end = "".join(f"<p>{line.format(number + 3)}</p>" for line in END)
    return f"<html><body>{top}<div class='q'><h1>{headline(number)}</h1>{paragraphs}{end}</div></body></html>"


TEXTS = [text_page(number) for number in range(PAGES)]
HTMLS = [html_page(number) for number in range(PAGES)]


def on(host: str, pages: list[str], field: str = "html") -> list[dict[str, str]]:
    return [{field: page, "url": f"https://www.{host}/{number}"} for number, page in enumerate(pages)]


@pytest.fixture(scope="module")
def text_profile() -> Profile:
    return learn(TEXTS, host="example.org")


@pytest.fixture(scope="module")
def html_profile() -> Profile:
    return learn(on("example.org", HTMLS))


def left_over(result: Result, number: int) -> list[str]:
    return [line for line in furniture(number) if line in result.text]


# Learning and cleaning


@pytest.mark.parametrize("number", range(0, PAGES, 4))
def test_what_every_page_repeats_goes_from_text(text_profile: Profile, number: int) -> None:
    plain, profiled = cleaner.clean_text(TEXTS[number]), Cleaner(profile=text_profile).clean_text(TEXTS[number])
    assert left_over(plain, number), "nothing to show: the library takes it all without a profile"
    assert not left_over(profiled, number)
    assert [line for line in body(number) if line not in profiled.text] == []
    assert profiled.replay() == TEXTS[number]


@pytest.mark.parametrize("number", range(0, PAGES, 4))
def test_what_every_page_repeats_goes_from_html(html_profile: Profile, number: int) -> None:
    plain = cleaner.clean_html(HTMLS[number])
    profiled = Cleaner(profile=html_profile).clean_html(HTMLS[number], url="https://example.org/x")
    assert left_over(plain, number)
    assert not left_over(profiled, number)
    assert [line for line in body(number) if line not in profiled.text] == []


def test_the_reason_says_on_how_many_pages_it_stands(text_profile: Profile) -> None:
    removed = {removal.text: removal for removal in Cleaner(profile=text_profile).clean_text(TEXTS[0]).removed}
    removal = removed["Tip line open 3 days a week"]
    assert removal.because == f"Stands on {PAGES} of {PAGES} pages of example.org."
    assert removal.rule == "profile:example.org"


def test_a_page_that_was_not_learned_from_is_cleaned_too() -> None:
    profile = learn(TEXTS[:6])
    assert not left_over(Cleaner(profile=profile).clean_text(TEXTS[9]), 9)


def test_five_pages_are_enough() -> None:
    profile = learn(TEXTS[:MIN_PAGES])
    assert not left_over(Cleaner(profile=profile).clean_text(TEXTS[9]), 9)


@pytest.mark.parametrize("shared", [AGENCY, DEFINITION, SERIES])
def test_story_that_several_pages_quote_survives(text_profile: Profile, html_profile: Profile, shared: str) -> None:
    for pages, profile in ((TEXTS, text_profile), (HTMLS, html_profile)):
        careful = Cleaner(profile=profile)
        for number in range(PAGES):
            assert (shared in careful.clean(pages[number]).text) == (shared in body(number))


def test_an_agency_paragraph_on_every_page_survives() -> None:
    pages = ["\n\n".join([headline(n), *story(n)[:3], AGENCY, *story(n)[3:]]) for n in range(PAGES)]
    assert AGENCY in Cleaner(profile=learn(pages)).clean_text(pages[0]).text


def test_a_headline_that_other_pages_list_stays_the_headline_of_its_own() -> None:
    links = [headline(number) for number in range(6)]
    pages = ["\n\n".join([TEXTS[number], "Most read", *links]) for number in range(PAGES)]
    result = Cleaner(profile=learn(pages)).clean_text(pages[2])
    assert result.title == headline(2)
    assert headline(3) not in result.text


def test_the_name_of_the_site_is_not_taken_for_the_headline(text_profile: Profile) -> None:
    assert Cleaner(profile=text_profile).clean_text(TEXTS[1]).title == headline(1)


def test_a_keep_rule_outranks_a_profile(text_profile: Profile, tmp_path: Path) -> None:
    pack = tmp_path / "keep.toml"
    pack.write_text(
        'language = "mine"\n[[rule]]\nid = "body.puzzles"\ncategory = "body"\nstrength = "keep"\nmatch = "whole"\n'
        'why = "Wanted."\nphrases = ["puzzles horoscopes obituaries"]\nremoves = ["Puzzles Horoscopes Obituaries"]\n'
        'keeps = ["The puzzles horoscopes obituaries page is full."]\n',
        "utf-8",
    )
    result = Cleaner(profile=text_profile, packs=[pack]).clean_text(TEXTS[0])
    assert "Puzzles Horoscopes Obituaries" in result.text


def test_categories_that_the_caller_keeps_stay(text_profile: Profile) -> None:
    gone = {removal.text: removal.category for removal in Cleaner(profile=text_profile).clean_text(TEXTS[0]).removed}
    line = "Tip line open 3 days a week"
    assert line in Cleaner(profile=text_profile, keep=[gone[line]]).clean_text(TEXTS[0]).text


# Which pages a profile is for


def test_a_profile_is_for_pages_of_its_host(html_profile: Profile) -> None:
    careful = Cleaner(profile=html_profile)
    assert html_profile.host == "example.org"
    for url in ("https://m.example.org/0", "https://sport.example.org/0", None):
        assert not left_over(careful.clean_html(HTMLS[0], url=url), 0)
    elsewhere = careful.clean_html(HTMLS[0], url="https://counterexample.org/0")
    assert left_over(elsewhere, 0) == left_over(cleaner.clean_html(HTMLS[0]), 0)


def test_text_has_a_host_where_its_address_is_given(text_profile: Profile) -> None:
    careful = Cleaner(profile=text_profile)
    assert not left_over(careful.clean(TEXTS[0], url="https://example.org/0"), 0)
    assert left_over(careful.clean(TEXTS[0], url="https://elsewhere.net/0"), 0)


def test_a_profile_of_no_host_is_for_every_page() -> None:
    profile = learn(TEXTS)
    assert profile.host == ""
    result = Cleaner(profile=profile).clean_text(TEXTS[0], url="https://anywhere.net/0")
    assert "Stands on 12 of 12 pages of this site." in {removal.because for removal in result.removed}


def test_several_profiles_may_be_given_and_read_from_files(html_profile: Profile, tmp_path: Path) -> None:
    path = tmp_path / "example.org.profile.json"
    html_profile.save(path)
    other = learn(on("example.net", HTMLS))
    careful = Cleaner(profile=[path, other])
    for host in ("example.org", "example.net"):
        assert not left_over(careful.clean_html(HTMLS[0], url=f"https://{host}/0"), 0)


# What is counted as the same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("▶ Follow us on 12 channels", "follow us on 3 channels"),
        ("Posted 12 May 2024, 08:30", "Posted 3 June 2023, 19:05"),
        ("Updated: Monday, November 21, 2011", "Updated: Friday, March 2, 2012"),
        ("Publicado el 3 de mayo de 2024", "Publicado el 12 de enero de 2023"),
        ("Čtěte také", "CTETE TAKE"),
    ],
)
def test_case_marks_numbers_and_dates_make_no_difference(one: str, other: str) -> None:
    first, second = (block_key(read_text(text).blocks[0]) for text in (one, other))
    assert first == second != ""


def test_numbers_alone_and_different_endings_are_no_repetition() -> None:
    assert block_key(read_text("17 : 21").blocks[0]) == ""
    long = "word " * 40
    assert block_key(read_text(long + "one").blocks[0]) != block_key(read_text(long + "two").blocks[0])


def test_subdomains_that_serve_the_same_pages_are_one_site() -> None:
    assert {site_of(host) for host in ("www.example.org", "www2.example.org", "m.example.org")} == {"example.org"}
    assert host_of("http://[") == ""


# Files and merging


def test_a_profile_is_written_and_read_again(html_profile: Profile, tmp_path: Path) -> None:
    html_profile.save(tmp_path / "one.json")
    again = Profile.load(tmp_path / "one.json")
    assert again == html_profile
    again.save(tmp_path / "two.json")
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


def test_the_file_is_readable_and_the_order_of_pages_makes_no_difference(tmp_path: Path) -> None:
    learn(TEXTS).save(tmp_path / "one.json")
    learn(reversed(TEXTS)).save(tmp_path / "two.json")
    written = (tmp_path / "one.json").read_text("utf-8")
    assert written == (tmp_path / "two.json").read_text("utf-8")
    first = next(line for line in written.splitlines() if line.startswith('{"block"'))
    assert json.loads(first.rstrip(","))["pages"] == PAGES


def test_merging_equals_learning_from_all_pages() -> None:
    with pytest.warns(UserWarning, match="takes 5"):
        parts = [learn(on("example.org", HTMLS[at : at + 4])) for at in (0, 4, 8)]
    merged = parts[0].merge(parts[1]).merge(parts[2])
    assert merged == learn(on("example.org", HTMLS)) == parts[2].merge(parts[0]).merge(parts[1])


def test_text_and_html_of_one_site_make_one_profile(text_profile: Profile, html_profile: Profile) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the same stories twice
        both = replace(text_profile, bodies=frozenset()).merge(html_profile)
    assert both.pages == 2 * PAGES
    assert not left_over(Cleaner(profile=both).clean_text(TEXTS[0]), 0)


# One pass, bounded


def test_pages_are_read_one_at_a_time() -> None:
    learner = Learner()
    for number, page in enumerate(TEXTS, 1):
        learner.add(page)
        assert learner.profile().pages == number


def test_rare_blocks_are_forgotten_and_counts_err_by_the_stated_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    exact = learn(TEXTS)
    monkeypatch.setattr("cleaner.learning.BUCKET", 4)
    bounded = learn(TEXTS)
    assert bounded.missed == PAGES // 4
    assert len(bounded.blocks) < len(exact.blocks) / 4
    for key, seen in exact.blocks.items():
        counted = bounded.blocks[key].pages if key in bounded.blocks else 0
        assert seen.pages - bounded.missed <= counted <= seen.pages
    assert not left_over(Cleaner(profile=bounded).clean_text(TEXTS[0]), 0)


def test_a_hundred_copies_of_one_page_teach_nothing() -> None:
    def copies() -> Iterator[str]:
        for hour in range(100):
            yield TEXTS[1].replace("\n\n", f"\n\nRetrieved at {hour}:00\n\n", 1)

    with pytest.warns(UserWarning, match="1 different pages of this site and 99 copies of them: a profile takes 5"):
        profile = learn(copies())
    assert Cleaner(profile=profile).clean_text(TEXTS[1]) == cleaner.clean_text(TEXTS[1])


def test_copies_among_other_pages_count_once() -> None:
    profile = learn([*TEXTS, *[TEXTS[3]] * 30])
    assert (profile.pages, profile.copies) == (PAGES, 30)
    assert [line for line in body(3) if line not in Cleaner(profile=profile).clean_text(TEXTS[3]).text] == []


def test_short_stories_among_much_furniture_are_no_copies() -> None:
    links = [f"{word.title()} desk" for word in TOPICS]
    profile = learn("\n\n".join([*TOP, *links, headline(n), *story(n)[:2], *END]) for n in range(PAGES))
    assert (profile.pages, profile.copies) == (PAGES, 0)


def test_broken_characters_are_learned_saved_and_read(tmp_path: Path) -> None:
    broken = learn([page.replace("Puzzles", "Puzzles \ud800 \x00 \u202e") for page in TEXTS])
    broken.save(tmp_path / "p.json")
    assert Profile.load(tmp_path / "p.json") == broken


# Bad input


def test_fewer_than_five_pages_are_said_and_remove_nothing() -> None:
    with pytest.warns(UserWarning, match=r"4 different pages of this site: a profile takes 5; it removes nothing"):
        profile = learn(TEXTS[:4])
    assert Cleaner(profile=profile).clean_text(TEXTS[0]) == cleaner.clean_text(TEXTS[0])


def test_no_pages_and_empty_pages_give_an_empty_profile() -> None:
    for pages in ([], [""], ["  \n", "\u200b"]):
        with pytest.warns(UserWarning, match="0 different pages"):
            assert learn(pages).pages == 0


def test_pages_of_several_sites_are_refused_by_name() -> None:
    mixed = [*on("example.org", HTMLS[:6]), *on("example.net", HTMLS[6:])]
    with pytest.raises(ProfileError, match=r"page 7 is of example.net, the pages before it of example.org.*by_host"):
        learn(mixed)


def test_pages_without_addresses_that_name_several_sites_give_a_warning() -> None:
    def stating(host: str, page: str) -> str:
        return page.replace("<html>", f"<html><head><link href='https://{host}/' rel=canonical></head>")

    pages = [stating("example.org" if number % 2 else "www.example.net", page) for number, page in enumerate(HTMLS)]
    with pytest.warns(UserWarning, match=r"several sites as their own: example.net \(6\), example.org \(6\)"):
        profile = learn(pages)
    assert [line for line in body(3) if line not in Cleaner(profile=profile).clean_html(HTMLS[3]).text] == []
    learn(pages[::2])  # one site alone: no warning


def test_pages_of_several_sites_are_learned_apart_by_host() -> None:
    mixed = [*on("example.org", HTMLS), *on("example.net", TEXTS, "text")]
    mixed = [*mixed[::2], *mixed[1::2]]
    profiles = learn_by_host(mixed)
    assert {host: profile.pages for host, profile in profiles.items()} == {"example.net": 12, "example.org": 12}
    assert profiles["example.org"] == learn(on("example.org", HTMLS))


def test_pages_without_an_address_belong_to_no_site() -> None:
    with pytest.warns(UserWarning, match="2 pages have no url"):
        assert learn_by_host([{"html": HTMLS[0]}, HTMLS[1]]) == {}


@pytest.mark.parametrize("pages", [TEXTS[0], b"<p>One page</p>", {"html": HTMLS[0]}])
def test_one_page_is_not_many(pages: str) -> None:
    with pytest.raises(TypeError, match="learn takes many pages, not one"):
        learn(pages)


@pytest.mark.parametrize("page", [7, None, {"body": "x"}, {"html": 3}])
def test_a_page_that_is_none_is_named(page: object) -> None:
    with pytest.raises(TypeError, match=r"page 2 is .*give str, bytes, or a mapping with html or text"):
        learn([TEXTS[0], page])  # type: ignore[list-item]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"nowhere\.json: cannot be read \(No such file or directory\); check the"):
        Cleaner(profile=tmp_path / "nowhere.json")


HEAD = {"format": "cleaner-profile", "version": 1, "host": "example.org", "pages": 5, "bodies": []}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("{", "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ("[]", "is no profile"),
        ('{"version": 1}', "is no profile"),
        (json.dumps({**HEAD, "version": 2}), "is of version 2, this library reads version 1"),
        (json.dumps({**HEAD, "host": 3, "blocks": []}), "host is no text"),
        (json.dumps({**HEAD, "pages": -1, "blocks": []}), "pages is no count but -1"),
        (json.dumps({**HEAD, "pages": True, "blocks": []}), "pages is no count but True"),
        (json.dumps(HEAD), "has no list of blocks"),
        (json.dumps({**HEAD, "blocks": [{"pages": 1}]}), "block 1: is no entry"),
        (json.dumps({**HEAD, "blocks": [{"block": "x", "pages": "many"}]}), "block 1: pages is no count"),
        (json.dumps({**HEAD, "blocks": [{"block": "x", "pages": 6}]}), "block 1: stands on 6 of 5 pages"),
        (json.dumps({**HEAD, "blocks": [{"block": "x", "pages": 1, "at": []}]}), "block 1, at: is no table of counts"),
    ],
)
def test_a_broken_file_is_named_with_its_fault_and_the_next_step(data: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.profile.json"
    path.write_text(data, "utf-8")
    with pytest.raises(ProfileError) as raised:
        Profile.load(path)
    message = str(raised.value)
    assert message.startswith(f"{path}: ")
    assert says in message
    assert "learn it again with `cleaner learn`" in message


def test_two_profiles_of_one_site_are_a_conflict(html_profile: Profile, tmp_path: Path) -> None:
    html_profile.save(tmp_path / "old.json")
    with pytest.raises(ProfileError, match=r"old\.json and profile 2 are both of example\.org; .*merge"):
        Cleaner(profile=[tmp_path / "old.json", html_profile])


def test_profiles_of_different_sites_do_not_merge(html_profile: Profile) -> None:
    with pytest.raises(ProfileError, match=r"different sites do not merge: example\.org and example\.net"):
        html_profile.merge(replace(html_profile, host="example.net"))


def test_merging_profiles_of_the_same_pages_warns(html_profile: Profile) -> None:
    with pytest.warns(UserWarning, match="12 pages of example.org are in both profiles and count twice"):
        html_profile.merge(html_profile)


def test_what_is_no_profile_is_refused() -> None:
    with pytest.raises(TypeError, match="profile 1 is a int; give a Profile or the path of its file"):
        Cleaner(profile=[3])  # type: ignore[list-item]


# The command line


def run(*args: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, [str(arg) for arg in args])
    return result.exit_code, result.output


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pages = tmp_path / "pages"
    pages.mkdir()
    for number, page in enumerate(HTMLS[:6]):
        (pages / f"{number}.html").write_text(page, "utf-8")
    return pages


def test_the_command_learns_a_folder_and_cleans_with_it(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "example.org.profile.json"
    code, said = run("learn", folder, "-o", out, "--host", "https://www.example.org/")
    assert (code, said.startswith(f"{out}: 6 pages, 0 copies passed over")) == (0, True)
    assert Profile.load(out).host == "example.org"
    page = tmp_path / "new.html"
    page.write_text(HTMLS[9], "utf-8")
    assert END[0] in run(page)[1]
    assert END[0] not in run(page, "--profile", out)[1]


def test_the_command_reads_lines_of_json_and_names_broken_ones(tmp_path: Path) -> None:
    pages = tmp_path / "pages.jsonl"
    lines = [json.dumps(page) for page in on("example.org", HTMLS[:6])]
    pages.write_text("\n".join([*lines, "{broken", ""]), "utf-8")
    code, said = run("learn", pages, tmp_path / "gone.html", "-o", tmp_path / "p.json")
    assert code == 1
    assert f"{pages}: line 7 is no JSON object with html or text" in said
    assert "gone.html: cannot be read (No such file or directory)" in said
    assert Profile.load(tmp_path / "p.json").host == "example.org"


def test_the_command_says_where_pages_are_too_few_or_of_several_sites(folder: Path, tmp_path: Path) -> None:
    code, said = run("learn", folder / "0.html", "-o", tmp_path / "p.json")
    assert (code, "cleaner: 1 different pages of this site: a profile takes 5" in said) == (0, True)
    mixed = tmp_path / "mixed.jsonl"
    mixed.write_text("\n".join(map(json.dumps, [*on("a.org", HTMLS[:1]), *on("b.org", HTMLS[1:2])])), "utf-8")
    code, said = run("learn", mixed, "-o", tmp_path / "p.json")
    assert code == 2
    assert "page 2 is of b.org" in " ".join(said.split())


def test_a_profile_that_cannot_be_used_is_wrong_usage(folder: Path, tmp_path: Path) -> None:
    code, said = run(folder / "0.html", "--profile", tmp_path / "none.json")
    assert code == 2
    assert "cannot be read" in said
