"""card.md and report.html: one document, whole in themselves, safe whatever the data says."""

import base64
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from msgspec import structs

from scoring_service.calibration.reporting.card import markdown
from scoring_service.calibration.reporting.report import CARD, PAGE, libraries, report
from scoring_service.calibration.reporting.report_context import Context
from scoring_service.calibration.reporting.report_document import Section, Table, document
from scoring_service.calibration.reporting.report_html import html
from scoring_service.calibration.results import Fitted, Gate, Refusal, Training
from scoring_service.calibration.table import TrainingTable
from scoring_service.domain.calibration.scorecard import TextTerm
from scoring_service.domain.scoring.scoring import Bars, FitCriterion, Grades, Scoring

Train = Callable[..., Training]
Files = dict[str, bytes]
GOLDEN = Path(__file__).parent / "card.md"
SCORING = Scoring(
    fit=(FitCriterion("decides", 'seniority == "vp"', 20.0, lambda _: True),),
    activities={},
    groups={},
    grades=Grades((), ()),
    mql=Bars(40, 40),
)
CONTEXT = Context(
    now=datetime(2026, 5, 10, 12, tzinfo=UTC), scoring=SCORING, settings={"--window": "0.2"}
)
HOSTILE = '<script>alert("x")</script>|`&\'\n# not a heading'
VOID = {"meta", "img", "link", "br"}


class _Page(HTMLParser):
    """Checks nesting, and keeps tags with their attributes and all text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def _page(files: Files) -> _Page:
    return _Page(files[PAGE].decode())


@pytest.fixture(scope="module")
def files(train: Train) -> Files:
    return report(train(), CONTEXT, "0123abcd")


@pytest.fixture(scope="module")
def drifted(train: Train) -> Files:
    return report(train(odds=1.0), CONTEXT, "0123abcd")


@pytest.fixture(scope="module")
def hostile(train: Train) -> Files:
    return report(_hostile(train()), CONTEXT, "0123abcd")


def _named(table: TrainingTable, name: str) -> TrainingTable:
    columns = tuple(
        replace(c, name=name, levels=(name, *c.levels[1:])) if c.name == "source" else c
        for c in table.columns
    )
    return replace(table, columns=columns, source=name, notes=(f"odd: {name}",))


def _renamed(fitted: Fitted | None) -> Fitted:
    """The same with the text's name and its first level as hostile."""
    assert fitted is not None
    *terms, text = fitted.scorecard.terms
    assert isinstance(text, TextTerm)
    first, *others = text.levels.values()
    levels = {HOSTILE: first} | dict(zip(list(text.levels)[1:], others, strict=True))
    text = structs.replace(text, attribute=HOSTILE, levels=levels)
    card = structs.replace(fitted.scorecard, terms=(*terms, text))
    return replace(fitted, scorecard=card)


def _hostile(training: Training) -> Training:
    assert training.window is not None
    window = replace(training.window, table=_named(training.window.table, HOSTILE))
    leaks = tuple(replace(leak, column=HOSTILE) for leak in training.leaks)
    table = _named(training.table, HOSTILE)
    published = _renamed(training.published)
    return replace(training, table=table, window=window, leaks=leaks, published=published)


def test_the_card_is_the_golden_text(drifted: Files) -> None:
    """All but the versions of libraries, which the golden text does not hold."""
    card = drifted[CARD].decode()
    for name, version in libraries().items():
        card = card.replace(f"- {name} {version}\n", "")
    assert card == GOLDEN.read_text(encoding="utf-8")


def test_the_same_training_gives_the_same_report(train: Train, files: Files) -> None:
    assert report(train(), CONTEXT, "0123abcd") == files


