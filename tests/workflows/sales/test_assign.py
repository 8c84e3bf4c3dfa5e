"""Giving a lead to a rep by hand: who may, to whom, what it costs, and that it replays."""

from datetime import timedelta
from typing import Any

import pytest

from scoring_service.domain.routing.explain import sentences
from scoring_service.values.clock import ClockName
from scoring_service.values.decision import Cause
from scoring_service.values.errors import FailedPrecondition, InvalidArgument, PermissionDenied
from scoring_service.values.happening import Enrolment, Moved
from scoring_service.values.owner import QueueOwner, RepOwner
from scoring_service.values.stage import Stage
from scoring_service.workflows.lifecycle_requests import (
    AcceptLead,
    AssignLead,
    CloseWon,
    LogContact,
    MoveLead,
    RejectLead,
)
from scoring_service.workflows.rep_requests import PinLead
from scoring_service.workflows.replay import Verdict, decision_in, facts_in, replay
from scoring_service.workflows.sales.pinning import pin_lead

TO_CAT: dict[str, Any] = {"rep_id": "cat", "reason": "her region"}


async def waiting(sales: Any) -> Any:
    """The lead l1 in the queue of the pool limited, which sales-ops answers for."""
    for i in range(3):
        await sales.mql(f"full{i}", country="GB")
    return await sales.mql(country="GB")


@pytest.mark.parametrize("actor", ["mia", "olu", "sales-ops"])
async def test_a_manager_above_ops_and_operators_may(sales: Any, actor: str) -> None:
    lead = await sales.mql()
    view = await sales.act(AssignLead, actor, **TO_CAT)
    assert (view.owner, view.stage, view.visit) == (RepOwner("cat"), Stage.MQL, lead.visit)
    stands = await sales.desk.store.read(lambda reader: reader.assignment(view.assignment_id))
    assert (stands.cause, stands.manager, stands.decision_id) == ("manual", "mia", view.decision_id)
    [taken] = await sales.happenings(Moved)
    assert taken == Moved("taken from", RepOwner("ann"), "her region")
    [_, told] = await sales.events("lead.assigned")
    assert (told["owner"]["id"], told["previous_owner"]["id"]) == ("cat", "ann")
    assert await sales.findings() == []


@pytest.mark.parametrize("actor", ["ann", "bob", "cat", "", "marketing"])
async def test_nobody_else_may_take_a_lead_from_a_rep(sales: Any, actor: str) -> None:
    lead = await sales.mql()
    with pytest.raises(PermissionDenied, match="a manager above 'ann'") as refused:
        await sales.act(AssignLead, actor, **TO_CAT)
    assert refused.value.reason == "MAY_NOT_ASSIGN"
    assert await sales.lead() == lead


async def test_taking_a_lead_from_a_rep_needs_a_reason(sales: Any) -> None:
    await sales.mql()
    with pytest.raises(InvalidArgument, match="reason: is missing: why it is taken from 'ann'"):
        await sales.act(AssignLead, "mia", rep_id="cat")


@pytest.mark.parametrize(
    ("rep", "says"), [("zoe", "'zoe' is no active rep"), ("", "is required"), ("west", "no active")]
)
async def test_only_an_active_rep_may_be_given_a_lead(sales: Any, rep: str, says: str) -> None:
    await sales.mql()
    with pytest.raises(InvalidArgument, match=f"rep_id: .*{says}"):
        await sales.act(AssignLead, "mia", rep_id=rep, reason="why not")


async def test_one_who_left_is_given_nothing(sales: Any, policy_of: Any) -> None:
    gone = {**TEAM_CHANGES["reps"]["cat"], "active": False}
    team = {**TEAM_CHANGES, "reps": {**TEAM_CHANGES["reps"], "cat": gone}}
    await sales.desk.activate(policy_of(team=team))
    await sales.mql()
    with pytest.raises(InvalidArgument, match="'cat' is no active rep"):
        await sales.act(AssignLead, "mia", **TO_CAT)


TEAM_CHANGES: dict[str, Any] = {
    "reps": {
        "ann": {"manager": "mia"}, "bob": {"manager": "mia"}, "cat": {"manager": "mia"},
        "dan": {"per_day_max": 2}, "eve": {"per_day_max": 1}, "mia": {}, "olu": {"role": "ops"},
    },
    "pools": {
        "west": {"members": [{"rep": "ann", "weight": 5}, {"rep": "bob"}]},
        "limited": {
            "members": [{"rep": "dan"}, {"rep": "eve"}],
            "queue": {"name": "limited-waiting", "owner": "sales-ops"},
        },
    },
    "operators": ["sales-ops"],
}  # fmt: skip


