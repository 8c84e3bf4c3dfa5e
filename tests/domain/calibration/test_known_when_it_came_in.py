"""A lead counts for a model's health as it was known when it came in, in the slots of training."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring_service.domain.calibration.baseline import Baseline
from scoring_service.domain.calibration.health import Accepted
from scoring_service.domain.calibration.model import Model
from scoring_service.domain.calibration.observing import Observing, slots
from scoring_service.domain.policy import Policy
from scoring_service.values.stage import Stage

HOUR = timedelta(hours=1)


@pytest.fixture
def model(policy: Policy) -> Model:
    assert policy.model is not None
    return policy.model


@pytest.fixture
def observing(policy: Policy, model: Model, baseline: Baseline, recorded: Any) -> Observing:
    return Observing(policy, model, baseline, recorded.now)


RECORDED = [
    pytest.param(-1, "1 to 2", id="before the lead came in"),
    pytest.param(0, "1 to 2", id="with it"),
    pytest.param(1, "nothing", id="an hour after it, though it happened before"),
    pytest.param(40, "nothing", id="when the lead was won"),
]


@pytest.mark.parametrize(("hours", "slot"), RECORDED)
def test_an_act_counts_from_when_it_was_recorded(
    observing: Observing, recorded: Any, hours: int, slot: str
) -> None:
    lead = recorded.lead(3, activities=(recorded.demo(3.0),))
    ((_, act),) = lead.activities
    late = msgspec.structs.replace(lead, activities=((act.occurred_at + hours * HOUR, act),))
    observing.take(late)
    assert observing.observed().features["demo_request"] == {slot: 1}


@pytest.mark.parametrize("hours", [1, 24 * 40])
def test_p_is_promised_by_what_was_recorded_when_the_lead_came_in(
    observing: Observing, recorded: Any, hours: int
) -> None:
    """An act that was logged with the outcome would make any promise come true."""
    bare, acting = recorded.lead(100), recorded.lead(100, activities=(recorded.demo(100.0),))
    ((_, act),) = acting.activities
    late = msgspec.structs.replace(acting, activities=((act.occurred_at + hours * HOUR, act),))
    for lead in (bare, late, acting):
        observing.take(lead)
    without, logged_late, known = (p for p, _ in observing.promised)
    assert without == logged_late < known


SLOTS = [
    pytest.param("employees", 49, "< 50", id="a number below the edge"),
    pytest.param("employees", 50, ">= 50", id="one on the edge is above it"),
    pytest.param("employees", 49.9, "< 50", id="a fraction"),
    pytest.param("employees", 0, "< 50", id="none is a number"),
    pytest.param("employees", None, "missing", id="no number"),
    pytest.param("employees", "50", "missing", id="a text where a number is meant"),
    pytest.param("employees", True, "missing", id="nor is yes one"),
    pytest.param("source", "web", "=web", id="a level of training"),
    pytest.param("source", "WEB", "other", id="a level has its case"),
    pytest.param("source", "", "missing", id="an empty text is none"),
    pytest.param("source", None, "missing", id="no text"),
    pytest.param("source", 7, "missing", id="a number where a text is meant"),
    pytest.param("source", True, "other", id="yes is a level, here an unseen one"),
]


@pytest.mark.parametrize(("attribute", "value", "slot"), SLOTS)
def test_the_slot_of_a_value(model: Model, attribute: str, value: object, slot: str) -> None:
    found = dict(slots(model, {"employees": None, "source": None, attribute: value}, {}))
    assert found[attribute] == slot


@pytest.mark.parametrize(
    ("value", "slot"),
    [
        pytest.param(True, "=true", id="yes"),
        pytest.param(False, "=false", id="no"),
        pytest.param(None, "missing", id="neither"),
    ],
)
def test_a_yes_or_no_has_the_level_that_training_gave_it(
    model: Model, value: object, slot: str
) -> None:
    *others, source = model.scorecard.terms
    cell = source.cells[0]
    decides = msgspec.structs.replace(source, levels={"true": cell, "false": cell})
    card = msgspec.structs.replace(model.scorecard, terms=(*others, decides))
    found = dict(slots(replace(model, scorecard=card), {"employees": None, "source": value}, {}))
    assert found["source"] == slot


ACTS = [
    pytest.param({}, "nothing", id="no act of the type"),
    pytest.param({"demo_request": 0.0}, "nothing", id="none that is left"),
    pytest.param({"demo_request": 60.0}, "1 to 2", id="the points of one act"),
    pytest.param({"demo_request": 6_000.0}, "1 to 2", id="a hundred are capped at one, as trained"),
    pytest.param({"page_view": 60.0}, "nothing", id="an act of another type"),
]


@pytest.mark.parametrize(("sums", "slot"), ACTS)
def test_the_slot_of_what_was_done(model: Model, sums: dict[str, float], slot: str) -> None:
    found = dict(slots(model, {"employees": 5, "source": "web"}, sums))
    assert found["demo_request"] == slot


def test_every_feature_has_one_slot_in_every_lead(
    model: Model, observing: Observing, recorded: Any
) -> None:
    leads = [recorded.lead(n, employees=n * 90, source="web") for n in range(5)]
    for lead in leads:
        observing.take(lead)
    found = observing.observed()
    assert found.features.keys() == {"large company", "demo_request", "employees", "source"}
    assert {sum(counts.values()) for counts in found.features.values()} == {5}
    assert sum(found.score.values()) == 5


LEFT_MQL = [
    pytest.param(0.0, Stage.SAL, Accepted(1, 1, 0, 0), id="accepted just now"),
    pytest.param(29.9, Stage.SAL, Accepted(1, 1, 0, 0), id="accepted lately"),
    pytest.param(30.0, Stage.SAL, Accepted(0, 0, 1, 1), id="thirty days ago is before"),
    pytest.param(59.9, Stage.SAL, Accepted(0, 0, 1, 1), id="accepted before"),
    pytest.param(60.0, Stage.SAL, None, id="sixty days ago is too long"),
    pytest.param(10.0, Stage.RECYCLED, Accepted(0, 1, 0, 0), id="sent back"),
    pytest.param(10.0, Stage.DISQUALIFIED, Accepted(0, 1, 0, 0), id="disqualified by sales"),
    pytest.param(10.0, Stage.OPPORTUNITY, Accepted(1, 1, 0, 0), id="taken further at once"),
    pytest.param(40.0, Stage.RECYCLED, Accepted(0, 0, 0, 1), id="sent back before"),
]


@pytest.mark.parametrize(("days", "to", "expected"), LEFT_MQL)
def test_a_lead_that_left_mql_was_accepted_or_not(
    observing: Observing, recorded: Any, days: float, to: Stage, expected: Accepted | None
) -> None:
    observing.take(recorded.lead(70, (Stage.MQL, 65), (to, days)))
    assert observing.observed().accepted == expected


DAYS = st.floats(0, 200).map(lambda day: round(day, 2))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(DAYS, st.booleans()), max_size=8), st.randoms())
def test_the_order_in_which_leads_are_counted_changes_nothing(
    policy: Policy, baseline: Baseline, recorded: Any, leads: list[tuple[float, bool]], random: Any
) -> None:
    assert policy.model is not None
    records = [
        recorded.lead(days, *([(Stage.CUSTOMER, days / 2)] if won else []), employees=90)
        for days, won in leads
    ]
    mixed = list(records)
    random.shuffle(mixed)
    one, other = (Observing(policy, policy.model, baseline, recorded.now) for _ in range(2))
    for counting, order in ((one, records), (other, mixed)):
        for record in order:
            counting.take(record)
    assert one.leads == other.leads == sum(days < 30 for days, _ in leads)
    assert (one.features, one.score, one.accepted) == (other.features, other.score, other.accepted)
    assert sorted(one.promised) == sorted(other.promised)
    assert len(one.promised) == sum(90 <= days < 180 for days, _ in leads)
