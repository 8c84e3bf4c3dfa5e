"""Giving an mql back: what follows from the reason, whose turn it was, and who is free again."""

from datetime import timedelta
from typing import Any

import pytest

from scoring_service.values.clock import ClockName
from scoring_service.values.errors import FailedPrecondition, InvalidArgument
from scoring_service.values.happening import Escalation, Lost
from scoring_service.values.lead import Lead
from scoring_service.values.owner import SUPPRESSED, QueueOwner, RepOwner, TrackOwner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead
from scoring_service.workflows.lifecycle_requests import (
    AcceptLead,
    CloseLost,
    DisqualifyLead,
    MoveLead,
    RecycleLead,
    RejectLead,
)

FLAG = "do_not_contact"


async def test_a_reason_that_recycles_gives_the_lead_to_a_track(sales: Any, clock: Any) -> None:
    lead = await sales.mql()
    view = await sales.act(RejectLead, reason="stakeholder_change", note="new boss")
    assert (view.stage, view.owner) == (Stage.RECYCLED, TrackOwner("welcome-nurture"))
    assert (view.reason, view.recycles, view.recycled_at) == ("stakeholder_change", 1, clock.now)
    assert view.reevaluate_at == clock.now + timedelta(days=60)
    assert view.tracks == ("welcome-nurture",)
    stands = await sales.desk.store.read(lambda reader: reader.assignment(lead.assignment_id))
    assert (stands.ended_how, stands.given_back) == ("rejected", False)
    [entry] = [one for one in await sales.entries() if one.stage_to == "recycled"]
    assert (entry.actor, entry.reason, entry.note) == ("ann", "stakeholder_change", "new boss")


async def test_what_was_wrong_is_recorded(sales: Any) -> None:
    await sales.mql()
    await sales.act(RejectLead, reason="wrong_icp", note="far too small", criterion="employees")
    [lost] = await sales.happenings(Lost)
    assert lost == Lost("wrong_icp", "far too small", "employees")
    [told] = await sales.events("lead.rejected")
    assert (told["reason"], told["criterion"], told["stage"]) == (
        "wrong_icp", "employees", "disqualified",
    )  # fmt: skip
    assert "small" not in str(told)


async def test_a_criterion_is_one_of_the_rules(sales: Any) -> None:
    await sales.mql()
    with pytest.raises(InvalidArgument, match=r"'shoe size' is no criterion of fit \(company size"):
        await sales.act(RejectLead, criterion="shoe size")
    assert (await sales.act(RejectLead, criterion="company size")).stage is Stage.RECYCLED


async def test_a_reroute_goes_to_somebody_else_and_stays_an_mql(sales: Any, clock: Any) -> None:
    lead = await sales.mql()
    clock.advance(hours=1)
    view = await sales.act(RejectLead, reason="wrong_owner")
    assert (view.stage, view.visit) == (Stage.MQL, lead.visit)
    assert view.owner in (RepOwner("bob"), RepOwner("cat"))
    assert view.assignment_id != lead.assignment_id
    [accept] = [one for one in view.clocks if one.name is ClockName.ACCEPT]
    assert accept.started_at == clock.now
    assert (await sales.lead()).excluded == ("ann",)
    assert await sales.findings() == []


async def test_whoever_rejected_it_does_not_get_it_again_in_this_visit(sales: Any) -> None:
    await sales.mql()
    owners = [(await sales.lead()).owner.id]
    for _ in range(2):
        view = await sales.act(RejectLead, owners[-1], reason="wrong_owner")
        owners.append(view.owner.id)
    assert sorted(owners) == ["ann", "bob", "cat"]


