"""PostgreSQL by psycopg 3, which is an extra: imported only where a store is there."""

import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from functools import cache
from itertools import count
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.types.numeric import Int8Dumper

from scoring_service.store.connection import Row
from scoring_service.store.statements import statements
from scoring_service.values.instant import instant

ENGINE = "postgresql"
LOCK = 6_011_427_355_216
"""The key of the lock that every writing transaction takes: any number, the same everywhere."""

LIVENESS = {
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""So that a connection whose other end is gone is noticed within seconds."""

TIMEOUTS = {"idle_in_transaction_session_timeout": "5s", "statement_timeout": "30s"}
"""So that a replica that stands still frees the lock."""

LIMITS_TRANSACTIONS = 170_000
"""The version of PostgreSQL from which on it can limit the time of a transaction."""

PREPARED_MAX = 400
"""Statements that a connection keeps prepared: each of ours, in each of its sizes."""

_OPEN = (TransactionStatus.INTRANS, TransactionStatus.INERROR)


_VALUES = re.compile(r"\bvalues\s*(\([^()]*\))")
_PLACE = re.compile("%s")
_SIZES = (64, 16, 4, 1)
"""How many rows a statement may take at once: few sizes, for each is prepared on its own."""


@cache
def _for_many(sql: str, size: int) -> bytes:
    """A statement that takes the values of so many rows, its parameters numbered as the server
    has them: the driver looks for none.
    """
    found = _VALUES.search(sql)
    assert found is not None, sql
    whole = sql[: found.end()] + f", {found[1]}" * (size - 1) + sql[found.end() :]
    numbers = count(1)
    return _PLACE.sub(lambda _: f"${next(numbers)}", whole).encode()


def _untyped(rows: Sequence[Row]) -> tuple[str | None, ...]:
    """All arguments as texts, which the server reads as its columns' types: where a driver tells
    the types, a statement has as many plans as there are places for nulls.
    """
    return tuple(
        [
            value if value is None or value.__class__ is str else _text_of(value)
            for row in rows
            for value in row
        ]
    )


def _text_of(value: Any) -> str:
    """As the server reads it: bytes by their digits."""
    return rf"\x{value.hex()}" if isinstance(value, bytes) else str(value)


def _sizes(rows: int) -> Iterator[int]:
    """The sizes that add up to a number of rows, the largest first."""
    for size in _SIZES:
        yield from [size] * (rows // size)
        rows %= size


class PostgresConnection:
    """A connection in which transactions begin and end only where we say so."""

    errors: tuple[type[Exception], ...] = (psycopg.Error,)

    def __init__(self, conninfo: str, *, read_only: bool = False) -> None:
        self._statements = statements(ENGINE, "%s")
        self._driver = connect(conninfo, read_only=read_only)
        self._cursor = self._driver.cursor()
        self._numbered = psycopg.RawCursor(self._driver)
        self._begin = self._beginning(self._driver.info.server_version).encode()

    def _beginning(self, version: int) -> str:
        """The statements of `begin`, none of which takes parameters."""
        lock = self._statements["lock"].sql.replace("%s", str(LOCK))
        parts = [self._statements["begin"].sql, lock]
        if version >= LIMITS_TRANSACTIONS:
            parts.append(self._statements["limit_transaction"].sql)
        return "\n".join(parts)

    def rows(self, name: str, *arguments: Any) -> list[Row]:
        """Every row a statement gives; none where it gives no rows."""
        statement = self._statements[name]
        placed = statement.placed(arguments) if statement.placed else arguments
        cursor = self._cursor.execute(statement.sql, placed)
        return cursor.fetchall() if cursor.description else []

    def many(self, name: str, rows: Sequence[Row]) -> None:
        """A statement once for each row: where it has values, for many rows at a time."""
        statement = self._statements[name]
        placed = [statement.placed(row) for row in rows] if statement.placed else rows
        if not _VALUES.search(statement.sql):
            self._cursor.executemany(statement.sql, placed)
            return
        start = 0
        for size in _sizes(len(placed)):
            sent = _untyped(placed[start : start + size])
            self._numbered.execute(_for_many(statement.sql, size), sent, prepare=True)
            start += size

    def together(self) -> AbstractContextManager[object]:
        """Everything inside is sent at once; its errors come at the end."""
        return self._driver.pipeline()

    def begin(self) -> None:
        """Begin, and wait for the lock.

        All in one simple query: after a pipeline the server does not mind for how long nothing is
        asked of it, so that one who stood still while he waited would have the lock for ever.
        """
        self._driver.execute(self._begin, prepare=False)

    def instant(self) -> datetime:
        """The server's clock: all replicas have the same."""
        return instant(self.rows("instant")[0][0])

    def commit(self) -> None:
        """Commit, durably."""
        self.rows("commit")

    def rollback(self) -> None:
        """Roll back, unless the connection is gone or idle."""
        if self._driver.info.transaction_status in _OPEN:
            self.rows("rollback")

    def in_transaction(self) -> bool:
        """Whether a transaction is open that can still be committed: of one that failed the server
        makes a rollback, whatever it is told.
        """
        return self._driver.info.transaction_status == TransactionStatus.INTRANS

    def close(self) -> None:
        """Close; what is open is rolled back."""
        self._driver.close()


def connect(conninfo: str, *, read_only: bool = False) -> "psycopg.Connection[tuple[Any, ...]]":
    """A driver's connection with our time-outs. The URL's own settings come after ours."""
    driver = psycopg.connect(_with_settings(conninfo, read_only=read_only), autocommit=True)
    driver.adapters.register_dumper(int, Int8Dumper)
    driver.prepared_max = PREPARED_MAX
    return driver


def _with_settings(conninfo: str, *, read_only: bool) -> str:
    own = psycopg.conninfo.conninfo_to_dict(conninfo)
    settings = TIMEOUTS | ({"default_transaction_read_only": "on"} if read_only else {})
    options = [f"-c {name}={value}" for name, value in settings.items()]
    own["options"] = " ".join([*options, str(own.get("options") or "")]).strip()
    return psycopg.conninfo.make_conninfo("", **{**LIVENESS, **own})
