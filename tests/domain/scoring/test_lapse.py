from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from scoring_service.domain.scoring.behaviour import of_events, of_states
from scoring_service.domain.scoring.lapse import lapse
from scoring_service.domain.scoring.scoring import Scoring
from scoring_service.domain.scoring.state import rebuild
from scoring_service.values.activity import Activity

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
Make = Callable[..., Scoring]


def did(**ages: list[float]) -> list[Activity]:
    return [Activity(kind, NOW - age * DAY) for kind, days in ages.items() for age in days]


def lapses(scoring: Scoring, activities: list[Activity], threshold: float) -> datetime | None:
    return lapse(scoring, of_events(scoring, activities, NOW), threshold, NOW)


@pytest.mark.parametrize(
    ("types", "activities", "threshold", "days"),
    [
        pytest.param({"visit": {"points": 40}}, did(visit=[0]), 20, 7, id="half after a half-life"),
        pytest.param({"visit": {"points": 40}}, did(visit=[0]), 40, 0, id="at once from the bar"),
        pytest.param(
            {"visit": {"points": 40}}, did(visit=[0]), 0, None, id="never where nothing is asked"
        ),
        pytest.param(
            {"visit": {"points": 40}}, did(visit=[0]), -5, None, id="nor where less is asked"
        ),
        pytest.param(
            {"visit": {"points": 40}}, did(visit=[0] * 4), 40, 14, id="several of one type"
        ),
        pytest.param(
            {"visit": {"points": 80, "points_max": 50}},
            did(visit=[0] * 2),
            40,
            14,
            id="a cap delays nothing: what is above it has to fade first",
        ),
        pytest.param(
            {"visit": {"points": 80, "group": "web"}}, did(visit=[0]), 20, 14, id="nor does a group"
        ),
        pytest.param(
            {"visit": {"points": 80, "group": "web", "expires_after": 3 * DAY}},
            did(visit=[1]),
            20,
            2,
            id="an expiry ends it on the second",
        ),
        pytest.param(
            {"visit": {"points": 80, "expires_after": 3 * DAY, "half_life": 900 * DAY}},
            did(visit=[1, 2, 0]),
            100,
            2,
            id="the expiry that matters is found among several",
        ),
        pytest.param(
            {"visit": {"points": 80, "expires_after": 3 * DAY, "once": True}},
            did(visit=[1, 2]),
            20,
            2,
            id="once and expiring ends with the latest",
        ),
        pytest.param(
            {
                "visit": {"points": 90, "half_life": 30 * DAY},
                "leave": {"points": -40, "expires_after": 10 * DAY},
            },
            did(visit=[0], leave=[9]),
            45,
            30,
            id="a negative part that expires gives its points back",
        ),
    ],
)
def test_when_behaviour_lapses(
    make_scoring: Make,
    types: Mapping[str, Mapping[str, Any]],
    activities: list[Activity],
    threshold: float,
    days: float | None,
) -> None:
    found = lapses(make_scoring(types, {"web": 35}), activities, threshold)
    if days is None:
        assert found is None
    else:
        assert found is not None
        assert found - (NOW + days * DAY) in (0 * SECOND, SECOND)


def test_it_falls_before_it_rises_again(make_scoring: Make) -> None:
    """Fast positive, slower negative: the first of two roots counts."""
    types = {
        "steady": {"points": 60.0, "half_life": 900 * DAY},
        "rush": {"points": 40.0, "half_life": DAY},
        "leave": {"points": -40.0, "half_life": 5 * DAY},
    }
    scoring = make_scoring(types)
    activities = did(steady=[0], rush=[0], leave=[0])
    found = lapses(scoring, activities, 45)
    assert found is not None
    assert of_events(scoring, activities, found).points < 45
    assert of_events(scoring, activities, found - SECOND).points >= 45
    assert of_events(scoring, activities, NOW + 10 * DAY).points > 45


def test_it_rises_before_it_falls(make_scoring: Make) -> None:
    types = {
        "steady": {"points": 90.0, "half_life": 60 * DAY},
        "leave": {"points": -40.0, "half_life": DAY},
    }
    scoring = make_scoring(types)
    activities = did(steady=[0], leave=[0])
    found = lapses(scoring, activities, 49)
    assert found is not None
    assert 50 * DAY < found - NOW < 60 * DAY


def test_half_lives_of_a_thousand_years_never_end(make_scoring: Make) -> None:
    scoring = make_scoring({"visit": {"points": 90.0, "half_life": 365_000 * DAY}})
    assert lapses(scoring, did(visit=[0]), 0.001) is None
    assert lapses(scoring, did(visit=[0]), 89.9) is not None


types_of = st.fixed_dictionaries(
    {
        "points": st.integers(-60, 60).map(float),
        "half_life": st.integers(2, 60).map(lambda minutes: timedelta(minutes=minutes)),
        "points_max": st.none() | st.integers(0, 60).map(float),
        "group": st.none() | st.just("web"),
        "expires_after": st.none()
        | st.integers(30, 3_000).map(lambda seconds: timedelta(seconds=seconds)),
        "once": st.booleans(),
    }
)
scenario = st.fixed_dictionaries(dict.fromkeys("abcd", types_of))
events = st.lists(
    st.tuples(st.sampled_from("abcd"), st.integers(0, 1_500_000_000)), min_size=1, max_size=10
)


def points_at(scoring: Scoring, activities: list[Activity], at: datetime) -> float:
    return of_events(scoring, activities, at).points


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(scenario, events, st.integers(1, 80), st.integers(0, 999_999))
def test_it_is_the_first_second_of_a_scan(
    make_scoring: Make,
    types: dict[str, dict[str, Any]],
    did_ago: list[tuple[str, int]],
    threshold: int,
    fraction: int,
) -> None:
    """Half-lives of minutes, so that every second of the first hour can be looked at."""
    scoring = make_scoring(types, {"web": 35})
    now = NOW + timedelta(microseconds=fraction)
    activities = [Activity(kind, now - timedelta(microseconds=ago)) for kind, ago in did_ago]
    behaviour = of_events(scoring, activities, now)
    assume(behaviour.points >= threshold)
    found = lapse(scoring, behaviour, threshold, now)
    assert found is not None, "what only fades ends below every positive threshold"
    assert found.microsecond == 0
    assert now < found
    assert points_at(scoring, activities, found) < threshold + 1e-9
    end = min(found, now + timedelta(seconds=900))
    second = NOW + SECOND
    while second < end:
        assert points_at(scoring, activities, second) >= threshold - 1e-9, second
        second += SECOND


@settings(max_examples=100, deadline=None)
@given(scenario, events, st.integers(1, 80))
def test_the_state_lapses_when_the_events_do(
    make_scoring: Make,
    types: dict[str, dict[str, Any]],
    did_ago: list[tuple[str, int]],
    threshold: int,
) -> None:
    scoring = make_scoring(types, {"web": 35})
    activities = [Activity(kind, NOW - timedelta(microseconds=ago)) for kind, ago in did_ago]
    from_events = of_events(scoring, activities, NOW)
    assume(from_events.points >= threshold + 1e-9)
    from_states = of_states(scoring, rebuild(scoring, activities, NOW), NOW)
    one, other = (lapse(scoring, b, threshold, NOW) for b in (from_events, from_states))
    assert one is not None
    assert other is not None
    if abs(one - other) > SECOND:
        between = min(one, other)
        assert points_at(scoring, activities, between) == pytest.approx(threshold, abs=1e-9)
