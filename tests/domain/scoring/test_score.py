from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.domain.scoring.score import score_activities, score_state, scores_dated
from scoring_service.domain.scoring.scoring import Bars, FitCriterion, Scoring
from scoring_service.domain.scoring.state import rebuild
from scoring_service.values.activity import Activity, dated
from scoring_service.values.score import Dimension, HeldBar, Quadrant

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
DAY = timedelta(days=1)
Make = Callable[..., Scoring]
Criterion = Callable[[str, float], FitCriterion]
TYPES: dict[str, dict[str, Any]] = {
    "view": {"points": 8.0, "group": "web", "points_max": 30.0},
    "download": {"points": 12.0, "group": "web", "expires_after": 20 * DAY},
    "demo": {"points": 50.0, "half_life": 21 * DAY, "once": True},
    "leave": {"points": -20.0, "half_life": 90 * DAY},
}


@pytest.fixture(scope="module")
def scoring(make_scoring: Make, criterion: Criterion) -> Scoring:
    fit = (criterion("size", 60), criterion("industry", 55), criterion("student", -40))
    return make_scoring(TYPES, {"web": 35.0}, fit, Bars(40, 40))


def did(**ages: list[float]) -> list[Activity]:
    return [Activity(kind, NOW - age * DAY) for kind, days in ages.items() for age in days]


@pytest.mark.parametrize(
    ("symbols", "activities", "fit", "behaviour", "grades", "quadrant", "ready"),
    [
        pytest.param({}, [], 0, 0, ("D", 4), Quadrant.DEPRIORITISE, False, id="nothing is known"),
        pytest.param(
            {"size": True},
            did(demo=[0]),
            60,
            50,
            ("B", 2),
            Quadrant.SALES_READY,
            True,
            id="a fitting lead that asked for a demo is ready",
        ),
        pytest.param(
            {"size": True},
            did(view=[0]),
            60,
            8,
            ("B", 4),
            Quadrant.NURTURE,
            False,
            id="one that only looked is not",
        ),
        pytest.param(
            {"student": True},
            did(demo=[0]),
            0,
            50,
            ("D", 2),
            Quadrant.QUALIFY_CAREFULLY,
            False,
            id="nor is one that does not fit",
        ),
        pytest.param(
            {"size": True, "industry": True},
            did(demo=[0], view=[0] * 9, leave=[0]),
            100,
            60,
            ("A", 1),
            Quadrant.SALES_READY,
            True,
            id="caps and clips apply before grades",
        ),
    ],
)
def test_a_score_and_what_it_means(
    scoring: Scoring,
    symbols: dict[str, bool],
    activities: list[Activity],
    fit: float,
    behaviour: float,
    grades: tuple[str, int],
    quadrant: Quadrant,
    ready: bool,
) -> None:
    score = score_activities(scoring, symbols, activities, NOW, "rev")
    assert (score.fit, score.behaviour) == (fit, behaviour)
    assert (score.fit_grade, score.behaviour_level) == grades
    assert score.quadrant is quadrant
    assert score.mql_ready is ready
    assert (score.qualified_until is not None) == (behaviour >= 40)
    assert (score.as_of, score.policy_revision) == (NOW, "rev")


def test_without_a_model_there_is_no_probability_and_no_sql_mark(scoring: Scoring) -> None:
    score = score_activities(scoring, {"size": True}, did(demo=[0]), NOW, "rev")
    assert score.win_probability is None
    assert score.sql_ready is None
    assert score.model_version == ""
    assert [bar.name for bar in score.bars] == ["fit", "behaviour"]


activity = st.builds(
    Activity,
    st.sampled_from([*TYPES, "unscored"]),
    st.integers(0, 40 * 24 * 60).map(lambda minutes: NOW - timedelta(minutes=minutes)),
)


who = st.dictionaries(st.sampled_from(["size", "industry", "student"]), st.booleans())
when = st.integers(-5, 5).map(lambda days: NOW + days * DAY)