async def test_its_owner_is_not_given_it_again(sales: Any) -> None:
    await sales.mql()
    with pytest.raises(FailedPrecondition, match="'ann' owns lead 'l1' already") as refused:
        await sales.act(AssignLead, "mia", rep_id="ann", reason="once more")
    assert refused.value.reason == "ALREADY_THERE"


async def test_who_rejected_it_is_not_given_it_in_this_visit(sales: Any) -> None:
    await sales.mql()
    await sales.act(RejectLead, reason="wrong_owner")
    with pytest.raises(FailedPrecondition, match="excluded") as refused:
        await sales.act(AssignLead, "mia", rep_id="ann", reason="do it")
    assert refused.value.reason == "EXCLUDED"


async def test_from_whom_it_was_taken_by_hand_may_have_it_back(sales: Any) -> None:
    await sales.mql()
    await sales.act(AssignLead, "mia", **TO_CAT)
    assert (await sales.lead()).excluded == ("ann",), "routing leaves him out"
    view = await sales.act(AssignLead, "mia", rep_id="ann", reason="a slip")
    assert view.owner == RepOwner("ann")
    assert (await sales.lead()).excluded == ("cat",)


async def test_who_answers_for_a_queue_gives_its_leads_away(sales: Any) -> None:
    assert (await waiting(sales)).owner == QueueOwner("limited-waiting")
    view = await sales.act(AssignLead, "sales-ops", rep_id="dan")
    assert (view.owner, view.stage, view.waiting_in) == (RepOwner("dan"), Stage.MQL, "")
    count, _ = await sales.desk.store.read(lambda reader: reader.waiting("limited"))
    assert count == 0
    assert await sales.findings() == []


async def test_a_rep_may_take_only_what_waits(sales: Any) -> None:
    await sales.mql()
    with pytest.raises(PermissionDenied):
        await sales.act(AssignLead, "cat", rep_id="cat", reason="mine")
    await sales.at(Stage.KNOWN, "l2")
    with pytest.raises(PermissionDenied):
        await sales.act(AssignLead, "cat", lead_id="l2", rep_id="cat")


async def test_a_lead_of_marketing_becomes_an_mql(sales: Any) -> None:
    await sales.at(Stage.NURTURE)
    view = await sales.act(AssignLead, "sales-ops", rep_id="bob", reason="met at a fair")
    assert (view.stage, view.owner) == (Stage.MQL, RepOwner("bob"))
    [entry] = [one for one in await sales.entries() if one.stage_to == "mql"]
    assert (entry.cause, entry.actor, entry.reason) == ("manual", "sales-ops", "met at a fair")
    assert await sales.happenings(Enrolment) == [
        Enrolment("newsletter", True), Enrolment("newsletter", False),
    ]  # fmt: skip
    assert await sales.findings() == []


async def test_the_clocks_of_a_sal_begin_anew_with_its_new_owner(sales: Any, clock: Any) -> None:
    await sales.at(Stage.SAL)
    await sales.act(LogContact)
    clock.advance(hours=3)
    view = await sales.act(AssignLead, "mia", **TO_CAT)
    assert {one.started_at for one in view.clocks if one.name != "lapse"} == {clock.now}
    assert (await sales.act(LogContact, "cat")).respond_by is None


async def test_in_another_stage_the_time_to_accept_is_not_that_of_the_one_before(
    sales: Any, clock: Any
) -> None:
    """As a sal it was given away, to be called within the hour; then it was moved back."""
    await sales.at(Stage.SAL)
    await sales.act(AssignLead, "mia", **TO_CAT)
    clock.advance(hours=1)
    await sales.act(MoveLead, "sales-ops", stage=Stage.MQL, reason="was no sal")
    view = await sales.act(AssignLead, "mia", rep_id="bob", reason="his region")
    accept = next(clock for clock in view.clocks if clock.name is ClockName.ACCEPT)
    assert accept.sla == "accept"
    assert view.respond_by == clock.now + timedelta(hours=4)


async def test_a_customer_keeps_its_owner(sales: Any) -> None:
    await sales.at(Stage.OPPORTUNITY)
    await sales.act(CloseWon)
    with pytest.raises(FailedPrecondition) as refused:
        await sales.act(AssignLead, "sales-ops", **TO_CAT)
    assert refused.value.reason == "FINISHED"


@pytest.mark.parametrize("counts", ["drawn", "all"])
async def test_it_costs_a_turn_where_the_pool_says_so(sales_of: Any, counts: str) -> None:
    pools = {**TEAM_CHANGES["pools"]}
    members = [{"rep": rep} for rep in ("ann", "bob", "cat")]
    pools["west"] = {"members": members, "counts": counts}
    sales = sales_of(team={**TEAM_CHANGES, "pools": pools})
    await sales.mql()
    before = await sales.credits()
    view = await sales.act(AssignLead, "mia", **TO_CAT)
    after = await sales.credits()
    assert (after != before) == (counts == "all")
    assert sum(after.values()) == 0
    assert view.owner == RepOwner("cat")
    assert await sales.findings() == []


