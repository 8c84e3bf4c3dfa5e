"""Each check at its thresholds and one beyond: how far something must move, and how surely."""

from dataclasses import replace
from statistics import NormalDist

import msgspec
import pytest

from scoring_service.domain.calibration.baseline import MISSING, SCORE, Baseline, Shares
from scoring_service.domain.calibration.health import (
    Accepted,
    Check,
    Cohort,
    Finding,
    Level,
    Observed,
)
from scoring_service.domain.calibration.health_checks import health

SOURCE = Shares("source", "text", {"=web": 0.5, "=fair": 0.4, MISSING: 0.1})
SIZE = Shares("employees", "number", {"< 50": 0.5, ">= 50": 0.4, MISSING: 0.1})
BASELINE = Baseline(100_000, 0.2, (SOURCE,), (0.3,), Shares(SCORE, SCORE, {"< 0.3": 0.5}))
NOTHING = Observed(0, {}, {})


def found(observed: Observed, check: Check, baseline: Baseline = BASELINE) -> Finding:
    (one,) = [
        finding
        for finding in health("v1", baseline, observed).findings
        if finding.check is check and finding.subject != SCORE
    ]
    return one


def cohort(won: float, expected: float = 1_000.0, variance: float = 990.0) -> Observed:
    return replace(NOTHING, cohorts=(Cohort("May", 100_000, expected, variance, won),))


WINS = [
    pytest.param(1_099, Level.FINE, "P is right", id="not quite a tenth more"),
    pytest.param(1_100, Level.WATCH, "P is too low", id="a tenth more is watched"),
    pytest.param(1_249, Level.WATCH, "P is too low", id="not quite a quarter more"),
    pytest.param(1_250, Level.ALARM, "P is too low", id="a quarter more is an alarm"),
    pytest.param(901, Level.FINE, "P is right", id="not quite a tenth fewer"),
    pytest.param(900, Level.WATCH, "P is too high", id="a tenth fewer is watched"),
    pytest.param(750, Level.ALARM, "P is too high", id="a quarter fewer is an alarm"),
]


@pytest.mark.parametrize(("won", "level", "said"), WINS)
def test_wins_against_those_promised(won: int, level: Level, said: str) -> None:
    one = found(cohort(won), Check.CALIBRATION)
    assert one.level is level
    assert one.sentence == (f"May: {said}: 1,000.0 wins expected of 100,000 leads, {won:,} came")
    assert (one.value, one.before, one.leads) == (won / 100_000, 0.01, 100_000)


@pytest.mark.parametrize("features", [1, 2, 3, 6])
def test_an_alarm_is_more_than_chance_over_all_that_is_looked_at(features: int) -> None:
    """Two checks a feature, and P's own drift, promises and acceptance: one look in a hundred."""
    many = tuple(msgspec.structs.replace(SIZE, feature=f"f{n}") for n in range(features))
    deviations = NormalDist().inv_cdf(1 - 0.01 / (2 * features + 3))
    least = 10_000 + int(deviations * 1_000) + 1
    baseline = msgspec.structs.replace(BASELINE, features=many)
    levels = [
        found(cohort(won, 10_000.0, 1e6), Check.CALIBRATION, baseline).level
        for won in (least - 1, least)
    ]
    assert levels == [Level.FINE, Level.ALARM]


ACCEPTED = [
    pytest.param(75_001, Level.FINE, id="not quite five points lower"),
    pytest.param(74_999, Level.WATCH, id="five points lower is watched"),
    pytest.param(70_001, Level.WATCH, id="not quite ten points lower"),
    pytest.param(69_999, Level.ALARM, id="ten points lower is an alarm"),
    pytest.param(99_000, Level.FINE, id="a rise is welcome"),
]


@pytest.mark.parametrize(("accepted", "level"), ACCEPTED)
def test_the_share_of_mqls_that_sales_accepts(accepted: int, level: Level) -> None:
    observed = replace(NOTHING, accepted=Accepted(accepted, 100_000, 80_000, 100_000))
    one = found(observed, Check.ACCEPTANCE)
    assert (one.level, one.value, one.before) == (level, accepted / 100_000, 0.8)
    assert one.sentence == (
        f"accepted MQLs: {accepted / 100_000:.1%} of 100,000, 80.0% of 100,000 before"
    )


CHANCE = [
    pytest.param(Accepted(15, 30, 24, 30), Level.FINE, id="thirty points of thirty MQLs: chance"),
    pytest.param(Accepted(150, 300, 240, 300), Level.ALARM, id="of three hundred: none"),
    pytest.param(Accepted(4, 30, 99_000, 100_000), Level.ALARM, id="few lately, but nearly none"),
    pytest.param(Accepted(9_000, 10_000, 30, 30), Level.FINE, id="all of thirty before: chance"),
]


@pytest.mark.parametrize(("accepted", "level"), CHANCE)
def test_a_fall_of_few_mqls_may_be_chance(accepted: Accepted, level: Level) -> None:
    assert found(replace(NOTHING, accepted=accepted), Check.ACCEPTANCE).level is level


FEW = [
    pytest.param(Accepted(0, 29, 50, 90), 29, id="lately"),
    pytest.param(Accepted(50, 90, 29, 29), 29, id="before"),
    pytest.param(Accepted(0, 0, 0, 29), 0, id="none lately"),
]


