"""Points of many leads at once are those that the domain sums for each."""

from dataclasses import replace
from datetime import timedelta
from math import inf
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.calibration.rows.events import Events, activity_columns, events_of, points_left
from scoring_service.domain.scoring.behaviour import COUNTED_MAX, of_events
from scoring_service.domain.scoring.scoring import ActivityScoring, Bars, Grades, Scoring
from scoring_service.values.activity import Activity
from scoring_service.values.instant import instant

HOUR = 3_600_000_000
DAYS = st.integers(1, 60).map(lambda days: timedelta(days=days))
SCORING = st.builds(
    ActivityScoring,
    type=st.just("visit"),
    points=st.sampled_from([10.0, 40.0, -25.0]),
    half_life=DAYS,
    points_max=st.none() | st.sampled_from([0.0, 15.0, 60.0]),
    expires_after=st.none() | DAYS,
    once=st.booleans(),
)
EVENTS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2_000)), max_size=25)
ROWS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2_000)), min_size=1, max_size=6)


def scoring_of(*scored: ActivityScoring) -> Scoring:
    return Scoring(
        fit=(),
        activities={one.type: one for one in scored},
        groups={},
        grades=Grades((), ()),
        mql=Bars(0, 0),
    )


def events(happened: list[tuple[int, int]], recorded: list[int] | None = None) -> Events:
    lead, hour = np.array(happened, dtype=np.int64).reshape(-1, 2).T
    known = None if recorded is None else np.array(recorded, dtype=np.int64) * HOUR
    return events_of(lead, hour * HOUR, np.zeros_like(lead), ("visit",), known)


def of_domain(scored: ActivityScoring, hours: list[int], now: int) -> float:
    """The domain's sum before caps, within the type's own cap."""
    done = [Activity("visit", instant(hour * HOUR)) for hour in hours]
    sums = of_events(scoring_of(scored), done, instant(now * HOUR)).sums
    points = sums.get("visit", 0.0)
    limit = inf if scored.points_max is None else scored.points_max
    return max(-limit, min(points, limit))


@given(SCORING, EVENTS, ROWS)
def test_the_points_of_each_row_are_the_domains(
    scored: ActivityScoring, happened: list[tuple[int, int]], rows: list[tuple[int, int]]
) -> None:
    lead, hour = np.array(rows, dtype=np.int64).T
    found = points_left(scored, events(happened), lead, hour * HOUR)
    expected = [
        of_domain(scored, [at for other, at in happened if other == who], now) for who, now in rows
    ]
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


@given(SCORING, EVENTS, ROWS)
def test_half_and_twice_the_half_life(
    scored: ActivityScoring, happened: list[tuple[int, int]], rows: list[tuple[int, int]]
) -> None:
    lead, hour = np.array(rows, dtype=np.int64).T
    for times in (0.5, 2.0):
        stretched = replace(scored, half_life=scored.half_life * times)
        found = points_left(scored, events(happened), lead, hour * HOUR, half_lives=times)
        expected = points_left(stretched, events(happened), lead, hour * HOUR)
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


@given(SCORING, EVENTS, EVENTS, ROWS)
def test_what_happens_after_the_instant_changes_nothing(
    scored: ActivityScoring,
    happened: list[tuple[int, int]],
    more: list[tuple[int, int]],
    rows: list[tuple[int, int]],
) -> None:
    lead, hour = np.array(rows, dtype=np.int64).T
    after = [(who, int(hour.max()) + 1 + at) for who, at in more]
    before = points_left(scored, events(happened), lead, hour * HOUR)
    with_more = points_left(scored, events([*happened, *after]), lead, hour * HOUR)
    np.testing.assert_array_equal(before, with_more)


@given(SCORING, EVENTS, EVENTS, ROWS)
def test_what_is_recorded_after_the_instant_changes_nothing_though_it_happened_before(
    scored: ActivityScoring,
    happened: list[tuple[int, int]],
    more: list[tuple[int, int]],
    rows: list[tuple[int, int]],
) -> None:
    lead, hour = np.array(rows, dtype=np.int64).T
    late = int(hour.max()) + 1
    recorded = [at for _, at in happened] + [late for _ in more]
    before = points_left(scored, events(happened), lead, hour * HOUR)
    with_more = points_left(scored, events([*happened, *more], recorded), lead, hour * HOUR)
    np.testing.assert_array_equal(before, with_more)


