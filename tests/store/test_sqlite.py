"""A store in a file: one process writes it, others read it, and what keeps it from being opened."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scoring_service.store.connection import Connection
from scoring_service.store.database import Database, open_database
from scoring_service.store.problems import StoreProblem
from scoring_service.store.sqlite import SqliteConnection
from scoring_service.store.sqlite_database import SqliteDatabase
from scoring_service.store.sqlite_lock import lock_path, read_address
from scoring_service.store.url import SqliteUrl, parse
from scoring_service.values.stored import Timer


@pytest.fixture
def path(new_sqlite_store: Callable[[], str]) -> Path:
    """A file with a store in it that nobody has open."""
    place = parse(new_sqlite_store())
    assert isinstance(place, SqliteUrl)
    return place.path


@pytest.fixture
def writer(path: Path) -> Iterator[SqliteDatabase]:
    """The process that writes the file."""
    database = SqliteDatabase(path)
    database.prepare()
    yield database
    database.close()


@pytest.fixture
def connection(path: Path) -> Iterator[SqliteConnection]:
    """A bare writing connection."""
    connection = SqliteConnection(path)
    yield connection
    connection.close()


def in_another_process(path: Path, program: str) -> str:
    """What a Python program prints; `database` is the store."""
    head = (
        "from pathlib import Path\n"
        "from scoring_service.store.sqlite_database import SqliteDatabase\n"
        f"database = SqliteDatabase(Path({str(path)!r}))\n"
    )
    run = [sys.executable, "-c", head + program]
    return subprocess.run(run, capture_output=True, text=True, check=True).stdout.strip()


PREPARE = "try:\n    database.prepare(); print('opened')\nexcept Exception as e: print(e)"


def test_a_second_writing_process_is_told_so_in_one_sentence(
    writer: SqliteDatabase, path: Path
) -> None:
    said = in_another_process(path, PREPARE)
    assert said == (
        f"{path} is being written by another process"
        " (one writes at a time; stop it, or use another --store)."
    )


def test_a_writing_connection_needs_the_lock(writer: SqliteDatabase, path: Path) -> None:
    second = SqliteDatabase(path)
    with pytest.raises(StoreProblem, match="another process"):
        second.writing()
    writer.close()
    second.writing().close()
    second.close()


def test_the_lock_ends_with_its_process(path: Path) -> None:
    assert in_another_process(path, "database.prepare(); print('opened')") == "opened"
    assert in_another_process(path, PREPARE) == "opened"


def test_the_writer_may_connect_again_and_again(writer: SqliteDatabase) -> None:
    for _ in range(3):
        session = writer.writing()
        session.begin()
        assert session.in_transaction()
        session.commit()
        assert not session.in_transaction()
        session.close()


def test_the_address_of_the_writer_is_read_beside_the_file(
    writer: SqliteDatabase, path: Path
) -> None:
    assert read_address(path) == ""
    writer.write_address("[::1]:50051 and more")
    writer.write_address("[::1]:50051")
    assert read_address(path) == "[::1]:50051"
    assert in_another_process(
        path,
        "from scoring_service.store.sqlite_lock import read_address; print(read_address("
        "database.path))",
    ) == "[::1]:50051"  # fmt: skip


def test_an_address_is_that_of_a_process_that_is_there(path: Path) -> None:
    assert read_address(path) is None
    database = SqliteDatabase(path)
    database.prepare()
    database.write_address("localhost:1")
    database.close()
    assert lock_path(path).read_text() == "localhost:1"
    assert read_address(path) is None
    database.prepare()
    assert read_address(path) == ""
    database.close()


def test_a_closed_store_is_one_file_whoever_closed_last(writer: SqliteDatabase, path: Path) -> None:
    session, reader = writer.writing(), writer.reading()
    assert reader.next_due() is None
    session.close()
    reader.close()
    writer.close()
    files = {file.name for file in path.parent.iterdir()}
    assert files == {path.name, lock_path(path).name}


def test_readers_read_while_a_batch_is_open(writer: SqliteDatabase) -> None:
    session, reader = writer.writing(), writer.reading()
    session.begin()
    assert reader.next_due() is None
    session.rollback()
    reader.close()
    session.close()


def test_a_reader_cannot_write(path: Path) -> None:
    connection = SqliteConnection(path, read_only=True)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.many("save_counter", [("instant", 1)])
    connection.close()


def test_a_store_nobody_writes_can_be_read(path: Path) -> None:
    database = SqliteDatabase(path)
    database.check()
    reader = database.reading()
    assert reader.active_revision() is None
    reader.close()
    assert read_address(path) is None


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("busy_timeout", 5000),
        ("cache_size", -65536),
    ],
)
def test_a_writing_connection_is_safe(path: Path, setting: str, value: object) -> None:
    connection = SqliteConnection(path)
    found = connection._driver.execute(f"pragma {setting}").fetchall()
    assert found == [(value,)]
    assert connection._driver.isolation_level is None
    connection.close()


def test_references_are_checked(connection: Connection) -> None:
    connection.begin()
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        connection.many("save_place", [("west", "nobody", 1, 1, "{}")])
    assert connection.in_transaction()
    connection.rollback()
    assert not connection.in_transaction()


def test_what_sqlite_rolls_back_by_itself_is_known(connection: SqliteConnection) -> None:
    """A full disk: the transaction is over, and rolling back once more does no harm."""
    pages = connection._driver.execute("pragma page_count").fetchone()[0]
    connection._driver.execute(f"pragma max_page_count = {pages}")
    connection.begin()
    big = [(f"name {i}" * 1000, i) for i in range(1000)]
    with pytest.raises(sqlite3.OperationalError, match="full"):
        connection.many("save_counter", big)
    assert not connection.in_transaction()
    connection.rollback()
    assert connection.rows("counters") == []


def test_an_interrupt_ends_the_statement_and_the_batch(connection: SqliteConnection) -> None:
    connection._driver.set_progress_handler(lambda: 1, 10)
    connection._driver.execute("begin immediate")
    with pytest.raises(sqlite3.OperationalError, match="interrupted"):
        connection.many("save_counter", [(f"n{i}", i) for i in range(1000)])
    connection._driver.set_progress_handler(None, 0)
    connection.rollback()
    assert connection.rows("counters") == []


@pytest.mark.parametrize("name", ["with space.db", "50%.db", "q?mark#.db", "ünï.db"])
def test_any_file_name_will_do(tmp_path: Path, name: str) -> None:
    database = open_database(f"sqlite:///{tmp_path}/{name}")
    database.prepare()
    session = database.writing()
    session.begin()
    batch = session.batch(batch_now(), lambda: "id")
    tx = batch.transaction()
    tx.set_timer(Timer("drain", "west", batch_now(), "r1"))
    batch.keep(tx)
    batch.flush()
    session.commit()
    assert database.reading().next_due() == batch_now()
    assert (tmp_path / name).exists()
    session.close()
    database.close()


def batch_now() -> Any:
    from datetime import UTC, datetime

    return datetime(2026, 3, 2, tzinfo=UTC)


def problem_of(database: Database) -> str:
    with pytest.raises(StoreProblem) as problem:
        database.prepare()
    database.close()
    said = str(problem.value)
    assert said.endswith(".")
    assert "\n" not in said
    return said


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    said = problem_of(open_database(f"sqlite:///{tmp_path}/missing/leads.db"))
    assert said == f"{tmp_path}/missing/leads.db cannot be written: no such file or directory."


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "leads.db").write_text("Dear diary, this is no database at all, I am afraid. " * 9)
    said = problem_of(open_database(f"sqlite:///{tmp_path}/leads.db"))
    assert said == f"{tmp_path}/leads.db cannot be used as a store: file is not a database."


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "leads.db").mkdir()
    said = problem_of(open_database(f"sqlite:///{tmp_path}/leads.db"))
    assert said.startswith(f"{tmp_path}/leads.db cannot be used as a store: ")


def test_a_file_that_cannot_be_written_is_named(path: Path) -> None:
    """Its header says that only a later SQLite may write it, which even root obeys."""
    content = bytearray(path.read_bytes())
    content[18:20] = 9, 1
    path.write_bytes(content)
    said = problem_of(SqliteDatabase(path))
    assert said == f"{path} cannot be used as a store: attempt to write a readonly database."