@settings(max_examples=60)
@given(st.lists(st.tuples(who, st.lists(activity, max_size=8), when), max_size=8))
def test_leads_that_are_scored_together_have_the_scores_they_have_alone(
    scoring: Scoring, leads: list[tuple[dict[str, bool], list[Activity], datetime]]
) -> None:
    together = scores_dated(scoring, [(who, dated(done), at) for who, done, at in leads], "rev")
    assert together == [score_activities(scoring, *lead, "rev") for lead in leads]


@settings(max_examples=120)
@given(who, st.lists(activity, max_size=20))
def test_contributions_sum_to_the_score_from_events_and_from_the_state(
    scoring: Scoring, symbols: dict[str, bool], activities: list[Activity]
) -> None:
    states = rebuild(scoring, activities, NOW)
    of_events = score_activities(scoring, symbols, activities, NOW, "rev")
    of_state = score_state(scoring, symbols, states, NOW, "rev")
    for score in (of_events, of_state):
        for dimension, points in (
            (Dimension.FIT, score.fit),
            (Dimension.BEHAVIOUR, score.behaviour),
        ):
            parts = [c.points for c in score.contributions if c.dimension is dimension]
            assert sum(parts) == pytest.approx(points, abs=1e-9)
            assert 0 <= points <= 100
    assert of_state.fit == of_events.fit
    assert of_state.behaviour == pytest.approx(of_events.behaviour, abs=1e-9)


def test_activities_are_explained_one_by_one_from_events_and_by_type_from_the_state(
    scoring: Scoring,
) -> None:
    activities = did(view=[0, 7], demo=[0, 3])
    of_events = score_activities(scoring, {}, activities, NOW, "rev")
    assert [(c.name, c.points, c.undecayed) for c in of_events.contributions] == [
        ("demo", 50, 50),
        ("view", 8, 8),
        ("view", 4, 8),
    ]
    assert all(c.occurred_at is not None and c.count is None for c in of_events.contributions)
    of_state = score_state(scoring, {}, rebuild(scoring, activities, NOW), NOW, "rev")
    assert [(c.name, c.points, c.count) for c in of_state.contributions] == [
        ("demo", 50, 1),
        ("view", 12, 2),
    ]
    assert all(c.occurred_at is None and c.undecayed is None for c in of_state.contributions)


def test_scoring_as_of_an_instant_knows_nothing_dated_after_it(scoring: Scoring) -> None:
    past = NOW - 10 * DAY
    then = score_activities(scoring, {}, did(demo=[12]), past, "rev")
    now = score_activities(scoring, {}, did(demo=[12, 9], view=[1]), past, "rev")
    assert now == then


def test_qualified_until_is_the_instant_at_which_the_bar_is_lost(scoring: Scoring) -> None:
    score = score_activities(scoring, {"size": True}, did(demo=[0]), NOW, "rev")
    until = score.qualified_until
    assert until is not None
    held = [HeldBar("behaviour", 40, until)]
    activities = did(demo=[0])
    before = score_activities(scoring, {}, activities, until - timedelta(seconds=1), "rev", held)
    at = score_activities(scoring, {}, activities, until, "rev", held)
    assert before.bars[1].met
    assert before.qualified_until == until, "looking does not move it"
    assert not at.bars[1].met
    assert at.qualified_until is None


def test_a_visit_is_judged_by_its_own_bars_everywhere(scoring: Scoring) -> None:
    symbols, activities = {"size": True}, did(demo=[21])
    by_policy = score_activities(scoring, symbols, activities, NOW, "rev")
    by_visit = score_activities(scoring, symbols, activities, NOW, "rev", past_bars=(30, 20))
    assert (by_policy.quadrant, by_policy.mql_ready) == (Quadrant.NURTURE, False)
    assert (by_visit.quadrant, by_visit.mql_ready) == (Quadrant.SALES_READY, True)
    assert by_policy.qualified_until is None
    assert by_visit.qualified_until is not None
    states = rebuild(scoring, activities, NOW)
    from_state = score_state(scoring, symbols, states, NOW, "rev", past_bars=(30, 20))
    assert from_state.bars == by_visit.bars
    assert from_state.qualified_until == by_visit.qualified_until
