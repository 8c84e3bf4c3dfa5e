"""What an exception of a database driver means: a wrong statement, a bad moment, a lost line."""

import sqlite3

import psycopg
import pytest
from psycopg import errors as pg

from scoring_service.store.problems import StoreProblem
from scoring_service.store.writer_errors import (
    RETRY_AFTER,
    Lost,
    NotCompiled,
    disconnected,
    for_caller,
    of_driver,
    passing,
    unavailable,
    unusable,
)
from scoring_service.values.errors import FailedPrecondition, NotFound, Unavailable

WRONG = [
    pytest.param(sqlite3.IntegrityError("unique"), id="SQLite: a key that is there"),
    pytest.param(sqlite3.DataError("big"), id="SQLite: a value that does not fit"),
    pytest.param(sqlite3.ProgrammingError("closed"), id="SQLite: a wrong call"),
    pytest.param(sqlite3.NotSupportedError("no"), id="SQLite: what it cannot do"),
    pytest.param(pg.UniqueViolation(), id="PostgreSQL: a key that is there"),
    pytest.param(pg.NumericValueOutOfRange(), id="PostgreSQL: a value that does not fit"),
    pytest.param(pg.SyntaxError(), id="PostgreSQL: a wrong statement"),
    pytest.param(pg.FeatureNotSupported(), id="PostgreSQL: what it cannot do"),
]
MOMENTS = [
    pytest.param(sqlite3.OperationalError("disk I/O error"), id="SQLite: the disk"),
    pytest.param(sqlite3.DatabaseError("malformed"), id="SQLite: a broken file"),
    pytest.param(pg.SerializationFailure(), id="PostgreSQL: another was quicker"),
    pytest.param(pg.DiskFull(), id="PostgreSQL: the disk"),
    pytest.param(pg.LockNotAvailable(), id="PostgreSQL: the lock"),
    pytest.param(pg.InternalError_(), id="PostgreSQL: something inside"),
]
LOST = [
    pytest.param(pg.ConnectionFailure(), id="the connection failed (08)"),
    pytest.param(pg.AdminShutdown(), id="the server was shut down (57P01)"),
    pytest.param(pg.CrashShutdown(), id="the server crashed (57P02)"),
    pytest.param(pg.CannotConnectNow(), id="the server is starting (57P03)"),
    pytest.param(pg.IdleInTransactionSessionTimeout(), id="we stood still (25P03)"),
    pytest.param(pg.QueryCanceled(), id="a statement took too long (57014)"),
    pytest.param(psycopg.OperationalError("server closed"), id="an end without a word"),
    pytest.param(psycopg.InterfaceError("closed"), id="a connection that is closed"),
]
OTHERS = [
    pytest.param(ValueError("no"), id="a mistake of ours"),
    pytest.param(NotFound("no lead"), id="a refusal"),
    pytest.param(OSError("disk"), id="another failure"),
]


@pytest.mark.parametrize("error", WRONG)
def test_a_wrong_statement_stays_wrong(error: Exception) -> None:
    assert of_driver(error)
    assert not passing(error)
    assert not disconnected(error)
    assert for_caller(error) is error
    assert unusable(error) is not isinstance(error, sqlite3.DataError | pg.DataError)


@pytest.mark.parametrize("error", MOMENTS)
def test_a_bad_moment_passes_with_the_connection_there(error: Exception) -> None:
    assert unusable(error)
    assert of_driver(error)
    assert passing(error)
    assert not disconnected(error)


@pytest.mark.parametrize("error", LOST)
def test_a_lost_connection_passes_and_nobody_knows_what_became_of_the_commit(
    error: Exception,
) -> None:
    assert unusable(error)
    assert of_driver(error)
    assert passing(error)
    assert disconnected(error)


@pytest.mark.parametrize("error", OTHERS)
def test_what_no_driver_raised_is_nothing_of_the_database(error: Exception) -> None:
    assert not unusable(error)
    assert not of_driver(error)
    assert not passing(error)
    assert not disconnected(error)
    assert for_caller(error) is error


def test_a_store_that_cannot_be_opened_is_a_bad_moment_too() -> None:
    problem = StoreProblem("it is being written by another process")
    assert passing(problem)
    assert unusable(problem)
    assert not of_driver(problem)
    assert disconnected(problem)  # nothing was ever sent, and a new connection is needed


@pytest.mark.parametrize("error", [*MOMENTS, *LOST])
def test_the_caller_may_send_again_and_the_operator_sees_why(error: Exception) -> None:
    told = for_caller(error)
    assert isinstance(told, Unavailable)
    assert told.reason == "STORE_UNAVAILABLE"
    assert told.retry_after == RETRY_AFTER == 1.0
    assert told.__cause__ is error
    assert str(error) not in told.message or not str(error)


def test_how_long_to_wait_is_said() -> None:
    told = unavailable(2.5)
    assert told.retry_after == 2.5
    assert told.message == "the store cannot keep this now; send the same request again"


def test_what_was_lost_says_why_where_that_is_known() -> None:
    lost = Lost()
    assert lost.cause is lost
    why: Exception = ValueError("why")
    lost.__cause__ = why
    assert str(lost.cause) == "why"


def test_a_refusal_that_a_driver_caused_stays_a_refusal() -> None:
    refusal = FailedPrecondition("no", "WHY")
    refusal.__cause__ = sqlite3.OperationalError("disk")
    assert for_caller(refusal) is refusal


def test_a_revision_that_is_not_compiled_has_its_content_with_it() -> None:
    error = NotCompiled("r1", b"content")
    assert (error.revision, error.content, str(error)) == ("r1", b"content", "r1")
