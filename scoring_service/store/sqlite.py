"""SQLite by its own driver: one file, one writing process."""

import sqlite3
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any
from urllib.parse import quote

from scoring_service.store.connection import Row
from scoring_service.store.statements import statements

ENGINE = "sqlite"
_SETTINGS = ("wait", "write_ahead", "durable", "check_references", "cache", "checkpoint_after")


class SqliteConnection:
    """A connection in which transactions begin and end only where we say so."""

    errors: tuple[type[Exception], ...] = (sqlite3.Error,)

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self._statements = statements(ENGINE, "?")
        self._driver = _connect(path, "ro" if read_only else "rwc")
        for setting in ("wait", "read_only") if read_only else _SETTINGS:
            self.rows(setting)

    def rows(self, name: str, *arguments: Any) -> list[Row]:
        """Every row a statement gives."""
        statement = self._statements[name]
        placed = statement.placed(arguments) if statement.placed else arguments
        return self._driver.execute(statement.sql, placed).fetchall()

    def many(self, name: str, rows: Sequence[Row]) -> None:
        """A statement once for each row."""
        statement = self._statements[name]
        placed = map(statement.placed, rows) if statement.placed else rows
        self._driver.executemany(statement.sql, placed)

    def together(self) -> nullcontext[None]:
        """Nothing is sent anywhere, so there is nothing to wait for."""
        return nullcontext()

    def begin(self) -> None:
        """Begin, and take the file's one writing lock."""
        self.rows("begin")

    def instant(self) -> None:
        """None: the time is the process's own."""

    def commit(self) -> None:
        """Commit, synced to the disk."""
        self.rows("commit")

    def rollback(self) -> None:
        """Roll back what SQLite has not rolled back by itself."""
        if self._driver.in_transaction:
            self.rows("rollback")

    def in_transaction(self) -> bool:
        """Whether SQLite is outside its autocommit mode."""
        return self._driver.in_transaction

    def interrupt(self) -> None:
        """Make a statement that another thread runs fail."""
        self._driver.interrupt()

    def close(self) -> None:
        """Close; what is open is rolled back."""
        self._driver.close()


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(
        f"file:{quote(str(path))}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
    )
