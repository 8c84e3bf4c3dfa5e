"""A store in one SQLite file."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from scoring_service.store import migrate
from scoring_service.store.problems import StoreProblem
from scoring_service.store.reader import Reader
from scoring_service.store.schema_version import check_known, check_version, version_of
from scoring_service.store.session import Session
from scoring_service.store.sqlite import ENGINE, SqliteConnection
from scoring_service.store.sqlite_lock import Lock


class SqliteDatabase:
    """A file that one process writes; it holds the lock until `close`."""

    engine = ENGINE

    def __init__(self, path: Path, migrations: Path = migrate.MIGRATIONS) -> None:
        self.path = path
        self._migrations = migrations
        self._lock = Lock(path)

    def prepare(self) -> None:
        """Take the lock, create the schema of an empty store, see that it can be written.

        Raises StoreProblem.
        """
        self._lock.take()
        if self.schema_version() is None:
            self._create()
        check_version(self.schema_version(), self._migrations)
        with _problems(self.path), closing(SqliteConnection(self.path)) as connection:
            connection.begin()
            connection.rollback()

    def check(self) -> None:
        """See that there is a store with a schema we know. Raises StoreProblem."""
        check_version(self.schema_version(), self._migrations)

    def writing(self) -> Session:
        """A writing connection; this process is the one who writes from now on.

        Raises StoreProblem where another one is, and what the driver raises.
        """
        self._lock.take()
        return Session(SqliteConnection(self.path))

    def reading(self) -> Reader:
        """A connection that only reads. Raises what the driver raises."""
        return Reader(SqliteConnection(self.path, read_only=True))

    def schema_version(self) -> str | None:
        """The version of the schema, None in an empty store or where there is none."""
        if not self.path.exists():
            return None
        with (
            _problems(self.path),
            closing(SqliteConnection(self.path, read_only=True)) as connection,
        ):
            return version_of(connection)

    def migrate(self) -> None:
        """Bring the schema up to date, in one transaction begun before anything is read."""
        self._lock.take()
        check_known(self.schema_version(), self._migrations)
        with _problems(self.path):
            migrate.run("sqlite", self._driver, self._begin(), self._migrations)

    def _create(self) -> None:
        with _problems(self.path):
            migrate.create(self._driver(), ENGINE, "?", self._begin(), self._migrations)

    def _driver(self) -> sqlite3.Connection:
        return sqlite3.connect(self.path, isolation_level=None)

    def _begin(self) -> tuple[str, ...]:
        return (migrate.statement(ENGINE, "begin"),)

    def write_address(self, address: str) -> None:
        """Say beside the file where this process can be reached."""
        self._lock.write_address(address)

    def close(self) -> None:
        """Let another process write; a log that is left over goes into the file first.

        The last connection to close does that, unless it only reads.
        """
        if self._lock.is_held and self.path.exists():
            with suppress(sqlite3.Error):
                SqliteConnection(self.path).close()
        self._lock.release()


@contextmanager
def _problems(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StoreProblem(f"{path} cannot be used as a store: {error}.") from None
