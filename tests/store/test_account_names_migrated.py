"""Accounts stored before names were compared are found by their names afterwards."""

import sqlite3
from pathlib import Path
from shutil import copytree
from typing import Any

import msgspec
import psycopg
import pytest

from scoring_service.domain.matching.name_index import NameIndex
from scoring_service.domain.matching.names import normal_name
from scoring_service.store.database import migrate, open_database
from scoring_service.store.migrate import MIGRATIONS, versions
from scoring_service.store.migrations.account_names import PAGE
from scoring_service.store.postgres_database import PostgresDatabase
from scoring_service.store.sqlite_database import SqliteDatabase
from scoring_service.store.url import SqliteUrl, parse
from scoring_service.values.account import Account


@pytest.fixture
def old_url(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """A store with the schema of before."""
    folder = copytree(MIGRATIONS, tmp_path / "migrations")
    for step in (folder / "versions").glob("v*.py"):
        if step.name >= "v0003":
            step.unlink()
    assert versions(folder)[-1] == "0002"
    if engine == "sqlite":
        url = f"sqlite:///{tmp_path}/leads.db"
    else:
        url = request.getfixturevalue("new_postgres_url")("template1")
    place = parse(url)
    database: Any = (
        SqliteDatabase(place.path, folder)
        if isinstance(place, SqliteUrl)
        else PostgresDatabase(place.conninfo, folder)
    )
    database.migrate()
    database.close()
    return url


def put(url: str, *accounts: Account) -> None:
    """Store accounts as the earlier program did."""
    place = parse(url)
    driver: Any
    if isinstance(place, SqliteUrl):
        driver, mark = sqlite3.connect(place.path), "?"
    else:
        driver, mark = psycopg.connect(place.conninfo), "%s"
    into = f"insert into accounts (account_id, updated_at, body) values ({mark}, 1, {mark})"
    rows = [(each.account_id, msgspec.json.encode(each).decode()) for each in accounts]
    driver.cursor().executemany(into, rows)
    driver.commit()
    driver.close()


def test_every_stored_account_is_found_by_its_name(old_url: str) -> None:
    many = [Account(f"a{i:04}", f"Zentrol{i} GmbH") for i in range(PAGE + 1)]
    put(old_url, Account("acme", "Acme N.V."), Account("group", "Acme Group"), Account("x"), *many)
    assert migrate(old_url) == versions()[-1]
    database = open_database(old_url)
    reader = database.reading()
    found = reader.accounts_named(normal_name("ACME"))
    assert found == NameIndex.of([("acme", "Acme N.V."), ("group", "Acme Group")]).search("ACME")
    for account in (many[0], many[PAGE - 1], many[PAGE]):
        assert reader.accounts_named(normal_name(account.name))[0].account_id == account.account_id
    reader.close()
    database.close()


def test_a_store_without_accounts_needs_no_names(old_url: str) -> None:
    assert migrate(old_url) == versions()[-1]
    database = open_database(old_url)
    reader = database.reading()
    assert reader.accounts_named("acme") == ()
    reader.close()
    database.close()
