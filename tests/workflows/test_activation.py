"""Activating a policy: owners gone are refused, leads of a pool gone are routed, queues drain."""

from collections.abc import Callable
from typing import Any

import pytest

from scoring_service.domain.policy import Policy
from scoring_service.values.errors import FailedPrecondition
from scoring_service.values.lead import Lead
from scoring_service.values.owner import QueueOwner, RepOwner
from scoring_service.workflows.activation import Superseded, activate
from scoring_service.workflows.requests import ActivatePolicy


async def test_the_same_policy_again_changes_nothing(desk: Any, policy: Policy) -> None:
    activated = await desk.activate(policy)
    assert (activated.changed, activated.previous) == (False, policy.revision)


async def test_another_policy_names_the_one_it_replaced(
    desk: Any, policy: Policy, small: Any
) -> None:
    new = small(open_leads_max=1)
    activated = await desk.activate(new)
    assert (activated.changed, activated.previous) == (True, policy.revision)
    assert (await desk.route(Lead(employees=500))).policy_revision == new.revision


async def test_files_that_were_read_before_another_activation_do_not_decide(
    desk: Any, policy: Policy, small: Any
) -> None:
    await desk.activate(policy)
    newer, older = small(open_leads_max=1), small(open_leads_max=2)
    number = await desk.store.read(lambda reader: reader.latest_activation())
    await desk.activate(newer)

    async def activated(found: Policy, after: int) -> bool:
        request = ActivatePolicy(b"", "late", read_after=after)
        made = await desk.store.writer.activate(
            lambda tx, policy, now: activate(tx, policy, request, now), found
        )
        return bool(made.changed)

    with pytest.raises(Superseded):
        await activated(older, number)
    assert desk.store.policies.revision == newer.revision
    assert not await activated(newer, number), "the same rules again are superseded by nothing"
    assert await activated(older, number + 1)
    assert desk.store.policies.revision == older.revision


async def test_a_reload_that_frees_a_rep_drains_his_queue(desk: Any, small: Any) -> None:
    await desk.activate(small(open_leads_max=0))
    waits = await desk.route(Lead(lead_id="l1", employees=500))
    assert waits.owner == QueueOwner("west")
    await desk.activate(small(open_leads_max=5))
    await desk.drain()
    assert (await desk.lead("l1")).owner == RepOwner("ann")


async def test_leads_of_a_removed_pool_are_routed(
    desk: Any, policy_of: Callable[..., Policy], without_limited: Any
) -> None:
    for i in range(5):
        await desk.route(Lead(lead_id=f"l{i}", employees=500, country="GB"))
    assert (await desk.lead("l4")).waiting_in == "limited"
    await desk.activate(policy_of(**without_limited))
    await desk.drain()
    moved = await desk.lead("l4")
    assert isinstance(moved.owner, RepOwner)
    assert moved.waiting_in is None
    assert await desk.run(lambda tx, policy, now: tx.oldest_waiting_pools()) == ()


async def test_a_track_that_owns_leads_is_not_removed(
    desk: Any, policy: Policy, policy_of: Callable[..., Policy], without_newsletter: Any
) -> None:
    await desk.route(Lead(lead_id="l1", email="p@firm.example", employees=5, source="web"))
    with pytest.raises(FailedPrecondition) as refusal:
        await desk.activate(policy_of(**without_newsletter))
    assert refusal.value.reason == "STILL_OWNS_LEADS"
    assert "track newsletter (1)" in refusal.value.message
    assert (await desk.route(Lead(employees=500))).policy_revision == policy.revision


async def test_a_track_that_owns_nobody_is_removed(
    desk: Any, policy_of: Callable[..., Policy], without_newsletter: Any
) -> None:
    assert (await desk.activate(policy_of(**without_newsletter))).changed


async def test_who_may_take_a_waiting_lead_is_judged_by_the_new_policy(
    desk: Any, conditional: Any
) -> None:
    """Ann takes only German leads, then only British ones: no one overtakes a lead she may take."""
    await desk.activate(conditional('country == "DE"', open_leads_max=1))
    await desk.route(Lead(lead_id="l0", employees=500, country="DE"))
    await desk.route(Lead(lead_id="gb", employees=500, country="US"))
    await desk.activate(conditional('country == "US"', open_leads_max=2))
    arrives = await desk.route(Lead(lead_id="us", employees=500, country="US"))
    assert (await desk.lead("gb")).owner == RepOwner("ann")
    assert arrives.owner == QueueOwner("west")
