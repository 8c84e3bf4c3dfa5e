"""A stored lead that has met a bar keeps it down to `bar - hysteresis`, however often it is looked
at: what is kept is the threshold that was met, and having met a lower one is not having met a
higher one.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.domain.scoring.bars import held_bars, judged
from scoring_service.domain.scoring.score import score_activities
from scoring_service.domain.scoring.scoring import Bars, Scoring
from scoring_service.values.score import Bar, HeldBar, Score, WinProbability

Make = Callable[..., Scoring]
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
BARS = Bars(fit_min=40, behaviour_min=50, hysteresis=5, win_probability_min=0.2)


@pytest.fixture(scope="module")
def scoring_by(make_scoring: Make) -> Callable[[Bars], Scoring]:
    return lambda bars: make_scoring({"visit": {"points": 60.0}}, bars=bars)


@pytest.fixture(scope="module")
def empty(scoring_by: Callable[[Bars], Scoring]) -> Score:
    """A score, whose bars the test gives."""
    return score_activities(scoring_by(BARS), {}, [], NOW, "r")


def looked_at(
    scoring: Scoring,
    empty: Score,
    values: tuple[float, float, float | None],
    held: Sequence[HeldBar],
    until: datetime | None = None,
    now: datetime = NOW,
) -> tuple[tuple[Bar, ...], tuple[HeldBar, ...]]:
    """The bars of a lead of these points and this probability, and what it keeps of them."""
    fit, behaviour, p = values
    win = None if p is None else WinProbability(p, p, p)
    bars = judged(scoring.mql, fit, behaviour, win, held, None, now)
    score = msgspec.structs.replace(empty, bars=bars, qualified_until=until)
    return bars, held_bars(score, scoring, held, now)


@pytest.mark.parametrize(
    ("values", "met"),
    [
        pytest.param((40, 50, 0.2), (True, True, True), id="on the bars"),
        pytest.param((35, 45, 0.18), (True, True, True), id="down to the hysteresis of each"),
        pytest.param((34.9, 44.9, 0.179), (False, False, False), id="and no further"),
        pytest.param((100, 0, None), (True, False, False), id="each by itself"),
    ],
)
def test_a_bar_that_is_kept_stays_where_it_is_however_often_it_is_looked_at(
    scoring_by: Callable[[Bars], Scoring],
    empty: Score,
    values: tuple[float, float, float | None],
    met: tuple[bool, ...],
) -> None:
    """Hysteresis is counted from the threshold that was met, never from the lowered one."""
    scoring = scoring_by(BARS)
    _, first = looked_at(scoring, empty, (60, 60, 0.5), ())
    assert [(bar.name, bar.threshold) for bar in first] == [
        ("fit", 40),
        ("behaviour", 50),
        ("win_probability", 0.2),
    ]
    held: tuple[HeldBar, ...] = first
    for _ in range(5):
        bars, kept = looked_at(scoring, empty, values, held)
        assert tuple(bar.met for bar in bars) == met
        assert {bar.name for bar in kept} == {bar.name for bar in bars if bar.met}
        for bar in kept:
            before = next(one for one in first if one.name == bar.name)
            assert bar.threshold == pytest.approx(before.threshold)
        held = kept


@pytest.mark.parametrize(
    ("bar", "kept_down_to"),
    [(0.1, 0.09), (0.2, 0.18), (0.3, 0.27), (0.4, 0.36), (0.15, 0.135), (0.0001, 0.00009)],
)
def test_a_bar_on_the_probability_is_kept_at_nine_tenths_of_it_to_the_last_digit(
    scoring_by: Callable[[Bars], Scoring], empty: Score, bar: float, kept_down_to: float
) -> None:
    """What floats make of 0.9 x 0.2, a hair above 0.18, is neither asked nor shown."""
    scoring = scoring_by(Bars(0, 0, win_probability_min=bar))
    _, held = looked_at(scoring, empty, (0, 0, bar), ())
    bars, kept = looked_at(scoring, empty, (0, 0, kept_down_to), held)
    assert (bars[2].threshold, bars[2].met) == (kept_down_to, True)
    assert [one.threshold for one in kept if one.name == "win_probability"] == [bar]
    bars, _ = looked_at(scoring, empty, (0, 0, kept_down_to - 1e-9), held)
    assert not bars[2].met


def test_a_bar_on_points_is_kept_down_to_the_decimals_that_are_written(
    scoring_by: Callable[[Bars], Scoring], empty: Score
) -> None:
    scoring = scoring_by(Bars(40.1, 0, hysteresis=0.3))
    _, held = looked_at(scoring, empty, (40.1, 0, None), ())
    bars, kept = looked_at(scoring, empty, (39.8, 0, None), held)
    assert (bars[0].threshold, bars[0].met, kept[0].threshold) == (39.8, True, 40.1)


def test_what_was_held_until_an_instant_is_met_anew_by_the_bar_itself(
    scoring_by: Callable[[Bars], Scoring], empty: Score
) -> None:
    """From the instant at which decay took it below, only the whole bar is met again."""
    scoring = scoring_by(BARS)
    held = (HeldBar("behaviour", 50, NOW + HOUR),)
    bars, kept = looked_at(scoring, empty, (0, 46, None), held, now=NOW)
    assert (bars[1].threshold, bars[1].met) == (45, True)
    assert [bar.threshold for bar in kept] == [50]
    bars, kept = looked_at(scoring, empty, (0, 46, None), held, now=NOW + HOUR)
    assert (bars[1].threshold, bars[1].met, kept) == (50, False, ())
    bars, kept = looked_at(scoring, empty, (0, 50, None), held, now=NOW + HOUR)
    assert [(bar.name, bar.threshold) for bar in kept] == [("behaviour", 50)]


@pytest.mark.parametrize(
    ("lower", "higher"),
    [(30.0, 50.0), (45.0, 50.0), (49.0, 50.0)],
)
def test_a_bar_that_was_raised_is_not_met_by_what_was_met_before(
    scoring_by: Callable[[Bars], Scoring], empty: Score, lower: float, higher: float
) -> None:
    """Having met a lower threshold is not having met a higher one; one that fell is met."""
    _, held = looked_at(scoring_by(Bars(40, lower)), empty, (0, lower, None), ())
    bars, _ = looked_at(scoring_by(Bars(40, higher)), empty, (0, higher - 1, None), held)
    assert (bars[1].threshold, bars[1].met) == (higher, False)
    _, held = looked_at(scoring_by(Bars(40, higher)), empty, (0, higher, None), ())
    bars, _ = looked_at(scoring_by(Bars(40, lower)), empty, (0, lower - 1, None), held)
    assert (bars[1].threshold, bars[1].met) == (lower - 5, True)


POINTS = st.floats(0, 100, allow_nan=False)


@given(st.lists(POINTS, min_size=1, max_size=12), st.integers(1, 90), st.integers(0, 20))
def test_a_bar_is_held_from_when_it_is_met_until_it_is_lost(
    scoring_by: Callable[[Bars], Scoring],
    empty: Score,
    path: list[float],
    bar: int,
    hysteresis: int,
) -> None:
    """Beside a switch that goes on at the bar and off below the bar less the hysteresis."""
    scoring = scoring_by(Bars(40, bar, hysteresis=hysteresis))
    held: tuple[HeldBar, ...] = ()
    is_on = False
    for points in path:
        is_on = points >= (bar - hysteresis if is_on else bar)
        bars, held = looked_at(scoring, empty, (0, points, None), held)
        assert bars[1].met is is_on, (points, held)
        assert [one.name for one in held] == (["behaviour"] if is_on else [])
