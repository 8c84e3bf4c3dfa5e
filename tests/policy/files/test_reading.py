"""Documents into types: every mistake with its own path and line, said in plain words."""

from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

import msgspec
import pytest

from scoring_service.policy.document import Document
from scoring_service.policy.files.reading import Shape, read, read_each
from scoring_service.policy.files.spans import ElapsedSpan, SlaSpan, Span

Reading = Callable[[str], Document]


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


class Inner(Shape, frozen=True, rename={"first": "from"}):
    first: date
    note: str = ""

    def __post_init__(self) -> None:
        if self.note == "bad":
            raise ValueError("this note is bad; write another")


class Outer(Shape, frozen=True):
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=5)]
    size: Annotated[int, msgspec.Meta(ge=1, le=9)] = 1
    share: float = 0.5
    on: bool = False
    colour: Colour = Colour.RED
    mode: Literal["fast", "slow"] = "fast"
    span: Span | None = None
    at: datetime | None = None
    inner: Inner | None = None
    many: tuple[Inner, ...] = ()
    named: dict[str, Inner] = msgspec.field(default_factory=dict)
    either: str | tuple[str, ...] = ()


def said(document: Document, kind: Any = Outer) -> list[str]:
    return [str(mistake).removeprefix("rules.yaml:") for mistake in read(document, kind)[1]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("name: 5", "1: $.name: 5 is read as a whole number where a text is meant; "
                     "put it in quotes: '5'", id="a number for a text"),
        pytest.param("name: NO", "1: $.name: NO is read as false where a text is meant; "
                     "put it in quotes: 'NO'", id="NO for a text"),
        pytest.param("name:", "1: $.name: there is nothing where a text is meant; write a text",
                     id="nothing for a text"),
        pytest.param("name: [a]", "1: $.name: there is a list where a text is meant; write a text",
                     id="a list for a text"),
        pytest.param("name: ''", "1: $.name: this is empty; write a name", id="an empty text"),
        pytest.param("name: abcdef", "1: $.name: this is longer than 5; write a name",
                     id="a text that is too long"),
        pytest.param("{name: a, size: x}", "1: $.size: x is read as a text where a whole number is "
                     "meant; write a whole number in digits, without quotes",
                     id="a text for a number"),
        pytest.param("{name: a, size: '5'}", "1: $.size: 5 is read as a text where a whole number "
                     "is meant; write a whole number in digits, without quotes",
                     id="a number in quotes"),
        pytest.param("{name: a, size: 0}", "1: $.size: 0 is not allowed here; write a whole number "
                     ">= 1", id="a number below its bound"),
        pytest.param("{name: a, size: 10}", "1: $.size: 10 is not allowed here; write a whole "
                     "number <= 9", id="a number above its bound"),
        pytest.param("{name: a, size: 1.5}", "1: $.size: 1.5 is read as a number where a whole "
                     "number is meant; write a whole number", id="a fraction"),
        pytest.param("{name: a, size: true}", "1: $.size: true is read as true or false where a "
                     "whole number is meant; write a whole number", id="yes for a number"),
        pytest.param("{name: a, share: yes}", "1: $.share: yes is read as true where a number is "
                     "meant; write a number", id="yes for a fraction"),
        pytest.param("{name: a, on: 1}", "1: $.on: 1 is read as a whole number where true or false "
                     "is meant; write true or false", id="one for yes"),
        pytest.param("{name: a, colour: blue}", "1: $.colour: unknown value 'blue'; known are: "
                     "green, red", id="a value that is none of a few"),
        pytest.param("{name: a, mode: slw}", "1: $.mode: unknown value 'slw'; did you mean 'slow'?",
                     id="a slip in one of a few"),
        pytest.param("{name: a, span: 5}", "1: $.span: 5 has no unit; write it with one: "
                     "15m, 4h, 7d, 4bh or 2bd", id="a bare number for a span"),
        pytest.param("{name: a, span: [1h]}", "1: $.span: a list has no unit; write it with one: "
                     "15m, 4h, 7d, 4bh or 2bd", id="a list for a span"),
        pytest.param("{name: a, at: 2025-01-01}", "1: $.at: 2025-01-01 is read as a date where an "
                     "instant is meant; write an instant such as 2025-01-15T10:00:00Z",
                     id="a date for an instant"),
        pytest.param("{name: a, inner: {from: soon}}", "1: $.inner.from: soon is read as a text "
                     "where a date is meant; write a date such as 2025-01-15",
                     id="a text for a date"),
        pytest.param("{name: a, inner: {}}", "1: $.inner: the key 'from' is missing; add 'from:'",
                     id="a key that is missing, under its name in the file"),
        pytest.param("{name: a, inner: [x]}", "1: $.inner: there is a list where a map of keys is "
                     "meant; write a map of keys", id="a list for a map"),
        pytest.param("{name: a, many: {from: 1}}", "1: $.many: there is a map of keys where a list "
                     "is meant; write a list", id="a map for a list"),
        pytest.param("{name: a, many: [7]}", "1: $.many[0]: 7 is read as a whole number where a "
                     "map of keys is meant; write a map of keys", id="a number in a list of maps"),
        pytest.param("{name: a, inner: {from: 2025-01-01, note: bad}}",
                     "1: $.inner: this note is bad; write another", id="a map that does not fit"),
        pytest.param("{name: a, either: [x, 5]}", "1: $.either[1]: 5 is read as a whole number "
                     "where a text is meant; put it in quotes: '5'", id="a list or a text"),
        pytest.param("{name: a, either: 5}", "1: $.either: 5 is read as a whole number where a "
                     "text is meant; put it in quotes: '5'", id="neither a list nor a text"),
        pytest.param("{name: a, colr: red}", "1: $.colr: unknown key 'colr'; did you mean "
                     "'colour'?", id="a slip in a key"),
        pytest.param("[]", "1: $: there is a list where a map of keys is meant; write a map of "
                     "keys", id="a list for the whole file"),
    ],
)  # fmt: skip
def test_a_mistake_is_said_in_plain_words(document: Reading, text: str, message: str) -> None:
    assert said(document(text)) == [message]


