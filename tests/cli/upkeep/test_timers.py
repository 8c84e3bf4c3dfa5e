"""`leadscoring timers run`: what is due is done where no server runs."""

import json
import sqlite3
from contextlib import closing
from typing import Any

import pytest

STORE = "sqlite:///used.db"


@pytest.fixture
def used(run: Any) -> None:
    """A store with two leads, one of them waiting to be looked at since long ago."""
    with open("leads.jsonl", "w", encoding="utf-8") as file:
        file.write('{"lead_id": "l1", "email": "a@one.example", "source": "web"}\n')
        file.write('{"lead_id": "l2", "email": "b@two.example", "source": "web"}\n')
    assert run("route", "leads.jsonl", "--store", STORE).exit_code == 0
    _change("update timers set due_at = 1 where subject = 'l1'")


def _change(statement: str) -> None:
    with closing(sqlite3.connect("used.db", isolation_level=None)) as connection:
        connection.execute(statement)


@pytest.mark.usefixtures("used")
def test_what_is_due_is_done_and_the_next_is_told(run: Any) -> None:
    done = run("timers", "run", "--store", STORE, "--json")
    assert done.exit_code == 0
    found = json.loads(done.stdout)
    assert (found["done"], found["due"], found["by_server"]) == (1, 0, False)
    assert found["next_due"] > "2026"
    again = run("timers", "run", "--store", STORE)
    assert again.stdout.startswith("0 done, 0 still due; the next is due at ")


@pytest.mark.usefixtures("used")
def test_what_only_a_newer_version_knows_is_left(run: Any) -> None:
    _change("insert into timers values ('from the future', 'x', 1, '', 0)")
    found = json.loads(run("timers", "run", "--store", STORE, "--json").stdout)
    assert (found["done"], found["due"]) == (1, 1)


@pytest.mark.usefixtures("used")
def test_one_that_failed_is_told(run: Any) -> None:
    _change("insert into timers values ('drain', 'nowhere', 99999999999999999, '', 2)")
    done = run("timers", "run", "--store", STORE)
    assert done.exit_code == 1
    assert "1 failed and are tried again later" in done.stdout


def test_beside_a_server_nothing_is_done(run: Any, server: Any) -> None:
    done = run("timers", "run", "--store", server.store)
    assert done.exit_code == 0
    assert done.stdout.startswith("a server runs on this store and does them")


def test_a_store_that_is_not_there_is_a_sentence(run: Any) -> None:
    refused = run("timers", "run", "--store", "sqlite:///none.db")
    assert refused.exit_code == 2
    assert "there is no store at sqlite:///none.db" in refused.stderr
