"""Alarms: raised by what has moved, quiet where nothing has, silent where leads are few."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
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
from scoring_service.domain.calibration.health_checks import health

BASELINE = Baseline(
    rows=5_000,
    base_rate=0.2,
    features=(
        Shares("source", "text", {"=web": 0.6, "=fair": 0.3, MISSING: 0.1}),
        Shares("decides", "criterion", {"holds": 0.3, "holds not": 0.7}),
    ),
    score_edges=(0.1, 0.3),
    score=Shares(SCORE, SCORE, {"< 0.1": 0.4, "0.1 to 0.3": 0.4, ">= 0.3": 0.2}),
)
SAME = Observed(
    1_000,
    {
        "source": {"=web": 590, "=fair": 305, MISSING: 105},
        "decides": {"holds": 310, "holds not": 690},
    },
    {"< 0.1": 395, "0.1 to 0.3": 408, ">= 0.3": 197},
)


def _found(observed: Observed, check: Check, subject: str) -> Finding:
    (found,) = [
        finding
        for finding in health("v1", BASELINE, observed).findings
        if finding.check is check and finding.subject == subject
    ]
    return found


def _moved(**features: Mapping[str, float]) -> Observed:
    return replace(SAME, features={**SAME.features, **features})


def test_leads_like_those_of_training_raise_nothing() -> None:
    found = health("v1", BASELINE, SAME)
    assert found.version == "v1"
    assert found.alarms == ()
    assert {finding.level for finding in found.findings} == {Level.FINE}
    assert {finding.check for finding in found.findings} == {Check.DRIFT, Check.MISSING}


@pytest.mark.parametrize(
    ("source", "level"),
    [
        pytest.param({"=web": 600, "=fair": 300, MISSING: 100}, Level.FINE, id="the same"),
        pytest.param({"=web": 440, "=fair": 450, MISSING: 110}, Level.WATCH, id="somewhat moved"),
        pytest.param({"=web": 200, "=fair": 700, MISSING: 100}, Level.ALARM, id="turned round"),
        pytest.param(
            {"=web": 500, "other": 300, "=fair": 100, MISSING: 100}, Level.ALARM, id="a new source"
        ),
        pytest.param({"=web": 49, "=fair": 140, MISSING: 10}, Level.TOO_FEW, id="199 leads"),
    ],
)
def test_a_feature_that_moved(source: Mapping[str, float], level: Level) -> None:
    found = _found(_moved(source=source), Check.DRIFT, "source")
    assert found.level is level
    assert ("too few" in found.sentence) is (level is Level.TOO_FEW)


def test_the_sentence_names_what_moved_most() -> None:
    found = _found(_moved(source={"=web": 300, "=fair": 500, MISSING: 200}), Check.DRIFT, "source")
    assert "most moved is 'web', from 60.0% to 30.0%" in found.sentence


def test_p_itself_is_watched() -> None:
    found = _found(
        replace(SAME, score={"< 0.1": 100, "0.1 to 0.3": 200, ">= 0.3": 700}), Check.DRIFT, SCORE
    )
    assert found.level is Level.ALARM


@pytest.mark.parametrize(
    ("missing", "level"),
    [
        pytest.param(110, Level.FINE, id="about as often"),
        pytest.param(170, Level.WATCH, id="seven points more"),
        pytest.param(400, Level.ALARM, id="thirty points more"),
        pytest.param(0, Level.ALARM, id="suddenly always there"),
    ],
)
def test_values_that_went_missing(missing: int, level: Level) -> None:
    rest = 1_000 - missing
    source = {"=web": rest * 2 / 3, "=fair": rest / 3, MISSING: missing}
    assert _found(_moved(source=source), Check.MISSING, "source").level is level


def test_a_criterion_has_no_missing_values() -> None:
    found = health("v1", BASELINE, SAME).findings
    assert [f.subject for f in found if f.check is Check.MISSING] == ["source"]


@pytest.mark.parametrize(
    ("leads", "expected", "won", "level"),
    [
        pytest.param(1_000, 200.0, 205, Level.FINE, id="as promised"),
        pytest.param(2_000, 400.0, 455, Level.WATCH, id="an eighth more than promised"),
        pytest.param(1_000, 200.0, 310, Level.ALARM, id="half as many again"),
        pytest.param(1_000, 200.0, 90, Level.ALARM, id="less than half"),
        pytest.param(200, 8.0, 12, Level.FINE, id="half as many again, of eight: chance"),
        pytest.param(199, 60.0, 180, Level.TOO_FEW, id="199 leads"),
        pytest.param(400, 4.9, 40, Level.TOO_FEW, id="fewer than five expected"),
    ],
)
def test_what_p_promised_against_what_came(
    leads: float, expected: float, won: float, level: Level
) -> None:
    p = expected / leads
    cohort = Cohort("2026-03", leads, expected, expected * (1 - p), won)
    found = _found(replace(SAME, cohorts=(cohort,)), Check.CALIBRATION, "2026-03")
    assert found.level is level
    if level in (Level.WATCH, Level.ALARM):
        assert ("too low" if won > expected else "too high") in found.sentence


@pytest.mark.parametrize(
    ("accepted", "level"),
    [
        pytest.param(Accepted(80, 100, 82, 100), Level.FINE, id="about the same"),
        pytest.param(Accepted(710, 1_000, 780, 1_000), Level.WATCH, id="seven points lower"),
        pytest.param(Accepted(40, 100, 80, 100), Level.ALARM, id="half of it"),
        pytest.param(Accepted(95, 100, 50, 100), Level.FINE, id="a rise is no alarm"),
        pytest.param(Accepted(1, 29, 80, 100), Level.TOO_FEW, id="29 judged"),
        pytest.param(Accepted(1, 100, 29, 29), Level.TOO_FEW, id="29 judged before"),
    ],
)
def test_mqls_that_sales_no_longer_accepts(accepted: Accepted, level: Level) -> None:
    assert _found(replace(SAME, accepted=accepted), Check.ACCEPTANCE, "mql").level is level


def test_alarms_are_only_the_alarms() -> None:
    observed = replace(
        _moved(source={"=web": 440, "=fair": 450, MISSING: 110}),
        accepted=Accepted(40, 100, 80, 100),
    )
    found = health("v1", BASELINE, observed)
    assert [alarm.check for alarm in found.alarms] == [Check.ACCEPTANCE]


@given(st.integers(0, 199))
def test_too_few_leads_never_raise_an_alarm(leads: int) -> None:
    observed = Observed(
        leads, {"source": {"other": leads}, "decides": {"holds": leads}}, {">= 0.3": leads}
    )
    assert health("v1", BASELINE, observed).alarms == ()


def test_no_lead_at_all_is_said() -> None:
    found = health("v1", BASELINE, Observed(0, {}, {}))
    assert {finding.level for finding in found.findings} == {Level.TOO_FEW}