async def test_where_nobody_else_may_have_it_the_lead_stays_and_the_top_is_told(
    sales: Any, clock: Any
) -> None:
    await sales.mql()
    for _ in range(2):
        await sales.act(RejectLead, (await sales.lead()).owner.id, reason="wrong_owner")
    last = await sales.lead()
    credits = await sales.credits()
    view = await sales.act(RejectLead, last.owner.id, reason="wrong_owner")
    assert (view.owner, view.assignment_id) == (last.owner, last.assignment_id)
    [escalation] = await sales.happenings(Escalation)
    assert (escalation.clock, escalation.told) == ("nobody", ("sales-ops",))
    [again] = [one for one in view.clocks if one.name is ClockName.NOBODY]
    assert again.due_at == clock.now + timedelta(hours=8)
    assert await sales.credits() == credits, "the turn stands"
    assert await sales.findings() == []


@pytest.mark.parametrize(
    ("reason", "returned"),
    [
        pytest.param("spam", True, id="spam gives the turn back"),
        pytest.param("invalid_contact", True, id="so does an invalid contact"),
        pytest.param("duplicate", True, id="so does a duplicate"),
        pytest.param("no_need", False, id="no need does not"),
        pytest.param("timing", False, id="bad timing does not"),
    ],
)
@pytest.mark.parametrize("act", [RejectLead, DisqualifyLead])
async def test_a_reason_that_returns_the_turn_undoes_its_draw(
    sales: Any, act: Any, reason: str, returned: bool
) -> None:
    if act is DisqualifyLead and reason == "timing":
        reason, returned = "wrong_icp", False
    lead = await sales.mql()
    drawn = await sales.credits()
    assert drawn["ann"] < 0
    await sales.act(act, reason=reason)
    back = {"ann": 0, "bob": 0, "cat": 0}
    assert await sales.credits() == (back if returned else drawn)
    stands = await sales.desk.store.read(lambda reader: reader.assignment(lead.assignment_id))
    assert stands.given_back == returned
    assert await sales.findings() == []


async def test_a_wrong_owner_has_not_had_his_turn(sales: Any) -> None:
    """His draw is undone before the next, in which he is not."""
    await sales.mql()
    await sales.act(RejectLead, reason="wrong_owner")
    credits = await sales.credits()
    assert credits["ann"] == 0
    assert sum(credits.values()) == 0


async def test_an_accepted_lead_gives_no_turn_back(sales: Any) -> None:
    await sales.at(Stage.SAL)
    drawn = await sales.credits()
    await sales.act(DisqualifyLead, reason="spam")
    assert await sales.credits() == drawn


async def test_a_lead_that_leaves_makes_room_for_one_who_waits(
    sales: Any, small: Any, clock: Any
) -> None:
    await sales.desk.activate(small(open_leads_max=1))
    await sales.mql("l1")
    waits = await sales.mql("l2")
    assert waits.owner == QueueOwner("west")
    await sales.act(AcceptLead)
    assert (await sales.lead("l2")).owner == QueueOwner("west"), "a sal is held too"
    await sales.act(RecycleLead)
    await sales.desk.drain()
    drained = await sales.lead("l2")
    assert (drained.owner, drained.stage) == (RepOwner("ann"), Stage.MQL)
    assert await sales.findings() == []


async def test_a_queued_lead_is_rejected_by_who_answers_for_its_queue(sales: Any) -> None:
    for i in range(3):
        await sales.mql(f"full{i}", country="GB")
    await sales.mql(country="GB")
    with pytest.raises(FailedPrecondition, match="'sales-ops' does"):
        await sales.act(RejectLead, "dan")
    view = await sales.act(RejectLead, "sales-ops", reason="spam")
    assert (view.stage, view.waiting_in) == (Stage.DISQUALIFIED, "")
    count, _ = await sales.desk.store.read(lambda reader: reader.waiting("limited"))
    assert count == 0
    assert await sales.findings() == []


@pytest.mark.parametrize("act", [RejectLead, DisqualifyLead])
async def test_who_waits_cost_nobody_a_turn_that_could_be_given_back(sales: Any, act: Any) -> None:
    for i in range(3):
        await sales.mql(f"full{i}", country="GB")
    waits = await sales.mql(country="GB")
    drawn = await sales.credits("limited")
    await sales.act(act, "sales-ops", reason="spam")
    assert await sales.credits("limited") == drawn
    ended = await sales.desk.store.read(lambda reader: reader.assignment(waits.assignment_id))
    assert (ended.ended_at is None, ended.given_back) == (False, False)


