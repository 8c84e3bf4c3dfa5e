"""What every act refuses, and what it answers a second time."""

from typing import Any

import msgspec
import pytest

from scoring_service.values.errors import (
    AlreadyExists,
    FailedPrecondition,
    InvalidArgument,
    NotFound,
)
from scoring_service.values.stage import Stage
from scoring_service.workflows.lifecycle_requests import (
    AcceptLead,
    AssignLead,
    CloseLost,
    CloseWon,
    DisqualifyLead,
    LeadAct,
    LogContact,
    MoveLead,
    OpenOpportunity,
    QualifyLead,
    RecycleLead,
    RejectLead,
)

GIVING_REASONS = [
    (RejectLead, Stage.MQL, "spam"),
    (RecycleLead, Stage.SAL, "budget"),
    (DisqualifyLead, Stage.SQL, "spam"),
    (CloseLost, Stage.OPPORTUNITY, "chose_competitor"),
]
ALL: list[type[LeadAct]] = [
    AcceptLead, AssignLead, CloseLost, CloseWon, DisqualifyLead, LogContact, MoveLead,
    OpenOpportunity, QualifyLead, RecycleLead, RejectLead,
]  # fmt: skip
OWNERS = [one for one in ALL if one not in (AssignLead, MoveLead)]


@pytest.mark.parametrize(("act", "stage", "known"), GIVING_REASONS)
@pytest.mark.parametrize(
    ("fields", "field", "says"),
    [
        pytest.param({"reason": ""}, "reason", "a reason is missing", id="without a reason"),
        pytest.param({"reason": "bored"}, "reason", "unknown reason 'bored'", id="an unknown one"),
        pytest.param({"reason": "other"}, "note", "needs a note", id="other without a note"),
        pytest.param(
            {"reason": "other", "note": " "}, "note", "needs a note", id="other, a blank note"
        ),
    ],
)
async def test_a_reason_is_one_of_the_list(
    sales: Any,
    act: type[LeadAct],
    stage: Stage,
    known: str,
    fields: dict[str, str],
    field: str,
    says: str,
) -> None:
    lead = await sales.at(stage)
    with pytest.raises(InvalidArgument) as refused:
        await sales.act(act, **fields)
    [(where, remedy)] = refused.value.violations
    assert (where, says in remedy) == (field, True)
    assert known in remedy or field == "note"
    assert await sales.lead() == lead


@pytest.mark.parametrize(
    ("act", "stage", "reason"),
    [
        (RecycleLead, Stage.SAL, "spam"),
        (RecycleLead, Stage.SAL, "wrong_owner"),
        (DisqualifyLead, Stage.SQL, "timing"),
        (CloseLost, Stage.OPPORTUNITY, "wrong_owner"),
    ],
)
async def test_a_reason_leads_to_what_is_asked_for(
    sales: Any, act: type[LeadAct], stage: Stage, reason: str
) -> None:
    await sales.at(stage)
    with pytest.raises(InvalidArgument, match=f"{reason!r} leads to .*; give one of"):
        await sales.act(act, reason=reason)


@pytest.mark.parametrize(
    ("act", "stage", "to"),
    [
        (RejectLead, Stage.MQL, Stage.RECYCLED),
        (RecycleLead, Stage.SAL, Stage.RECYCLED),
        (DisqualifyLead, Stage.SQL, Stage.DISQUALIFIED),
        (CloseLost, Stage.OPPORTUNITY, Stage.CLOSED_LOST),
    ],
)
async def test_other_with_a_note_leads_to_what_may_follow(
    sales: Any, act: type[LeadAct], stage: Stage, to: Stage
) -> None:
    await sales.at(stage)
    view = await sales.act(act, reason="other", note="they moved to the moon")
    assert (view.stage, view.reason) == (to, "other")
    assert (await sales.entries())[-1].note == "they moved to the moon"


