"""What is counted of stored leads: as they were when they came in, and what became of them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from scoring_service.domain.calibration.as_known import lead_at
from scoring_service.domain.calibration.baseline import Baseline
from scoring_service.domain.calibration.estimate import estimate
from scoring_service.domain.calibration.health import Accepted
from scoring_service.domain.calibration.model import Model
from scoring_service.domain.calibration.observing import Observing
from scoring_service.domain.policy import Policy
from scoring_service.domain.symbols import lead_symbols
from scoring_service.values.account import AccountMatch
from scoring_service.values.record import LeadRecord
from scoring_service.values.stage import Stage
from scoring_service.values.stored import FieldChange

ANOTHER_DAY = timedelta(days=1)


@pytest.fixture
def observing(policy: Policy, baseline: Baseline, recorded: Any) -> Observing:
    assert policy.model is not None
    return Observing(policy, policy.model, baseline, recorded.now)


def _taken(observing: Observing, records: Iterable[LeadRecord]) -> Observing:
    for record in records:
        observing.take(record)
    return observing


def _p(policy: Policy, record: LeadRecord) -> float:
    assert policy.model is not None
    lead = lead_at(record, record.lead.created_at)
    symbols = lead_symbols(lead, policy.schema, AccountMatch())
    return estimate(policy.model, symbols, {}).win.value


def test_a_recent_lead_is_counted_once_a_feature(observing: Observing, recorded: Any) -> None:
    lead = recorded.lead(3, employees=500, source="fair")
    found = _taken(observing, [lead]).observed()
    assert found.leads == 1
    assert found.features == {
        "large company": {"holds": 1},
        "demo_request": {"nothing": 1},
        "employees": {">= 50": 1},
        "source": {"=fair": 1},
    }
    assert sum(found.score.values()) == 1


@pytest.mark.parametrize(
    ("fields", "feature", "slot"),
    [
        pytest.param({}, "employees", "missing", id="no number"),
        pytest.param({"employees": 3}, "employees", "< 50", id="a small number"),
        pytest.param({}, "source", "missing", id="no text"),
        pytest.param({"source": "tv"}, "source", "other", id="a level that training had not"),
        pytest.param({}, "large company", "holds not", id="a criterion that cannot be judged"),
    ],
)
def test_slots_are_those_of_training(
    observing: Observing, recorded: Any, fields: dict[str, Any], feature: str, slot: str
) -> None:
    found = _taken(observing, [recorded.lead(3, **fields)]).observed()
    assert found.features[feature] == {slot: 1}


def test_what_a_lead_did_counts_up_to_when_it_came_in(observing: Observing, recorded: Any) -> None:
    before = recorded.lead(3, activities=(recorded.demo(3.0),))
    after = recorded.lead(3, activities=(recorded.demo(2.0),))
    found = _taken(observing, [before, after]).observed()
    assert found.features["demo_request"] == {"1 to 2": 1, "nothing": 1}


def test_a_value_that_arrived_later_is_taken_back(observing: Observing, recorded: Any) -> None:
    lead = recorded.lead(5, source="fair", employees=500)
    enriched = (recorded.now - ANOTHER_DAY, FieldChange("employees", None, "500"))
    found = _taken(observing, [msgspec.structs.replace(lead, changes=(enriched,))]).observed()
    assert found.features["employees"] == {"missing": 1}


@pytest.mark.parametrize(
    ("days", "counted"),
    [
        pytest.param(0, 1, id="just now"),
        pytest.param(29.9, 1, id="within thirty days"),
        pytest.param(30.1, 0, id="before them"),
    ],
)
def test_only_recent_leads_are_held_against_training(
    observing: Observing, recorded: Any, days: float, counted: int
) -> None:
    assert _taken(observing, [recorded.lead(days)]).observed().leads == counted


@pytest.mark.parametrize("reason", ["spam", "duplicate"])
def test_leads_that_are_none_do_not_count(observing: Observing, recorded: Any, reason: str) -> None:
    lead = recorded.lead(3, (Stage.DISQUALIFIED, 2), reason=reason)
    assert _taken(observing, [lead]).observed().leads == 0


def test_the_cohort_is_those_whose_horizon_has_passed(
    observing: Observing, policy: Policy, recorded: Any
) -> None:
    won = recorded.lead(100, (Stage.CUSTOMER, 60), employees=500)
    lost = recorded.lead(120, (Stage.CLOSED_LOST, 20), source="web")
    late = recorded.lead(110, (Stage.CUSTOMER, 5))
    young = recorded.lead(89, (Stage.CUSTOMER, 60))
    old = recorded.lead(181, (Stage.CUSTOMER, 160))
    (cohort,) = _taken(observing, [won, lost, late, young, old]).observed().cohorts
    promised = [_p(policy, record) for record in (won, lost, late)]
    assert cohort.leads == 3
    assert cohort.won == 1, "one was won within the horizon, one after it"
    assert cohort.expected == pytest.approx(sum(promised))
    assert cohort.variance == pytest.approx(sum(p * (1 - p) for p in promised))
    assert cohort.name == "leads of 2025-12-03 to 2026-03-03"


def test_a_win_that_was_undone_within_the_horizon_is_none(
    observing: Observing, recorded: Any
) -> None:
    undone = recorded.lead(100, (Stage.CUSTOMER, 60), (Stage.CLOSED_LOST, 40))
    (cohort,) = _taken(observing, [undone]).observed().cohorts
    assert cohort.won == 0


def test_without_a_horizon_nothing_matures(
    policy: Policy, baseline: Baseline, recorded: Any
) -> None:
    assert policy.model is not None
    card = msgspec.structs.replace(policy.model.scorecard, horizon_days=None)
    model: Model = replace(policy.model, scorecard=card)
    counted = Observing(policy, model, baseline, recorded.now)
    found = _taken(counted, [recorded.lead(100, (Stage.CUSTOMER, 60))]).observed()
    assert found.cohorts == ()
    assert counted.since == recorded.now - timedelta(days=60)


def test_leads_that_changed_last_before_it_all_need_not_be_read(
    observing: Observing, recorded: Any
) -> None:
    assert observing.since == recorded.now - timedelta(days=180)


def test_acceptance_is_counted_by_when_a_lead_left_mql(observing: Observing, recorded: Any) -> None:
    records = [
        recorded.lead(20, (Stage.MQL, 15), (Stage.SAL, 10)),
        recorded.lead(20, (Stage.MQL, 15), (Stage.RECYCLED, 10)),
        recorded.lead(70, (Stage.MQL, 60), (Stage.SAL, 45)),
        recorded.lead(70, (Stage.MQL, 60), (Stage.SAL, 31), (Stage.SQL, 3)),
        recorded.lead(20, (Stage.MQL, 15)),
        recorded.lead(99, (Stage.MQL, 80), (Stage.SAL, 61)),
    ]
    assert _taken(observing, records).observed().accepted == Accepted(1, 2, 2, 2)


def test_nothing_counted_is_nothing_known(observing: Observing) -> None:
    found = observing.observed()
    assert (found.leads, found.features, found.cohorts, found.accepted) == (0, {}, (), None)
