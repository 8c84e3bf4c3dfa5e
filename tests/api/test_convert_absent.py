"""What is not there is absent on the wire: no field is set, and none is nought in its place."""

from datetime import datetime
from typing import Any

import pytest
from leadscoring.v1 import lifecycle_pb2, routing_pb2
from msgspec.structs import replace

from scoring_service.api.convert_account import upserted, value_into
from scoring_service.api.convert_decision import decision_into
from scoring_service.api.convert_explained import explained_into
from scoring_service.api.convert_lead_view import opportunity_into, win_into
from scoring_service.api.convert_reps import handover_into, rep_into
from scoring_service.api.encode_assignment import assignment_into
from scoring_service.policy.explaining.explained import Explained
from scoring_service.policy.explaining.tried import Tried, TriedRoute
from scoring_service.values.account import Account
from scoring_service.values.handover import Handover
from scoring_service.values.happening import Opportunity, Win
from scoring_service.workflows.rep_requests import Availability, RepStanding
from scoring_service.workflows.requests import (
    AccountResult,
    AccountsUpserted,
    AssignmentView,
    DecisionRecord,
    ItemRefusal,
)
from tests.api.conftest import LATER, NOW


def set_in(message: Any) -> set[str]:
    """The fields that are set."""
    return {field.name for field, _ in message.ListFields()}


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("row", id="the row of a table"),
        pytest.param("respond_by", id="by when to respond"),
        pytest.param("enqueued_at", id="since when it waits"),
        pytest.param("draw", id="a turn"),
    ],
)
def test_a_decision_without_something_has_not_that_field(record: DecisionRecord, name: str) -> None:
    whole, without = routing_pb2.Decision(), routing_pb2.Decision()
    decision_into(whole, record)
    decision_into(without, replace(record, decision=replace(record.decision, **{name: None})))
    assert set_in(whole) - set_in(without) == {name}


def test_a_decision_whose_facts_went_says_when(record: DecisionRecord) -> None:
    message = routing_pb2.Decision()
    decision_into(message, replace(record, facts=None, facts_trimmed_at=LATER))
    assert not {"facts_json", "stage_before", "account"} & set_in(message)
    assert message.facts_trimmed_at.ToDatetime(NOW.tzinfo) == LATER
    kept = routing_pb2.Decision()
    decision_into(kept, record)
    assert {"facts_json", "stage_before", "account"} <= set_in(kept)
    assert "facts_trimmed_at" not in set_in(kept)


def test_a_decision_of_rules_that_nobody_activated_names_no_activation(
    record: DecisionRecord,
) -> None:
    message = routing_pb2.Decision()
    decision_into(message, replace(record, activation=None))
    assert not message.HasField("activation")


@pytest.mark.parametrize("name", ["row", "respond_by", "enqueued_at", "arms"])
def test_an_assignment_without_something_has_not_that_field(
    view: AssignmentView, name: str
) -> None:
    whole, without = routing_pb2.Assignment(), routing_pb2.Assignment()
    assignment_into(whole, view)
    assignment_into(without, replace(view, **{name: {} if name == "arms" else None}))
    assert set_in(whole) - set_in(without) == {name}


@pytest.mark.parametrize(("row", "is_set"), [(None, False), (0, True), (4, True)])
def test_a_route_is_of_a_row_or_of_none(row: int | None, is_set: bool) -> None:
    message = routing_pb2.Decision()
    explained_into(
        message, Explained((TriedRoute("r", row, "t.csv:4", "x", Tried.MATCHED),), (), 0)
    )
    (route,) = message.routes
    assert route.HasField("row") is is_set
    assert route.row == (row or 0)
    assert not route.HasField("opens_at")
    assert not route.HasField("failed")


@pytest.mark.parametrize("value", [None, 0.0, 1.5])
@pytest.mark.parametrize(
    ("deal", "fill", "message"),
    [
        pytest.param(
            Opportunity(NOW, "crm"),
            opportunity_into,
            lifecycle_pb2.Opportunity,
            id="an-opportunity",
        ),
        pytest.param(Win(NOW, product="crm"), win_into, lifecycle_pb2.Win, id="a-win"),
    ],
)
def test_a_value_that_is_not_known_is_not_nought(
    deal: Any, fill: Any, message: Any, value: float | None
) -> None:
    made = message()
    fill(made, replace(deal, value=value))
    assert made.HasField("value") is (value is not None)
    assert made.value == (value or 0.0)


def test_an_opportunity_may_have_no_day_on_which_it_closes() -> None:
    made = lifecycle_pb2.Opportunity()
    opportunity_into(made, Opportunity(NOW, "crm"))
    assert made.expected_close == ""


HANDOVER = Handover("op-1", "ann", "bob", "moves", "olu", NOW)


@pytest.mark.parametrize("ended_at", [None, LATER])
def test_a_hand_over_has_begun_and_may_have_ended(ended_at: datetime | None) -> None:
    made = routing_pb2.Handover()
    handover_into(made, replace(HANDOVER, ended_at=ended_at))
    assert made.started_at.ToDatetime(NOW.tzinfo) == NOW
    assert made.HasField("ended_at") is (ended_at is not None)
    if ended_at is not None:
        assert made.ended_at.ToDatetime(NOW.tzinfo) == ended_at


@pytest.mark.parametrize("handover", [None, HANDOVER])
def test_a_rep_s_book_is_handed_over_or_not(handover: Handover | None) -> None:
    rep = RepStanding(Availability("ann"), "Ann", True, ("west",), handover=handover)
    made = routing_pb2.RepState()
    rep_into(made, rep)
    assert made.HasField("handover") is (handover is not None)
    assert made.availability.rep_id == "ann"
    assert not {"open_leads_max", "per_day_max", "per_week_max"} & set_in(made)


def test_an_empty_list_is_a_list() -> None:
    made = routing_pb2.UpsertAccountsRequest().accounts.add().attributes["tags"]
    value_into(made, ())
    assert made.WhichOneof("value") == "texts"


def test_an_account_of_which_nothing_is_known_is_a_result_all_the_same() -> None:
    nothing = AccountResult(Account("", "", ()))
    refused = AccountResult(refusal=ItemRefusal("taken", "DOMAIN_TAKEN"))
    reply = upserted(AccountsUpserted((nothing, refused, AccountResult())))
    kinds = [one.WhichOneof("result") for one in reply.results]
    assert kinds == ["account", "error", None]
    assert reply.results[1].error.message == "taken"
