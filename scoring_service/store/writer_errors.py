"""What an exception of a database driver means, and what the caller is told."""

import sqlite3
import sys
from types import ModuleType

from scoring_service.store.problems import StoreProblem
from scoring_service.values.errors import Refusal, Unavailable

RETRY_AFTER = 1.0
"""Seconds after which a caller may send again what the store could not keep."""

_LOST = ("08", "57P", "25P03", "25P04", "57014")
"""SQLSTATE classes of a connection that is gone or a statement that was ended from outside."""


class Lost(Exception):
    """Nothing of the batch stands; the cause says why."""

    @property
    def cause(self) -> Exception:
        """What the driver or the unit raised."""
        return self.__cause__ if isinstance(self.__cause__, Exception) else self


class NotCompiled(Exception):
    """The active revision has not been compiled here; nothing was done."""

    def __init__(self, revision: str, content: bytes | None) -> None:
        super().__init__(revision)
        self.revision, self.content = revision, content


class NoDatabase(Exception):
    """There is no connection, and none can be had; the cause says why."""


def of_driver(error: BaseException) -> bool:
    """Whether a database driver raised it."""
    return any(isinstance(error, driver.Error) for driver in _drivers())


def passing(error: BaseException) -> bool:
    """Whether the same work may succeed later: no wrong value or statement, but a bad moment.

    StoreProblem is what opening a connection raises.
    """
    return isinstance(error, StoreProblem) or any(
        isinstance(error, driver.Error)
        and not isinstance(
            error,
            driver.IntegrityError
            | driver.DataError
            | driver.ProgrammingError
            | driver.NotSupportedError,
        )
        for driver in _drivers()
    )


def unusable(error: BaseException) -> bool:
    """Whether it keeps every unit from being run: the database does, not a value sent to it."""
    return isinstance(error, StoreProblem) or any(
        isinstance(error, driver.Error) and not isinstance(error, driver.DataError)
        for driver in _drivers()
    )


def disconnected(error: BaseException) -> bool:
    """Whether the connection was lost, so that nobody knows what became of a COMMIT."""
    if isinstance(error, sqlite3.Error) or not passing(error):
        return False
    state = getattr(error, "sqlstate", None)
    return state is None or state.startswith(_LOST)


def for_caller(error: Exception) -> Exception:
    """What the caller of a unit gets: its own error, or Unavailable when the database said no."""
    if isinstance(error, Refusal) or not passing(error):
        return error
    refusal = unavailable(RETRY_AFTER)
    refusal.__cause__ = error
    return refusal


def unavailable(retry_after: float) -> Unavailable:
    """The store cannot keep anything just now; the same request may be sent again."""
    return Unavailable(
        "the store cannot keep this now; send the same request again",
        "STORE_UNAVAILABLE",
        retry_after,
    )


def _drivers() -> tuple[ModuleType, ...]:
    """psycopg is an extra, and loaded only where PostgreSQL is used."""
    psycopg = sys.modules.get("psycopg")
    return (sqlite3,) if psycopg is None else (sqlite3, psycopg)
