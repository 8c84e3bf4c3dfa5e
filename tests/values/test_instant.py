"""Instants are counted in microseconds, in UTC, and none is lost."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.values.instant import EPOCH, MICROSECOND, instant, micros

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("at", "count"),
    [
        pytest.param(EPOCH, 0, id="the epoch is zero"),
        pytest.param(EPOCH + timedelta(microseconds=1), 1, id="a microsecond is one"),
        pytest.param(EPOCH - timedelta(seconds=1), -1_000_000, id="before it counts are negative"),
        pytest.param(datetime(2026, 3, 2, tzinfo=UTC), 1_772_409_600_000_000, id="a day of ours"),
    ],
)
def test_instants_as_microseconds(at: datetime, count: int) -> None:
    assert micros(at) == count
    assert instant(count) == at


@given(st.datetimes(timezones=st.just(UTC)))
def test_no_microsecond_is_lost(at: datetime) -> None:
    assert instant(micros(at)) == at
    assert instant(micros(at)).tzinfo is UTC


@given(st.integers(0, 2**55))
def test_every_count_is_an_instant(count: int) -> None:
    assert micros(instant(count)) == count


@pytest.mark.parametrize(
    "at",
    [
        pytest.param(datetime(2026, 3, 29, 1, 30, tzinfo=BERLIN), id="before the spring gap"),
        pytest.param(datetime(2026, 3, 29, 3, 30, tzinfo=BERLIN), id="after it"),
        pytest.param(datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN), id="the first of two"),
        pytest.param(datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=1), id="the second"),
    ],
)
def test_an_instant_of_any_zone_is_the_instant_that_it_is(at: datetime) -> None:
    assert instant(micros(at)) == at.astimezone(UTC)


def test_a_time_without_a_zone_is_no_instant() -> None:
    with pytest.raises(TypeError):
        micros(datetime(2026, 3, 2))  # noqa: DTZ001


@given(st.integers(-(2**55), 2**55), st.integers(0, 10**6))
def test_what_is_later_has_a_larger_count_by_as_much(count: int, more: int) -> None:
    assert micros(instant(count) + timedelta(microseconds=more)) == count + more
    assert timedelta(microseconds=1) == MICROSECOND
