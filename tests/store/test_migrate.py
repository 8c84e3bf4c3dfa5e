"""From an empty store, or an older schema, to the latest: all of it or none."""

import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from shutil import copytree
from typing import Any

import psycopg
import pytest

from scoring_service.store.database import migrate, open_database
from scoring_service.store.migrate import MIGRATIONS, versions
from scoring_service.store.problems import StoreProblem
from scoring_service.store.schema_version import check_version
from scoring_service.store.url import SqliteUrl, parse

STEP = """
revision = "{revision}"
down_revision = "{before}"


def upgrade() -> None:
    from alembic import op
    op.execute("create table half_done (a bigint)")
    op.execute("insert into half_done values (1)")
    {then}
"""

SHAPE = (
    "select table_name, column_name, ordinal_position, column_default, is_nullable, data_type,"
    " domain_name, character_maximum_length, collation_name from information_schema.columns"
    " where table_schema = 'public'",
    "select tablename, indexdef from pg_indexes where schemaname = 'public'",
    "select cast(cast(conrelid as regclass) as text), conname, pg_get_constraintdef(oid)"
    " from pg_constraint where cast(connamespace as regnamespace) = cast('public' as regnamespace)",
    "select proname, prosrc, provolatile from pg_proc"
    " where cast(pronamespace as regnamespace) = cast('public' as regnamespace)",
    "select domain_name, data_type, collation_name from information_schema.domains"
    " where domain_schema = 'public'",
)


