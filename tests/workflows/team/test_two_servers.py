"""Two servers on one PostgreSQL: what is entered at one holds in the decisions of the other."""

from asyncio import gather
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scoring_service.values.owner import RepOwner
from scoring_service.workflows.lifecycle_requests import AssignLead
from scoring_service.workflows.rep_requests import HandOver, SetAvailability
from scoring_service.workflows.replay import Verdict, facts_in, replay
from tests.conftest import Desk
from tests.workflows.firing.conftest import demo, is_whole, wants
from tests.workflows.team.conftest import Ops

pytestmark = pytest.mark.postgres

EVERYBODY = {"ann", "bob", "cat"}


class Servers:
    """Two desks of one store, and sales operations at each."""

    def __init__(self, first: Desk, second: Desk) -> None:
        self.desks = first, second
        self.ops = Ops(first), Ops(second)
        self.ops[1]._requests = self.ops[0]._requests

    async def lead(self, at: int, number: int) -> str:
        """Who gets a new lead that is routed at a server; the database's clock is its own."""
        asked = demo(number, datetime.now(UTC) - timedelta(minutes=1))
        view = await self.desks[at].route(wants(number), activities=(asked,))
        assert isinstance(view.owner, RepOwner), view
        return view.owner.id

    async def owner(self, number: int) -> str:
        """Who has the lead now."""
        owner = (await self.desks[1].lead(f"l{number}")).owner
        assert isinstance(owner, RepOwner), owner
        return owner.id

    async def leads(self, *numbers: int) -> list[str]:
        """The same for many at once, in turn at one server and the other."""
        return list(await gather(*(self.lead(n % 2, n) for n in numbers)))

    async def is_whole(self) -> bool:
        """Whether neither doctor finds anything, and every decision comes out the same again."""
        for record in await self.desks[1].decisions():
            assert replay(self.desks[0].policy, record).verdict is Verdict.EQUAL
        return all([await is_whole(desk) for desk in self.desks])


@pytest.fixture
async def servers(
    new_postgres_url: Any, tmp_path: Path, clock: Any, office_of: Any
) -> AsyncIterator[Servers]:
    """Two servers; the office's rules were activated at one of them."""
    first = Desk(tmp_path, clock, office_of(), url=new_postgres_url())
    await first.activate(first.policy)
    second = Desk(tmp_path, clock, first.policy, beside=first)
    yield Servers(first, second)
    for desk in (first, second):
        await desk.store.close()


def days(count: int) -> dict[str, Any]:
    """From a week ago: her calendar has opened since, whatever the day, so that it has begun."""
    today = datetime.now(UTC).date()
    return {"first": today - timedelta(days=7), "last": today + timedelta(days=count)}


async def test_an_absence_entered_at_one_holds_at_the_other(servers: Servers) -> None:
    here, there = servers.ops
    assert {await servers.lead(n % 2, n) for n in range(3)} == EVERYBODY
    await here.act(SetAvailability, rep_id="ann", **days(20))
    await servers.desks[1].drain()
    assert Counter([await servers.lead(1, n) for n in range(10, 16)]) == {"bob": 3, "cat": 3}
    for record in (await servers.desks[0].decisions())[-6:]:
        assert [one.rep_id for one in facts_in(record).away] == ["ann"]
    await there.act(SetAvailability, rep_id="ann", withdraw=True, **days(20))
    assert Counter([await servers.lead(0, n) for n in range(20, 26)])["ann"] >= 2
    assert [who for *_, who in await there.history("ann")] == ["sales-ops"] * 2, "a line an act"
    assert await servers.is_whole()


async def test_asked_at_both_at_once_it_is_entered_once(servers: Servers) -> None:
    here, there = servers.ops
    request = here.request(SetAvailability, rep_id="ann", **days(20))
    answers = await gather(here.ask(request), there.ask(request))
    assert sorted(answer.replayed for answer in answers) == [False, True]
    assert len(await here.history("ann")) == 1
    assert len(await there.events("rep.availability_changed")) == 1


async def test_while_leads_come_in_at_both_no_turn_is_lost(servers: Servers) -> None:
    here, there = servers.ops
    gone = here.act(SetAvailability, rep_id="ann", **days(20))
    assert "ann" in await servers.leads(*range(3))
    await gather(servers.leads(*range(3, 40)), gone)
    await gather(*(desk.drain() for desk in servers.desks))
    held = Counter([await servers.owner(n) for n in range(40)])
    assert held == {"bob": 20, "cat": 20}, "what she had is dealt anew, her turns are given back"
    await there.act(SetAvailability, rep_id="ann", withdraw=True, **days(20))
    back = Counter(await servers.leads(*range(50, 62)))
    assert back["ann"] >= 4, "her turns, and those that were given back"
    assert abs(back["bob"] - back["cat"]) <= 1
    assert await servers.is_whole()


async def test_a_book_handed_over_at_one_while_leads_come_in_at_the_other(
    servers: Servers,
) -> None:
    here, there = servers.ops
    for n in range(12):
        if await servers.lead(n % 2, n) != "ann":
            await here.act(AssignLead, lead_id=f"l{n}", rep_id="ann", reason="hers")
    request = here.request(HandOver, rep_id="ann", to="cat", reason="new territory")
    one, other, *_ = await gather(
        here.ask(request), there.ask(request), *(servers.lead(1, n) for n in range(20, 32))
    )
    assert sorted((one.replayed, other.replayed)) == [False, True]
    assert one.handover.operation_id == other.handover.operation_id
    await gather(*(desk.drain() for desk in servers.desks))
    owners = [await servers.owner(n) for n in range(12)]
    assert owners == ["cat"] * 12
    (told,) = await there.events("rep.handed_over")
    assert (told["rep_id"], told["to"]) == ("ann", "cat")
    assert told["moved"] >= 12
    assert await servers.is_whole()