def test_the_page_needs_nothing_else(files: Files) -> None:
    page = _page(files)
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "link", "iframe", "object", "embed", "form"}
    for tag, attributes in page.tags:
        assert not any(name.startswith("on") for name in attributes), tag
        if "href" in attributes:
            assert (attributes["href"] or "").startswith("#s")
        if "src" in attributes:
            assert (attributes["src"] or "").startswith("data:image/png;base64,")
    content = files[PAGE].decode()
    assert not re.search(r"https?:|url\(|@import", content)


def test_the_page_forbids_itself_scripts_and_the_network(files: Files) -> None:
    policies = [a["content"] for tag, a in _page(files).tags if "http-equiv" in a]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'; img-src data:"]


def test_the_pictures_in_the_page_are_those_beside_it(files: Files) -> None:
    shown = re.findall(r"base64,([A-Za-z0-9+/=]+)", files[PAGE].decode())
    pictures = {name: content for name, content in files.items() if name.endswith(".png")}
    assert len(pictures) == 4
    assert sorted(map(base64.b64decode, shown)) == sorted(pictures.values())


def test_every_anchor_leads_to_a_section(files: Files) -> None:
    page = _page(files)
    ids = {attributes["id"] for tag, attributes in page.tags if tag == "section"}
    links = {attributes["href"] for tag, attributes in page.tags if tag == "a"}
    assert links == {f"#{name}" for name in ids}


def test_names_in_the_data_are_text_in_the_page(hostile: Files) -> None:
    page = _page(hostile)
    assert "script" not in {tag for tag, _ in page.tags}
    assert '<script>alert("x")</script>' in page.text


def test_names_in_the_data_are_text_in_the_card(hostile: Files) -> None:
    card = hostile[CARD].decode()
    assert "<script>" not in card.replace("\\<", "")
    assert not re.search(r"^# not a heading", card, re.MULTILINE)
    for block in card.split("\n\n"):
        lines = [line for line in block.splitlines() if line.startswith("| ")]
        bars = {len(re.findall(r"(?<!\\)\|", line)) for line in lines}
        assert len(bars) <= 1, block


@pytest.mark.parametrize(
    "said",
    [
        "P is too low because the base rate rose from .200 to .370",
        "won within 90 days",
        "12 rows were left out",
        "closed_value",
        "held back: outcome not known before the window",
        "fewer than 50 leads",
        "90 % bootstrap interval",
        "Clocks",
        "seed 3",
        "--window 0.2",
        "leaves .011 of AUC and .0020 of log-loss on the table",
    ],
)
def test_both_writings_tell_it(drifted: Files, said: str) -> None:
    assert said in _page(drifted).text
    assert said in drifted[CARD].decode().replace("\\", "")


def test_a_refused_training_has_a_report_that_says_so(train: Train) -> None:
    refused = train(
        gate=Gate(Refusal.NO_SIGNAL, "the 5 % bound of AUC is .497, not above .5"), published=None
    )
    files = report(refused, CONTEXT)
    assert "Not published (no signal): the 5 % bound of AUC is .497" in files[CARD].decode()
    assert "Calibration of leads.csv" in files[CARD].decode()
    assert "the 5 % bound of AUC is .497" in _page(files).text
    assert not any(name.endswith(".png") for name in files)


def test_empty_sections_are_left_out() -> None:
    told = document("t", (Section("nothing"), Section("something", ("said",))))
    assert "nothing" not in markdown(told)
    assert "nothing" not in html(told, {})


def test_a_picture_that_is_not_there_is_left_out() -> None:
    told = document("t", (Section("s", ("said",), pictures=("a.png",)),))
    assert "<img" not in html(told, {})


def test_a_table_has_its_heading_and_rows() -> None:
    told = document("t", (Section("s", tables=(Table(("a", "b"), (("1", "2"),), "title"),)),))
    assert "### title\n\n| a | b |\n| --- | --- |\n| 1 | 2 |" in markdown(told)
    cells = [tag for tag, _ in _Page(html(told, {})).tags if tag in ("th", "td")]
    assert cells == ["th", "th", "td", "td"]
