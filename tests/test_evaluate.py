"""Measuring on pages of one's own: the layouts, the figures, the peers, and what is said of bad gold."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cleaner import extractors, measuring
from cleaner.__main__ import main
from cleaner.evaluation import evaluate
from cleaner.extractors import CLEANER, Settings, chosen
from cleaner.goldpages import GoldError, GoldPage, read_gold, read_gold_or_errors
from cleaner.measuring import Measured, PageScore, Source, measure_all, rows_of
from cleaner.quality import Scores, differences, score

BODY = (
    "The bakery by the canal lit its oven again on Monday, eleven years after the flood put it out.",
    "Three of the old bakers came back to show the young ones how the dough must feel before dawn.",
    "The town lent the money for the chimney, and gets it back in bread for the school, the mayor said.",
)
TITLE = "The oven by the canal is lit again"
TEXT = "\n".join([TITLE, "By Nora Quist", *BODY, "Read also: The mill on the Ash turns once more"])
PARAGRAPHS = "".join(f"<p>{line}</p>" for line in BODY)
HTML = (
    f"<html><head><title>{TITLE}</title></head><body><nav><a href='/'>Home</a> <a href='/s'>Sport</a></nav>"
    f"<article><h1>{TITLE}</h1>{PARAGRAPHS}</article><footer>© The Canal Post</footer></body></html>"
)


def run(*args: str) -> Result:
    return CliRunner().invoke(main, ["evaluate", *args])


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spares the seconds that a process for each extractor takes; one test below starts them."""

    def measured(names: Sequence[str], source: Source) -> Iterator[Measured]:
        return (measuring._measure(name, source) for name in names)

    monkeypatch.setattr("cleaner.evaluation.measure_all", measured)
    monkeypatch.setattr("cleaner.benchmark.measure_all", measured)


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    """A folder of a text and an HTML page, each with its body beside it."""
    folder = tmp_path / "pages"
    (folder / "deep").mkdir(parents=True)
    (folder / "oven.txt").write_text(TEXT, "utf-8")
    (folder / "oven.expected.txt").write_text("\n\n".join(BODY), "utf-8")
    (folder / "deep" / "oven.html").write_text(HTML, "utf-8")
    (folder / "deep" / "oven.html.expected.txt").write_text("\n\n".join(BODY), "utf-8")
    return folder


def gold(text: str = TEXT, body: tuple[str, ...] = BODY, title: str = "") -> GoldPage:
    return GoldPage("set", "page", "", b"", body, (title,) if title else (), tuple(text.split("\n")))


# The layouts


def test_a_page_and_its_body_beside_it(pairs: Path) -> None:
    html, text = read_gold(pairs)
    assert (html.id, html.kind, html.source) == ("deep/oven.html", "html", HTML.encode())
    assert (text.id, text.kind, text.source) == ("oven.txt", "text", TEXT)
    assert html.body == text.body == BODY