@pytest.mark.parametrize("act", OWNERS)
@pytest.mark.parametrize("actor", ["bob", "", "stranger"])
async def test_who_does_not_own_a_lead_is_told_who_does(
    sales: Any, act: type[LeadAct], actor: str
) -> None:
    stages = {
        OpenOpportunity: Stage.SQL, CloseWon: Stage.OPPORTUNITY, CloseLost: Stage.OPPORTUNITY,
        RecycleLead: Stage.SAL,
    }  # fmt: skip
    lead = await sales.at(stages.get(act, Stage.MQL))
    with pytest.raises(FailedPrecondition, match="'ann' does, and a manager above") as refused:
        await sales.act(act, actor)
    assert refused.value.reason == "NOT_OWNER"
    assert "(mia)" in refused.value.message
    assert await sales.lead() == lead


async def test_no_manager_is_spoken_of_where_there_is_none(sales: Any) -> None:
    await sales.at(Stage.NURTURE)
    with pytest.raises(FailedPrecondition) as refused:
        await sales.act(LogContact, "stranger")
    assert refused.value.message.endswith(
        " does, and a rep with role ops or an operator may act for him"
    )


@pytest.mark.parametrize("actor", ["ann", "mia", "olu", "sales-ops"])
async def test_the_owner_a_manager_above_ops_and_operators_may(sales: Any, actor: str) -> None:
    await sales.at(Stage.MQL)
    assert (await sales.act(AcceptLead, actor)).stage is Stage.SAL


async def test_accepting_twice_is_refused_and_logs_nothing(sales: Any) -> None:
    await sales.at(Stage.SAL)
    before = await sales.desk.dump()
    with pytest.raises(FailedPrecondition) as refused:
        await sales.act(AcceptLead)
    assert refused.value.reason == "ALREADY_THERE"
    assert await sales.desk.dump() == before


async def test_the_same_request_again_has_the_first_answer(sales: Any) -> None:
    await sales.at(Stage.MQL)
    request = sales.request(AcceptLead, request_id="once")
    first = await sales.ask(request)
    await sales.act(QualifyLead)
    again = await sales.ask(request)
    assert (again.stage, again.visit, again.replayed) == (first.stage, first.visit, True)
    assert (await sales.lead()).stage is Stage.SQL


async def test_a_refused_request_may_be_sent_again_with_its_id(sales: Any) -> None:
    await sales.at(Stage.MQL)
    with pytest.raises(InvalidArgument):
        await sales.act(RejectLead, reason="bored", request_id="twice")
    view = await sales.act(RejectLead, reason="budget", request_id="twice")
    assert view.stage is Stage.RECYCLED


async def test_an_id_names_one_request(sales: Any) -> None:
    await sales.at(Stage.MQL)
    await sales.act(AcceptLead, request_id="once")
    with pytest.raises(AlreadyExists) as refused:
        await sales.act(QualifyLead, request_id="once")
    assert refused.value.reason == "IDEMPOTENCY_KEY_REUSED"


@pytest.mark.parametrize("act", ALL)
async def test_a_lead_that_is_not_stored_is_named(sales: Any, act: type[LeadAct]) -> None:
    named = {MoveLead: {"stage": Stage.MQL, "reason": "asked"}, AssignLead: {"rep_id": "bob"}}
    with pytest.raises(NotFound, match="no lead 'who' is stored"):
        await sales.act(act, lead_id="who", **named.get(act, {}))


@pytest.mark.parametrize("act", ALL)
async def test_everything_wrong_with_a_request_is_told_at_once(
    sales: Any, act: type[LeadAct]
) -> None:
    found = (("actor_id", "is too long"),)
    with pytest.raises(InvalidArgument) as refused:
        await sales.act(act, request_id="", violations=found)
    fields = [field for field, _ in refused.value.violations]
    assert fields[0] == "actor_id"
    assert fields.count("request_id") == 1


async def test_the_survivor_of_a_merge_is_acted_on(sales: Any) -> None:
    await sales.mql("l1")
    await sales.mql("l2")

    def merge(tx: Any, policy: Any, now: Any) -> None:
        tx.save_lead(msgspec.structs.replace(tx.lead("l2"), merged_into="l1"))

    await sales.desk.run(merge)
    view = await sales.act(AcceptLead, lead_id="l2")
    assert (view.lead.lead_id, view.stage, view.asked_for) == ("l1", Stage.SAL, "l2")
