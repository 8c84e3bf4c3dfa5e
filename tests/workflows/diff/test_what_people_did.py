"""What people did is the same in both replays of a diff, and what was decided is not looked at."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from scoring_service.cli.rules.diff.recorded import recorded
from scoring_service.domain.policy import Policy
from scoring_service.values.facts import Asked
from scoring_service.values.lead import Lead
from scoring_service.values.owner import SUPPRESSED, QueueOwner, RepOwner
from scoring_service.values.stage import Stage
from scoring_service.workflows.diff.latest import asked_then, latest_leads
from scoring_service.workflows.diff.past import Arrived, Left, Past
from scoring_service.workflows.diff.replaying import replay
from scoring_service.workflows.diff.stored_past import past_in
from scoring_service.workflows.lifecycle_requests import AssignLead, RejectLead
from scoring_service.workflows.rep_requests import PinLead
from scoring_service.workflows.sales.reject import reject_lead
from tests.workflows.firing.conftest import an_mql, in_stage, office, office_of
from tests.workflows.team.conftest import ops

__all__ = ["office", "office_of", "ops"]

TO_DAN = {
    "routes": [{"name": "all", "when": "employees >= 1", "assign": {"pool": "limited"}}],
    "otherwise": {"queue": "triage", "owner": "sales-ops"},
}


@pytest.fixture(scope="module")
def other(office_of: Any) -> Policy:
    """The office's rules with another route: every lead is Dan's."""
    policy: Policy = office_of({"routing": TO_DAN})
    return policy


async def window(desk: Any) -> Past:
    """Everything the store has recorded."""
    since = desk.clock.now - timedelta(days=9)
    found, _ = await desk.store.read(lambda reader: recorded(reader, since))
    return past_in(found, since)


def owners(policy: Policy, past: Past) -> dict[str, Any]:
    return {fate.lead_id: fate.owner for fate in replay(policy, past).fates}


async def test_a_lead_given_away_by_hand_is_so_in_both_replays(
    office: Any, ops: Any, other: Policy
) -> None:
    given, drawn = await an_mql(office, 1), await an_mql(office, 2)
    office.clock.advance(hours=1)
    await ops.act(AssignLead, lead_id=given, rep_id="cat", reason="knows them")
    past = await window(office)
    assert owners(office.policy, past) == {given: RepOwner("cat"), drawn: RepOwner("bob")}
    assert owners(other, past) == {given: RepOwner("cat"), drawn: RepOwner("dan")}


async def test_a_pinned_lead_is_its_reps_in_both_replays(
    office: Any, ops: Any, other: Policy
) -> None:
    pinned, drawn = await an_mql(office, 1), await an_mql(office, 2)
    office.clock.advance(hours=1)
    await ops.act(PinLead, lead_id=pinned, rep_id="cat", reason="knows them")
    past = await window(office)
    assert owners(office.policy, past)[pinned] == RepOwner("cat")
    assert owners(other, past) == {pinned: RepOwner("cat"), drawn: RepOwner("dan")}


async def test_what_was_decided_is_never_read(office: Any, ops: Any) -> None:
    """The old rules are replayed too: a record with another decision in it tells the same past."""
    await an_mql(office, 1)
    await an_mql(office, 2)
    (first, *_) = await office.decisions()
    lied = msgspec.structs.replace(first, decision=b'{"owner": "somebody"}', revision="another")
    assert asked_then(lied) == asked_then(first)
    past = await window(office)
    assert set(owners(office.policy, past).values()) == {RepOwner("ann"), RepOwner("bob")}


async def test_a_lead_leaves_whoever_holds_it_in_a_replay(office: Any, office_of: Any) -> None:
    """Ann's lead was lost. By other rules it was Dan's, who may have one: he has room from then on,
    and not before.
    """
    lost = await in_stage(office, Stage.SAL)
    office.clock.advance(hours=2)
    came = await an_mql(office, 2)
    past = await window(office)
    first, second = [moment for moment in past.moments if isinstance(moment, Arrived)]
    left = Left(first.at + timedelta(hours=1), lost, Stage.CLOSED_LOST)
    one_at_a_time = office_of({"routing": TO_DAN}, dan={"open_leads_max": 1})
    for moments, owner in (
        ((first, second), QueueOwner("limited")),
        ((first, left, second), RepOwner("dan")),
    ):
        found = owners(one_at_a_time, msgspec.structs.replace(past, moments=moments))
        assert found == {lost: RepOwner("dan"), came: owner}


async def test_the_same_rules_give_the_same_owners_where_a_turn_of_before_is_given_back(
    office: Any, ops: Any
) -> None:
    """Bob had the second lead before the window and gives it back in it, with its turn: he is drawn
    before Ann again.
    """
    leads = [await an_mql(office, i) for i in (1, 2)]
    office.clock.advance(hours=1)
    since = office.clock.now
    await rejected(office, ops, leads[1])
    for i in (3, 4):
        office.clock.advance(minutes=1)
        leads.append(await an_mql(office, i))
    found, _ = await office.store.read(lambda reader: recorded(reader, since))
    past = past_in(found, since)
    assert [one.turn and one.turn.winner for one in past.stood] == ["ann", "bob"]
    there = {lead_id: (await office.lead(lead_id)).owner for lead_id in leads[2:]}
    assert owners(office.policy, past) == there
    assert there[leads[3]] == RepOwner("bob")


async def test_what_the_guard_looks_at_may_begin_after_a_lead_was_given_that_is_rejected_in_it(
    office: Any, ops: Any
) -> None:
    """Ann's turn was before it: nothing else of hers is taken back."""
    rejected_one = await an_mql(office, 1)
    for i in (2, 3):
        office.clock.advance(hours=1)
        await office.route(Lead(f"l{i}", email=f"x@y{i}.example", country="GB", employees=500))
    await office.route(Lead(rejected_one, email="p1@firm1.example", country="DE"))
    office.clock.advance(hours=1)
    await rejected(office, ops, rejected_one)
    past = await office.store.read(lambda reader: latest_leads(reader, 2, office.policy.reps))
    assert [type(moment) for moment in past.moments] == [Arrived, Arrived, Left]
    assert owners(office.policy, past)[rejected_one] == SUPPRESSED


