"""A lost connection, and a database that is away: no answer is lost, no turn taken twice."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from random import Random
from threading import Event, Thread
from typing import Any

import psycopg
import pytest

from scoring_service.store.database import Database, Session, open_database
from scoring_service.values.errors import Unavailable

pytestmark = pytest.mark.postgres


@pytest.fixture
def store_url(new_postgres_store: Callable[[], str]) -> str:
    """A store on PostgreSQL."""
    return new_postgres_store()


@pytest.fixture
def on_postgres(store_url: str) -> Database:
    """The same, opened."""
    return open_database(store_url)


@pytest.fixture
def kill(store_url: str) -> Iterator[Callable[[], None]]:
    """Ends every other backend of the store."""
    with psycopg.connect(store_url, autocommit=True) as other:
        yield lambda: _kill(other)


def _kill(other: psycopg.Connection[Any]) -> None:
    other.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where datname = current_database() and pid <> pg_backend_pid()"
    )


class Dying(Session):
    """A session whose backend is killed around its next COMMIT."""

    def __init__(self, session: Session, kill: Callable[[], None], *, before: bool) -> None:
        super().__init__(session._connection)
        self._kill, self._before = kill, before

    def commit(self) -> None:
        if not self._before:
            super().commit()
        self._kill()
        super().commit()  # in vain: what is asked of a dead backend is answered by an error


class DyingOnce:
    """A database that, once armed, gives one connection that dies around its next COMMIT."""

    def __init__(self, database: Database, kill: Callable[[], None], *, before: bool) -> None:
        self._database, self._kill, self._before = database, kill, before
        self.engine = database.engine
        self.armed = False

    def writing(self) -> Session:
        """The one that dies, where it is armed."""
        session = self._database.writing()
        if not self.armed:
            return session
        self.armed = False
        return Dying(session, self._kill, before=self._before)

    def reading(self) -> Any:
        """As the database itself."""
        return self._database.reading()


@pytest.mark.parametrize(
    "before",
    [
        pytest.param(True, id="before-it-was-asked-to-commit"),
        pytest.param(False, id="after-it-had-committed"),
    ],
)
async def test_a_backend_killed_around_commit(
    desk_on: Any, on_postgres: Database, kill: Callable[[], None], before: bool
) -> None:
    dying = DyingOnce(on_postgres, kill, before=before)
    desk = await desk_on(dying)
    dying.armed = True
    kill()  # the next batch finds its connection dead and opens the one that will die
    turns = await desk.together(*(desk.turn(f"q{i}") for i in range(64)))
    assert not dying.armed
    assert turns == list(range(1, 65))
    assert await desk.stored(*(f"q{i}" for i in range(64))) == turns
    assert await desk.draws() == 64


async def test_a_connection_that_died_unnoticed_is_opened_anew(
    desk_on: Any, on_postgres: Database, kill: Callable[[], None]
) -> None:
    desk = await desk_on(on_postgres)
    kill()
    assert await desk.turn("q") == 1


async def asked_until_answered(ask: Callable[[], Awaitable[int]]) -> int:
    """As clients do: told that the store is away, they send the same request again."""
    while True:
        try:
            return await ask()
        except Unavailable:
            await asyncio.sleep(0.01)


async def test_backends_killed_under_load(
    desk_on: Any, on_postgres: Database, kill: Callable[[], None]
) -> None:
    desk, calls, ended = await desk_on(on_postgres, work_max=0.002), 1000, Event()
    numbers = iter(range(calls))
    turns: dict[str, int] = {}

    async def client() -> None:
        for number in numbers:
            ask = f"q{number}"
            turns[ask] = await asked_until_answered(lambda: desk.turn(ask))  # noqa: B023

    killed = Thread(target=_kill_often, args=(kill, ended))
    killed.start()
    await asyncio.gather(*(client() for _ in range(64)))
    ended.set()
    await asyncio.to_thread(killed.join)
    assert sorted(turns.values()) == list(range(1, calls + 1))
    assert await asked_until_answered(desk.draws) == calls
    assert await desk.stored(*turns) == list(turns.values())


def _kill_often(kill: Callable[[], None], ended: Event) -> None:
    chance = Random(7)
    while not ended.wait(chance.uniform(0.002, 0.03)):
        kill()


async def test_without_a_database_callers_are_told_to_come_again(
    desk_on: Any, on_postgres: Database, kill: Callable[[], None]
) -> None:
    desk = await desk_on(on_postgres)
    desk.database.away = True
    kill()
    calls = (desk.turn(f"q{i}") for i in range(100))
    refused: list[Any] = await asyncio.gather(*calls, return_exceptions=True)
    assert {(type(one), one.reason) for one in refused} == {(Unavailable, "STORE_UNAVAILABLE")}
    assert 0 < refused[0].retry_after <= 5
    desk.database.away = False
    assert await asked_until_answered(lambda: desk.turn("q0")) == 1
    assert "the database is away" in {what for what, _ in desk.troubles}


async def test_a_database_that_came_back_is_found_though_nobody_asks(
    desk_on: Any, on_postgres: Database, kill: Callable[[], None]
) -> None:
    desk = await desk_on(on_postgres)
    desk.database.away = True
    kill()
    with suppress(Unavailable):
        await desk.turn("q")
    opened = len(desk.database.sessions)
    desk.database.away = False
    while len(desk.database.sessions) == opened:
        await asyncio.sleep(0.01)
    assert await desk.turn("q") == 1


async def test_the_writer_waits_longer_each_time(desk_on: Any, on_postgres: Database) -> None:
    desk = await desk_on(on_postgres)
    session = desk.writer._session
    waits = []
    for _ in range(8):
        session.away()
        waits.append(round(session.retry_in, 1))
    assert waits == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0]
