"""A database that a store lives in, whichever engine it has."""

from typing import Protocol

from scoring_service.store.problems import StoreProblem
from scoring_service.store.reader import Reader
from scoring_service.store.session import Session
from scoring_service.store.url import SqliteUrl, parse

__all__ = ["Database", "Reader", "Session", "migrate", "open_database"]


class Database(Protocol):
    """Where sessions and readers come from."""

    engine: str

    def prepare(self) -> None:
        """Before writing: be the one who writes, create the schema of an empty store, check it.

        Raises StoreProblem.
        """

    def check(self) -> None:
        """Before reading: see that the schema is the one we know. Raises StoreProblem."""

    def writing(self) -> Session:
        """A writing connection. Raises StoreProblem where another process writes alone, and what
        the driver raises.
        """

    def reading(self) -> Reader:
        """A connection that only reads. Raises what the driver raises."""

    def schema_version(self) -> str | None:
        """The version of the schema, None in an empty store."""

    def migrate(self) -> None:
        """Bring the schema up to date, all of it or none. Raises StoreProblem."""

    def close(self) -> None:
        """Let others write."""


def open_database(url: str) -> Database:
    """The database a URL names; nothing is touched yet. Raises StoreProblem."""
    place = parse(url)
    if isinstance(place, SqliteUrl):
        from scoring_service.store.sqlite_database import SqliteDatabase

        return SqliteDatabase(place.path)
    return _postgres(place.conninfo)


def _postgres(conninfo: str) -> Database:
    try:
        from scoring_service.store.postgres_database import PostgresDatabase
    except ImportError:
        raise StoreProblem(
            "a PostgreSQL store needs the extra called postgres:"
            " pip install 'leadscoring[postgres]'."
        ) from None
    return PostgresDatabase(conninfo)


def migrate(url: str) -> str:
    """Bring a store's schema up to date; its version then. Raises StoreProblem."""
    database = open_database(url)
    try:
        database.migrate()
        version = database.schema_version()
    finally:
        database.close()
    assert version is not None, "a migrated store has a schema"
    return version