def test_every_mistake_is_told_each_at_its_line(document: Reading) -> None:
    text = """\
name: 5
size: many
inner:
  from: soon
  nte: x
many:
  - from: 2025-01-01
  - {note: y}
named:
  a: {from: 7}
  b: {from: 2025-01-01}
"""
    assert [line.partition(": ")[0] + line.split(":")[1] for line in said(document(text))] == [
        "1 $.name", "2 $.size", "4 $.inner.from", "5 $.inner.nte", "8 $.many[1]",
        "10 $.named.a.from",
    ]  # fmt: skip


def test_what_is_right_is_read(document: Reading) -> None:
    text = "{name: a, size: 9, share: 1, colour: green, span: 2bd, inner: {from: 2025-01-01}}"
    found, mistakes = read(document(text), Outer)
    assert mistakes == []
    assert found is not None
    assert (found.size, found.share, found.colour) == (9, 1.0, Colour.GREEN)
    assert found.inner == Inner(date(2025, 1, 1))


def test_nothing_is_read_where_nothing_is_allowed(document: Reading) -> None:
    found, mistakes = read(document("{name: a, inner: null, span: ~}"), Outer)
    assert mistakes == []
    assert found is not None
    assert (found.inner, found.span) == (None, None)


def test_of_a_map_of_entries_the_good_ones_are_read(document: Reading) -> None:
    found, mistakes = read_each(document("a: {name: x}\nb: {nme: y}\nc: {name: z}\n"), Outer)
    assert sorted(found) == ["a", "c"]
    assert [str(one).split(":")[1] for one in mistakes] == ["2", "2"]


@pytest.mark.parametrize("text", ["[a]", "7", "text"])
def test_what_is_no_map_has_no_entries(document: Reading, text: str) -> None:
    found, mistakes = read_each(document(text), Outer)
    assert found == {}
    assert len(mistakes) == 1


class Spans(Shape, frozen=True):
    any: Span | None = None
    sla: SlaSpan | None = None
    elapsed: ElapsedSpan | None = None


@pytest.mark.parametrize(
    ("text", "what"),
    [
        pytest.param("any: 0d", "", id="zero is a span"),
        pytest.param("sla: 1m", "", id="an SLA of a minute"),
        pytest.param("sla: 59s", "59s is no SLA", id="an SLA below a minute"),
        pytest.param("sla: 90d", "", id="an SLA of ninety days"),
        pytest.param("sla: 90bd", "", id="an SLA of ninety business days"),
        pytest.param("sla: 91bd", "91bd is no SLA", id="an SLA of more"),
        pytest.param("sla: 0bh", "0bh is no SLA", id="an SLA of nothing"),
        pytest.param("sla: 0.25bh", "", id="an SLA of a quarter of an hour"),
        pytest.param("elapsed: 1s", "", id="an elapsed second"),
        pytest.param("elapsed: 0s", "0s is not longer than zero", id="no time at all"),
        pytest.param("elapsed: 1bd", "1bd is business time", id="a business day is not elapsed"),
        pytest.param("any: -1d", "'-1d' is negative", id="a negative span"),
        pytest.param("any: 1h30m", "'1h30m' is no duration", id="two units"),
        pytest.param("any: '5'", "'5' has no unit", id="a bare number in quotes"),
        pytest.param("any: 1 d", "'1 d' is no duration", id="a blank before the unit"),
        pytest.param("any: 200000d", "is longer than 100 years", id="more than a lifetime"),
    ],
)
def test_a_span_has_one_unit_and_its_limits(document: Reading, text: str, what: str) -> None:
    found = said(document(text), Spans)
    assert bool(found) == bool(what)
    assert all(what in message for message in found)
