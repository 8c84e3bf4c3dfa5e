"""A store in a PostgreSQL database; any number of processes write it, one transaction at a time."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg

from scoring_service.store import migrate
from scoring_service.store.postgres import ENGINE, LOCK, PostgresConnection, connect
from scoring_service.store.problems import StoreProblem
from scoring_service.store.reader import Reader
from scoring_service.store.schema_version import check_known, check_version, version_of
from scoring_service.store.session import Session


class PostgresDatabase:
    """A database by its connection string."""

    engine = ENGINE

    def __init__(self, conninfo: str, migrations: Path = migrate.MIGRATIONS) -> None:
        self._conninfo = conninfo
        self._migrations = migrations

    def prepare(self) -> None:
        """Create the schema of an empty store, check it. Raises StoreProblem."""
        if self.schema_version() is None:
            self._create()
        self.check()

    def check(self) -> None:
        """See that the schema is the one we know. Raises StoreProblem."""
        check_version(self.schema_version(), self._migrations)

    def writing(self) -> Session:
        """A writing connection. Raises what the driver raises."""
        return Session(PostgresConnection(self._conninfo))

    def reading(self) -> Reader:
        """A connection that only reads. Raises what the driver raises."""
        return Reader(PostgresConnection(self._conninfo, read_only=True))

    def schema_version(self) -> str | None:
        """The version of the schema, None in an empty store."""
        with (
            _problems(),
            closing(PostgresConnection(self._conninfo, read_only=True)) as connection,
        ):
            return version_of(connection)

    def migrate(self) -> None:
        """Bring the schema up to date, in one transaction that holds the lock of the writers."""
        check_known(self.schema_version(), self._migrations)
        with _problems():
            migrate.run("postgresql+psycopg", self._driver, self._begin(), self._migrations)

    def close(self) -> None:
        """Nothing is held between connections."""

    def _create(self) -> None:
        with _problems():
            migrate.create(self._driver(), ENGINE, "%s", self._begin(), self._migrations)

    def _driver(self) -> Any:
        return connect(self._conninfo)

    def _begin(self) -> tuple[str, ...]:
        lock = migrate.statement(ENGINE, "lock").replace("?", str(LOCK))
        return migrate.statement(ENGINE, "begin"), lock


@contextmanager
def _problems() -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        why = " ".join(str(error).split())
        raise StoreProblem(f"the PostgreSQL store cannot be opened: {why}.") from None
