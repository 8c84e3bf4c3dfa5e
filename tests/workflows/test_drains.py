"""A drain draws for those who wait as on arrival: oldest first, whichever pool they wait for."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from scoring_service.domain.policy import Policy
from scoring_service.values.lead import Lead
from scoring_service.values.owner import SUPPRESSED, QueueOwner, RepOwner
from scoring_service.workflows.waiting import DRAIN

Rules = Callable[..., Policy]


@pytest.fixture(scope="session")
def pools(policy_of: Rules) -> Callable[..., Policy]:
    """Rules of these pools; a lead's region names its pool, and its industry is for conditions."""

    def make(pools: dict[str, Any], sla: str = "accept", **reps: dict[str, Any]) -> Policy:
        members = {
            m["rep"]: reps.get(m["rep"], {}) for pool in pools.values() for m in pool["members"]
        }
        routes = [
            {"name": name, "when": f'region == "{name}"', "assign": {"pool": name}, "sla": sla}
            for name in pools
        ]
        return policy_of(
            team={"reps": members, "pools": pools, "operators": ["ops"]},
            routing={"routes": routes, "otherwise": {"track": "newsletter"}},
        )

    return make


def of(*reps: Any, **fields: Any) -> dict[str, Any]:
    members = [{"rep": rep} if isinstance(rep, str) else rep for rep in reps]
    return {"members": members, **fields}


async def arrive(desk: Any, lead_id: str, region: str, industry: str | None = None) -> Any:
    desk.clock.advance(minutes=1)
    return await desk.route(Lead(lead_id, region=region, industry=industry, employees=500))


async def owners(desk: Any, *lead_ids: str) -> list[str]:
    return [(await desk.lead(lead_id)).owner.id for lead_id in lead_ids]


async def test_two_pools_that_share_a_fallback_are_drained_by_age(desk: Any, pools: Any) -> None:
    shared = {
        "north": of("nia", fallback=["help"]),
        "south": of("sam", fallback=["help"]),
        "help": of("hal"),
    }
    full = {"open_leads_max": 0}
    await desk.activate(pools(shared, nia=full, sam=full, hal=full))
    for lead_id, region in [("n1", "north"), ("s1", "south"), ("n2", "north"), ("s2", "south")]:
        await arrive(desk, lead_id, region)
    await desk.activate(pools(shared, nia=full, sam=full, hal={"open_leads_max": 2}))
    await desk.drain()
    assert await owners(desk, "n1", "s1", "n2", "s2") == ["hal", "hal", "north", "south"]


async def test_who_waits_for_somebody_else_keeps_nobody_waiting(desk: Any, pools: Any) -> None:
    """Seventy leads wait for one who takes only software; the one behind them is for another."""
    members = [
        {"rep": "sue", "when": 'industry == "software"'},
        {"rep": "fin", "when": 'industry == "finance"'},
    ]
    team = {"north": of(*members)}
    full = {"open_leads_max": 0}
    await desk.activate(pools(team, sue=full, fin=full))
    for i in range(70):
        await arrive(desk, f"s{i}", "north", "software")
    await arrive(desk, "f", "north", "finance")
    await desk.activate(pools(team, sue=full, fin={}))
    await desk.drain()
    assert await owners(desk, "s0", "s69", "f") == ["north", "north", "fin"]


async def test_a_lead_that_changes_while_it_waits_is_judged_anew(desk: Any, pools: Any) -> None:
    team = {"north": of({"rep": "sue", "when": 'industry == "software"'})}
    await desk.activate(pools(team))
    assert (await arrive(desk, "l1", "north", "finance")).owner == QueueOwner("north")
    kept = await arrive(desk, "l1", "north", "software")
    assert kept.owner == QueueOwner("north")
    await desk.drain()
    assert await owners(desk, "l1") == ["sue"]


async def test_a_lead_that_changes_so_that_nobody_takes_it_lets_others_by(
    desk: Any, pools: Any
) -> None:
    team = {"north": of({"rep": "sue", "when": 'industry == "software"'})}
    await desk.activate(pools(team, sue={"open_leads_max": 1}))
    for lead_id in ("held", "first", "second"):
        await arrive(desk, lead_id, "north", "software")
    await arrive(desk, "first", "north", "finance")
    await desk.route(Lead("held", do_not_contact=True))
    await desk.drain()
    assert await owners(desk, "first", "second") == ["north", "sue"]


