"""A store on each engine: SQLite in a file, PostgreSQL in a database of one server a session."""

import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from shutil import copy
from typing import Any

import psycopg
import pytest

from scoring_service.store.connection import Connection, Row
from scoring_service.store.database import Database, Reader, open_database
from scoring_service.store.migrate import MIGRATIONS
from scoring_service.store.postgres import PostgresConnection
from scoring_service.store.sqlite import SqliteConnection
from scoring_service.store.transaction import Transaction
from scoring_service.store.url import SqliteUrl, parse
from scoring_service.values.activity import Activity
from scoring_service.values.lead import Lead
from scoring_service.values.owner import Owner, RepOwner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import (
    Answer,
    Keys,
    QueuePlace,
    StoredActivity,
    StoredAssignment,
    StoredLead,
)

MONDAY = datetime(2026, 3, 2, 10, 0, 0, 123_456, tzinfo=UTC)

_TABLE = re.compile(r"create table (\w+)")

NewUrl = Callable[[], str]
"""Makes another store with a schema."""


@pytest.fixture(scope="session")
def new_postgres_store(new_postgres_url: Callable[[str], str]) -> NewUrl:
    """Makes a PostgreSQL store with its schema."""
    template = new_postgres_url("template1")
    open_database(template).migrate()
    name = psycopg.conninfo.conninfo_to_dict(template)["dbname"]
    return lambda: new_postgres_url(str(name))


@pytest.fixture(scope="session")
def new_sqlite_store(tmp_path_factory: pytest.TempPathFactory) -> NewUrl:
    """Makes an SQLite store with its schema."""
    template: Path = tmp_path_factory.mktemp("template") / "leads.db"
    database = open_database(f"sqlite:///{template}")
    database.migrate()
    database.close()

    def make() -> str:
        path = tmp_path_factory.mktemp("store") / "leads.db"
        return f"sqlite:///{copy(template, path)}"

    return make


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest) -> str:
    """Each engine in turn."""
    return str(request.param)


@pytest.fixture
def new_store(engine: str, request: pytest.FixtureRequest) -> NewUrl:
    """Makes a store with its schema on the engine."""
    name = "new_sqlite_store" if engine == "sqlite" else "new_postgres_store"
    make: NewUrl = request.getfixturevalue(name)
    return make


@pytest.fixture
def url(new_store: NewUrl) -> str:
    """Where a store is that has its schema and nothing in it."""
    return new_store()


@pytest.fixture
def connect(url: str) -> Callable[[], Connection]:
    """Opens a bare writing connection to the store."""
    place = parse(url)
    if isinstance(place, SqliteUrl):
        return lambda: SqliteConnection(place.path)
    return lambda: PostgresConnection(place.conninfo)


class Counted:
    """A connection that counts what is read by it."""

    def __init__(self, connection: Connection) -> None:
        self.connection, self.read = connection, Counter[str]()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)

    def rows(self, name: str, *arguments: Any) -> list[Any]:
        self.read[name] += 1
        return self.connection.rows(name, *arguments)


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """A store with its schema and nothing in it."""
    database = open_database(url)
    yield database
    database.close()


class Desk:
    """Runs units of work as the writer does; `now` is the instant of the next batch."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.session = database.writing()
        self.session.not_durable()
        self.reader: Reader = database.reading()
        self.now = MONDAY
        self._ids = count(1)

    def new_id(self) -> str:
        """Ids in order: id-0001, id-0002."""
        return f"id-{next(self._ids):04}"

    def run(self, *units: Callable[[Transaction], Any], keys: Sequence[Keys] = ()) -> list[Any]:
        """Run units in one batch and commit it; what each returned, or the exception it raised."""
        self.session.begin()
        batch = self.session.batch(self.now, self.new_id)
        batch.prefetch(keys)
        results: list[Any] = []
        for unit in units:
            tx = batch.transaction()
            try:
                results.append(unit(tx))
            except ValueError as error:
                results.append(error)
                batch.drop(tx)
            else:
                batch.keep(tx)
        batch.flush()
        self.session.commit()
        return results

    def do(self, unit: Callable[[Transaction], Any]) -> Any:
        """Run one unit in a batch of its own."""
        return self.run(unit)[0]

    def later(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)

    def close(self) -> None:
        """Give the connections back."""
        self.session.close()
        self.reader.close()


@pytest.fixture
def desk_on() -> Iterator[Callable[[Database], Desk]]:
    """Makes a desk on a database; both are closed after the test."""
    desks: list[Desk] = []

    def make(database: Database) -> Desk:
        desks.append(Desk(database))
        return desks[-1]

    yield make
    for desk in desks:
        desk.close()
        desk.database.close()


@pytest.fixture
def desk(database: Database, desk_on: Callable[[Database], Desk]) -> Desk:
    """A store with somebody who runs units on it."""
    return desk_on(database)


class Examples:
    """Values in which only what a test is about need be named."""

    now = MONDAY

    def lead(self, lead_id: str = "l1", owner: Owner | None = None, **fields: Any) -> StoredLead:
        """A lead; `email` is its address, and everything else is a field of StoredLead."""
        email = fields.pop("email", None)
        times = {"created_at": self.now, "updated_at": self.now, "entered_at": self.now}
        known = {"person_id": f"person of {lead_id}", "stage": Stage.MQL, **times, **fields}
        return StoredLead(lead=Lead(lead_id, email), owner=owner, **known)

    def activity(
        self, activity_id: str, lead_id: str = "l1", hours_ago: float = 0, digest: str = "d"
    ) -> StoredActivity:
        """A page view."""
        at = self.now - timedelta(hours=hours_ago)
        return StoredActivity(lead_id, Activity("visit", at, activity_id), digest, self.now)

    def assignment(
        self, assignment_id: str, rep_id: str = "ann", lead_id: str = "l1", **fields: Any
    ) -> StoredAssignment:
        """A lead given to a rep now."""
        known = {"owner": RepOwner(rep_id), "cause": "qualified", "assigned_at": self.now, **fields}
        return StoredAssignment(assignment_id, lead_id, f"decision {assignment_id}", **known)

    def place(self, lead_id: str, pool: str = "west", minutes_ago: float = 0) -> QueuePlace:
        """A place that has no number yet."""
        return QueuePlace(pool, lead_id, self.now - timedelta(minutes=minutes_ago), 0)

    def answer(self, request_id: str = "q1", body: bytes = b"{}") -> Answer:
        """The answer to a request."""
        return Answer(request_id, "Route", "digest", body, self.now)


@pytest.fixture
def example() -> Examples:
    """Makes values."""
    return Examples()


@pytest.fixture(scope="session")
def tables() -> tuple[str, ...]:
    """Every table of the schema, whichever migration made it."""
    files = sorted(MIGRATIONS.glob("v*.sql"))
    return tuple(table for file in files for table in _TABLE.findall(file.read_text()))


@pytest.fixture(scope="session")
def dump(tables: tuple[str, ...]) -> Callable[[str], dict[str, list[Row]]]:
    """Everything that stands in the store at a URL, by table."""

    def of(url: str) -> dict[str, list[Row]]:
        place = parse(url)
        driver: Any
        if isinstance(place, SqliteUrl):
            driver = sqlite3.connect(place.path)
        else:
            driver = psycopg.connect(place.conninfo)
        found = {table: driver.execute(f"select * from {table}").fetchall() for table in tables}
        driver.close()
        return {table: sorted(rows, key=repr) for table, rows in found.items()}

    return of
