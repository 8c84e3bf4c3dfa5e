from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.domain.scoring.behaviour import of_events, of_states
from scoring_service.domain.scoring.scoring import Scoring
from scoring_service.domain.scoring.state import fold, rebuild, seen, stale
from scoring_service.values.activity import Activity, BehaviourState

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
Make = Callable[..., Scoring]

TYPES: dict[str, dict[str, Any]] = {
    "plain": {},
    "leave": {"points": -15.0, "half_life": 30 * DAY, "points_max": 25.0},
    "once": {"points": 20.0, "once": True},
    "brief": {"points": 7.0, "expires_after": 3 * DAY, "group": "web"},
    "brief_once": {"points": 9.0, "expires_after": 2 * DAY, "once": True, "group": "web"},
}
GROUPS = {"web": 18.0}


def visits(*days: float, kind: str = "visit") -> list[Activity]:
    return [Activity(kind, NOW + day * DAY) for day in days]


activity = st.builds(
    Activity,
    st.sampled_from([*TYPES, "unscored"]),
    st.integers(0, 14 * 24 * 60).map(lambda minutes: NOW + minutes * MINUTE),
)


@settings(max_examples=150)
@given(
    st.lists(activity, max_size=30),
    st.lists(st.integers(0, 14 * 24 * 60), min_size=1, max_size=4),
    st.timedeltas(timedelta(0), 20 * DAY),
    st.randoms(use_true_random=False),
)
def test_the_order_of_arrival_never_matters(
    make_scoring: Make,
    activities: list[Activity],
    arrivals: list[int],
    later: timedelta,
    chance: Any,
) -> None:
    """Folded in batches, each once it has happened, whatever was folded before: as from events."""
    scoring = make_scoring(TYPES, GROUPS)
    states: tuple[BehaviourState, ...] = ()
    left = list(activities)
    for now in sorted(NOW + minutes * MINUTE for minutes in arrivals):
        arrives = [a.occurred_at <= now and chance.random() < 0.7 for a in left]
        arrived = [a for a, now_there in zip(left, arrives, strict=True) if now_there]
        left = [a for a, now_there in zip(left, arrives, strict=True) if not now_there]
        chance.shuffle(arrived)
        states = fold(scoring, states, arrived, now)
    end = NOW + 14 * DAY
    for late in chance.sample(left, len(left)):
        states = fold(scoring, states, [late], end)
    counted = [a for a in activities if a.type != "unscored"]
    now = end + later
    from_events = of_events(scoring, counted, now)
    from_states = of_states(scoring, states, now)
    assert from_states.points == pytest.approx(from_events.points, abs=1e-9)
    assert dict(from_states.sums) == pytest.approx(dict(from_events.sums), abs=1e-9)
    assert {k: list(v) for k, v in from_states.expiring.items() if v} == dict(from_events.expiring)
    total = sum(c.points for c in from_states.contributions)
    assert total == pytest.approx(from_states.points, abs=1e-9)


@settings(max_examples=60)
@given(st.lists(activity, max_size=25), st.randoms(use_true_random=False))
def test_a_state_is_the_one_made_anew_from_the_events(
    make_scoring: Make, activities: list[Activity], chance: Any
) -> None:
    scoring, now = make_scoring(TYPES, GROUPS), NOW + 14 * DAY
    scored = [a for a in activities if a.type != "unscored"]
    states: tuple[BehaviourState, ...] = ()
    for a in chance.sample(scored, len(scored)):
        states = fold(scoring, states, [a], now)
    anew = rebuild(scoring, scored, now)
    assert [s.type for s in states] == [s.type for s in anew]
    for one, other in zip(states, anew, strict=True):
        assert one.total == pytest.approx(other.total, abs=1e-9)
        assert (one.as_of, one.count, one.newest, one.unexpired) == (
            other.as_of,
            other.count,
            other.newest,
            other.unexpired,
        )


def test_a_late_event_is_added_decayed(make_scoring: Make) -> None:
    scoring = make_scoring()
    [state] = fold(scoring, fold(scoring, (), visits(0), NOW), visits(-7), NOW)
    assert state == BehaviourState("visit", 15.0, NOW, 2, NOW, "v1")


def test_an_update_keeps_one_sum_and_no_event(make_scoring: Make) -> None:
    scoring = make_scoring()
    states = fold(scoring, (), [Activity("visit", NOW - i * MINUTE) for i in range(900)], NOW)
    assert len(states) == 1
    assert (states[0].count, states[0].unexpired) == (900, ())


