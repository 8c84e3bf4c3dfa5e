"""What people did is the same in both replays of a diff, and what was decided is not looked at."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from scoring_service.cli.rules.diff.recorded import recorded
from scoring_service.domain.policy import Policy
from scoring_service.values.owner import QueueOwner, RepOwner
from scoring_service.values.stage import Stage
from scoring_service.workflows.diff.latest import asked_then
from scoring_service.workflows.diff.past import Arrived, Left, Past
from scoring_service.workflows.diff.replaying import replay
from scoring_service.workflows.diff.stored_past import past_in
from scoring_service.workflows.lifecycle_requests import AssignLead
from scoring_service.workflows.rep_requests import PinLead
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
