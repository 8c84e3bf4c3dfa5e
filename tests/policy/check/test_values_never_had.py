"""Conditions on what a symbol never is, and the bounds of points that they are held against."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.domain.scoring.behaviour import of_events
from scoring_service.domain.scoring.scoring import ActivityScoring, Bars, Grades, Scoring
from scoring_service.policy.checking.values import best_behaviour
from scoring_service.values.activity import Activity

Said = Callable[..., list[str]]
NOON = datetime(2025, 1, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("when", "why"),
    [
        pytest.param("score.fit > 60", "score.fit is always from 0 to 60", id="points of fit"),
        pytest.param("score.behaviour > 100", "score.behaviour is always from 0 to 100",
                     id="points of behaviour"),
        pytest.param("score.behaviour_level > 4", "score.behaviour_level is always from 1 to 4",
                     id="a level"),
        pytest.param("activity.page_view.count < 0", "activity.page_view.count is never below 0",
                     id="a count"),
        pytest.param("activity.page_view.days_since < 0",
                     "activity.page_view.days_since is never below 0", id="days since"),
        pytest.param("seats < 0", "seats is never below 0", id="an attribute's least"),
        pytest.param("employees > 3 and employees < 4",
                     "employees is a whole number, and none is in the range", id="between two"),
    ],
)  # fmt: skip
def test_a_condition_on_what_is_never_so_is_told(routed: Said, when: str, why: str) -> None:
    (line,) = routed(f"{{name: x, when: '{when}', assign: {{pool: sdr}}}}")
    assert line == (
        f'routing.yaml:2: routes["x"]: no lead meets this: {why};'
        " mend the condition, or remove the route"
    )


@pytest.mark.parametrize(
    "when",
    [
        pytest.param("score.fit >= 60", id="the most that fit can be"),
        pytest.param("score.behaviour >= 100", id="the most that behaviour can be"),
        pytest.param("score.behaviour_level >= 4", id="the last level"),
        pytest.param("activity.page_view.count <= 0", id="nothing done"),
        pytest.param("seats <= 0", id="the least of an attribute"),
        pytest.param("account.seats < 0", id="an account's, which nobody narrows"),
        pytest.param("employees > 3 and employees < 5", id="one whole number"),
        pytest.param("employees >= 3 and employees < 4", id="one at the bound"),
        pytest.param("annual_revenue > 3 and annual_revenue < 4", id="a number that is not whole"),
        pytest.param("score.fit > 59.5 and score.fit < 59.6", id="points between"),
    ],
)
def test_a_condition_that_some_lead_may_meet_is_not_told(routed: Said, when: str) -> None:
    assert routed(f"{{name: x, when: '{when}', assign: {{pool: sdr}}}}") == []


@pytest.mark.parametrize(
    ("quadrants", "told"),
    [
        pytest.param('"sales_ready", "nurture", "qualify_carefully"', False, id="three of four"),
        pytest.param('"sales_ready", "nurture", "qualify_carefully", "deprioritise"', True,
                     id="all four"),
    ],
)  # fmt: skip
def test_what_takes_every_value_there_is_takes_every_lead(
    routed: Said, quadrants: str, told: bool
) -> None:
    found = routed(
        f"{{name: all, when: 'score.quadrant in [{quadrants}]', assign: {{pool: sdr}}}}",
        "{name: then, when: 'country == \"DE\"', assign: {pool: executives}}",
    )
    assert any('routes["then"]: this is never reached' in line for line in found) is told


def scored(
    kind: int, points: float, most: float | None, group: str | None, once: bool
) -> ActivityScoring:
    return ActivityScoring(f"t{kind}", points, timedelta(days=7), most, group, once=once)


types = st.builds(
    scored,
    st.integers(0, 4),
    st.integers(-30, 30).map(float),
    st.one_of(st.none(), st.integers(1, 50).map(float)),
    st.sampled_from([None, "a", "b"]),
    st.booleans(),
)
acts = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 20)), max_size=60)


@given(st.lists(types, max_size=5), st.integers(0, 60), st.integers(0, 60), acts)
def test_no_lead_has_more_points_than_the_most_that_is_said(
    known: list[ActivityScoring], a: int, b: int, done: list[tuple[int, int]]
) -> None:
    scoring = Scoring(
        (), {one.type: one for one in known}, {"a": a, "b": b}, Grades((), ()), Bars(0, 0)
    )
    events = [Activity(f"t{kind}", NOON - timedelta(days=days)) for kind, days in done]
    assert of_events(scoring, events, NOON).points <= best_behaviour(scoring) + 1e-9
