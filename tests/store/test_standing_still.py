"""A replica that stands still, stopped or swapped out, does not keep the lock of all the others."""

import threading
from collections.abc import Callable, Iterator

import psycopg
import pytest

from scoring_service.store.postgres import PostgresConnection
from scoring_service.store.url import PostgresUrl, parse
from scoring_service.store.writer_errors import disconnected

pytestmark = pytest.mark.postgres

SECONDS_MAX = 5.0
STILL = "&options=-c%20idle_in_transaction_session_timeout%3D200ms"
"""So that a test takes less than the five seconds that are meant."""


@pytest.fixture
def connect(new_postgres_store: Callable[[], str]) -> Iterator[Callable[[], PostgresConnection]]:
    """Makes writing connections to one store, as many replicas have."""
    place = parse(new_postgres_store() + STILL)
    assert isinstance(place, PostgresUrl)
    made: list[PostgresConnection] = []

    def make() -> PostgresConnection:
        made.append(PostgresConnection(place.conninfo))
        return made[-1]

    yield make
    for connection in made:
        connection.close()


def expect_free(another: PostgresConnection) -> None:
    """Somebody else gets the lock, in time."""
    got = threading.Event()

    def begin() -> None:
        another.begin()
        got.set()

    waiting = threading.Thread(target=begin, daemon=True)
    waiting.start()
    assert got.wait(SECONDS_MAX), "the lock is still held"
    waiting.join()
    another.rollback()


def expect_ended(still: PostgresConnection) -> None:
    """The one who stood still can commit nothing, and knows that his connection is gone."""
    with pytest.raises(psycopg.Error) as ended:
        still.commit()
    assert disconnected(ended.value)


def test_after_it_began(connect: Callable[[], PostgresConnection]) -> None:
    still = connect()
    still.begin()

    expect_free(connect())
    expect_ended(still)


def test_while_it_waited_for_the_lock_which_it_was_then_given(
    connect: Callable[[], PostgresConnection],
) -> None:
    holder, still = connect(), connect()
    holder.begin()
    waiting = threading.Thread(target=still.begin)
    waiting.start()
    waiting.join(0.1)
    assert waiting.is_alive()
    holder.commit()
    waiting.join()

    expect_free(connect())
    expect_ended(still)


def stand_still_in_the_midst(still: PostgresConnection, another: PostgresConnection) -> None:
    with still.together():
        still._driver.execute("select 1")
        still._driver.pgconn.send_flush_request()
        still._driver.pgconn.flush()
        expect_free(another)


def test_while_many_statements_were_under_way(connect: Callable[[], PostgresConnection]) -> None:
    still, another = connect(), connect()
    still.begin()
    with pytest.raises(psycopg.Error) as ended:
        stand_still_in_the_midst(still, another)

    assert disconnected(ended.value)


def test_the_limit_of_one_transaction_is_none_of_the_next(
    connect: Callable[[], PostgresConnection],
) -> None:
    connection = connect()
    connection.begin()
    assert connection._driver.execute("show transaction_timeout").fetchone() == ("600ms",)
    connection.commit()
    assert connection._driver.execute("show transaction_timeout").fetchone() == ("0",)


def test_an_older_server_knows_no_such_limit(connect: Callable[[], PostgresConnection]) -> None:
    connection = connect()
    assert "transaction_timeout" in connection._beginning(170_000)
    assert "transaction_timeout" not in connection._beginning(169_999)
