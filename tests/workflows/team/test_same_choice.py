"""The choice never depends on thread timing, the size of a batch, who writes, or a restart."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest

from scoring_service.values.stored import Rotation
from scoring_service.workflows.assignment import route
from scoring_service.workflows.rep_requests import HandOver, PinLead, SetAvailability
from tests.conftest import MONDAY, Desk
from tests.workflows.firing.conftest import demo, is_whole, wants
from tests.workflows.team.conftest import WORKFLOWS, Ops

DAYS = {"first": date(2026, 3, 2), "last": date(2026, 3, 6)}
LEADS = 44


def morning(desk: Any, ops: Ops) -> list[Callable[[Any, Any, Any], Any]]:
    """Units of a morning: leads come, reps go and come back, a book goes, a lead is pinned."""

    def lead(i: int) -> Callable[..., Any]:
        asked = desk.request(wants(i), activities=(demo(i, MONDAY),), request_id=f"r{i}")
        return lambda tx, policy, now: route(tx, policy, asked, now)

    def act(kind: type, number: int, **fields: Any) -> Callable[..., Any]:
        asked = ops.request(kind, request_id=f"a{number}", **fields)
        return lambda tx, policy, now: WORKFLOWS[kind](tx, policy, asked, now)

    return [
        *(lead(i) for i in range(10)),
        act(SetAvailability, 1, rep_id="ann", **DAYS),
        *(lead(i) for i in range(10, 20)),
        act(PinLead, 2, lead_id="l11", rep_id="cat", reason="he knows them"),
        act(SetAvailability, 3, rep_id="bob", **DAYS),
        *(lead(i) for i in range(20, 24)),
        act(SetAvailability, 4, rep_id="ann", withdraw=True),
        *(lead(i) for i in range(24, 34)),
        act(SetAvailability, 5, rep_id="bob", withdraw=True),
        act(HandOver, 6, rep_id="cat", reason="new territory"),
        *(lead(i) for i in range(34, LEADS)),
    ]


async def outcome(desk: Any) -> tuple[list[str], Rotation]:
    """Who has each lead, and the rotation."""
    owners = [(await desk.lead(f"l{i}")).owner.id for i in range(LEADS)]
    rotation = await desk.run(lambda tx, policy, now: tx.rotation("west"))
    assert await is_whole(desk)
    return owners, rotation


async def one_by_one(desk: Any, units: Sequence[Any]) -> tuple[list[str], Rotation]:
    """Every unit in a batch of its own."""
    for unit in units:
        await desk.run(unit)
    return await outcome(desk)


@pytest.fixture
def offices(open_desk: Any, office_of: Any) -> Callable[[str], Any]:
    """Offices alike, each with a store of its own."""
    return lambda name: open_desk(name, office_of())


async def test_in_batches_of_one_and_of_many_the_same(offices: Any) -> None:
    single, many = offices("single"), offices("many")
    first = await one_by_one(single, morning(single, Ops(single)))
    units = morning(many, Ops(many))
    await many.run(lambda tx, policy, now: None)
    for i in range(0, len(units), 16):
        await asyncio.gather(*(many.run(unit) for unit in units[i : i + 16]))
    assert await outcome(many) == first
    assert set(Counter(first[0])) == {"ann", "bob", "cat"}


async def test_with_a_restart_between_any_two_the_same(offices: Any) -> None:
    whole, cut = offices("whole"), offices("cut")
    first = await one_by_one(whole, morning(whole, Ops(whole)))
    for i, unit in enumerate(morning(cut, Ops(cut))):
        await cut.run(unit)
        if i % 5 == 4:
            cut = await restarted(cut)
    assert await outcome(cut) == first
    await cut.store.close()


async def test_thirty_leads_over_two_equal_reps_are_fifteen_each_over_restarts(
    offices: Any, office_of: Any
) -> None:
    desk = offices("two")
    await desk.activate(office_of(cat={"active": False}))
    for i in range(30):
        await desk.route(wants(i), activities=(demo(i, MONDAY),), request_id=f"r{i}")
        if i % 10 == 7:
            desk = await restarted(desk)
    owners = [(await desk.lead(f"l{i}")).owner.id for i in range(30)]
    assert Counter(owners) == {"ann": 15, "bob": 15}
    assert all(abs(n - m) <= 1 for n, m in prefixes(owners)), "at every prefix"
    await desk.store.close()


def prefixes(owners: Sequence[str]) -> list[tuple[int, int]]:
    """How many each has had, lead by lead."""
    return [(owners[:i].count("ann"), owners[:i].count("bob")) for i in range(len(owners))]


async def restarted(desk: Any) -> Any:
    """The same store with another writer; no process gives an id twice."""
    await desk.store.close()
    again = Desk(desk.path, desk.clock, desk.policy)
    again._ids = desk._ids
    await again.run(lambda tx, policy, now: None)
    return again