@pytest.mark.parametrize(("accepted", "fewer"), FEW)
def test_below_thirty_mqls_nothing_is_said_of_acceptance(accepted: Accepted, fewer: int) -> None:
    one = found(replace(NOTHING, accepted=accepted), Check.ACCEPTANCE)
    assert (one.level, one.value, one.before) == (Level.TOO_FEW, 0.0, 0.0)
    assert one.sentence == (f"accepted MQLs: {fewer} MQLs are too few to judge (at least 30)")


@pytest.mark.parametrize("judged", [30, 31])
def test_from_thirty_on_it_is_judged(judged: int) -> None:
    observed = replace(NOTHING, accepted=Accepted(judged, judged, judged, judged))
    assert found(observed, Check.ACCEPTANCE).level is Level.FINE


def missing(share: float, leads: int = 100_000) -> Observed:
    gone = round(leads * share)
    rest = leads - gone
    return Observed(
        leads, {"source": {"=web": rest * 5 / 9, "=fair": rest * 4 / 9, MISSING: gone}}, {}
    )


GONE = [
    pytest.param(0.149, Level.FINE, id="not quite five points more"),
    pytest.param(0.151, Level.WATCH, id="five points more is watched"),
    pytest.param(0.199, Level.WATCH, id="not quite ten points more"),
    pytest.param(0.201, Level.ALARM, id="ten points more is an alarm"),
    pytest.param(0.049, Level.WATCH, id="five points fewer is watched too"),
    pytest.param(0.0, Level.ALARM, id="never missing any more"),
]


@pytest.mark.parametrize(("share", "level"), GONE)
def test_values_that_are_missing_more_often_or_less(share: float, level: Level) -> None:
    one = found(missing(share), Check.MISSING)
    assert (one.level, one.value, one.before) == (level, share, 0.1)
    assert one.sentence == (f"source: without a value in {share:.1%} of leads, in training 10.0%")


def test_a_feature_of_which_training_missed_none_may_begin_to_be_missing() -> None:
    shares = Shares("source", "text", {"=web": 0.5, "=fair": 0.5})
    whole = msgspec.structs.replace(BASELINE, features=(shares,))
    assert found(missing(0.2), Check.MISSING, whole).level is Level.ALARM


def test_a_value_that_is_never_missing_is_said_to_be_missing_in_no_lead() -> None:
    """The slot of missing values need not be there to be empty."""
    observed = Observed(1_000, {"source": {"=web": 600, "=fair": 400}}, {})
    one = found(observed, Check.MISSING)
    assert (one.level, one.value) == (Level.ALARM, 0.0)


def test_below_two_hundred_leads_nothing_is_said_of_a_feature() -> None:
    observed = missing(0.9, leads=199)
    one = found(observed, Check.DRIFT)
    assert (one.level, one.value, one.before, one.leads) == (Level.TOO_FEW, 0.0, 0.0, 199)
    assert one.sentence == "source: 199 leads are too few to judge (at least 200)"
    assert not [f for f in health("v", BASELINE, observed).findings if f.check is Check.MISSING]


def test_from_two_hundred_on_it_is_judged() -> None:
    observed = missing(0.9, leads=200)
    assert found(observed, Check.DRIFT).level is Level.ALARM
    assert found(observed, Check.MISSING).level is Level.ALARM


MOST_MOVED = [
    pytest.param({"=web": 900, "=fair": 50, MISSING: 50}, "'web', from 50.0% to 90.0%", id="more"),
    pytest.param(
        {"=web": 500, "=fair": 100, MISSING: 400}, "'fair', from 40.0% to 10.0%", id="less"
    ),
    pytest.param(
        {"other": 900, "=web": 100}, "'other', from 0.0% to 90.0%", id="a slot that is new"
    ),
    pytest.param(
        {"=web": 590, "=fair": 410}, "'missing', from 10.0% to 0.0%", id="one that is gone"
    ),
]


@pytest.mark.parametrize(("counts", "said"), MOST_MOVED)
def test_the_slot_that_moved_most_is_named(counts: dict[str, float], said: str) -> None:
    one = found(Observed(1_000, {"source": counts}, {}), Check.DRIFT)
    assert one.sentence.endswith(f"on 1,000 leads; most moved is {said}")
    assert one.before == 0.0


def test_a_cohort_without_leads_is_too_few_and_divides_nothing() -> None:
    one = found(replace(NOTHING, cohorts=(Cohort("May", 0, 0.0, 0.0, 0),)), Check.CALIBRATION)
    assert (one.level, one.value, one.before) == (Level.TOO_FEW, 0.0, 0.0)
    assert one.sentence == (
        "May: 0 leads with 0.0 wins expected, too few to judge P (at least 200 and 5)"
    )


BARELY = [
    pytest.param(200, 5.0, False, id="two hundred leads and five wins expected are enough"),
    pytest.param(199, 50.0, True, id="a lead fewer is not"),
    pytest.param(9_999, 4.99, True, id="nor are fewer than five wins"),
]


@pytest.mark.parametrize(("leads", "expected", "few"), BARELY)
def test_a_cohort_that_is_barely_judged(leads: int, expected: float, few: bool) -> None:
    observed = replace(NOTHING, cohorts=(Cohort("May", leads, expected, expected, expected),))
    assert (found(observed, Check.CALIBRATION).level is Level.TOO_FEW) is few
