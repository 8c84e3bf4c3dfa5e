"""Bounds of a share, leads a week, and leads that are drawn: each against its slow twin."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.calibration.table import Time, TrainingTable
from scoring_service.calibration.thresholds.threshold_results import Pair
from scoring_service.calibration.thresholds.weeks import (
    WEEK,
    WEEKS,
    drawn_times,
    last_weeks,
    per_week,
)
from scoring_service.calibration.thresholds.wilson import Z, wilson

FEW = settings(max_examples=25)
"""Enough to meet each branch: the tables have the edges."""


@FEW
@given(st.integers(1, 5_000), st.floats(0, 1))
def test_the_bounds_of_a_share_are_where_it_would_be_z_deviations_off(
    rows: int, share: float
) -> None:
    """Wilson's bounds solve |share - p| = z sqrt(p (1 - p) / rows)."""
    won = share * rows
    low, high = wilson(won, rows)
    assert 0 <= low <= won / rows + 1e-9
    assert won / rows - 1e-9 <= high <= 1
    for bound in (low, high):
        assert abs(won / rows - bound) == pytest.approx(
            Z * (bound * (1 - bound) / rows) ** 0.5, abs=1e-7
        )


@FEW
@given(st.integers(1, 1_000), st.floats(0, 1))
def test_more_rows_say_more(rows: int, share: float) -> None:
    (low, high), (nearer, near) = wilson(share * rows, rows), wilson(2 * share * rows, 2 * rows)
    assert low <= nearer + 1e-12
    assert near <= high + 1e-12


@pytest.mark.parametrize(
    ("won", "rows", "bounds"),
    [
        pytest.param(0, 0, (0.0, 1.0), id="without rows anything"),
        pytest.param(0, 10, (0.0, 0.2129), id="none of ten"),
        pytest.param(10, 10, (0.7871, 1.0), id="all of ten"),
        pytest.param(5, 10, (0.2693, 0.7307), id="half of ten"),
    ],
)
def test_bounds_for_few_rows(won: float, rows: float, bounds: tuple[float, float]) -> None:
    assert wilson(won, rows) == pytest.approx(bounds, abs=1e-4)


DAYS = st.lists(st.integers(0, 120), min_size=1, max_size=40)


@FEW
@given(DAYS)
def test_the_last_weeks_are_eight_at_most_and_one_at_least(days: list[int]) -> None:
    instants = np.array(days) * (WEEK // 7)
    flags, weeks = last_weeks(instants)
    past = (max(days) - min(days)) / 7
    assert weeks == pytest.approx(min(max(past, 1), WEEKS), abs=1e-6)
    assert flags.tolist() == [day > max(days) - 7 * WEEKS for day in days]


def table(days: list[int], time: Time = Time.INSTANTS) -> TrainingTable:
    count, at = len(days), np.array(days, dtype=np.int64) * (WEEK // 7)
    return TrainingTable(
        source="made up",
        leads=np.arange(count),
        won=np.zeros(count, dtype=np.bool_),
        weights=np.full(count, 0.5),
        time=time,
        scored_at=at,
        known_at=at,
        recycled=np.zeros(count, dtype=np.bool_),
        columns=(),
    )


@FEW
@given(DAYS, st.data())
def test_leads_a_week_are_the_weight_of_the_last_weeks(
    days: list[int], data: st.DataObject
) -> None:
    which = data.draw(st.lists(st.booleans(), min_size=len(days), max_size=len(days)))
    weeks = min(max((max(days) - min(days)) / 7, 1), WEEKS)
    counted = [day > max(days) - 7 * WEEKS for day in days]
    assert per_week(table(days)) == pytest.approx(0.5 * sum(counted) / weeks, rel=1e-6)
    flagged = sum(one and other for one, other in zip(counted, which, strict=True))
    assert per_week(table(days), np.array(which)) == pytest.approx(0.5 * flagged / weeks, rel=1e-6)


@pytest.mark.parametrize("time", [Time.ORDER, Time.NONE])
def test_without_dates_nobody_can_count_weeks(time: Time) -> None:
    assert per_week(table([1, 2], time)) is None


def test_without_rows_there_are_no_weeks() -> None:
    assert per_week(table([])) is None


@FEW
@given(st.lists(st.integers(0, 4), min_size=1, max_size=12), st.integers(0, 99))
def test_leads_are_drawn_whole_and_as_many_as_there_are(leads: list[int], seed: int) -> None:
    drawn = list(drawn_times(np.array(leads), seed, 5))
    again = list(drawn_times(np.array(leads), seed, 5))
    assert len(drawn) == 5
    for times, same in zip(drawn, again, strict=True):
        assert times.tolist() == same.tolist()
        by_lead = {lead: set(times[np.array(leads) == lead].tolist()) for lead in leads}
        assert all(len(counts) == 1 for counts in by_lead.values())
        assert sum(counts.pop() for counts in by_lead.values()) == len(by_lead)


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        pytest.param(Pair(40.0, 35.0), "fit >= 40, behaviour >= 35", id="points alone"),
        pytest.param(Pair(2.5, 0.0), "fit >= 2.5, behaviour >= 0", id="half points"),
        pytest.param(
            replace(Pair(40.0, 35.0), win_probability_min=0.0),
            "fit >= 40, behaviour >= 35, P(won) >= 0",
            id="a bar of nought is one",
        ),
    ],
)
def test_bars_as_people_say_them(pair: Pair, said: str) -> None:
    assert str(pair) == said


def test_a_week_is_counted_in_microseconds() -> None:
    assert timedelta(weeks=1) == timedelta(microseconds=WEEK)
    assert WEEKS == 8
