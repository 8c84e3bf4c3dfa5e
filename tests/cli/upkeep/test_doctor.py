"""`leadscoring doctor`: a store that was used is whole; what somebody broke by hand is listed."""

import json
import sqlite3
from contextlib import closing
from typing import Any

import pytest

LEADS = "\n".join(
    json.dumps(
        {
            "lead_id": f"l{i:02}",
            "email": f"p{i}@firm{i}.example",
            "country": ("DE", "US", "GB")[i % 3],
            "source": "web",
            "employees": 50 + 100 * i,
        }
    )
    for i in range(12)
)


@pytest.fixture
def used(run: Any) -> str:
    """A store in which twelve leads were routed."""
    with open("leads.jsonl", "w", encoding="utf-8") as file:
        file.write(LEADS)
    url = "sqlite:///used.db"
    assert run("route", "leads.jsonl", "--store", url).exit_code == 0
    return url


def _broken(statement: str) -> None:
    with closing(sqlite3.connect("used.db", isolation_level=None)) as connection:
        connection.execute(statement)


def test_a_used_store_is_whole(run: Any, used: str) -> None:
    done = run("doctor", "--store", used)
    assert (done.exit_code, done.stdout) == (0, "12 leads, 0 findings\n")


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        pytest.param(
            "delete from timers where subject = 'l03'",
            "l03: nurture, and nothing will ever look at it again",
            id="a-timer-lost",
        ),
        pytest.param(
            "delete from stage_entries where lead_id = 'l04'",
            "l04: nurture without any stage entered",
            id="a-history-lost",
        ),
        pytest.param(
            "update assignments set ended_at = 1 where lead_id = 'l05'",
            "those that have not ended are none",
            id="an-assignment-ended",
        ),
        pytest.param(
            "insert into timers values ('lead', 'nobody', 1, '', 0)",
            "nobody: its timer is of no lead there is",
            id="a-timer-of-nobody",
        ),
        pytest.param(
            "insert into timers values ('notices', 'ann|late', 1, '', 2)",
            "notices ann|late: its timer failed 2 times",
            id="a-timer-that-failed",
        ),
    ],
)
def test_what_was_broken_is_listed(run: Any, used: str, statement: str, said: str) -> None:
    _broken(statement)
    done = run("doctor", "--store", used)
    assert done.exit_code == 1
    assert said in done.stdout
    assert "12 leads, 1 finding" in done.stdout


def test_machines_get_it_as_json(run: Any, used: str) -> None:
    _broken("delete from timers where subject = 'l03'")
    found = json.loads(run("doctor", "--store", used, "--json").stdout)
    assert found["leads"] == 12
    assert [(f["subject"], f["rule"]) for f in found["findings"]] == [
        ("l03", "a pending timer unless finished")
    ]


def test_a_store_that_is_not_there_is_a_sentence(run: Any) -> None:
    refused = run("doctor", "--store", "sqlite:///none.db")
    assert refused.exit_code == 2
    assert "there is no store at sqlite:///none.db" in refused.stderr


def test_a_store_that_never_decided_is_a_sentence(run: Any) -> None:
    run("migrate", "--store", "sqlite:///empty.db")
    refused = run("doctor", "--store", "sqlite:///empty.db")
    assert refused.exit_code == 2
    assert "no policy was ever active" in refused.stderr
