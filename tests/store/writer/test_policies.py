"""Which policy decides: the active one, read under the lock, however it came to be active."""

import asyncio
from datetime import datetime, timedelta
from threading import Event
from typing import Any

import pytest

from scoring_service.values.errors import FailedPrecondition, Unavailable


def revision(tx: Any, policy: Any, now: datetime) -> str:
    """The policy a unit is run with."""
    return str(policy.revision)


async def test_before_the_first_policy_nothing_is_decided(desk_on: Any, database: Any) -> None:
    desk = await desk_on(database, active=None)
    with pytest.raises(Unavailable) as refusal:
        await desk.run(revision)
    assert refusal.value.reason == "NO_POLICY"


async def test_an_activated_policy_decides_from_then_on(desk: Any) -> None:
    before = await desk.run(revision)
    await desk.activate("r2")
    assert (before, await desk.run(revision)) == ("r1", "r2")
    assert desk.policies.active.revision == "r2"


async def test_those_who_asked_before_it_are_decided_by_the_one_before(desk: Any) -> None:
    found = await desk.together(desk.run(revision), desk.activate("r2"), desk.run(revision))
    assert (found[0], found[2]) == ("r1", "r2")


async def test_an_activation_is_a_batch_of_its_own(desk: Any) -> None:
    def now_of(tx: Any, policy: Any, now: datetime) -> datetime:
        return now

    async with desk.held():
        first = asyncio.ensure_future(desk.run(now_of))
        await asyncio.sleep(0)
        activation = asyncio.ensure_future(desk.activate("r2", now_and_activate))
        await asyncio.sleep(0)
        last = asyncio.ensure_future(desk.run(now_of))
        await asyncio.sleep(0.01)
    assert len({await first, await activation, await last}) == 3


def now_and_activate(tx: Any, policy: Any, now: datetime) -> datetime:
    tx.activate(policy.revision, policy.revision.encode(), "test")
    return now


async def test_a_refused_activation_leaves_the_active_policy(desk: Any) -> None:
    def refuses(tx: Any, policy: Any, now: datetime) -> None:
        tx.activate(policy.revision, policy.revision.encode(), "test")
        raise FailedPrecondition("a track still owns leads", "STILL_OWNS_LEADS")

    with pytest.raises(FailedPrecondition):
        await desk.activate("r2", refuses)
    assert await desk.run(revision) == "r1"
    assert desk.policies.active.revision == "r1"


async def test_a_start_decides_by_what_was_active_compiled_from_the_store(
    desk_on: Any, database: Any, desk: Any
) -> None:
    await desk.activate("r2")
    await desk.writer.close()
    again = await desk_on(database, active=None)
    assert await again.run(revision) == "r2"


async def test_a_policy_of_another_replica_is_compiled_outside_the_lock(
    desk_on: Any, new_postgres_store: Any
) -> None:
    """While one replica compiles, its units wait and the other replica writes."""
    from scoring_service.store.database import open_database

    url, compiling, go_on = new_postgres_store(), Event(), Event()

    def slowly(content: bytes) -> Any:
        compiling.set()
        assert go_on.wait(20)
        return known.policies.get("r2")

    known = await desk_on(open_database(url))
    other = await desk_on(open_database(url), active=None, compile=slowly)
    other.policies.add(known.policies.active)
    assert await other.run(revision) == "r1"
    await known.activate("r2")
    waits = asyncio.ensure_future(other.run(revision))
    await asyncio.to_thread(compiling.wait, 20)
    assert await known.turn("q") == 1
    assert not waits.done()
    go_on.set()
    assert await waits == "r2"
    assert other.policies.active.revision == "r2"


async def test_no_unit_decides_by_an_older_policy_than_one_before_it(
    desk_on: Any, new_postgres_store: Any
) -> None:
    from scoring_service.store.database import open_database

    url = new_postgres_store()
    one, other = await desk_on(open_database(url)), await desk_on(open_database(url), active=None)
    seen = []
    for number in range(2, 12):
        await (one if number % 2 else other).activate(f"r{number}")
        seen.append(await (other if number % 2 else one).run(revision))
    assert seen == [f"r{number}" for number in range(2, 12)]


async def test_score_follows_a_policy_that_another_replica_activated(
    desk_on: Any, new_postgres_store: Any
) -> None:
    from scoring_service.store.database import open_database

    url = new_postgres_store()
    one = await desk_on(open_database(url))
    other = await desk_on(open_database(url), active=None, look_every=timedelta(milliseconds=50))
    await one.activate("r2")
    async with asyncio.timeout(20):
        while other.policies.revision == "":
            await asyncio.sleep(0.01)
    assert other.policies.active.revision == "r2"


async def test_one_that_cannot_be_compiled_here_refuses_and_is_told(
    desk_on: Any, database: Any, desk: Any
) -> None:
    await desk.activate("!broken")
    await desk.writer.close()
    again = await desk_on(database, active=None)
    for _ in range(2):
        with pytest.raises(Unavailable) as refusal:
            await again.run(revision)
        assert refusal.value.reason == "POLICY_NOT_COMPILED"
    assert "!broken" in refusal.value.message
    told = [what for what, _ in again.troubles]
    assert told.count("the active policy cannot be compiled here") == 1
