"""A store is opened whole or not at all, read beside its writer, and closed for others to open."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from scoring_service.store.problems import StoreProblem
from scoring_service.store.store import Store, open_store
from scoring_service.store.writer_session import WritingSession
from scoring_service.values.account import Account
from scoring_service.values.errors import NotFound, Unavailable
from scoring_service.workflows.accounts import get
from tests.store.writer.conftest import driver_of

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def nobody(content: bytes) -> Any:
    raise AssertionError("no revision is stored")


def nothing_due(tx: Any, policy: Any, now: Any) -> int:
    return 0


def opened(url: str, **options: Any) -> Store:
    ids = count(1)
    return open_store(
        url,
        clock=lambda: MONDAY,
        new_id=lambda: f"id{next(ids)}",
        compile=nobody,
        due=nothing_due,
        **options,
    )


@pytest.fixture
async def store(new_store: Callable[[], str], desk: Any) -> Any:
    """A store on each engine, with one account and the policy r1."""
    store = opened(new_store())
    policy = desk.policies.active
    account = Account("acme", domains=("acme.example",))

    def begin(tx: Any, policy: Any, now: Any) -> None:
        tx.activate(policy.revision, b"r1", "test")
        tx.save_account(account)

    await store.writer.activate(begin, policy)
    yield store
    await store.close()


async def test_what_is_written_is_read(store: Store) -> None:
    assert await store.read(lambda reader: reader.active_revision()) == "r1"
    assert store.policies.revision == "r1"
    assert get(store.accounts, "acme").domains == ("acme.example",)


async def test_a_question_raises_what_it_raises(store: Store) -> None:
    def refuses(reader: Any) -> None:
        raise NotFound("no such lead", "LEAD_NOT_FOUND")

    with pytest.raises(NotFound):
        await store.read(refuses)


async def test_reading_goes_on_beside_a_writer_that_is_busy(store: Store) -> None:
    busy, go_on = threading.Event(), threading.Event()

    def waits(tx: Any, policy: Any, now: Any) -> bool:
        busy.set()
        return go_on.wait(20)

    writing = asyncio.ensure_future(store.writer.write(waits))
    await asyncio.to_thread(busy.wait)
    assert await store.read(lambda reader: reader.active_revision()) == "r1"
    go_on.set()
    assert await writing


async def test_a_reader_whose_connection_died_is_replaced(store: Store, engine: str) -> None:
    def dies(reader: Any) -> None:
        driver = reader._connection._driver
        if engine == "sqlite":
            driver.interrupt()
            driver.set_progress_handler(lambda: 1, 1)
        else:
            driver.pgconn.finish()

    for _ in range(4):  # each reading thread has its own
        await store.read(dies)
    assert await store.read(lambda reader: reader.active_revision()) == "r1"


async def test_a_question_that_never_works_is_unavailable(store: Store, engine: str) -> None:
    def dies(reader: Any) -> str | None:
        driver = reader._connection._driver
        if engine == "sqlite":
            driver.set_progress_handler(lambda: 1, 1)
        else:
            driver.pgconn.finish()
        found: str | None = reader.active_revision()
        return found

    with pytest.raises(Unavailable):
        await store.read(dies)
    assert await store.read(lambda reader: reader.active_revision()) == "r1"


async def test_a_closed_store_refuses_writing(store: Store) -> None:
    await store.writer.close()
    with pytest.raises(Unavailable) as refusal:
        await store.writer.write(nothing_due)
    assert refusal.value.reason == "STOPPING"


async def test_no_thread_outlives_a_store(new_store: Callable[[], str]) -> None:
    before = set(threading.enumerate())
    store = opened(new_store())
    await store.read(lambda reader: reader.active_revision())
    await store.close()
    left = {thread.name for thread in set(threading.enumerate()) - before}
    assert not {name for name in left if name.startswith(("writer", "reader"))}


async def test_one_process_writes_a_file(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/leads.db"
    first = opened(url)
    with pytest.raises(StoreProblem) as problem:
        opened(url)
    assert "is being written by another process" in str(problem.value)
    await first.close()
    await opened(url).close()


async def test_an_empty_store_is_made_unless_it_may_not_be(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/leads.db"
    with pytest.raises(StoreProblem):
        opened(url, create=False)
    await opened(url).close()
    await opened(url, create=False).close()


def problem_of(url: str) -> str:
    with pytest.raises(StoreProblem) as problem:
        opened(url)
    return str(problem.value)


async def test_a_store_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    said = problem_of(f"sqlite:///{tmp_path}/nowhere/leads.db")
    assert "cannot be written: no such file or directory" in said
    assert "\n" not in said


async def test_a_file_that_is_no_store_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "leads.db").write_bytes(b"this is a letter, not a database" * 100)
    said = problem_of(f"sqlite:///{tmp_path}/leads.db")
    assert "cannot be used as a store" in said


async def test_a_server_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    said = problem_of(f"postgresql://nobody@/leads?host={tmp_path}")
    assert "the PostgreSQL store cannot be opened" in said
    assert "\n" not in said


async def test_a_newer_schema_is_one_sentence(new_store: Callable[[], str], engine: str) -> None:
    url = new_store()
    newer = "update alembic_version set version_num = '9999'"
    if engine == "sqlite":
        driver = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        driver.execute(newer)
        driver.close()
    else:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(newer)
    assert "newer than this program" in problem_of(url)


@pytest.mark.parametrize(
    ("durable", "waits"),
    [
        pytest.param(True, {2, "on"}, id="commits-of-a-server-wait-for-the-disk"),
        pytest.param(False, {0, "off"}, id="those-of-a-store-that-nobody-keeps-do-not"),
    ],
)
def test_what_a_commit_waits_for(database: Any, durable: bool, waits: set[int | str]) -> None:
    session = WritingSession(database, durable=durable)
    asked = "pragma synchronous" if database.engine == "sqlite" else "show synchronous_commit"
    for _ in range(2):  # the connection is opened anew once it was lost
        assert driver_of(session.open()).execute(asked).fetchone()[0] in waits
        session.lose()
