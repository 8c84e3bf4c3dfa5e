"""What falls due by itself comes before waiting requests, in slices; its failures are put off."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from scoring_service.store.database import open_database
from scoring_service.values.stored import Timer
from tests.store.writer.conftest import driver_of
from tests.store.writer.test_bad_days import interrupted, swallows

MINUTE = timedelta(minutes=1)


def armed(kind: str, after: timedelta) -> Any:
    """A unit that sets a timer and says for when."""

    def work(tx: Any, policy: Any, now: datetime) -> datetime:
        tx.set_timer(Timer(kind, "west", now + after, policy.revision))
        return now + after

    return work


def timer_of(desk: Any, kind: str) -> Any:
    return desk.run(lambda tx, policy, now: tx.timer(kind, "west"))


async def until(found: Any) -> None:
    async with asyncio.timeout(20):
        while not found():
            await asyncio.sleep(0.005)


def slice_noting(noted: list[Any], done: int = 1) -> Any:
    def work(tx: Any, policy: Any, now: datetime) -> int:
        noted.append(tx.rotation("west").draws)
        return done

    return work


async def test_it_runs_before_the_requests_that_wait(desk: Any, slices: Any) -> None:
    seen: list[int] = []
    async with desk.held():
        slices.laid += [slice_noting(seen), slice_noting(seen)]
        asked = [asyncio.ensure_future(desk.turn(f"q{i}")) for i in range(3)]
        await asyncio.sleep(0.01)
    assert await asyncio.gather(*asked) == [1, 2, 3]
    assert seen == [0, 0]


async def test_what_a_unit_freed_is_done_before_the_next_unit(desk: Any, slices: Any) -> None:
    seen: list[int] = []

    def frees(tx: Any, policy: Any, now: datetime) -> int:
        tx.set_timer(Timer("drain", "west", now, policy.revision))
        slices.laid.append(slice_noting(seen))
        return int(desk.taking_turn("q1")(tx, policy, now))

    turns = await desk.together(desk.turn("q0"), desk.turn("q1", frees), desk.turn("q2"))
    assert turns == [1, 2, 3]
    assert seen == [2]


async def test_the_writer_wakes_for_a_timer_though_nobody_asks(desk: Any, slices: Any) -> None:
    seen: list[int] = []
    await desk.run(armed("drain", timedelta(milliseconds=50)))
    slices.laid.append(slice_noting(seen, done=0))
    await until(lambda: seen)
    assert seen == [0]


async def test_it_looks_every_so_often_for_what_another_replica_armed(
    desk_on: Any, database: Any, slices: Any
) -> None:
    seen: list[int] = []
    await desk_on(database, look_every=timedelta(milliseconds=30))
    slices.laid.append(slice_noting(seen, done=0))
    await until(lambda: seen)
    assert seen == [0]


async def test_a_slice_that_raises_leaves_the_requests_alone_and_is_put_off(
    desk: Any, slices: Any
) -> None:
    await desk.run(armed("drain", -MINUTE))

    def raises(tx: Any, policy: Any, now: datetime) -> int:
        tx.timer("drain", "west")
        tx.save_rotation(tx.rotation("west"), tx.rotation("west"))
        raise ZeroDivisionError

    slices.laid.append(raises)
    assert await desk.turn("q") == 1
    await until(lambda: desk.troubles)
    put_off = await timer_of(desk, "drain")
    assert put_off.attempts == 1
    assert put_off.due_at > desk.clock.now + MINUTE - timedelta(seconds=1)
    assert [type(error) for _, error in desk.troubles] == [ZeroDivisionError]


async def test_each_failure_puts_it_off_twice_as_long_up_to_an_hour(desk: Any, slices: Any) -> None:
    waits = []

    def raises(tx: Any, policy: Any, now: datetime) -> int:
        tx.timer("drain", "west")
        raise ZeroDivisionError

    def wait_till_it_is_due_again(tx: Any, policy: Any, now: datetime) -> None:
        timer = tx.timer("drain", "west")
        waits.append(round((timer.due_at - now) / MINUTE))
        tx.set_timer(msgspec.structs.replace(timer, due_at=now - MINUTE))

    await desk.run(armed("drain", -MINUTE))
    for failures in range(1, 9):
        slices.laid.append(raises)
        await desk.run(lambda tx, policy, now: None)
        await until(lambda: len(desk.troubles) == failures)  # noqa: B023
        await desk.run(wait_till_it_is_due_again)
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


async def test_a_failure_that_no_timer_can_be_blamed_for_holds_it_off(
    desk: Any, slices: Any
) -> None:
    def raises(tx: Any, policy: Any, now: datetime) -> int:
        raise ZeroDivisionError

    slices.laid += [raises, raises]
    assert await desk.turn("q1") == 1
    await until(lambda: desk.troubles)
    assert await desk.turn("q2") == 2
    assert (len(desk.troubles), len(slices.laid)) == (1, 1)


async def test_long_work_lets_requests_through_between_its_slices(
    desk_on: Any, database: Any, slices: Any
) -> None:
    desk = await desk_on(database, work_max=0.0)
    done: list[int] = []
    async with desk.held():
        slices.laid += [slice_noting(done) for _ in range(50)]
        asked = [asyncio.ensure_future(desk.turn(f"q{i}")) for i in range(10)]
        await asyncio.sleep(0.01)
    await asyncio.gather(*asked)
    await until(lambda: len(done) == 50)
    assert done[:11] == list(range(11)), "after each slice a request had its turn"


@pytest.mark.parametrize("lost", [True, False], ids=["the-database-said-no", "all-well"])
async def test_what_was_due_is_done_with_what_stands(desk: Any, slices: Any, lost: bool) -> None:
    """A batch of which nothing stands is run again, and so is what was due in it."""
    tries: list[int] = []
    runs: list[int] = []

    def clears(tx: Any, policy: Any, now: datetime) -> int:
        if tx.timer("drain", "west") is None:
            return 0
        tries.append(1)
        tx.clear_timer("drain", "west")
        return 1

    def ends_the_transaction_once(tx: Any, policy: Any, now: datetime) -> int:
        runs.append(1)
        if lost and len(runs) == 1:
            desk.database.driver().execute("rollback")
        return int(desk.taking_turn("q")(tx, policy, now))

    slices.laid += [clears] * 20
    _, turn = await desk.together(
        desk.run(armed("drain", -MINUTE)), desk.turn("q", ends_the_transaction_once)
    )
    assert turn == 1
    assert await timer_of(desk, "drain") is None
    assert (len(runs), len(tries)) == ((2, 2) if lost else (1, 1))


def on_a_bad_day(desk: Any, day: Any) -> Any:
    """A slice that runs into it as long as its timer is due."""

    def work(tx: Any, policy: Any, now: datetime) -> int:
        timer = tx.timer("drain", "west")
        if timer is None or timer.due_at > now:
            return 0
        tx.clear_timer("drain", "west")
        day(desk, tx)
        return 1

    return work


@pytest.mark.parametrize(
    "day",
    [
        pytest.param(interrupted, id="an-interrupt"),
        pytest.param(swallows, id="one-that-it-hides"),
    ],
)
async def test_what_the_database_says_no_to_each_time_is_put_off_and_harms_no_request(
    desk: Any, slices: Any, day: Any
) -> None:
    slices.laid += [on_a_bad_day(desk, day)] * 20
    _, turn = await desk.together(desk.run(armed("drain", -MINUTE)), desk.turn("q1"))
    assert turn == 1
    await until(lambda: desk.troubles)
    put_off = await timer_of(desk, "drain")
    assert put_off.attempts == 1
    assert put_off.due_at > desk.clock.now + MINUTE - timedelta(seconds=1)
    assert [what for what, _ in desk.troubles] == ["what was due failed; it is tried again later"]
    assert await desk.turn("q2") == 2


NO_TIMERS = (
    "create temp trigger no_timers before insert on main.timers"
    " begin select raise(abort, 'no timer can be kept'); end"
)


async def test_where_not_even_that_can_be_kept_nothing_due_is_run_for_a_while(
    desk_on: Any, new_sqlite_store: Any, slices: Any
) -> None:
    desk = await desk_on(open_database(new_sqlite_store()))
    await desk.run(armed("drain", MINUTE))
    slices.laid += [on_a_bad_day(desk, swallows)] * 20
    desk.database.prepare = lambda session: driver_of(session).execute(NO_TIMERS)
    desk.clock.now += 2 * MINUTE
    assert await desk.turn("q1") == 1
    calls = slices.calls
    assert [await desk.turn(f"q{number}") for number in (2, 3)] == [2, 3]
    assert slices.calls == calls, "it is held off"
    still_due = await timer_of(desk, "drain")
    assert (still_due.attempts, still_due.due_at < desk.clock.now) == (0, True)
