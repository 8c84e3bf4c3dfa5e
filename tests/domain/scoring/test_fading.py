"""Bounds over an interval hold at each of its instants: what a lapse is searched with."""

from math import inf, log

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scoring_service.domain.scoring.fading import Fade, Group, course, value_and_slope

HOUR = 3_600_000_000
SLACK = 1e-9


def fade(points: float, hours: float = 1.0, limit: float = inf, expiries: int = 0) -> Fade:
    """Points of one half-life; with expiries, equal parts of them end an hour after another."""
    left = (
        [points * (expiries - i) / expiries for i in range(expiries + 1)] if expiries else [points]
    )
    ends = tuple((i + 1) * HOUR for i in range(expiries))
    return tuple(left), log(2) / (hours * HOUR), limit, ends


@pytest.mark.parametrize(
    ("groups", "hours", "points", "slope"),
    [
        pytest.param([(inf, (fade(80),))], 1, 40, 40, id="half is left and falls as fast"),
        pytest.param([(inf, (fade(80, limit=50),))], 0, 50, 0, id="above its cap none falls"),
        pytest.param([(inf, (fade(-80, limit=50),))], 0, -50, 0, id="nor rises below it"),
        pytest.param([(30, (fade(40), fade(20)))], 0, 30, 0, id="nor in a group at its bound"),
        pytest.param([(30, (fade(40), fade(-20)))], 0, 20, 20, id="what is below it does"),
        pytest.param(
            [(inf, (fade(40, expiries=2),))], 1, 10, 10, id="at its instant a part is gone"
        ),
        pytest.param([], 1, 0, 0, id="nothing is nothing"),
    ],
)
def test_points_to_come(groups: list[Group], hours: int, points: float, slope: float) -> None:
    """`slope` is given as points of which ln 2 are lost an hour."""
    found, falls = value_and_slope(groups, hours * HOUR)
    assert found == pytest.approx(points)
    assert falls == pytest.approx(slope * log(2) / HOUR)


fades = st.builds(
    fade,
    st.integers(-60, 60).filter(bool).map(float),
    st.floats(0.1, 8),
    st.just(inf) | st.integers(0, 60).map(float),
    st.integers(0, 3),
)
all_groups = st.lists(
    st.tuples(
        st.just(inf) | st.integers(0, 80).map(float),
        st.lists(fades, min_size=1, max_size=3).map(tuple),
    ),
    max_size=3,
)
instants = st.integers(0, 6 * HOUR)


@given(all_groups, st.tuples(instants, instants, instants).map(sorted))
@example([(1.0, (fade(1.0, 0.125),))], [0, 0, 0])
def test_bounds_hold_between(groups: list[Group], three: list[int]) -> None:
    start, between, end = three
    known = course(groups, start, end)
    points, falls = value_and_slope(groups, between)
    assert known.low - SLACK <= points <= known.high + SLACK
    assert known.slope_low - SLACK <= -falls <= known.slope_high + SLACK


@given(all_groups, st.tuples(instants, instants).map(sorted))
def test_what_is_said_to_fall_or_rise_does(groups: list[Group], two: list[int]) -> None:
    start, end = two
    known = course(groups, start, end)
    change = value_and_slope(groups, end)[0] - value_and_slope(groups, start)[0]
    if known.slope_high <= 0 and not known.jumps:
        assert change <= SLACK
    if known.slope_low >= 0 and not known.drops:
        assert change >= -SLACK
