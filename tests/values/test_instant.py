from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.values.instant import EPOCH, instant, micros


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
