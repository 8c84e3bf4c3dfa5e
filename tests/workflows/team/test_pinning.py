"""A pinned lead keeps its rep through routing, until somebody takes the pin out."""

from datetime import timedelta
from typing import Any

import pytest

from scoring_service.domain.lifecycle.moves import Mover
from scoring_service.values.errors import FailedPrecondition, InvalidArgument, PermissionDenied
from scoring_service.values.happening import Moved
from scoring_service.values.lead import Lead
from scoring_service.values.owner import QueueOwner, RepOwner
from scoring_service.values.stage import Stage
from scoring_service.workflows.entering import Entry
from scoring_service.workflows.lifecycle_requests import AssignLead
from scoring_service.workflows.reassigning import reassign
from scoring_service.workflows.rep_requests import PinLead, UnpinLead
from tests.workflows.firing.conftest import (
    an_mql,
    demo,
    in_stage,
    is_whole,
    live,
    moved,
    to_track,
    wants,
)

ANN, BOB, CAT = RepOwner("ann"), RepOwner("bob"), RepOwner("cat")
HOUR = timedelta(hours=1)


async def test_its_rep_keeps_it_where_routing_is_asked_for_another(office: Any, ops: Any) -> None:
    lead_id = await an_mql(office)
    view = await ops.act(PinLead, lead_id=lead_id, rep_id="ann")
    assert (view.pinned_rep, view.owner) == ("ann", ANN)
    again = await office.route(lead_id=lead_id, actor_id="sales-ops")
    assert (again.owner, again.note) == (ANN, "pinned to its owner")


async def test_it_goes_to_him_at_once_where_sales_has_it(office: Any, ops: Any) -> None:
    lead_id = await an_mql(office)
    assert (await office.lead(lead_id)).owner == ANN
    view = await ops.act(PinLead, lead_id=lead_id, rep_id="cat", reason="he knows them")
    assert (view.owner, view.pinned_rep, view.stage) == (CAT, "cat", Stage.MQL)
    assert "ann" in (await office.lead(lead_id)).excluded
    assert await is_whole(office)


async def test_one_that_waits_leaves_its_queue(office: Any, ops: Any) -> None:
    for rep in ("ann", "bob", "cat"):
        await ops.away(rep, 2, 3)
    lead_id = await an_mql(office)
    assert (await office.lead(lead_id)).owner == QueueOwner("west")
    view = await ops.act(PinLead, actor="olu", lead_id=lead_id, rep_id="ann")
    assert (view.owner, view.waiting_in) == (ANN, "")
    assert await is_whole(office)


async def test_one_of_marketing_goes_to_him_when_it_comes_to_sales(office: Any, ops: Any) -> None:
    nurtured = Lead(lead_id="l1", email="p1@firm1.example", employees=5, source="web")
    await office.route(nurtured)
    view = await ops.act(PinLead, lead_id="l1", rep_id="cat")
    assert (view.stage, view.pinned_rep) == (Stage.NURTURE, "cat")
    came = await office.route(wants(1), activities=(demo(1, office.clock.now),))
    assert (came.owner, came.note, came.stage) == (CAT, "pinned", Stage.MQL)


async def test_a_recycled_lead_comes_back_to_him(office: Any, ops: Any) -> None:
    lead_id = await in_stage(office, Stage.SAL)
    await ops.act(PinLead, lead_id=lead_id, rep_id="bob", reason="he knows them")
    await moved(office, lead_id, to_track())
    office.clock.advance(days=1)
    view = await office.route(wants(1), activities=(demo(2, office.clock.now),))
    assert view.owner == BOB


async def test_he_keeps_it_while_he_is_away(office: Any, ops: Any) -> None:
    lead_id = await an_mql(office)
    await ops.act(PinLead, lead_id=lead_id, rep_id="ann")
    other = await an_mql(office, 2)
    await ops.away("ann", 2, 4)
    assert (await office.lead(lead_id)).owner == ANN
    assert (await office.lead(other)).owner != ANN
    assert await is_whole(office)


async def test_who_let_the_clock_run_out_does_not_keep_it_in_that_visit(
    office: Any, ops: Any
) -> None:
    lead_id = await an_mql(office)
    await ops.act(PinLead, lead_id=lead_id, rep_id="ann")
    await office.run(lambda tx, p, now: reassign(tx, p, tx.lead(lead_id), now, actor="timer"))
    assert (await office.lead(lead_id)).owner != ANN
    again = await office.route(lead_id=lead_id)
    assert again.owner != ANN


async def test_given_to_another_by_hand_it_is_pinned_no_longer(office: Any, ops: Any) -> None:
    lead_id = await an_mql(office)
    await ops.act(PinLead, lead_id=lead_id, rep_id="ann")
    view = await ops.act(AssignLead, lead_id=lead_id, rep_id="bob", reason="Ann asked")
    assert (view.owner, view.pinned_rep) == (BOB, "")
    assert (await office.route(lead_id=lead_id)).owner == BOB