async def test_the_decision_replays_and_says_so(sales: Any) -> None:
    await sales.mql()
    view = await sales.act(AssignLead, "mia", **TO_CAT)
    record = await sales.desk.store.read(lambda reader: reader.decision(view.decision_id))
    made, facts = decision_in(record), facts_in(record)
    assert made.cause is Cause.MANUAL
    assert replay(sales.desk.policy, record).verdict is Verdict.EQUAL
    assert "cat was given the lead by hand." in sentences(made, facts)


async def test_the_same_request_again_gives_it_once(sales: Any) -> None:
    await sales.mql()
    request = sales.request(AssignLead, "mia", **TO_CAT)
    first = await sales.ask(request)
    again = await sales.ask(request)
    assert (again.assignment_id, again.replayed) == (first.assignment_id, True)
    assert len(await sales.events("lead.assigned")) == 2
    assert (await sales.act(AcceptLead, "cat")).stage is Stage.SAL


async def test_who_empties_a_queue_by_hand_is_whom_its_route_names(sales_of: Any) -> None:
    triage = {"routes": [], "otherwise": {"queue": "triage", "owner": "trish"}}
    sales = sales_of(routing=triage)
    assert (await sales.mql()).owner == QueueOwner("triage")
    with pytest.raises(FailedPrecondition, match="'trish' does"):
        await sales.act(RejectLead, "marketing")
    assert (await sales.act(AssignLead, "trish", rep_id="bob")).owner == RepOwner("bob")


@pytest.mark.parametrize(
    ("keeper", "actor", "may"),
    [
        pytest.param("ann", "ann", True, id="a rep who answers for a queue gives its leads away"),
        pytest.param("ann", "mia", True, id="and the manager above him"),
        pytest.param("ann", "bob", False, id="not his colleague"),
        pytest.param("zoe", "zoe", False, id="nor one who answered for it and left"),
        pytest.param("zoe", "mia", True, id="then the manager above who left may"),
        pytest.param("trish", "trish", True, id="or the mailbox that is named"),
        pytest.param("trish", "", False, id="never somebody unnamed"),
    ],
)
async def test_of_a_queue_may_give_who_answers_for_it(
    sales_of: Any, keeper: str, actor: str, may: bool
) -> None:
    reps = {**TEAM_CHANGES["reps"], "zoe": {"manager": "mia", "active": False}}
    triage = {"routes": [], "otherwise": {"queue": "triage", "owner": keeper}}
    sales = sales_of(team={**TEAM_CHANGES, "reps": reps}, routing=triage)
    lead = await sales.mql()
    if may:
        view = await sales.act(AssignLead, actor, rep_id="cat")
        assert view.owner == RepOwner("cat")
        return
    with pytest.raises(PermissionDenied) as refused:
        await sales.act(AssignLead, actor, rep_id="cat")
    assert refused.value.reason == "MAY_NOT_ASSIGN"
    assert await sales.lead() == lead


async def excluded_ann(sales: Any) -> None:
    """In mql again, by a visit in which Ann did not want it."""
    await sales.moved(Stage.RECYCLED)
    await sales.moved(Stage.MQL)
    await sales.act(AssignLead, "mia", rep_id="ann", reason="back to her")
    await sales.act(RejectLead, reason="wrong_owner")


async def test_what_was_taken_by_hand_in_another_visit_says_nothing_of_this_one(
    sales: Any, clock: Any
) -> None:
    await sales.mql()
    await sales.act(AssignLead, "mia", **TO_CAT)
    clock.advance(minutes=1)
    await excluded_ann(sales)
    with pytest.raises(FailedPrecondition) as refused:
        await sales.act(AssignLead, "mia", rep_id="ann", reason="once more")
    assert refused.value.reason == "EXCLUDED"


async def test_who_was_given_it_by_a_pin_and_rejected_it_is_excluded_all_the_same(
    sales: Any,
) -> None:
    """A pin is no taking: what she rejected is not hers again in this visit."""
    await sales.mql()
    pin = PinLead(
        request_id="p", actor_id="mia", digest="p", lead_id="l1", rep_id="ann", reason="hers"
    )
    await sales.desk.run(lambda tx, policy, now: pin_lead(tx, policy, pin, now))
    await sales.act(RejectLead, reason="wrong_owner")
    with pytest.raises(FailedPrecondition) as refused:
        await sales.act(AssignLead, "mia", rep_id="ann", reason="do it")
    assert refused.value.reason == "EXCLUDED"
