"""A model's health at each of its thresholds, and which leads are counted on the very day."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.domain.calibration.baseline import MISSING, SCORE, Baseline, Shares
from scoring_service.domain.calibration.health import (
    Accepted,
    Check,
    Cohort,
    Finding,
    Level,
    Observed,
)
from scoring_service.domain.calibration.health_checks import (
    EXPECTED_MIN,
    JUDGED_MIN,
    LEADS_MIN,
    health,
)
from scoring_service.domain.calibration.model import Points, trained_scoring
from scoring_service.domain.calibration.observing import MATURED, RECENT, Observing
from scoring_service.domain.calibration.scorecard import ActivityTerm, Cell
from scoring_service.domain.policy import Policy
from scoring_service.domain.scoring.scoring import state_digest
from scoring_service.values.stage import Stage

FEW = settings(max_examples=25)
"""Enough to meet each branch: the tables have the edges."""

ROWS = 10**9
SAME = {"a": 0.5, "b": 0.5}
BASELINE = Baseline(
    ROWS, 0.2, (Shares("size", "number", SAME),), (0.5,), Shares(SCORE, SCORE, SAME)
)


def found(check: Check, **observed: Any) -> list[Finding]:
    """The findings of one check; of what is not said nothing has moved."""
    even = {"a": 5_000.0, "b": 5_000.0}
    seen = Observed(10_000, {"size": even}, even)
    told = health("v", BASELINE, with_fields(seen, observed)).findings
    return [one for one in told if one.check is check]


def with_fields(seen: Observed, changes: dict[str, Any]) -> Observed:
    """The value with other fields."""
    fields = ("leads", "features", "score", "cohorts", "accepted")
    return Observed(**{name: changes.get(name, getattr(seen, name)) for name in fields})


@pytest.mark.parametrize(
    ("missing", "level"),
    [
        pytest.param(499, Level.FINE, id="a little less than one in twenty"),
        pytest.param(500, Level.WATCH, id="one in twenty"),
        pytest.param(999, Level.WATCH, id="a little less than one in ten"),
        pytest.param(1_000, Level.ALARM, id="one in ten"),
    ],
)
def test_values_that_went_missing(missing: int, level: Level) -> None:
    (one,) = found(Check.MISSING, features={"size": {"a": 10_000 - missing, MISSING: missing}})
    assert one.level is level
    assert (one.value, one.before, one.leads) == (missing / 10_000, 0.0, 10_000)


@pytest.mark.parametrize(
    ("expected", "won", "level", "said"),
    [
        pytest.param(1_000, 1_000, Level.FINE, "P is right: 1,000.0 wins expected", id="as told"),
        pytest.param(1_000, 1_099, Level.FINE, "P is right", id="less than a tenth more"),
        pytest.param(1_000, 1_100, Level.WATCH, "P is too low", id="a tenth more"),
        pytest.param(1_000, 900, Level.WATCH, "P is too high", id="a tenth less"),
        pytest.param(1_000, 1_249, Level.WATCH, "P is too low", id="less than a quarter more"),
        pytest.param(1_000, 1_250, Level.ALARM, "P is too low", id="a quarter more"),
        pytest.param(1_000, 750, Level.ALARM, "P is too high", id="a quarter less"),
    ],
)
def test_wins_against_those_expected(expected: float, won: float, level: Level, said: str) -> None:
    (one,) = found(Check.CALIBRATION, cohorts=(Cohort("c", 10_000, expected, 1.0, won),))
    assert one.level is level
    assert one.sentence.startswith(f"c: {said}")
    assert (one.value, one.before) == (won / 10_000, expected / 10_000)


@pytest.mark.parametrize(
    ("leads", "expected", "judged"),
    [
        pytest.param(LEADS_MIN, EXPECTED_MIN, True, id="just enough"),
        pytest.param(LEADS_MIN - 1, EXPECTED_MIN, False, id="a lead too few"),
        pytest.param(LEADS_MIN, EXPECTED_MIN - 0.1, False, id="too few wins expected"),
    ],
)
def test_from_how_many_leads_on_p_is_judged(leads: int, expected: float, judged: bool) -> None:
    (one,) = found(Check.CALIBRATION, cohorts=(Cohort("c", leads, expected, 1e-9, 200.0),))
    assert one.level is (Level.ALARM if judged else Level.TOO_FEW)
    assert ("too few to judge P (at least 200 and 5)" in one.sentence) is not judged


def test_the_least_numbers_are_those_of_the_documentation() -> None:
    assert (LEADS_MIN, EXPECTED_MIN, JUDGED_MIN) == (200, 5.0, 30)
    assert [days(span) for span in (RECENT, MATURED)] == [30, 90]


@pytest.mark.parametrize(
    ("of_a", "level"),
    [
        pytest.param(5_000, Level.FINE, id="nothing moved"),
        pytest.param(6_550, Level.FINE, id="a PSI of .0994"),
        pytest.param(6_570, Level.WATCH, id="a PSI of .1020"),
        pytest.param(7_390, Level.WATCH, id="a PSI of .2487"),
        pytest.param(7_400, Level.ALARM, id="a PSI of .2510"),
        pytest.param(2_600, Level.ALARM, id="the same the other way"),
    ],
)
def test_how_far_shares_may_move(of_a: int, level: Level) -> None:
    moved = {"a": of_a, "b": 10_000 - of_a}
    score, feature = found(Check.DRIFT, features={"size": moved}, score=moved)
    assert score.level is feature.level is level
    assert score.value == feature.value


def test_what_may_be_chance_is_no_alarm() -> None:
    wide, narrow = (Cohort("c", 10_000, 1_000, spread**2, 2_000) for spread in (400.0, 100.0))
    levels = [one.level for one in found(Check.CALIBRATION, cohorts=(wide, narrow))]
    assert levels == [Level.FINE, Level.ALARM]


@pytest.mark.parametrize(
    ("accepted", "level"),
    [
        pytest.param(Accepted(9_500, 10_000, 10_000, 10_000), Level.WATCH, id="a twentieth less"),
        pytest.param(Accepted(9_501, 10_000, 10_000, 10_000), Level.FINE, id="a little more"),
        pytest.param(Accepted(0, 10_000, 1_000, 10_000), Level.ALARM, id="a tenth less"),
        pytest.param(Accepted(10_000, 10_000, 5_000, 10_000), Level.FINE, id="a rise is welcome"),
        pytest.param(Accepted(0, JUDGED_MIN, 30, JUDGED_MIN), Level.ALARM, id="just enough"),
        pytest.param(Accepted(0, JUDGED_MIN - 1, 30, 30), Level.TOO_FEW, id="too few lately"),
        pytest.param(Accepted(0, 30, 29, JUDGED_MIN - 1), Level.TOO_FEW, id="too few before"),
    ],
)
def test_what_sales_accepts(accepted: Accepted, level: Level) -> None:
    (one,) = found(Check.ACCEPTANCE, accepted=accepted)
    assert one.level is level
    assert found(Check.ACCEPTANCE) == []


@pytest.mark.parametrize(
    ("leads", "level"),
    [
        pytest.param(LEADS_MIN, Level.ALARM, id="just enough"),
        pytest.param(LEADS_MIN - 1, Level.TOO_FEW, id="one too few"),
    ],
)
def test_from_how_many_leads_on_drift_is_judged(leads: int, level: Level) -> None:
    score, feature = found(Check.DRIFT, features={"size": {"c": leads}}, score={"c": leads})
    assert (score.subject, feature.subject) == (SCORE, "size")
    assert score.level is feature.level is level
    assert bool(found(Check.MISSING, features={"size": {"c": leads}})) is (leads == LEADS_MIN)


@pytest.fixture
def observing(policy: Policy, baseline: Baseline, recorded: Any) -> Observing:
    assert policy.model is not None
    return Observing(policy, policy.model, baseline, recorded.now)


def days(span: timedelta) -> float:
    return span / timedelta(days=1)


@pytest.mark.parametrize(
    ("ago", "counted"),
    [
        pytest.param(timedelta(0), 1, id="this very moment"),
        pytest.param(-timedelta(hours=1), 0, id="one that is still to come"),
        pytest.param(RECENT - timedelta(hours=1), 1, id="not yet thirty days ago"),
        pytest.param(RECENT, 0, id="thirty days ago"),
    ],
)
def test_which_leads_are_recent(
    observing: Observing, recorded: Any, ago: timedelta, counted: int
) -> None:
    observing.take(recorded.lead(days(ago), employees=5))
    assert observing.observed().leads == counted


@pytest.mark.parametrize(
    ("after", "matured"),
    [
        pytest.param(-timedelta(hours=1), 0, id="its horizon is not over yet"),
        pytest.param(timedelta(0), 1, id="it is over now"),
        pytest.param(MATURED - timedelta(hours=1), 1, id="it was over not ninety days ago"),
        pytest.param(MATURED, 0, id="it was over long ago"),
    ],
)
def test_which_leads_p_is_held_to(
    observing: Observing, recorded: Any, after: timedelta, matured: int
) -> None:
    assert observing.horizon == timedelta(days=90)
    observing.take(recorded.lead(90 + days(after), employees=5))
    cohorts = observing.observed().cohorts
    assert sum(cohort.leads for cohort in cohorts) == matured


@pytest.mark.parametrize(
    ("ago", "accepted"),
    [
        pytest.param(timedelta(0), Accepted(1, 1, 0, 0), id="now"),
        pytest.param(RECENT - timedelta(hours=1), Accepted(1, 1, 0, 0), id="lately"),
        pytest.param(RECENT, Accepted(0, 0, 1, 1), id="thirty days ago is before"),
        pytest.param(2 * RECENT - timedelta(hours=1), Accepted(0, 0, 1, 1), id="before"),
        pytest.param(2 * RECENT, None, id="too long ago"),
        pytest.param(-timedelta(hours=1), None, id="still to come"),
    ],
)
def test_when_an_mql_was_accepted(
    observing: Observing, recorded: Any, ago: timedelta, accepted: Accepted | None
) -> None:
    observing.take(recorded.lead(200, (Stage.MQL, 150), (Stage.SAL, days(ago))))
    assert observing.observed().accepted == accepted


@pytest.mark.parametrize(
    ("to", "accepted"),
    [
        pytest.param(Stage.SAL, Accepted(1, 1, 0, 0), id="accepted"),
        pytest.param(Stage.CUSTOMER, Accepted(1, 1, 0, 0), id="won at once"),
        pytest.param(Stage.NURTURE, Accepted(0, 1, 0, 0), id="sent back"),
        pytest.param(Stage.DISQUALIFIED, Accepted(0, 1, 0, 0), id="refused"),
        pytest.param(Stage.RECYCLED, Accepted(0, 1, 0, 0), id="not now"),
    ],
)
def test_what_counts_as_accepted(
    observing: Observing, recorded: Any, to: Stage, accepted: Accepted
) -> None:
    observing.take(recorded.lead(200, (Stage.MQL, 9), (to, 3)))
    assert observing.observed().accepted == accepted


def test_from_when_on_leads_are_looked_at(observing: Observing) -> None:
    assert observing.since == observing.now - timedelta(days=90) - MATURED


FLOATS = st.floats(-1e6, 1e6)


@FEW
@given(FLOATS, st.floats(0, 1e6))
def test_a_sum_is_cut_to_its_cap_on_either_side(total: float, most: float) -> None:
    points = Points("a", most, most, 1.0, 0)
    assert points.capped(total) == (total if abs(total) <= most else most if total > 0 else -most)


@pytest.mark.parametrize("expires", [None, 86_400.0])
@pytest.mark.parametrize("once", [False, True])
def test_the_scoring_of_training_is_that_of_the_term(expires: float | None, once: bool) -> None:
    term = ActivityTerm("demo", 60.0, 7_200.0, Cell(0.1, ()), 90.0, expires, once)
    span = None if expires is None else timedelta(days=1)
    scored = trained_scoring(term)
    assert (scored.type, scored.points, scored.points_max) == ("demo", 60.0, 90.0)
    assert (scored.half_life, scored.expires_after, scored.once) == (timedelta(hours=2), span, once)
    assert scored.digest == state_digest(60.0, timedelta(hours=2), span, once=once)


def of_half_missing(rows: int) -> Baseline:
    """A baseline in which half of the leads had no size."""
    half = Shares("size", "number", {"a": 0.5, MISSING: 0.5})
    return Baseline(rows, 0.2, (half,), (0.5,), Shares(SCORE, SCORE, SAME))


@pytest.mark.parametrize(
    ("rows", "leads", "missing", "level"),
    [
        pytest.param(ROWS, 10_000, 4_501, Level.FINE, id="a little fewer"),
        pytest.param(ROWS, 10_000, 4_499, Level.WATCH, id="fewer are without a size"),
        pytest.param(ROWS, 10_000, 5_501, Level.WATCH, id="or more"),
        pytest.param(ROWS, 10_000, 3_999, Level.ALARM, id="far fewer"),
        pytest.param(300, 200, 80, Level.FINE, id="of few leads that is chance"),
        pytest.param(300, 200, 72, Level.ALARM, id="so many are not"),
    ],
)
def test_a_share_without_a_value_moves_from_what_it_was(
    rows: int, leads: int, missing: int, level: Level
) -> None:
    seen = Observed(leads, {"size": {"a": leads - missing, MISSING: missing}}, {"a": 1.0})
    told = health("v", of_half_missing(rows), seen).findings
    (one,) = [each for each in told if each.check is Check.MISSING]
    assert one.level is level
    assert (
        one.sentence
        == f"size: without a value in {missing / leads:.1%} of leads, in training 50.0%"
    )


@pytest.mark.parametrize(
    ("now", "said"),
    [
        pytest.param({"c": 9_000}, "most moved is 'c', from 0.0% to 100.0%", id="a new slot"),
        pytest.param({"=a": 9_000}, "most moved is 'a', from 0.0% to 100.0%", id="a level"),
        pytest.param({"a": 9_000}, "most moved is 'a', from 50.0% to 100.0%", id="one of two"),
        pytest.param(
            {"a": 4_000, "b": 3_000, "c": 2_000, "d": 1_000},
            "most moved is 'b', from 50.0% to 30.0%",
            id="one that shrank",
        ),
    ],
)
def test_what_moved_most_is_named(now: dict[str, float], said: str) -> None:
    score, _ = found(Check.DRIFT, score=now)
    assert score.sentence.endswith(said)