async def test_one_whose_rep_leaves_is_pinned_no_longer(
    office: Any, office_of: Any, ops: Any
) -> None:
    lead_id = await an_mql(office)
    await ops.act(PinLead, lead_id=lead_id, rep_id="ann")
    await office.activate(office_of(ann={"active": False}))
    await office.drain()
    lead = await office.lead(lead_id)
    assert lead.pinned_rep is None
    assert lead.owner in (BOB, CAT)


async def test_one_that_another_has_is_not_pinned_to_who_has_left(
    office: Any, office_of: Any, ops: Any
) -> None:
    await office.route(Lead(lead_id="l1", email="p1@firm1.example", employees=5, source="web"))
    await ops.act(PinLead, lead_id="l1", rep_id="cat")
    await office.activate(office_of(cat={"active": False}))
    await office.drain()
    assert (await office.lead("l1")).pinned_rep is None
    assert [one["actor"] for one in await ops.events("lead.unpinned")] == ["timer"]
    assert await is_whole(office)


async def test_the_routes_decide_again_once_the_pin_is_out(office: Any, ops: Any) -> None:
    lead_id = await an_mql(office)
    await ops.act(PinLead, lead_id=lead_id, rep_id="ann")
    view = await ops.act(UnpinLead, lead_id=lead_id, reason="no more")
    assert (view.pinned_rep, view.owner) == ("", ANN)
    taken = await office.route(lead_id=lead_id, reassign_reason="too many", actor_id="sales-ops")
    assert taken.owner != ANN


async def test_it_is_recorded_and_told(office: Any, ops: Any) -> None:
    lead_id = await an_mql(office)
    await ops.act(PinLead, lead_id=lead_id, rep_id="ann", reason="she knows them")
    await ops.act(UnpinLead, actor="mia", lead_id=lead_id, reason="no more")
    told = await office.store.read(lambda reader: reader.happenings(lead_id))
    acts = [(one.actor, one.happening) for one in told if isinstance(one.happening, Moved)]
    assert acts == [
        ("sales-ops", Moved("pinned", ANN, "she knows them")),
        ("mia", Moved("unpinned", ANN, "no more")),
    ]
    assert [one["actor"] for one in await ops.events("lead.pinned")] == ["sales-ops"]
    assert [one["reason"] for one in await ops.events("lead.unpinned")] == ["no more"]


async def test_a_pin_moves_no_clock_of_its_owner(office: Any, ops: Any) -> None:
    lead_id = await an_mql(office)
    before = (await office.lead(lead_id)).clocks
    await live(office, office.clock.now + HOUR)
    await ops.act(PinLead, lead_id=lead_id, rep_id="ann")
    await ops.act(UnpinLead, lead_id=lead_id)
    assert (await office.lead(lead_id)).clocks == before


@pytest.mark.parametrize("actor", ["ann", "bob", "olu", "who", ""])
async def test_who_may_not(office: Any, ops: Any, actor: str) -> None:
    lead_id = await an_mql(office)
    for kind, fields in ((PinLead, {"rep_id": "ann"}), (UnpinLead, {})):
        with pytest.raises(PermissionDenied) as refused:
            await ops.act(kind, actor, lead_id=lead_id, **fields)
        assert refused.value.reason == "MAY_NOT_PIN"


async def test_what_cannot_be_pinned(office: Any, ops: Any) -> None:
    lead_id = await an_mql(office)
    with pytest.raises(InvalidArgument, match="no active rep"):
        await ops.act(PinLead, lead_id=lead_id, rep_id="who")
    with pytest.raises(InvalidArgument, match="why it is taken from 'ann'"):
        await ops.act(PinLead, lead_id=lead_id, rep_id="bob")
    with pytest.raises(FailedPrecondition) as refused:
        await ops.act(UnpinLead, lead_id=lead_id)
    assert refused.value.reason == "NOT_PINNED"
    await ops.act(PinLead, lead_id=lead_id, rep_id="ann")
    with pytest.raises(FailedPrecondition) as refused:
        await ops.act(PinLead, lead_id=lead_id, rep_id="ann")
    assert refused.value.reason == "ALREADY_THERE"
    await office.run(lambda tx, p, now: reassign(tx, p, tx.lead(lead_id), now, actor="timer"))
    with pytest.raises(FailedPrecondition) as refused:
        await ops.act(PinLead, lead_id=lead_id, rep_id="ann", reason="again")
    assert refused.value.reason == "EXCLUDED"


async def test_a_finished_lead_is_not_pinned(office: Any, ops: Any) -> None:
    lead_id = await in_stage(office, Stage.OPPORTUNITY)
    await moved(office, lead_id, Entry(Stage.CUSTOMER, Mover.SALES, "test", "ann"))
    with pytest.raises(FailedPrecondition) as refused:
        await ops.act(PinLead, lead_id=lead_id, rep_id="ann")
    assert refused.value.reason == "FINISHED"
