"""Durations as rule files write them, and what each place takes of them."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.domain.business_time.duration import BusinessDays, BusinessHours, Elapsed
from scoring_service.policy.files.spans import (
    AgoSpan,
    ElapsedSpan,
    LastingSpan,
    SlaSpan,
    Span,
    is_lasting,
    length,
    written,
)

FEW = settings(max_examples=25)
"""Enough to meet each branch: the tables have the edges."""

KINDS = (Span, LastingSpan, SlaSpan, AgoSpan, ElapsedSpan)
NAMES = {kind: kind.__name__ for kind in KINDS}
SAYS = {
    "unit": "write it with one: 15m, 4h, 7d, 4bh or 2bd",
    "sla": "is no SLA; give one of 1 minute to 90 days",
    "business": "is business time; elapsed time is meant here: 15m, 4h or 7d",
    "zero": "is not longer than zero; write a longer time",
}


def taken(kind: type, text: object) -> str:
    """What a place says of a text: "" where it takes it."""
    try:
        found = written(kind, text)
    except ValueError as refused:
        return str(refused)
    assert type(found) is kind
    return ""


@pytest.mark.parametrize(
    ("text", "refused_by"),
    [
        pytest.param("4h", {}, id="elapsed time is good anywhere"),
        pytest.param("4bh", {AgoSpan: "business", ElapsedSpan: "business"}, id="business hours"),
        pytest.param("2bd", {AgoSpan: "business", ElapsedSpan: "business"}, id="business days"),
        pytest.param("0h", {SlaSpan: "sla", LastingSpan: "zero", ElapsedSpan: "zero"}, id="zero"),
        pytest.param(
            "0bd",
            {SlaSpan: "sla", LastingSpan: "zero", AgoSpan: "business", ElapsedSpan: "business"},
            id="no business days",
        ),
        pytest.param("59s", {SlaSpan: "sla"}, id="a second less than an SLA may have"),
        pytest.param("60s", {}, id="the shortest SLA"),
        pytest.param("90d", {}, id="the longest SLA"),
        pytest.param("90.01d", {SlaSpan: "sla"}, id="a little longer"),
        pytest.param(
            "90bd", {AgoSpan: "business", ElapsedSpan: "business"}, id="as many business days"
        ),
        pytest.param(
            "91bd",
            {SlaSpan: "sla", AgoSpan: "business", ElapsedSpan: "business"},
            id="a business day more",
        ),
    ],
)
def test_what_each_place_takes(text: str, refused_by: dict[type, str]) -> None:
    for kind in KINDS:
        said = taken(kind, text)
        wanted = f"{text} {SAYS[refused_by[kind]]}" if kind in refused_by else ""
        assert said == wanted, NAMES[kind]


@pytest.mark.parametrize("kind", KINDS, ids=NAMES.get)
@pytest.mark.parametrize(
    ("value", "said"),
    [
        pytest.param(None, "there is nothing where a time is meant", id="nothing"),
        pytest.param(7, "7 has no unit", id="a bare number"),
        pytest.param(0.5, "0.5 has no unit", id="a fraction"),
        pytest.param(True, "true has no unit", id="a yes, as YAML writes it"),
        pytest.param(False, "false has no unit", id="a no"),
        pytest.param(["1h"], "a list has no unit", id="a list"),
        pytest.param({"a": 1}, "a map has no unit", id="a map"),
        pytest.param("4", "'4' has no unit", id="a number in quotes"),
        pytest.param("4w", "'4w' ", id="a unit that is not known"),
    ],
)
def test_what_is_no_duration_is_told_in_words_of_the_file(
    kind: type, value: object, said: str
) -> None:
    told = taken(kind, value)
    assert told.startswith(said)
    assert "; " in told
    assert ("4bh or 2bd" in told) is not issubclass(kind, AgoSpan), "no unit that is refused then"
    assert not {"None", "True", "False", "{", "["} & set(told.replace("'", " ").split())


def test_only_spans_are_read_so() -> None:
    with pytest.raises(NotImplementedError):
        written(timedelta, "4h")


SECONDS = st.integers(0, 10**8)


@FEW
@given(SECONDS)
def test_a_span_of_elapsed_time_is_its_time_on_the_wall_clock(seconds: int) -> None:
    found: Any = written(AgoSpan, f"{seconds}s")
    assert found.elapsed == timedelta(seconds=seconds) == length(found.duration)
    assert is_lasting(found.duration) == (seconds > 0)


@FEW
@given(st.integers(0, 20_000))
def test_business_days_are_as_long_as_their_dates(days: int) -> None:
    found: Any = written(Span, f"{days}bd")
    assert found.duration == BusinessDays(days)
    assert length(found.duration) == timedelta(days=days)
    assert is_lasting(BusinessDays(days)) == (days > 0)


@FEW
@given(SECONDS, st.sampled_from([Elapsed, BusinessHours]))
def test_a_span_lasts_where_a_microsecond_of_it_does(seconds: int, kind: type) -> None:
    assert is_lasting(kind(timedelta(seconds=seconds))) == (seconds > 0)
    assert is_lasting(kind(timedelta(microseconds=1)))