@pytest.fixture
def empty_url(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """Where an empty store is."""
    if engine == "sqlite":
        return f"sqlite:///{tmp_path}/leads.db"
    url: str = request.getfixturevalue("new_postgres_url")("template1")
    return url


def with_a_step(tmp_path: Path, then: str) -> Path:
    """Our migrations and one more, 9999."""
    folder = copytree(MIGRATIONS, tmp_path / "migrations")
    step = STEP.format(revision="9999", before=versions()[-1], then=then)
    (folder / "versions" / "v9999_more.py").write_text(step)
    return folder


def database_with(url: str, migrations: Path) -> Any:
    """The database at a URL as a program with other migrations sees it."""
    from scoring_service.store.postgres_database import PostgresDatabase
    from scoring_service.store.sqlite_database import SqliteDatabase

    place = parse(url)
    if isinstance(place, SqliteUrl):
        return SqliteDatabase(place.path, migrations)
    return PostgresDatabase(place.conninfo, migrations)


def tables(url: str) -> set[str]:
    """The tables there are, by any program's eyes."""
    place = parse(url)
    if isinstance(place, SqliteUrl):
        import sqlite3

        driver: Any = sqlite3.connect(place.path)
        found = driver.execute("select name from sqlite_master where type = 'table'")
    else:
        driver = psycopg.connect(place.conninfo)
        found = driver.execute("select tablename from pg_tables where schemaname = 'public'")
    names = {name for (name,) in found.fetchall()}
    driver.close()
    return names


def test_the_first_start_of_an_empty_store_creates_its_schema(empty_url: str) -> None:
    database = open_database(empty_url)
    assert database.schema_version() is None
    database.prepare()
    assert database.schema_version() == versions()[-1]
    database.writing().close()
    database.close()


def shape(url: str) -> set[Any]:
    """Everything a schema consists of, by the engine's own eyes."""
    place = parse(url)
    if isinstance(place, SqliteUrl):
        with closing(sqlite3.connect(place.path)) as file:
            rows = file.execute("select type, name, tbl_name, sql from sqlite_master").fetchall()
        return {(kind, name, of, _words(sql)) for kind, name, of, sql in rows}
    with psycopg.connect(place.conninfo) as driver:
        return {(asked, row) for asked in SHAPE for row in driver.execute(asked).fetchall()}


def _words(sql: str | None) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+|[^\w\s]", (sql or "").lower()))


def test_a_start_makes_the_schema_that_the_migrations_make_step_by_step(
    empty_url: str, tmp_path: Path, request: pytest.FixtureRequest, engine: str
) -> None:
    made = open_database(empty_url)
    made.prepare()
    made.close()
    template = "new_sqlite_store" if engine == "sqlite" else "new_postgres_store"
    migrated = request.getfixturevalue(template)()
    assert shape(empty_url) == shape(migrated)
    assert len(shape(migrated)) > 60
    assert migrate(empty_url) == versions()[-1]
    assert shape(empty_url) == shape(migrated)


def test_a_first_start_that_fails_halfway_leaves_an_empty_store(
    empty_url: str, tmp_path: Path
) -> None:
    folder = with_a_step(tmp_path, "pass")
    more = "create table half_done (a bigint);\ninsert into nowhere values (1);\n"
    (folder / "v9999_more.sql").write_text(more)
    database = database_with(empty_url, folder)
    with pytest.raises(StoreProblem, match="nowhere"):
        database.prepare()
    assert database.schema_version() is None
    database.close()
    assert tables(empty_url) == set()
    (folder / "v9999_more.sql").write_text("create table half_done (a bigint);\n")
    database.prepare()
    assert database.schema_version() == "9999"
    database.close()


@pytest.mark.postgres
def test_of_servers_that_start_at_once_on_an_empty_store_one_makes_its_schema(
    new_postgres_url: Callable[[str], str],
) -> None:
    url = new_postgres_url("template1")
    with ThreadPoolExecutor(4) as servers:
        list(servers.map(lambda _: open_database(url).prepare(), range(4)))
    assert open_database(url).schema_version() == versions()[-1]


def test_migrating_twice_changes_nothing(empty_url: str) -> None:
    assert migrate(empty_url) == migrate(empty_url) == versions()[-1]


def test_a_reader_of_an_empty_store_is_told_to_start_the_server(empty_url: str) -> None:
    with pytest.raises(StoreProblem, match="no store yet; start the server, or run leadscoring"):
        open_database(empty_url).check()


def test_a_migration_that_fails_halfway_leaves_the_old_schema(
    empty_url: str, tmp_path: Path
) -> None:
    migrate(empty_url)
    before = tables(empty_url)
    folder = with_a_step(tmp_path, 'op.execute("insert into nowhere values (1)")')
    database = database_with(empty_url, folder)
    with pytest.raises(Exception, match="nowhere"):
        database.migrate()
    assert database.schema_version() == versions()[-1]
    database.close()
    assert tables(empty_url) == before
    assert "half_done" not in before


def test_the_first_migration_that_fails_leaves_an_empty_store(
    empty_url: str, tmp_path: Path
) -> None:
    folder = with_a_step(tmp_path, 'raise ValueError("a mistake")')
    database = database_with(empty_url, folder)
    with pytest.raises(ValueError, match="a mistake"):
        database.migrate()
    assert database.schema_version() is None
    database.close()
    assert tables(empty_url) == set()
    assert migrate(empty_url) == versions()[-1]


def test_an_older_schema_is_not_touched_by_a_start(empty_url: str, tmp_path: Path) -> None:
    migrate(empty_url)
    database = database_with(empty_url, with_a_step(tmp_path, "pass"))
    with pytest.raises(StoreProblem, match=r"needs 9999; run leadscoring migrate\.$"):
        database.prepare()
    assert database.schema_version() == versions()[-1]
    database.migrate()
    database.prepare()
    assert database.schema_version() == "9999"
    database.close()
    assert "half_done" in tables(empty_url)


def test_a_newer_schema_is_refused(empty_url: str, tmp_path: Path) -> None:
    newer = database_with(empty_url, with_a_step(tmp_path, "pass"))
    newer.migrate()
    newer.close()
    database = open_database(empty_url)
    for start in (database.prepare, database.check, database.migrate):
        with pytest.raises(StoreProblem, match="9999, which is newer than this program"):
            start()
    database.close()


@pytest.mark.parametrize(
    ("version", "told"),
    [
        pytest.param(None, "no store yet", id="an empty one"),
        pytest.param("0000", "newer than this program", id="an unknown one"),
    ],
)
def test_what_a_start_says_of_a_schema(version: str | None, told: str) -> None:
    with pytest.raises(StoreProblem, match=told) as problem:
        check_version(version)
    assert str(problem.value).count("\n") == 0
    assert str(problem.value).endswith(".")


def test_the_latest_schema_is_fine() -> None:
    check_version(versions()[-1])


def test_a_start_loads_no_alembic(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from scoring_service.store.database import open_database\n"
        f"open_database('sqlite:///{tmp_path}/leads.db').prepare()\n"
        "sys.exit('alembic' in sys.modules or 'sqlalchemy' in sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_all_instants_and_counts_are_64_bits_wide(url: str, tables: tuple[str, ...]) -> None:
    """No integer of 32 bits anywhere, on either engine."""
    schema = (MIGRATIONS / "v0001_first.sql").read_text(encoding="utf-8")
    types = {line.split()[1].rstrip(",") for line in schema.splitlines() if line[:5] == "    k"}
    assert types <= {"key_text"}
    assert " integer" not in schema
    assert " int " not in schema
