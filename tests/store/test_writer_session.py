"""The writing connection through a database that is away, and answers on their way to callers."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from shutil import copy
from threading import get_ident

import pytest

from scoring_service.domain.policy import Policy
from scoring_service.store.problems import StoreProblem
from scoring_service.store.sqlite_database import SqliteDatabase
from scoring_service.store.transaction import Transaction
from scoring_service.store.unit import Answer, Unit, send
from scoring_service.store.writer_errors import NoDatabase
from scoring_service.store.writer_session import BACKOFF_MAX, BACKOFF_MIN, WritingSession
from scoring_service.values.stored import Keys


@pytest.fixture
def database(tmp_path: Path) -> Iterator[SqliteDatabase]:
    """A store in a folder that is not there yet."""
    found = SqliteDatabase(tmp_path / "later" / "leads.db")
    yield found
    found.close()


def appear(database: SqliteDatabase, empty_store: Path) -> None:
    """The folder and the store in it are there now."""
    database.path.parent.mkdir()
    copy(empty_store, database.path)


def test_what_keeps_a_store_from_being_opened_is_said_once(database: SqliteDatabase) -> None:
    session = WritingSession(database)
    with pytest.raises(StoreProblem, match="cannot be written"):
        session.open()
    assert not session.is_away
    with pytest.raises(NoDatabase) as refused:
        session.get()
    assert isinstance(refused.value.__cause__, StoreProblem)
    assert session.is_away


def test_one_that_is_away_is_not_looked_for_at_once(
    database: SqliteDatabase, empty_store: Path
) -> None:
    session = WritingSession(database)
    for _ in range(10):
        session.away()
    appear(database, empty_store)
    with pytest.raises(NoDatabase) as refused:
        session.get()
    assert refused.value.__cause__ is None, "it was not even tried"
    assert session.open().last_instant() is None
    assert not session.is_away
    session.lose()


def test_each_time_it_is_waited_for_twice_as_long_up_to_a_bound(database: SqliteDatabase) -> None:
    session, most = WritingSession(database), BACKOFF_MIN
    assert session.retry_in == 0.0
    for _ in range(8):
        session.away()
        assert session.retry_in <= most
        most = min(2 * most, BACKOFF_MAX)
    assert most == BACKOFF_MAX == 5.0
    assert session.retry_in > 4 * BACKOFF_MIN, "it grew"
    session.works()
    session.away()
    assert session.retry_in <= BACKOFF_MIN


def test_a_connection_is_kept_until_it_is_lost(database: SqliteDatabase, empty_store: Path) -> None:
    appear(database, empty_store)
    session = WritingSession(database)
    first = session.get()
    assert session.get() is session.open() is first
    first.begin()
    session.lose()
    session.lose()
    with pytest.raises(first.errors):
        first.begin()
    again = session.get()
    assert again is not first
    again.begin()
    again.rollback()
    again.rollback()
    assert not again.in_transaction()
    session.lose()


def work(tx: Transaction, policy: Policy, now: object) -> None:
    """A unit that does nothing."""


async def test_each_caller_has_its_own_answer() -> None:
    good, bad = Unit(work, Keys()), Unit(work, Keys())
    send([Answer(good, 7), Answer(bad, None, ValueError("no"))])
    assert await good.future == 7
    with pytest.raises(ValueError, match="no"):
        await bad.future


async def test_who_has_gone_is_not_answered_and_keeps_nobody_from_his_answer() -> None:
    gone, there = Unit(work, Keys()), Unit(work, Keys())
    gone.future.cancel()
    send([Answer(gone, 1), Answer(gone, None, ValueError()), Answer(there, 2)])
    assert await there.future == 2
    assert gone.future.cancelled()


async def test_what_a_caller_is_told_is_made_of_the_result_on_his_loop() -> None:
    threads: list[int] = []

    def doubled(result: int) -> int:
        threads.append(get_ident())
        return 2 * result

    unit, bad = (Unit(work, Keys(), told=doubled) for _ in range(2))
    await asyncio.to_thread(send, [Answer(unit, 7), Answer(bad, None, ValueError("no"))])
    assert await unit.future == 14
    with pytest.raises(ValueError, match="no"):
        await bad.future
    assert threads == [get_ident()], "of an error nothing is made"


async def test_whose_answer_cannot_be_told_keeps_nobody_from_his() -> None:
    bad, gone, good = (Unit(work, Keys(), told=int) for _ in range(3))
    gone.future.cancel()
    send([Answer(bad, "seven"), Answer(gone, "eight"), Answer(good, "9")])
    assert await good.future == 9
    with pytest.raises(ValueError, match="seven"):
        await bad.future
    assert gone.future.cancelled()


async def test_a_caller_may_wait_in_a_future_of_his_own() -> None:
    future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    unit = Unit(work, Keys(), future=future)
    send([Answer(unit, 7)])
    assert unit.future is future
    assert await future == 7


async def _unit() -> Unit:
    return Unit(work, Keys())


async def test_a_loop_that_is_closed_keeps_nobody_from_his_answer() -> None:
    closed = await asyncio.to_thread(asyncio.run, _unit())
    assert closed.loop.is_closed()
    there = Unit(work, Keys())
    send([Answer(closed, 1), Answer(there, 2)])
    assert await there.future == 2
    assert not closed.future.done()


async def test_a_unit_waits_in_the_loop_of_its_caller_for_ever_unless_it_says() -> None:
    unit = Unit(work, Keys(lead_id="l"))
    assert unit.loop is asyncio.get_running_loop()
    assert (unit.deadline, unit.policy, unit.keys.lead_id) == (None, None, "l")
    assert not unit.future.done()
