"""A store in PostgreSQL: many processes, one batch at a time; what keeps it from being opened."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from scoring_service.store.database import open_database
from scoring_service.store.postgres import PostgresConnection
from scoring_service.store.postgres_database import PostgresDatabase
from scoring_service.store.problems import StoreProblem
from scoring_service.store.url import PostgresUrl, parse
from scoring_service.values.stored import Timer

pytestmark = pytest.mark.postgres


@pytest.fixture
def conninfo(new_postgres_store: Callable[[], str]) -> str:
    """Where a store is that nobody has open."""
    place = parse(new_postgres_store())
    assert isinstance(place, PostgresUrl)
    return place.conninfo


@pytest.fixture
def connection(conninfo: str) -> Iterator[PostgresConnection]:
    """A bare writing connection."""
    connection = PostgresConnection(conninfo)
    yield connection
    connection.close()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("idle_in_transaction_session_timeout", "5s"),
        ("statement_timeout", "30s"),
        ("default_transaction_read_only", "off"),
    ],
)
def test_a_writing_connection_frees_the_lock_if_it_stands_still(
    connection: PostgresConnection, setting: str, value: str
) -> None:
    shown = connection._driver.execute(f"show {setting}".encode()).fetchone()
    assert shown == (value,)


def test_a_connection_notices_that_the_other_end_is_gone(connection: PostgresConnection) -> None:
    settings = connection._driver.info.get_parameters()
    assert {name: settings[name] for name in settings if "keepalives" in name} == {
        "keepalives": "1",
        "keepalives_idle": "5",
        "keepalives_interval": "2",
        "keepalives_count": "3",
    }
    assert settings["tcp_user_timeout"] == "10000"


def test_the_urls_own_settings_come_last(conninfo: str) -> None:
    url = f"{conninfo}&connect_timeout=9&options=-c%20statement_timeout%3D7s"
    connection = PostgresConnection(url)
    assert connection._driver.execute("show statement_timeout").fetchone() == ("7s",)
    assert connection._driver.execute("show idle_in_transaction_session_timeout").fetchone() == (
        "5s",
    )
    assert connection._driver.info.get_parameters()["connect_timeout"] == "9"
    connection.close()


def test_a_reader_cannot_write(conninfo: str) -> None:
    connection = PostgresConnection(conninfo, read_only=True)
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        connection.many("save_counter", [("instant", 1)])
    connection.close()


def test_batches_of_two_processes_follow_one_another(conninfo: str) -> None:
    one, other = (PostgresDatabase(conninfo).writing() for _ in range(2))
    one.begin()
    began = threading.Event()

    def wait_for_the_lock() -> None:
        other.begin()
        began.set()

    waiting = threading.Thread(target=wait_for_the_lock)
    waiting.start()
    assert not began.wait(0.2)
    one.commit()
    assert began.wait(5)
    waiting.join()
    other.rollback()
    one.close()
    other.close()


def test_the_lock_is_held_before_anything_is_read(conninfo: str) -> None:
    """What one batch commits the next one sees, though it began to wait before."""
    one, other = (PostgresDatabase(conninfo).writing() for _ in range(2))
    one.begin()
    now = one.instant()
    assert now is not None
    seen: list[Any] = []

    def look() -> None:
        other.begin()
        seen.extend((other.last_instant(), other.instant()))

    waiting = threading.Thread(target=look)
    waiting.start()
    batch = one.batch(now, lambda: "id")
    tx = batch.transaction()
    tx.set_timer(Timer("drain", "west", now, "r1"))
    batch.keep(tx)
    batch.flush()
    one.commit()
    waiting.join(5)
    assert seen[0] == now
    assert seen[1] > now
    one.close()
    other.close()


def test_the_instant_is_the_servers_and_goes_on_within_a_transaction(
    connection: PostgresConnection,
) -> None:
    connection.begin()
    first, second = connection.instant(), connection.instant()
    connection.rollback()
    assert first < second
    assert first.tzinfo is UTC
    assert abs(first - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_killed_backend_leaves_no_transaction(connection: PostgresConnection) -> None:
    connection.begin()
    with psycopg.connect(connection._driver.info.dsn, autocommit=True) as other:
        pid = connection._driver.info.backend_pid
        other.execute("select pg_terminate_backend(%s)", (pid,))
    with pytest.raises(psycopg.OperationalError):
        connection.rows("counters")
    assert not connection.in_transaction()
    connection.rollback()


def test_a_transaction_in_which_a_statement_failed_is_none_any_more(
    connection: PostgresConnection,
) -> None:
    connection.begin()
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        connection.many("save_place", [("west", "nobody", 1, 1, "{}")])
    assert not connection.in_transaction()
    with pytest.raises(psycopg.errors.InFailedSqlTransaction):
        connection.rows("counters")
    connection.rollback()
    assert connection.rows("counters") == []


ENDED = [(1, 2, 3, 4), (None, 2**62, -3, None), (None, None, None, None)]
HANDOVERS = "select operation_id, rep_id, started_at, ended_at, body from handovers order by 1"
PLANS = "select count(*) from pg_prepared_statements where statement like 'insert into handovers%'"


def test_a_statement_is_planned_once_wherever_its_nulls_are(connection: PostgresConnection) -> None:
    connection.begin()
    every: list[tuple[str, str, int, int | None, str]] = []
    for turn, instants in enumerate(ENDED):
        books = [
            (f"{turn}{i} it's 100%s of $1", f"{turn}{i}", i, ended, '{"a": "\\n é"}')
            for i, ended in enumerate(instants)
        ]
        connection.many("save_handover", books)
        every += books
    assert connection._driver.execute(HANDOVERS).fetchall() == every
    assert connection._driver.execute(PLANS).fetchall() == [(1,)]
    connection.rollback()


def test_a_server_that_is_not_there_is_one_sentence() -> None:
    url = "postgresql://nobody:secret@127.0.0.1:1/none"
    with pytest.raises(StoreProblem) as problem:
        open_database(url).prepare()
    said = str(problem.value)
    assert said.startswith("the PostgreSQL store cannot be opened: ")
    assert said.endswith(".")
    assert "\n" not in said
    assert "secret" not in said


def test_without_psycopg_the_extra_is_named() -> None:
    program = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from scoring_service.store.database import open_database\n"
        "try: open_database('postgresql://localhost/leads')\n"
        "except Exception as error: print(type(error).__name__, error)\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert run.stdout.decode().strip() == (
        "StoreProblem a PostgreSQL store needs the extra called postgres:"
        " pip install 'leadscoring[postgres]'."
    )


def test_with_sqlite_psycopg_is_not_loaded(new_sqlite_store: Callable[[], str]) -> None:
    program = (
        "import sys\n"
        "from scoring_service.store.database import open_database\n"
        f"open_database({new_sqlite_store()!r}).prepare()\n"
        "sys.exit('psycopg' in sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
