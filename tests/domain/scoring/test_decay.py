from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.domain.scoring.decay import decayed, decayed_each

WEEK = timedelta(days=7)
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("points", "age", "left"),
    [
        pytest.param(40, 0 * WEEK, 40, id="nothing is lost at once"),
        pytest.param(40, WEEK, 20, id="half is left after one half-life"),
        pytest.param(40, 3 * WEEK, 5, id="an eighth is left after three"),
        pytest.param(-40, WEEK, -20, id="negative points fade towards zero too"),
        pytest.param(0, WEEK, 0, id="nothing stays nothing"),
        pytest.param(40, 200_000 * WEEK, 0, id="history of any age is welcome"),
    ],
)
def test_points_fade_by_half_in_every_half_life(points: float, age: timedelta, left: float) -> None:
    assert decayed(points, age, WEEK) == left


def test_an_activity_from_the_future_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(AssertionError, match="future"):
        decayed(40, timedelta(microseconds=-1), WEEK)


def test_a_half_life_is_longer_than_zero() -> None:
    with pytest.raises(AssertionError):
        decayed(40, WEEK, timedelta(0))
    with pytest.raises(AssertionError):
        decayed_each(40, [1.0], timedelta(0))


@given(
    st.floats(-100, 100),
    st.lists(st.timedeltas(timedelta(0), timedelta(days=9_000)), max_size=8),
    st.timedeltas(timedelta(seconds=1), timedelta(days=900)),
)
def test_many_fade_as_each_alone(
    points: float, ages: list[timedelta], half_life: timedelta
) -> None:
    each = decayed_each(points, [age.total_seconds() for age in ages], half_life)
    assert each == [decayed(points, age, half_life) for age in ages]


@given(
    st.floats(-100, 100),
    st.timedeltas(timedelta(0), timedelta(days=900)),
    st.timedeltas(timedelta(0), timedelta(days=900)),
)
def test_fading_twice_is_fading_once_for_longer(
    points: float, first: timedelta, then: timedelta
) -> None:
    twice = decayed(decayed(points, first, WEEK), then, WEEK)
    assert twice == pytest.approx(decayed(points, first + then, WEEK), abs=1e-9)