def test_json_lines_of_html_or_text_in_a_folder_or_alone(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    lines = [{"text": TEXT, "body": "\n".join(BODY), "title": TITLE}, {"html": HTML, "body": list(BODY), "id": "oven"}]
    path.write_text("\n\n".join(map(json.dumps, lines)), "utf-8")
    text, html = read_gold(path)
    assert next(read_gold(tmp_path)).body == text.body == html.body == BODY
    assert text.optional == (TITLE,)
    assert (text.id, html.id) == ("line 1", "line 3 oven")


def test_html_in_json_is_read_as_it_stands_whatever_encoding_it_states(tmp_path: Path) -> None:
    czech = "Pekárna u kanálu zatopila v pondělí znovu v peci, jedenáct let po povodni, která ji uhasila."
    page = f'<html><head><meta charset="windows-1250"></head><body><p>{czech}</p></body></html>'
    (tmp_path / "gold.jsonl").write_text(json.dumps({"html": page, "body": czech}), "utf-8")
    (row,) = evaluate(Source(str(tmp_path)), ["none"]).rows
    assert row.exact == 1


def test_the_public_benchmarks_layout(tmp_path: Path) -> None:
    (tmp_path / "html").mkdir()
    (tmp_path / "html" / "oven.html.gz").write_bytes(gzip.compress(HTML.encode()))
    truth = {"oven": {"articleBody": "\n".join(BODY), "url": "https://www.canal.example/oven"}}
    (tmp_path / "ground-truth.json").write_text(json.dumps(truth), "utf-8")
    (page,) = read_gold(tmp_path)
    assert (page.id, page.publisher, page.source, page.body) == ("oven", "canal.example", HTML.encode(), BODY)


# The figures


def test_the_body_alone_is_exact_and_whitespace_does_not_matter() -> None:
    assert score(gold(), "\n\n".join(BODY).replace(" ", "  ")) == Scores(1, 1, 1, 1)


def test_precision_falls_with_boilerplate_and_recall_with_lost_body() -> None:
    more, less = score(gold(), TEXT), score(gold(), BODY[0])
    assert (more.recall, less.precision) == (1, 1)
    assert 0.7 < more.precision < 1
    assert 0.2 < less.recall < 0.5
    assert not more.exact


def test_the_headline_counts_neither_way_where_the_gold_names_it() -> None:
    page = gold(body=(TITLE, *BODY), title=TITLE)
    assert score(page, "\n".join(BODY)) == score(page, "\n".join([TITLE, *BODY])) == Scores(1, 1, 1, 1)


def test_lines_that_are_lost_and_lines_that_are_junk_are_named() -> None:
    lost, junk = differences(gold(), "\n".join(["By Nora Quist", *BODY[1:], "the"]))
    assert lost == (BODY[0],)
    assert junk == ("By Nora Quist",)  # "the" stands in the body


def test_a_line_joined_with_another_is_not_lost() -> None:
    assert differences(gold(), " ".join(BODY)) == ((), ())


# The evaluation


def test_every_kind_of_page_is_measured_beside_the_peers_that_take_it(pairs: Path) -> None:
    rows = evaluate(Source(str(pairs)), ["trafilatura", "long lines"]).rows
    found = {(row.extractor, row.kind): row for row in rows}
    assert set(found) == {("cleaner", "html"), ("cleaner", "text"), ("trafilatura", "html"), ("long lines", "text")}
    assert found["cleaner", "text"].exact == 1
    assert found["long lines", "text"].recall == 1


def test_kept_boilerplate_is_listed_under_what_the_rules_said_of_it(tmp_path: Path) -> None:
    silent = "Ladders of a new kind have been on sale in the shop at the lock since Friday, in blue and in red."
    page = {"text": "\n".join([BODY[0], silent, "By Nora Quist", *BODY[1:]]), "body": list(BODY)}
    (tmp_path / "gold.jsonl").write_text(json.dumps(page), "utf-8")
    found = evaluate(Source(str(tmp_path), settings=Settings(keep=("byline",))), ["none"])
    kept = {line.text: line.category for line in found.kept}
    assert kept == {silent: "none", "By Nora Quist": "byline"}
    assert list(found.kept_by_category()) == ["none", "byline"]


def test_the_worst_pages_come_worst_first_and_exact_ones_not_at_all(tmp_path: Path) -> None:
    bodies = (BODY[:1], BODY, BODY[:2])
    lines = [json.dumps({"text": "\n".join(BODY), "body": list(body), "id": len(body)}) for body in bodies]
    (tmp_path / "gold.jsonl").write_text("\n".join(lines), "utf-8")
    found = evaluate(Source(str(tmp_path)), ["none"])
    assert [page.id for page in found.worst(9)] == ["line 1 1", "line 3 2"]
    assert [page.id for page in found.worst(1)] == ["line 1 1"]


def test_a_row_sums_up_means_and_words() -> None:
    pages = [
        PageScore("set", "a", "text", Scores(1, 1, 1, 1), 0.1, (), ()),
        PageScore("set", "b", "text", Scores(0.5, 0.9, 0.6, 0), 0.3, ("two words",), ("three more words",)),
    ]
    (row,) = rows_of(Measured(CLEANER, tuple(pages)))
    assert (row.pages, row.precision, row.mean_f1, row.exact, row.intact) == (2, 0.75, 0.8, 0.5, 0.5)
    assert (row.lost_words, row.junk_words) == (2, 3)
    assert row.milliseconds == pytest.approx(200)


def test_each_extractor_has_a_process_of_its_own_and_one_that_fails_is_told(pairs: Path) -> None:
    broken = Source(str(pairs), settings=Settings(keep=("nonsense",)))
    fails, works = measure_all([CLEANER, "long lines"], broken)
    assert "nonsense" in fails.fault
    assert [page.id for page in works.pages] == ["oven.txt"]


def test_peers_are_chosen_by_name_and_an_unknown_one_is_named() -> None:
    assert chosen(["none"]) == [CLEANER]
    assert chosen(["trafilatura"]) == [CLEANER, "trafilatura"]
    assert set(chosen([])) >= {CLEANER, "trafilatura", "long lines"}
    with pytest.raises(ValueError, match=r"nonsense.*choose from.*trafilatura"):
        chosen(["nonsense"])


def test_a_peer_that_is_not_installed_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(extractors.EXTRACTORS["html"], "goose3", ("no_such_module", lambda: str))
    assert chosen(["goose3"]) == [CLEANER]


# The command line


def test_the_tables_show_quality_kept_boilerplate_and_worst_pages(pairs: Path) -> None:
    (pairs / "oven.expected.txt").write_text("\n".join(BODY[:2]), "utf-8")
    ran = run(str(pairs), "--peers", "none")
    assert ran.exit_code == 0
    for part in ("meanF1", "1 html", "1 text", "Boilerplate kept", "Worst pages", "oven.txt"):
        assert part in ran.stdout


def test_json_holds_every_page(pairs: Path) -> None:
    data = json.loads(run(str(pairs), "--peers", "none", "--json").stdout)
    assert [page["id"] for page in data["pages"]] == ["deep/oven.html", "oven.txt"]
    assert {"extractor", "mean_f1", "exact", "intact"} <= set(data["rows"][0])
    assert data["faults"] == []


def test_categories_that_the_bodies_have_can_be_kept(pairs: Path) -> None:
    (pairs / "oven.expected.txt").write_text("\n".join(["By Nora Quist", *BODY]), "utf-8")
    rows = json.loads(run(str(pairs), "--peers", "none", "--json", "--keep", "byline").stdout)["rows"]
    assert [row["exact"] for row in rows if row["kind"] == "text"] == [1]


@pytest.mark.parametrize(("name", "begins"), [("f1.png", b"\x89PNG"), ("f1.svg", b"<?xml")])
@pytest.mark.parametrize("peers", ["none", "long lines,trafilatura"])
def test_a_plot_of_f1_page_by_page(tmp_path: Path, name: str, begins: bytes, peers: str) -> None:
    pytest.importorskip("matplotlib", reason='no Matplotlib here: pip install ".[plot]"')
    from cleaner.plotting import plot_f1

    f1s = {CLEANER: {("set", "a"): 0.9, ("set", "b"): 1.0}}
    f1s |= {peer: {("set", "a"): 0.2} for peer in peers.split(",") if peer != "none"}
    plot_f1(f1s, str(tmp_path / name))
    assert (tmp_path / name).read_bytes().startswith(begins)


def test_the_plot_is_written_beside_the_tables(pairs: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason='no Matplotlib here: pip install ".[plot]"')
    ran = run(str(pairs), "--peers", "none", "--plot", str(tmp_path / "f1.svg"))
    assert "F1 of 2 pages" in ran.stderr
    assert (tmp_path / "f1.svg").exists()


def test_benchmark_measures_the_same_and_adds_memory(pairs: Path) -> None:
    (pairs / "lonely.expected.txt").write_text("\n".join(BODY), "utf-8")
    ran = CliRunner().invoke(main, ["benchmark", str(pairs), "--peers", "long lines"])
    assert "peak MB" in ran.stdout
    assert "lonely.expected.txt" in ran.stderr
    figures = {(row.extractor, row.kind): row.mean_f1 for row in evaluate(Source(str(pairs)), ["long lines"]).rows}
    assert figures.keys() == {("cleaner", "html"), ("cleaner", "text"), ("long lines", "text")}
    assert f"{figures['long lines', 'text']:.3f}" in ran.stdout


# Bad gold


BAD: dict[str, tuple[str | bytes, str]] = {
    "lonely.expected.txt": ("\n".join(BODY), "no page beside it"),
    "empty.expected.txt": (" \n", "empty"),
    "empty.html": (HTML, ""),
    "blank.expected.txt": ("\n".join(BODY), ""),
    "blank.txt": ("", "save the page again"),
    "latin.expected.txt": (BODY[0].encode() + b" caf\xe9", "save it as UTF-8"),
    "latin.txt": (TEXT, ""),
    "broken.html.gz": (b"\x1f\x8b\x08 no gzip", "cannot be"),
    "broken.expected.txt": ("\n".join(BODY), ""),
}


def test_what_is_wrong_with_a_pair_is_said_with_the_next_step(pairs: Path) -> None:
    for name, (content, _) in BAD.items():
        (pairs / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    found = list(read_gold_or_errors(pairs))
    told = "\n".join(str(page) for page in found if isinstance(page, GoldError))
    assert len([page for page in found if isinstance(page, GoldPage)]) == 2
    assert len(told.splitlines()) == 5
    assert all(said in told for _, said in BAD.values())
    assert all(name in told for name, (_, said) in BAD.items() if said and name != "broken.html.gz")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"text": "a', "no valid JSON"),
        ("[" * 100_000, "cannot be used"),
        ("[]", "no page in it"),
        ('{"body": "a"}', "no page in it"),
        ('{"text": "", "body": "a"}', "page is empty"),
        ('{"text": "a"}', "has no body"),
        ('{"text": "a", "body": 3}', "body is int"),
        ('{"text": "a", "body": ["…"]}', "body is empty"),
    ],
)
def test_what_is_wrong_with_a_json_line_is_said_and_the_rest_is_read(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text("\n".join([json.dumps({"text": TEXT, "body": list(BODY)}), line]), "utf-8")
    page, error = read_gold_or_errors(tmp_path)
    assert isinstance(page, GoldPage)
    assert f"{path}, line 2" in str(error)
    assert said in str(error)
    with pytest.raises(GoldError):
        list(read_gold(tmp_path))


def test_what_is_wrong_in_the_public_layout_is_said(tmp_path: Path) -> None:
    truth = tmp_path / "ground-truth.json"
    truth.write_text('{"gone": {"articleBody": "a b c"}}', "utf-8")
    assert "gone.html.gz: not there" in str(*read_gold_or_errors(tmp_path))
    truth.write_text("[1]", "utf-8")
    assert "ground-truth.json: cannot be read" in str(*read_gold_or_errors(tmp_path))


def test_a_folder_without_gold_says_which_layouts_are_known(tmp_path: Path) -> None:
    ran = run(str(tmp_path))
    assert ran.exit_code == 2
    assert all(part in ran.stderr for part in (".expected.txt", ".jsonl", "ground-truth.json"))


def test_bad_gold_is_named_the_rest_measured_and_the_exit_code_is_1(pairs: Path) -> None:
    (pairs / "lonely.expected.txt").write_text("\n".join(BODY), "utf-8")
    ran = run(str(pairs), "--peers", "none")
    assert ran.exit_code == 1
    assert "lonely.expected.txt" in ran.stderr
    assert "meanF1" in ran.stdout


def test_where_nothing_is_left_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "lonely.expected.txt").write_text("\n".join(BODY), "utf-8")
    ran = run(str(tmp_path), "--peers", "none")
    assert ran.exit_code == 1
    assert "nothing could be measured" in ran.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--peers", "nonsense"], "trafilatura"),
        (["--keep", "nonsense"], "caption"),
        (["--pack", "nowhere.toml"], "nowhere.toml"),
        (["--plot", "f1.pdf"], ".png or a .svg"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_measured(pairs: Path, options: list[str], said: str) -> None:
    ran = run(str(pairs), *options)
    assert ran.exit_code == 2
    assert said in ran.stderr


def test_a_plot_without_matplotlib_says_what_to_install(pairs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    ran = run(str(pairs), "--plot", "f1.png")
    assert ran.exit_code == 2
    assert "[plot]" in ran.stderr
