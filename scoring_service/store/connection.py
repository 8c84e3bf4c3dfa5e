"""What a session and a reader need of a database driver."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

Row = tuple[Any, ...]


class Connection(Protocol):
    """One connection, used by one thread at a time. Statements are called by their names."""

    errors: tuple[type[Exception], ...]

    def rows(self, name: str, *arguments: Any) -> list[Row]:
        """Every row a statement gives; the arguments in the order in which they are declared."""

    def many(self, name: str, rows: Sequence[Row]) -> None:
        """A statement once for each row of arguments, in order."""

    def together(self) -> AbstractContextManager[object]:
        """Statements inside may be sent without waiting for the ones before."""

    def begin(self) -> None:
        """Begin a transaction that alone may write until it ends."""

    def instant(self) -> datetime | None:
        """The database's clock, None where it has none."""

    def commit(self) -> None:
        """End the transaction: all of it stands, durably."""

    def rollback(self) -> None:
        """End the transaction, if there is one: nothing of it stands."""

    def in_transaction(self) -> bool:
        """Whether the driver says that a transaction is open."""

    def close(self) -> None:
        """Give the connection back; an open transaction does not stand."""
