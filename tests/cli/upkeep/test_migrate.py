"""`leadscoring migrate`: a new or older store is brought up to date, a newer one left alone."""

import json
import sqlite3
from typing import Any


def test_a_new_store_is_created_with_its_schema(run: Any) -> None:
    done = run("migrate", "--store", "sqlite:///new.db", "--json")
    assert done.exit_code == 0
    with sqlite3.connect("new.db") as connection:
        ((version,),) = connection.execute("select version_num from alembic_version")
    connection.close()
    assert json.loads(done.stdout) == {"schema": version}


def test_doing_it_again_changes_nothing(run: Any) -> None:
    first = run("migrate", "--store", "sqlite:///new.db").stdout
    assert run("migrate", "--store", "sqlite:///new.db").stdout == first


def test_a_store_that_a_server_holds_is_left_alone(run: Any, server: Any) -> None:
    refused = run("migrate", "--store", server.store)
    assert refused.exit_code == 2
    assert "another process" in refused.stderr


def test_a_newer_store_is_refused_in_a_sentence(run: Any) -> None:
    run("migrate", "--store", "sqlite:///new.db")
    with sqlite3.connect("new.db") as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    connection.close()
    refused = run("migrate", "--store", "sqlite:///new.db")
    assert refused.exit_code == 2
    assert "newer" in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1