async def rejected(desk: Any, ops: Any, lead_id: str) -> None:
    """Its rep says that a lead is spam, by which his turn is given back."""
    asked = ops.request(RejectLead, "sales-ops", lead_id=lead_id, reason="spam")
    await desk.run(lambda tx, policy, now: reject_lead(tx, policy, asked, now))


async def test_calls_that_shared_a_batch_are_replayed_one_after_the_other(
    office: Any, ops: Any
) -> None:
    """A lead is drawn for and given to Cat at one instant: it is Cat's, and Ann had a turn."""
    lead_id = await an_mql(office, 1)
    await ops.act(AssignLead, lead_id=lead_id, rep_id="cat", reason="knows them")
    latest = await office.store.read(lambda reader: latest_leads(reader, 9, office.policy.reps))
    for past in (latest, await window(office)):
        assert [m.asked for m in past.moments if isinstance(m, Arrived)] == ["route", "assign"]
        assert [len(m.activities) for m in past.moments if isinstance(m, Arrived)] == [1, 0]
        found = replay(office.policy, past)
        assert (found.fates[0].owner, found.drawn) == (RepOwner("cat"), {"west": 1})


async def test_a_lead_stands_as_it_was_known_when_the_window_began(office: Any) -> None:
    """That it must not be contacted was said in the window: until then it is Ann's."""
    lead_id = await an_mql(office, 1)
    office.clock.advance(hours=1)
    since = office.clock.now
    for said in (None, True):
        office.clock.advance(hours=1)
        await office.route(Lead(lead_id, email="p1@firm1.example", do_not_contact=said))
    found, _ = await office.store.read(lambda reader: recorded(reader, since))
    past = past_in(found, since)
    assert [one.lead.do_not_contact for one in past.stood] == [False]
    first, _ = past.moments
    for moments, owner in ((past.moments, SUPPRESSED), ((first,), RepOwner("ann"))):
        window_of = msgspec.structs.replace(past, moments=moments)
        assert owners(office.policy, window_of) == {lead_id: owner}


@pytest.mark.parametrize(
    ("worth", "asked"),
    [
        pytest.param({"employees": 5}, Asked.ROUTE, id="that marketing had, was routed"),
        pytest.param({"employees": 500}, Asked.REASSIGN, id="that a rep had, was taken from him"),
    ],
)
async def test_a_lead_that_was_to_be_reassigned(
    office: Any, worth: dict[str, Any], asked: Asked
) -> None:
    lead = Lead("l1", email="x@y.example", source="web", **worth)
    await office.route(lead)
    office.clock.advance(hours=1)
    await office.route(lead, reassign_reason="try others", actor_id="sales-ops")
    then = asked_then((await office.decisions())[-1])
    assert then is not None
    assert then.asked is asked
