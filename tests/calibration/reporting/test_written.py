"""How figures are written, and how a document becomes Markdown and a page: nothing is markup."""

import base64
import html as standard
import math
import re
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.calibration.reporting.card import escaped, markdown
from scoring_service.calibration.reporting.figures import (
    between,
    day,
    days,
    share,
    signed,
    times,
)
from scoring_service.calibration.reporting.report_document import Document, Section, Table
from scoring_service.calibration.reporting.report_html import POLICY, html
from scoring_service.calibration.results import Interval

FEW = settings(max_examples=25)
"""Enough to meet each branch: the tables have the edges."""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(0.0, ".000", id="nothing"),
        pytest.param(0.5, ".500", id="a half"),
        pytest.param(1.0, "1.000", id="all"),
        pytest.param(0.9996, "1.000", id="nearly all"),
        pytest.param(0.9994, ".999", id="a little less"),
        pytest.param(-1.0, "-1.000", id="all below"),
        pytest.param(-0.5, "-.500", id="a half below"),
        pytest.param(0.0096, ".010", id="a hundredth"),
        pytest.param(0.0094, ".0094", id="less has a digit more"),
        pytest.param(-0.0094, "-.0094", id="on either side"),
        pytest.param(10.25, "10.250", id="ten and more"),
        pytest.param(math.nan, "-", id="what is not known"),
    ],
)
def test_how_a_share_is_written(value: float, text: str) -> None:
    assert share(value) == text


@FEW
@given(st.floats(-20, 20))
def test_a_share_as_it_is_written_is_near_the_share(value: float) -> None:
    text = share(value)
    assert abs(float(text) - value) <= (0.00051 if abs(value) >= 0.0095 else 0.000051)
    assert not text.lstrip("-").startswith("0")


@pytest.mark.parametrize(
    ("written", "text"),
    [
        pytest.param(between(None), "-", id="no figure"),
        pytest.param(between(Interval(0.5, 0.25, 0.75)), ".500 [.250, .750]", id="an interval"),
        pytest.param(times(Interval(2.44, 2.0, 2.86)), "2.4 x [2.0, 2.9]", id="a factor"),
        pytest.param(signed(Interval(-0.5, -1.0, 0.0)), "-0.50 [-1.00, +0.00]", id="a weight"),
        pytest.param(day(0), "1970-01-01", id="the first day"),
        pytest.param(day(86_400_000_000 - 1), "1970-01-01", id="to its end"),
        pytest.param(day(-1), "1969-12-31", id="the day before"),
        pytest.param(days(timedelta(days=90)), "90 days", id="whole days"),
        pytest.param(days(timedelta(hours=6)), "0.25 days", id="a part of one"),
    ],
)
def test_how_other_figures_are_written(written: str, text: str) -> None:
    assert written == text


SIGNS = "\\`*_{}[]<>#|!~&"


@pytest.mark.parametrize("sign", SIGNS)
def test_a_sign_of_markdown_is_taken_literally(sign: str) -> None:
    assert escaped(f"a{sign}b") == f"a\\{sign}b"


@FEW
@given(st.text(max_size=30))
def test_an_escaped_text_says_what_it_said_on_one_line(text: str) -> None:
    """The slow twin takes the escapes back."""
    found = escaped(text)
    assert re.sub(r"\\(.)", r"\1", found) == " ".join(text.split())
    assert not re.search(rf"(?<!\\)(?:\\\\)*[{re.escape(SIGNS[1:])}]", found)


HOSTILE = '<b a="1">&amp; | x'
DOCUMENT = Document(
    HOSTILE,
    (
        Section("First", ("one", HOSTILE), points=("p1", HOSTILE)),
        Section(
            HOSTILE,
            tables=(Table(("h", HOSTILE), (("c1", HOSTILE), ("---", HOSTILE)), HOSTILE),),
            pictures=("a.png", "gone.png"),
        ),
        Section("Empty"),
    ),
)
PICTURE = b"\x89PNG\x00\xff"


def test_a_document_in_markdown() -> None:
    told = r'\<b a="1"\>\&amp; \| x'
    first, *blocks = markdown(DOCUMENT).split("\n\n")
    assert first == f"# {told}"
    assert blocks[:4] == ["## First", "one", told, f"- p1\n- {told}"]
    assert blocks[4:6] == [f"## {told}", f"### {told}"]
    assert blocks[6].splitlines() == [
        f"| h | {told} |", "| --- | --- |", f"| c1 | {told} |", f"| --- | {told} |",
    ]  # fmt: skip
    assert blocks[-3:] == ["![a](a.png)", "![gone](gone.png)", "## Empty\n"]


def test_a_document_as_a_page() -> None:
    page = html(DOCUMENT, {"a.png": PICTURE})
    told = standard.escape(HOSTILE)
    assert page.startswith("<!DOCTYPE html>")
    assert f"<title>{told}</title>" in page
    assert f"<h1>{told}</h1>" in page
    assert f'<a href="#s2">{told}</a>' in page
    assert f"<p>{told}</p>" in page
    assert f"<li>{told}</li>" in page
    assert f"<td>{told}</td>" in page
    assert f'<th scope="col">{told}</th>' in page
    assert f"<h3>{told}</h3>" in page
    assert HOSTILE not in page


def test_a_page_needs_nothing_else_and_runs_nothing() -> None:
    page = html(DOCUMENT, {"a.png": PICTURE})
    assert f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">' in page
    assert "default-src 'none'" in POLICY
    assert "<script" not in page
    sources = re.findall(r'(?:src|href)="([^"]*)"', page)
    assert [one for one in sources if not one.startswith(("#s", "data:image/png;base64,"))] == []
    (picture,) = re.findall(r"base64,([^\"]*)", page)
    assert base64.b64decode(picture) == PICTURE
    assert page.count("<img ") == 1, "a picture that is not there is left out"


def test_each_section_of_a_page_is_found_by_its_number() -> None:
    page = html(DOCUMENT, {})
    assert re.findall(r'<section id="(s\d)">', page) == ["s1", "s2", "s3"]
    assert re.findall(r'<a href="#(s\d)">', page) == ["s1", "s2", "s3"]


def test_a_table_without_a_title_has_no_heading() -> None:
    section = Section("S", tables=(Table(("h",), (("c",),)),))
    assert markdown(Document("T", (section,))).split("\n\n")[2:] == ["| h |\n| --- |\n| c |\n"]
    assert "<h3>" not in html(Document("T", (section,)), {})
