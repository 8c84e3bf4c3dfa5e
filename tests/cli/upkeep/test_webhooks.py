"""`leadscoring webhooks`: who was given what, and having the dead sent again."""

import json
import sqlite3
from contextlib import closing
from typing import Any

import pytest

STORE = "sqlite:///used.db"


@pytest.fixture
def used(run: Any) -> None:
    """A store with a receiver that never took an event."""
    with open("leads.jsonl", "w", encoding="utf-8") as file:
        file.write('{"lead_id": "l1", "email": "a@one.example", "source": "web"}\n')
    assert run("route", "leads.jsonl", "--store", STORE).exit_code == 0
    with closing(sqlite3.connect("used.db", isolation_level=None)) as connection:
        connection.execute("""insert into webhook_cursors values ('crm', '{"after":1}')""")
        connection.execute(
            "insert into webhook_letters values ('crm', 1, 'l1', 10, 1, 1, 'answered 503')"
        )


@pytest.mark.usefixtures("used")
def test_what_was_never_taken_is_listed(run: Any) -> None:
    listed = run("webhooks", "list", "--store", STORE)
    assert listed.exit_code == 1
    assert listed.stdout.splitlines() == [
        "crm: given up to event 1, 0 waiting, 1 dead",
        "  event 1 of lead l1: answered 503",
    ]
    (said,) = json.loads(run("webhooks", "list", "--store", STORE, "--json").stdout)
    assert said["dead"] == [{"event": 1, "lead_id": "l1", "failure": "answered 503"}]


@pytest.mark.usefixtures("used")
def test_it_is_sent_again_when_somebody_who_may_asks(run: Any) -> None:
    refused = run("webhooks", "replay", "crm", "--store", STORE)
    assert refused.exit_code == 2
    assert "may not" in refused.stderr
    done = run("webhooks", "replay", "crm", "--store", STORE, "--actor", "sales-ops")
    assert done.exit_code == 0, done.stderr
    assert done.stdout == "1 event will be sent to crm again\n"
    (said,) = json.loads(run("webhooks", "list", "--store", STORE, "--json").stdout)
    assert (said["waiting"], said["dead"]) == (1, [])


@pytest.mark.usefixtures("used")
def test_a_receiver_that_nobody_knows_is_a_sentence(run: Any) -> None:
    refused = run("webhooks", "replay", "who", "--store", STORE, "--actor", "sales-ops")
    assert refused.exit_code == 2
    assert "no receiver 'who' was ever given events" in refused.stderr


def test_a_store_without_receivers_says_so(run: Any) -> None:
    run("migrate", "--store", "sqlite:///empty.db")
    listed = run("webhooks", "list", "--store", "sqlite:///empty.db")
    assert listed.exit_code == 0
    assert "no receiver was ever given events" in listed.stdout
