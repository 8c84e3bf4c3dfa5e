"""Taking an mql on: by its owner, or by a rep from the queue."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from scoring_service.values.clock import ClockName
from scoring_service.values.errors import FailedPrecondition
from scoring_service.values.happening import ClockChanged
from scoring_service.values.lead import Lead
from scoring_service.values.owner import QueueOwner, RepOwner
from scoring_service.values.stage import Stage
from scoring_service.workflows.lifecycle_requests import AcceptLead, AssignLead, LogContact

REQUIRED = {"sal": ["phone", "job_title"]}


def clock_of(lead: Any, name: ClockName) -> Any:
    """The lead's clock of that name; None without one."""
    return next((clock for clock in lead.clocks if clock.name is name), None)


async def queued(sales: Any, lead_id: str = "l1") -> Any:
    """A lead that waits: nobody of the pool limited may take more today."""
    for i in range(3):
        await sales.mql(f"full{i}", country="GB")
    lead = await sales.mql(lead_id, country="GB")
    assert lead.owner == QueueOwner("limited-waiting")
    return lead


async def test_the_owner_keeps_the_lead_and_its_assignment(sales: Any) -> None:
    before = await sales.mql()
    view = await sales.act(AcceptLead)
    after = await sales.lead()
    assert (view.stage, after.owner) == (Stage.SAL, RepOwner("ann"))
    assert after.assignment_id == before.assignment_id
    assert view.decision_id == ""
    [*_, entry] = await sales.entries()
    assert (entry.stage_to, entry.cause, entry.actor) == ("sal", "accepted", "ann")


async def test_the_clock_of_accepting_is_met_and_those_of_a_sal_begin(
    sales: Any, clock: Any
) -> None:
    await sales.mql()
    clock.advance(hours=2)
    view = await sales.act(AcceptLead)
    assert {one.name for one in view.clocks} >= {ClockName.FIRST_CONTACT, ClockName.NO_CONTACT}
    assert view.respond_by == clock.now + timedelta(hours=1)
    changed = await sales.happenings(ClockChanged)
    [met] = [one.clock for one in changed if one.how == "met"]
    assert (met.name, met.met_at, met.breached_at) == (ClockName.ACCEPT, clock.now, None)
    gone = {one.clock.name for one in changed if one.how == "cancelled"}
    assert {ClockName.ESCALATE, ClockName.NOT_WORKED} <= gone
    assert ClockName.ACCEPT not in gone


async def test_the_world_is_told_without_names(sales: Any) -> None:
    await sales.mql()
    await sales.act(AcceptLead)
    [told] = await sales.events("lead.accepted")
    assert (told["lead_id"], told["stage"], told["actor"]) == ("l1", "sal", "ann")
    assert "acme" not in str(told)
    [moved] = await sales.events("lead.stage_changed")
    assert (moved["stage_from"], moved["stage_to"]) == ("mql", "sal")


@pytest.mark.parametrize("by", [AcceptLead, AssignLead])
async def test_a_rep_who_takes_a_queued_lead_accepts_it(sales: Any, by: Any) -> None:
    lead = await queued(sales)
    fields = {"rep_id": "cat"} if by is AssignLead else {}
    view = await sales.act(by, "cat", **fields)
    after = await sales.lead()
    assert (view.stage, after.owner, after.waiting_in) == (Stage.SAL, RepOwner("cat"), None)
    assert after.assignment_id not in ("", lead.assignment_id)
    assert view.decision_id
    stands = await sales.desk.store.read(lambda reader: reader.assignment(after.assignment_id))
    assert (stands.cause, stands.owner, stands.decision_id) == (
        "manual", RepOwner("cat"), view.decision_id,
    )  # fmt: skip
    assert await sales.findings() == []


@pytest.mark.parametrize("actor", ["sales-ops", "stranger", ""])
async def test_only_a_rep_accepts_what_waits(sales: Any, actor: str) -> None:
    lead = await queued(sales)
    with pytest.raises(FailedPrecondition) as refused:
        await sales.act(AcceptLead, actor)
    assert refused.value.reason == "NOT_OWNER"
    assert "is no active rep, who alone may take it" in refused.value.message
    assert "gives it to one by AssignLead" in refused.value.message
    assert await sales.lead() == lead


async def test_who_had_the_lead_in_this_visit_may_not_take_it_from_the_queue(sales: Any) -> None:
    await queued(sales)

    def exclude(tx: Any, policy: Any, now: Any) -> None:
        tx.save_lead(msgspec.structs.replace(tx.lead("l1"), excluded=("cat",)))

    await sales.desk.run(exclude)
    with pytest.raises(FailedPrecondition, match="'cat' had lead 'l1'") as refused:
        await sales.act(AcceptLead, "cat")
    assert refused.value.reason == "EXCLUDED"
    assert (await sales.act(AcceptLead, "bob")).owner == RepOwner("bob")


async def test_what_a_sal_requires_is_asked_for_before(sales_of: Any, answers: Any) -> None:
    from_file = {"tracks": {}, "required": REQUIRED}
    sales = sales_of(lifecycle=from_file | {"default_track": "welcome-nurture"}, routing=ROUTING)
    lead = await sales.mql(job_title="CTO")
    with pytest.raises(FailedPrecondition, match="sal requires phone of lead 'l1'") as refused:
        await sales.act(AcceptLead)
    assert refused.value.reason == "FIELDS_MISSING"
    assert await sales.lead() == lead
    await sales.desk.route(Lead(lead_id="l1", phone="+49 30 1234"))
    assert (await sales.act(AcceptLead)).stage is Stage.SAL


ROUTING = {
    "routes": [{"name": "everybody", "when": "employees >= 10", "assign": {"pool": "west"}}],
    "otherwise": {"queue": "triage", "owner": "sales-ops"},
}


async def test_a_contact_before_it_does_not_accept_but_meets_the_clock(
    sales: Any, clock: Any
) -> None:
    await sales.mql()
    assert (await sales.act(LogContact)).stage is Stage.MQL
    clock.advance(hours=1)
    view = await sales.act(AcceptLead)
    first = clock_of(view, ClockName.FIRST_CONTACT)
    assert (first.met_at, first.due_at, first.breached_at) == (clock.now, None, None)
    assert view.respond_by is None


async def test_what_a_machine_sent_before_it_meets_nothing(sales: Any) -> None:
    await sales.mql()
    await sales.act(LogContact, automatic=True)
    view = await sales.act(AcceptLead)
    assert clock_of(view, ClockName.FIRST_CONTACT).met_at is None


async def test_an_appointment_made_before_it_stops_the_clocks_of_the_sal(
    sales: Any, clock: Any
) -> None:
    await sales.mql()
    until = clock.now + timedelta(days=20)
    view = await sales.act(LogContact, next_contact_at=until)
    assert clock_of(view, ClockName.ACCEPT).due_at is not None, "nothing pauses this one"
    view = await sales.act(AcceptLead)
    waits = clock_of(view, ClockName.NO_CONTACT)
    assert (waits.resumes_at, waits.due_at) == (until, None)


async def test_a_contact_of_an_earlier_visit_meets_nothing(sales: Any, clock: Any) -> None:
    await sales.at(Stage.SAL)
    await sales.act(LogContact)
    clock.advance(days=1)
    await sales.moved(Stage.MQL)
    view = await sales.act(AcceptLead)
    assert clock_of(view, ClockName.FIRST_CONTACT).due_at == clock.now + timedelta(hours=1)
