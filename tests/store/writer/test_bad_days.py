"""One unit of sixty-four meets its bad day: neighbours' answers are right and stored, nothing half.

Each culprit first takes its turn and then, by the driver's own connection, runs into what databases
do to people.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, cast

import psycopg
import pytest

from scoring_service.store.database import open_database
from scoring_service.values.errors import FailedPrecondition, Refusal, Unavailable
from scoring_service.values.stored import Answer, Keys, StoredDecision
from tests.store.writer.conftest import Clock

CULPRIT = 40


def raises(desk: Any, tx: Any) -> None:
    raise FailedPrecondition("not in this state")


def breaks(desk: Any, tx: Any) -> None:
    raise ZeroDivisionError


def swallows(desk: Any, tx: Any) -> None:
    """Goes on as if nothing had happened after the transaction has ended."""
    if desk.database.engine == "sqlite":
        desk.database.driver().execute("rollback")
    else:
        with suppress(psycopg.Error):
            desk.database.driver().execute("select 1 / 0")


def interrupted(desk: Any, tx: Any) -> None:
    driver = desk.database.driver()
    if desk.database.engine == "sqlite":
        driver.set_progress_handler(lambda: 1, 1)
        driver.execute("select count(*) from leads")
    else:
        driver.execute("select pg_cancel_backend(pg_backend_pid()), pg_sleep(5)")


def interrupted_later(desk: Any, tx: Any) -> None:
    """While the writes of the whole batch are sent."""
    driver = desk.database.driver()
    if desk.database.engine == "sqlite":
        driver.set_progress_handler(lambda: 1, 1)
    else:
        driver.execute("set local statement_timeout = 1")
        record_much(tx)


def fills_the_disk(desk: Any, tx: Any) -> None:
    if desk.database.engine == "sqlite":
        record_much(tx)
    else:
        sql = "do $$ begin raise exception 'disk full' using errcode = '53100'; end $$"
        desk.database.driver().execute(sql)


def record_much(tx: Any) -> None:
    tx.keep_answer(Answer("much", "Test", "", b"." * 8_000_000, tx.now))


def refers_to_nobody(desk: Any, tx: Any) -> None:
    """What the database refuses when it is sent, at the end of the batch."""
    tx.record_decision(StoredDecision("d", "nobody", tx.now, "", "r1", "", 1, b"{}", b"{}"))


def no_text(desk: Any, tx: Any) -> None:
    """What no driver can send: half of a character."""
    tx.keep_answer(Answer("\ud800", "Test", "", b"", tx.now))


def fails_to_commit(desk: Any, tx: Any) -> None:
    driver = desk.database.driver()
    if desk.database.engine == "sqlite":
        driver.execute("pragma defer_foreign_keys = on")
        driver.execute("insert into rotation_credits values ('nowhere', 'ann', 0, 0)")
    else:
        unique = "x int unique deferrable initially deferred"
        driver.execute(f"create temp table doomed ({unique}) on commit drop")
        driver.execute("insert into doomed values (1), (1)")


DAYS = [
    pytest.param(raises, FailedPrecondition, id="a-unit-that-refuses"),
    pytest.param(breaks, ZeroDivisionError, id="a-unit-with-a-mistake"),
    pytest.param(interrupted, Unavailable, id="an-interrupt-while-it-reads"),
    pytest.param(interrupted_later, Unavailable, id="an-interrupt-while-the-batch-is-written"),
    pytest.param(fills_the_disk, Unavailable, id="a-full-disk"),
    pytest.param(fails_to_commit, Exception, id="a-failing-commit"),
    pytest.param(refers_to_nobody, Exception, id="a-reference-to-nothing"),
    pytest.param(no_text, UnicodeEncodeError, id="a-text-that-cannot-be-sent"),
]


def limit_pages(session: Any) -> None:
    """A disk with room for some hundred small answers."""
    driver = session._connection._driver
    pages = driver.execute("pragma page_count").fetchone()[0]
    driver.execute(f"pragma max_page_count = {pages + 200}")


@pytest.fixture
async def desk_of_bad_days(desk_on: Any, database: Any, desk: Any) -> Any:
    """A writer whose disk is small."""
    await desk.writer.close()
    if desk.database.engine == "sqlite":
        desk.database.prepare = limit_pages
    return await desk_on(desk.database, active=None)


def culprit(desk: Any, day: Callable[[Any, Any], None]) -> Any:
    def work(tx: Any, policy: Any, now: datetime) -> int:
        turn = int(desk.taking_turn("culprit")(tx, policy, now))
        day(desk, tx)
        return turn

    return desk.turn("culprit", work)


async def neighbours(desk: Any, call: Any) -> tuple[Any, list[Any]]:
    """What the call came to, and what 63 turns around it did."""
    calls = [desk.turn(f"q{i}") for i in range(63)]
    calls.insert(CULPRIT, call)
    results = await desk.together(*calls)
    return results.pop(CULPRIT), results


@pytest.mark.parametrize(("day", "error"), DAYS)
async def test_only_the_culprit_suffers(desk_of_bad_days: Any, day: Any, error: Any) -> None:
    desk = desk_of_bad_days
    suffered, turns = await neighbours(desk, culprit(desk, day))
    assert isinstance(suffered, error), suffered
    assert turns == list(range(1, 64))
    assert await desk.stored(*(f"q{i}" for i in range(63))) == turns
    assert await desk.stored("culprit") == [None]
    assert await desk.draws() == 63


@pytest.mark.parametrize(("day", "error"), DAYS)
async def test_the_writer_serves_on(desk_of_bad_days: Any, day: Any, error: Any) -> None:
    desk = desk_of_bad_days
    with pytest.raises(error):
        await culprit(desk, day)
    assert await desk.turn("culprit") == 1
    assert await desk.turn("another") == 2


async def test_a_unit_that_hides_what_happened_does_not_commit_alone(
    desk_of_bad_days: Any,
) -> None:
    desk = desk_of_bad_days
    suffered, turns = await neighbours(desk, culprit(desk, swallows))
    assert isinstance(suffered, Exception)
    assert turns == list(range(1, 64))
    assert await desk.stored("culprit") == [None]


class Breaking(Clock):
    """A clock that may break."""

    broken = False

    def __call__(self) -> datetime:
        if self.broken:
            raise ZeroDivisionError
        return super().__call__()


BAD_KEYS = [
    pytest.param(Keys(request_id="\ud800"), id="a-text-that-cannot-be-sent"),
    pytest.param(Keys(request_id=cast(str, object())), id="a-mistake-of-ours"),
]
"""What cannot even be asked for."""


@pytest.mark.parametrize("keys", BAD_KEYS)
async def test_what_a_unit_asks_for_wrongly_is_its_own_mistake_and_not_the_databases(
    desk_of_bad_days: Any, keys: Keys
) -> None:
    desk = desk_of_bad_days
    call = desk.writer.write(desk.taking_turn("culprit"), keys)
    suffered, turns = await neighbours(desk, call)
    assert not isinstance(suffered, Refusal | int), suffered
    assert turns == list(range(1, 64))
    assert await desk.stored("q0", "q62", "culprit") == [turns[0], turns[62], None]
    assert "the database is away" not in dict(desk.troubles)


async def test_a_clock_that_is_broken_is_not_the_databases_mistake(
    desk_on: Any, new_sqlite_store: Any
) -> None:
    clock = Breaking()
    database = open_database(new_sqlite_store())
    desk = await desk_on(database, clock=clock, look_every=timedelta(milliseconds=1))
    clock.broken = True
    with pytest.raises(ZeroDivisionError):
        await desk.turn("q")
    while not desk.troubles:  # nobody asks, and it looks for what is due
        await asyncio.sleep(0.001)
    what, error = desk.troubles[0]
    assert (what, type(error)) == ("a batch failed", ZeroDivisionError)
    clock.broken = False
    assert await desk.turn("q") == 1


async def test_a_bad_day_that_passes_harms_nobody(desk_of_bad_days: Any) -> None:
    desk, days = desk_of_bad_days, [interrupted]

    def once(desk: Any, tx: Any) -> None:
        if days:
            days.pop()(desk, tx)

    turn, turns = await neighbours(desk, culprit(desk, once))
    assert sorted([turn, *turns]) == list(range(1, 65))
    assert await desk.stored("culprit", "q0", "q62") == [turn, turns[0], turns[62]]


async def test_a_caller_who_leaves_on_a_bad_day_harms_nobody(desk_of_bad_days: Any) -> None:
    desk, loop = desk_of_bad_days, asyncio.get_running_loop()
    asked: list[asyncio.Task[Any]] = []

    async def leave() -> None:
        asked[0].cancel()

    def left(desk: Any, tx: Any) -> None:
        asyncio.run_coroutine_threadsafe(leave(), loop).result()
        interrupted(desk, tx)

    async with desk.held():
        asked += [asyncio.ensure_future(culprit(desk, left))]
        asked += [asyncio.ensure_future(desk.turn(f"q{i}")) for i in range(63)]
        await asyncio.sleep(0.01)
    _, *turns = await asyncio.gather(*asked, return_exceptions=True)
    assert turns == list(range(1, 64))


async def test_what_a_caller_is_told_names_when_to_try_again(desk_of_bad_days: Any) -> None:
    desk = desk_of_bad_days
    with pytest.raises(Unavailable) as refusal:
        await culprit(desk, fills_the_disk)
    assert (refusal.value.reason, refusal.value.retry_after) == ("STORE_UNAVAILABLE", 1.0)
    assert isinstance(refusal.value.__cause__, sqlite3.Error | psycopg.Error)