def test_of_a_type_that_expires_the_newest_500_count() -> None:
    scored = ActivityScoring("visit", 1.0, timedelta(days=10_000), expires_after=timedelta(days=90))
    happened = [(0, hour) for hour in range(COUNTED_MAX + 30)]
    found = points_left(scored, events(happened), np.array([0]), np.array([600 * HOUR]))
    assert found[0] == pytest.approx(of_domain(scored, list(range(COUNTED_MAX + 30)), 600))
    assert found[0] == pytest.approx(COUNTED_MAX, rel=0.01)


def test_each_lead_has_its_activities_oldest_first_of_whatever_order_they_came() -> None:
    mixed = events_of(
        np.array([1, 0, 1, 1]), np.array([30, 20, 10, 10]), np.array([0, 1, 1, 0]), ("b", "a")
    )
    assert [(one.type, one.occurred_at) for _, one in mixed.of(1)] == [
        ("a", instant(10)),
        ("b", instant(10)),
        ("b", instant(30)),
    ]
    assert len(mixed.of(0)) == 1
    assert mixed.of(7) == ()


def test_a_column_for_each_type_with_points_in_the_order_of_the_rules() -> None:
    types = ("visit", "demo", "never", "late")
    scored = [ActivityScoring(name, 10.0, timedelta(days=7)) for name in types]
    done = events_of(
        np.array([0, 0, 0, 0]), np.array([5, 5, 99, 5]), np.array([1, 0, 2, 3]),
        ("demo", "visit", "late", "other"),
    )  # fmt: skip
    columns, notes = activity_columns(scoring_of(*scored), done, np.array([0]), np.array([50]))
    assert [column.name for column in columns] == ["visit", "demo"]
    assert columns[0].scoring == scored[0]
    assert notes == ("no row has points of the activity types never, late",)


def test_without_activities_there_are_no_columns() -> None:
    nothing: Any = events([])
    scored = ActivityScoring("visit", 10.0, timedelta(days=7))
    columns, notes = activity_columns(scoring_of(scored), nothing, np.array([0]), np.array([50]))
    assert columns == ()
    assert notes == ("no row has points of the activity types visit",)


@pytest.mark.parametrize(
    ("hours", "counts"),
    [
        pytest.param(47, True, id="younger"),
        pytest.param(48, False, id="at the very age at which it expires it is gone"),
        pytest.param(49, False, id="older"),
    ],
)
def test_an_event_expires_at_its_age(hours: int, counts: bool) -> None:
    scored = ActivityScoring("visit", 8.0, timedelta(days=9_999), expires_after=timedelta(days=2))
    found = points_left(scored, events([(0, 100)]), np.array([0]), np.array([100 + hours]) * HOUR)
    assert bool(found[0]) is counts
    assert bool(of_domain(scored, [100], 100 + hours)) is counts


def test_of_a_type_that_never_expires_all_count_however_many() -> None:
    scored = ActivityScoring("visit", 1.0, timedelta(days=10_000))
    hours = list(range(COUNTED_MAX + 30))
    found = points_left(
        scored, events([(0, hour) for hour in hours]), np.array([0]), np.array([600 * HOUR])
    )
    assert found[0] == pytest.approx(of_domain(scored, hours, 600))
    assert found[0] > COUNTED_MAX


def test_of_a_type_that_counts_once_the_latest_known_counts() -> None:
    """The one of hour 90 was written down at 200: until then the one of hour 10 is the latest."""
    scored = ActivityScoring("visit", 8.0, timedelta(hours=10), once=True)
    done = events([(0, 10), (0, 90)], recorded=[10, 200])
    rows = np.array([0, 0]), np.array([100, 200]) * HOUR
    np.testing.assert_allclose(points_left(scored, done, *rows), [8 * 0.5**9, 8 * 0.5**11])


def test_what_a_lead_did_comes_in_the_order_in_which_it_was_known() -> None:
    done = events([(0, 10), (0, 20), (0, 30)], recorded=[99, 5, 40])
    known = [(since, one.occurred_at) for since, one in done.of(0)]
    assert known == [
        (instant(h * HOUR), instant(at * HOUR)) for h, at in [(20, 20), (40, 30), (99, 10)]
    ]
