"""Units share a transaction: in order, at most so many, each with its own fate."""

import asyncio
from datetime import datetime
from threading import Thread
from time import monotonic
from typing import Any

import pytest

from scoring_service.values.errors import DeadlineExceeded, NotFound, Unavailable


def instant(tx: Any, policy: Any, now: datetime) -> datetime:
    """A unit's instant, which is its batch's."""
    return now


async def test_units_that_wait_together_share_a_batch(desk: Any) -> None:
    instants = await desk.together(*(desk.run(instant) for _ in range(64)))
    assert len(set(instants)) == 1


async def test_a_batch_has_at_most_64_units(desk: Any) -> None:
    instants = await desk.together(*(desk.run(instant) for _ in range(150)))
    sizes = [instants.count(now) for now in sorted(set(instants))]
    assert sizes == [64, 64, 22]


async def test_a_batch_ends_when_its_time_is_up(desk_on: Any, database: Any) -> None:
    desk = await desk_on(database, work_max=0.0)
    instants = await desk.together(*(desk.run(instant) for _ in range(5)))
    assert len(set(instants)) == 5


async def test_units_run_in_the_order_of_their_coming(desk: Any) -> None:
    turns = await desk.together(*(desk.turn(f"q{i}") for i in range(100)))
    assert turns == list(range(1, 101))


async def test_an_answer_is_given_after_it_is_stored(desk: Any) -> None:
    turns = await desk.together(*(desk.turn(f"q{i}") for i in range(64)))
    with_reader = desk.database.reading()
    try:
        assert with_reader.active_revision() == "r1"
    finally:
        with_reader.close()
    assert await desk.stored(*(f"q{i}" for i in range(64))) == turns


async def test_batches_of_1_and_of_64_give_equal_results(desk_on: Any, new_store: Any) -> None:
    from scoring_service.store.database import open_database

    found = []
    for batch_max in (1, 64):
        database = open_database(new_store())
        desk = await desk_on(database, batch_max=batch_max)
        calls = (desk.turn(f"q{i % 40}") for i in range(64))
        found.append(await desk.together(*calls))
        assert await desk.draws() == 40
        await desk.writer.close()
        database.close()
    assert found[0] == found[1]


async def test_a_retry_in_the_same_batch_gets_the_first_answer(desk: Any) -> None:
    assert await desk.together(*(desk.turn("q") for _ in range(3))) == [1, 1, 1]
    assert await desk.draws() == 1


async def test_a_unit_that_raises_loses_its_writes_alone(desk: Any) -> None:
    def refused(tx: Any, policy: Any, now: datetime) -> None:
        before = tx.rotation("west")
        tx.save_rotation(before, type(before)("west", (), before.draws + 100))
        raise NotFound("no such lead", "LEAD_NOT_FOUND")

    calls = [desk.turn(f"q{i}") for i in range(32)]
    calls.insert(16, desk.run(refused))
    turns = await desk.together(*calls)
    refusal = turns.pop(16)
    assert isinstance(refusal, NotFound)
    assert turns == list(range(1, 33))
    assert await desk.draws() == 32


async def test_a_unit_past_its_deadline_is_never_started(desk: Any) -> None:
    late, turn = await desk.together(desk.turn("q1", deadline=monotonic()), desk.turn("q2"))
    assert isinstance(late, DeadlineExceeded)
    assert turn == 1
    assert await desk.stored("q1", "q2") == [None, 1]


async def test_a_unit_before_its_deadline_is_run(desk: Any) -> None:
    assert await desk.turn("q", deadline=monotonic() + 60) == 1


async def test_a_caller_who_left_before_his_unit_started_takes_no_turn(desk: Any) -> None:
    async with desk.held():
        leaves = asyncio.ensure_future(desk.turn("q1"))
        stays = asyncio.ensure_future(desk.turn("q2"))
        await asyncio.sleep(0.01)
        leaves.cancel()
        await asyncio.sleep(0)
    assert await stays == 1
    assert await desk.stored("q1") == [None]


async def test_a_caller_who_left_while_his_unit_ran_finds_his_answer(desk: Any) -> None:
    loop = asyncio.get_running_loop()
    calls: list[asyncio.Task[Any]] = []

    async def leave() -> None:
        calls[0].cancel()

    def left_meanwhile(tx: Any, policy: Any, now: datetime) -> int:
        asyncio.run_coroutine_threadsafe(leave(), loop).result()
        return int(desk.taking_turn("q0")(tx, policy, now))

    async with desk.held():
        calls += [asyncio.ensure_future(desk.turn("q0", left_meanwhile))]
        calls += [asyncio.ensure_future(desk.turn(f"q{i}")) for i in range(1, 64)]
        await asyncio.sleep(0.01)
    left, *stayed = await asyncio.gather(*calls, return_exceptions=True)
    assert isinstance(left, asyncio.CancelledError)
    assert stayed == list(range(2, 65))
    assert await desk.turn("q0") == 1


async def test_more_than_may_wait_are_refused_at_once(desk_on: Any, database: Any) -> None:
    desk = await desk_on(database, waiting_max=10)
    turns = await desk.together(*(desk.turn(f"q{i}") for i in range(12)))
    assert turns[:10] == list(range(1, 11))
    assert {getattr(refused, "reason", None) for refused in turns[10:]} == {"BUSY"}


async def test_those_who_wait_when_the_store_closes_are_served(desk: Any) -> None:
    async with desk.held():
        asked = [asyncio.ensure_future(desk.turn(f"q{i}")) for i in range(100)]
        await asyncio.sleep(0.01)
        closing = asyncio.ensure_future(desk.writer.close())
        await asyncio.sleep(0.01)
        with pytest.raises(Unavailable) as refusal:
            await desk.turn("late")
    await closing
    assert await asyncio.gather(*asked) == list(range(1, 101))
    assert refusal.value.reason == "STOPPING"


async def test_several_event_loops_are_answered_each_in_its_own(desk: Any) -> None:
    turns: list[int] = []

    async def ask(name: str) -> None:
        turns.extend(await asyncio.gather(*(desk.turn(f"{name}{i}") for i in range(50))))

    threads = [Thread(target=lambda name=n: asyncio.run(ask(name))) for n in "ab"]
    for thread in threads:
        thread.start()
    await ask("c")
    for thread in threads:
        await asyncio.to_thread(thread.join)
    assert sorted(turns) == list(range(1, 151))


async def test_a_loop_that_is_closed_harms_nobody(desk: Any) -> None:
    async def ask_and_go() -> None:
        asyncio.ensure_future(desk.turn("gone"))  # noqa: RUF006
        await asyncio.sleep(0)

    async with desk.held():
        await asyncio.to_thread(asyncio.run, ask_and_go())
        stays = asyncio.ensure_future(desk.turn("q"))
        await asyncio.sleep(0.01)
    assert await stays == 1


class CountingLoop(asyncio.SelectorEventLoop):
    """Counts how often another thread wakes it."""

    def __init__(self) -> None:
        super().__init__()
        self.woken = 0

    def call_soon_threadsafe(self, *args: Any, **options: Any) -> Any:  # type: ignore[override]
        self.woken += 1
        return super().call_soon_threadsafe(*args, **options)


def test_a_batch_wakes_the_event_loop_once(desk: Any) -> None:
    async def ask(loop: CountingLoop) -> int:
        await desk.together(*(desk.run(instant) for _ in range(64)))
        return loop.woken

    loop = CountingLoop()
    try:
        assert loop.run_until_complete(ask(loop)) == 2
    finally:
        loop.close()
