"""What a store holds, read by plain SQL: an eye of its own, which knows nothing of the reader."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

Row = tuple[Any, ...]


class Stored:
    """Rows of a store, as committed now."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def rows(self, sql: str) -> list[Row]:
        """Every row of a statement."""
        with closing(self._connection.cursor()) as cursor:
            cursor.execute(sql)
            found: list[Row] = cursor.fetchall()
        return found

    def value(self, sql: str) -> Any:
        """The one value a statement gives."""
        return self.rows(sql)[0][0]


@contextmanager
def stored(url: str) -> Iterator[Stored]:
    """A store to look into: `sqlite:////file` or `postgresql://...`."""
    with closing(_connection(url)) as connection:
        yield Stored(connection)


def _connection(url: str) -> Any:
    if url.startswith("sqlite:///"):
        return sqlite3.connect(f"file:{url.removeprefix('sqlite:///')}?mode=ro", uri=True)
    import psycopg

    return psycopg.connect(url, autocommit=True)