@pytest.mark.parametrize("act", [RejectLead, DisqualifyLead])
async def test_who_must_not_be_contacted_is_noted_for_good(sales: Any, act: Any) -> None:
    await sales.mql()
    view = await sales.act(act, reason="do_not_contact")
    assert (view.stage, view.owner, view.do_not_contact) == (
        Stage.DISQUALIFIED, SUPPRESSED, True,
    )  # fmt: skip
    changes = await sales.desk.store.read(lambda reader: reader.field_changes("lead", "l1"))
    assert [(one.field, one.new, by) for one, _, by in changes] == [
        ("do_not_contact", "true", "ann")
    ]
    again = await sales.desk.route(Lead(lead_id="l1"))
    assert again.owner == SUPPRESSED


async def test_the_limit_of_recyclings_ends_a_lead(sales: Any) -> None:
    """Three are allowed; for want of work it may be recycled beside them."""
    await sales.mql()
    for round_ in range(3):
        assert (await sales.act(RejectLead, "sales-ops")).recycles == round_ + 1
        await sales.act(MoveLead, "sales-ops", stage=Stage.MQL, reason="try again")
        lead = await sales.lead()
        assert isinstance(lead.owner, RepOwner)
    view = await sales.act(RejectLead, lead.owner.id, reason="not_worked")
    assert (view.stage, view.recycles) == (Stage.RECYCLED, 3)
    await sales.act(MoveLead, "sales-ops", stage=Stage.MQL, reason="try again")
    view = await sales.act(RejectLead, "sales-ops")
    assert (view.stage, view.reason) == (Stage.DISQUALIFIED, "recycles_exhausted")
    assert (await sales.entries())[-1].note == "recycled for timing"


async def test_a_listed_track_is_never_entered_twice(sales: Any) -> None:
    await sales.mql()
    first = await sales.act(RejectLead, reason="chose_competitor")
    assert first.owner == TrackOwner("competitive_recapture")
    await sales.act(MoveLead, "sales-ops", stage=Stage.MQL, reason="try again")
    again = await sales.act(RejectLead, "sales-ops", reason="chose_competitor")
    assert (again.stage, again.reason) == (Stage.DISQUALIFIED, "recycles_exhausted")


@pytest.mark.parametrize(
    ("act", "stage"),
    [
        pytest.param(RejectLead, Stage.MQL, id="by who rejects it"),
        pytest.param(DisqualifyLead, Stage.SAL, id="by who ends it"),
        pytest.param(CloseLost, Stage.OPPORTUNITY, id="by who lost it"),
        pytest.param(MoveLead, Stage.SAL, id="by who moves it"),
    ],
)
async def test_that_somebody_must_not_be_contacted_is_noted_of_every_lead_of_his(
    sales: Any, clock: Any, act: Any, stage: Stage
) -> None:
    """do_not_contact belongs to the person; who has it already is not noted again."""
    lead = await sales.at(stage)

    def earlier(tx: Any, policy: Any, now: Any) -> None:
        fields = Lead("l0", full_name="the same person")
        tx.save_lead(StoredLead(fields, lead.person_id, Stage.CUSTOMER, now, now, now))

    await sales.desk.run(earlier)
    clock.advance(minutes=1)
    to = {"stage": Stage.DISQUALIFIED} if act is MoveLead else {}
    await sales.act(act, "sales-ops", reason="do_not_contact", **to)
    for lead_id in ("l0", "l1"):
        found = await sales.lead(lead_id)
        assert (found.do_not_contact, found.lead.do_not_contact) == (True, True)
        changes = await sales.desk.store.read(
            lambda reader, lead_id=lead_id: reader.field_changes("lead", lead_id)
        )
        noted = [(one.old, one.new, who) for one, _, who in changes if one.field == FLAG]
        assert noted == [("false", "true", "sales-ops")]