async def test_a_reassigned_lead_waits_with_its_exclusions(desk: Any, pools: Any) -> None:
    """A queue takes an mql (with its exclusions, which drains honour)."""
    team = {"north": of("ann", "bea")}
    await desk.activate(pools(team, bea={"open_leads_max": 0}))
    await arrive(desk, "l1", "north")
    assert await owners(desk, "l1") == ["ann"]
    moved = await desk.route(lead_id="l1", actor_id="ops", reassign_reason="not hers")
    assert moved.owner == QueueOwner("north")
    await desk.drain()
    assert await owners(desk, "l1") == ["north"]
    assert (await desk.lead("l1")).excluded == ("ann",)
    await desk.activate(pools(team, bea={"open_leads_max": 1}))
    await desk.drain()
    assert await owners(desk, "l1") == ["bea"]


async def test_a_drained_lead_has_the_sla_of_the_route_it_came_by(desk: Any, pools: Any) -> None:
    team = {"north": of("ann")}
    await desk.activate(pools(team, sla="hot", ann={"open_leads_max": 0}))
    await arrive(desk, "l1", "north")
    await desk.activate(pools(team, sla="hot", ann={}))
    await desk.drain()
    lead = await desk.lead("l1")
    given = await desk.store.read(lambda reader: reader.assignment(lead.assignment_id))
    assert (given.sla, given.route, given.pool) == ("hot", "north", "north")
    assert given.respond_by == given.assigned_at + timedelta(minutes=15)
    assert given.draw_number == 1


async def test_a_queue_that_is_renamed_keeps_its_leads(desk: Any, pools: Any) -> None:
    full = {"open_leads_max": 0}
    await desk.activate(pools({"north": of("ann")}, ann=full))
    before = await arrive(desk, "l1", "north")
    renamed = of("ann", queue={"name": "northern leads", "owner": "ops"})
    await desk.activate(pools({"north": renamed}, ann=full))
    await desk.drain()
    lead = await desk.lead("l1")
    assert (lead.owner, lead.waiting_in) == (QueueOwner("northern leads"), "north")
    assert lead.enqueued_at == before.enqueued_at


async def test_a_removed_pools_leads_are_routed_in_slices(desk: Any, pools: Any) -> None:
    await desk.activate(pools({"north": of("ann"), "south": of("sam")}, ann={"open_leads_max": 0}))
    for i in range(70):
        await arrive(desk, f"l{i}", "north")
    await desk.activate(pools({"south": of("sam")}))
    await desk.drain()
    assert await desk.run(lambda tx, policy, now: tx.oldest_waiting_pools()) == ()
    left = [await desk.lead(f"l{i}") for i in range(70)]
    assert {(lead.owner, lead.stage.value) for lead in left} == {(QueueOwner("intake"), "mql")}


async def test_by_win_probability_in_bands_then_oldest(desk: Any, pools: Any) -> None:
    """`order: win_probability` in bands of 0.1, then oldest."""
    team = {"north": of("ann", order="win_probability")}
    await desk.activate(pools(team, ann={"open_leads_max": 0}))
    chances = {"old": 0.31, "unknown": None, "young": 0.39, "best": 0.4, "low": 0.09}
    for lead_id in chances:
        await arrive(desk, lead_id, "north")

    def estimate(tx: Any, policy: Policy, now: Any) -> None:
        for place in tx.waiting(("north",), 64)[1]:
            chance = chances[place.lead_id]
            tx.enqueue(msgspec.structs.replace(place, win_probability=chance))

    await desk.run(estimate)
    drained = []
    for most in range(1, 6):
        await desk.activate(pools(team, ann={"open_leads_max": most}))
        await desk.drain()
        drained += [
            lead_id
            for lead_id in chances
            if lead_id not in drained and (await desk.lead(lead_id)).owner == RepOwner("ann")
        ]
    assert drained == ["best", "old", "young", "low", "unknown"]


async def test_who_must_not_be_contacted_leaves_the_queue(desk: Any, pools: Any) -> None:
    await desk.activate(pools({"north": of("ann")}, ann={"open_leads_max": 0}))
    await arrive(desk, "l1", "north")
    await desk.route(Lead("l1", do_not_contact=True))
    lead = await desk.lead("l1")
    assert (lead.owner, lead.waiting_in, lead.enqueued_at) == (SUPPRESSED, None, None)
    assert await desk.run(lambda tx, policy, now: tx.waiting(("north",), 1)) == (0, ())


async def test_where_only_an_event_can_free_somebody_no_timer_is_set(desk: Any, pools: Any) -> None:
    await desk.activate(pools({"north": of("ann")}, ann={"open_leads_max": 1}))
    await arrive(desk, "l1", "north")
    await arrive(desk, "l2", "north")
    timer = await desk.run(lambda tx, policy, now: tx.timer(DRAIN, "north"))
    assert timer is None
