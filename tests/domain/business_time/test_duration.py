from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.domain.business_time.duration import (
    BusinessDays,
    BusinessHours,
    Duration,
    Elapsed,
    parse_duration,
)


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        pytest.param("90s", Elapsed(timedelta(seconds=90)), id="seconds"),
        pytest.param("15m", Elapsed(timedelta(minutes=15)), id="minutes"),
        pytest.param("4h", Elapsed(timedelta(hours=4)), id="hours"),
        pytest.param("180d", Elapsed(timedelta(days=180)), id="days of 24 hours"),
        pytest.param("1.5h", Elapsed(timedelta(minutes=90)), id="a part of an hour"),
        pytest.param("4bh", BusinessHours(timedelta(hours=4)), id="business hours"),
        pytest.param("0.25bh", BusinessHours(timedelta(minutes=15)), id="a quarter of one"),
        pytest.param("0.1s", Elapsed(timedelta(microseconds=100_000)), id="without binary error"),
        pytest.param("2bd", BusinessDays(2), id="business days"),
        pytest.param("2.0bd", BusinessDays(2), id="which are whole"),
        pytest.param("0h", Elapsed(timedelta(0)), id="zero is a duration"),
        pytest.param("0bd", BusinessDays(0), id="of any unit"),
    ],
)
def test_durations_carry_their_unit(text: str, duration: Duration) -> None:
    assert parse_duration(text) == duration


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("4", "'4' has no unit; write it with one: 15m, 4h, 7d, 4bh or 2bd", id="bare"),
        pytest.param("0", "has no unit", id="zero needs one too"),
        pytest.param("-4h", "is negative; write a time of zero or more", id="negative"),
        pytest.param("0.5bd", "no whole number of business days; write hours", id="half a day"),
        pytest.param("1h30m", "write one number and its unit", id="units never mix"),
        pytest.param("4 h", "write one number and its unit", id="a space between"),
        pytest.param("4H", "write one number and its unit", id="a capital letter"),
        pytest.param("4w", "write one number and its unit", id="an unknown unit"),
        pytest.param("", "write one number and its unit", id="nothing"),
        pytest.param(".5h", "write one number and its unit", id="no digit before the point"),
        pytest.param("1e3h", "write one number and its unit", id="an exponent"),
        pytest.param("\u0664h", "write one number and its unit", id="digits of another script"),
        pytest.param("4h\n", "write one number and its unit", id="a line end"),
        pytest.param("99999999d", "longer than 100 years", id="longer than anything"),
        pytest.param("9" * 9_000 + "h", "is no duration", id="a number beyond all limits"),
    ],
)
def test_what_is_no_duration_is_refused_with_a_remedy(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message) as refused:
        parse_duration(text)
    assert "; " in str(refused.value)


@given(st.integers(0, 10**5), st.sampled_from(["s", "m", "h", "bh"]))
def test_the_number_counts_its_unit(number: int, unit: str) -> None:
    one, many = parse_duration(f"1{unit}"), parse_duration(f"{number}{unit}")
    assert not isinstance(one, BusinessDays)
    assert not isinstance(many, BusinessDays)
    assert many.span == number * one.span
    assert type(many) is type(one)