@pytest.mark.parametrize(
    ("days_later", "count", "points"),
    [
        pytest.param(0, 2, 10 + 10 * 0.5 ** (1 / 7), id="both count while neither has expired"),
        pytest.param(
            2, 1, 10 * 0.5 ** (2 / 7), id="the older is subtracted when its instant comes"
        ),
        pytest.param(3, 0, 0, id="with the last the sum is zero, exactly"),
        pytest.param(9, 0, 0, id="and stays zero"),
    ],
)
def test_an_expired_event_is_subtracted_when_its_instant_passes(
    make_scoring: Make, days_later: float, count: int, points: float
) -> None:
    scoring = make_scoring({"visit": {"expires_after": 3 * DAY}})
    states = fold(scoring, (), visits(-1, 0), NOW)
    now = NOW + days_later * DAY
    found = of_states(scoring, states, now)
    assert found.points == pytest.approx(points, abs=1e-9)
    assert (found.points == 0) == (count == 0)
    assert seen(scoring, states, now) == {"visit": (count, NOW)}


def test_it_is_subtracted_once_however_often_the_state_is_updated(make_scoring: Make) -> None:
    scoring = make_scoring({"visit": {"expires_after": 3 * DAY}})
    states = fold(scoring, (), visits(0, 1), NOW + DAY)
    states = fold(scoring, states, visits(3.5), NOW + 3.5 * DAY)
    states = fold(scoring, states, visits(3.25), NOW + 3.5 * DAY)
    [state] = states
    assert state.count == 3
    assert state.unexpired == tuple(NOW + day * DAY for day in (1, 3.25, 3.5))
    anew = of_events(scoring, visits(0, 1, 3.5, 3.25), NOW + 3.5 * DAY)
    assert of_states(scoring, states, NOW + 3.5 * DAY).points == pytest.approx(anew.points)


def test_what_arrives_expired_is_known_but_has_no_points(make_scoring: Make) -> None:
    scoring = make_scoring({"visit": {"expires_after": 3 * DAY}})
    states = fold(scoring, (), visits(-4), NOW)
    assert of_states(scoring, states, NOW).points == 0
    assert of_states(scoring, states, NOW).contributions == []
    assert seen(scoring, states, NOW) == {"visit": (0, NOW - 4 * DAY)}


def test_of_a_type_that_expires_the_newest_500_are_kept(make_scoring: Make) -> None:
    scoring = make_scoring({"visit": {"points": 0.1, "expires_after": 30 * DAY}})
    events = [Activity("visit", NOW - i * MINUTE) for i in range(600)]
    states = fold(scoring, fold(scoring, (), events[300:], NOW), events[:300], NOW)
    assert states[0].count == len(states[0].unexpired) == 500
    assert of_states(scoring, states, NOW).points == pytest.approx(
        of_events(scoring, events, NOW).points, abs=1e-9
    )


def test_once_counts_the_latest_only_but_knows_how_many(make_scoring: Make) -> None:
    scoring = make_scoring({"visit": {"once": True}})
    states = fold(scoring, fold(scoring, (), visits(0), NOW), visits(-7, -14), NOW)
    found = of_states(scoring, states, NOW)
    assert found.points == 10
    assert [c.count for c in found.contributions] == [1]
    assert seen(scoring, states, NOW) == {"visit": (3, NOW)}


def test_a_state_is_stale_when_its_type_is_scored_otherwise(make_scoring: Make) -> None:
    scoring = make_scoring()
    states = fold(scoring, (), visits(0), NOW)
    assert not stale(scoring, ())
    assert not stale(scoring, states)
    other = make_scoring({"visit": {"points": 20.0, "digest": "v2"}})
    assert stale(other, states)
    assert not stale(other, rebuild(other, visits(0), NOW))
    with pytest.raises(AssertionError, match="stale"):
        fold(other, states, visits(0), NOW)


def test_a_type_that_was_not_scored_for_a_while_is_rebuilt_when_it_is_again(
    make_scoring: Make,
) -> None:
    scoring, without = make_scoring(), make_scoring({"call": {}})
    states = fold(scoring, (), visits(0), NOW)
    assert not stale(without, states)
    assert of_states(without, states, NOW).points == 0
    kept = fold(without, states, visits(0, kind="call"), NOW)
    assert of_states(scoring, kept, NOW).points == 10
    anew = rebuild(without, visits(0), NOW)
    assert of_states(without, anew, NOW).points == 0
    assert seen(without, anew, NOW) == {}
    assert stale(scoring, anew)


def test_nothing_new_changes_nothing(make_scoring: Make) -> None:
    scoring = make_scoring()
    states = fold(scoring, (), visits(0), NOW)
    assert fold(scoring, states, [], NOW + DAY) == states
    assert fold(scoring, states, visits(0, kind="unscored"), NOW + DAY) == states


def test_nothing_is_known_of_what_comes_later(make_scoring: Make) -> None:
    scoring = make_scoring()
    assert rebuild(scoring, visits(0, 1), NOW) == rebuild(scoring, visits(0), NOW)
    with pytest.raises(AssertionError, match="future"):
        fold(scoring, (), visits(1), NOW)
