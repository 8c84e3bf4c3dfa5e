"""A reassignment needs a reason and an actor who may; it frees the rep it takes the lead from."""

from collections.abc import Callable
from typing import Any

import pytest

from scoring_service.values.decision import Cause, Passed
from scoring_service.values.errors import PermissionDenied
from scoring_service.values.lead import Lead
from scoring_service.values.owner import QueueOwner, RepOwner

ANN = Lead(lead_id="l1", email="ann@acme.example", employees=500)


@pytest.mark.parametrize("actor", ["sales-ops", "olu", "mia"])
async def test_who_may_reassign_moves_the_lead(desk: Any, actor: str) -> None:
    first = await desk.route(ANN)
    moved = await desk.route(ANN, actor_id=actor, reassign_reason="on the wrong desk")
    assert first.owner == RepOwner("ann")
    assert moved.owner != first.owner
    assert moved.cause is Cause.REASSIGNED
    assert moved.assignment_id != first.assignment_id


@pytest.mark.parametrize("actor", ["ann", "bob", "", "stranger"])
async def test_who_may_not_changes_nothing(desk: Any, actor: str) -> None:
    first = await desk.route(ANN)
    with pytest.raises(PermissionDenied):
        await desk.route(ANN, actor_id=actor, reassign_reason="mine")
    assert (await desk.route(ANN)).assignment_id == first.assignment_id


async def test_the_lead_that_was_taken_makes_room_for_one_who_waits(desk: Any, small: Any) -> None:
    await desk.activate(small(open_leads_max=1))
    first = await desk.route(ANN)
    waits = await desk.route(Lead(lead_id="l2", employees=500))
    assert (first.owner, waits.owner) == (RepOwner("ann"), QueueOwner("west"))
    await desk.route(Lead(lead_id="l1", do_not_contact=True))
    assert (await desk.route(lead_id="l2")).owner == RepOwner("ann")


async def test_who_arrives_in_the_same_batch_comes_behind_who_waits(
    open_desk: Callable[..., Any], small: Any
) -> None:
    """Nothing is drained meanwhile: Ann is free, and only who waits before him keeps him out."""
    desk = open_desk("late", small(open_leads_max=1), lambda tx, policy, now: 0)
    await desk.route(ANN)
    await desk.route(Lead(lead_id="l2", employees=500))
    _, arrives = await desk.together(
        desk.request(Lead(lead_id="l1", do_not_contact=True)),
        desk.request(Lead(lead_id="l3", employees=500)),
    )
    assert arrives.owner == QueueOwner("west")
    assert [(c.rep_id, c.outcome) for c in arrives.considered] == [("ann", Passed.QUEUE_FIRST)]
    await desk.drain()
    owners = [(await desk.lead(lead_id)).owner for lead_id in ("l2", "l3")]
    assert owners == [RepOwner("ann"), QueueOwner("west")]
