"""The same commands on a PostgreSQL store, where several servers may run."""

import json
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

DEMO_RULES = Path(__file__).parents[3] / "examples" / "demo" / "rules"
LEAD = '{{"lead_id": "{0}", "product_interest": "GTX Pro"}}\n'


def test_a_database_gets_its_schema_and_keeps_it(run: Any, postgres: str) -> None:
    first = json.loads(run("migrate", "--store", postgres, "--json").stdout)
    assert first == json.loads(run("migrate", "--store", postgres, "--json").stdout)
    assert first["schema"]


@pytest.fixture(scope="module")
def servers(serving: Any, new_postgres_url: Callable[[], str]) -> Iterator[tuple[Any, Any]]:
    """Two on a store of their own."""
    words = ("--rules", DEMO_RULES, "--store", new_postgres_url())
    with serving(*words) as one, serving(*words) as other:
        yield one, other


def test_two_servers_share_a_store_and_its_turns(run: Any, servers: tuple[Any, Any]) -> None:
    reps = []
    for n in range(26):
        lead = LEAD.format(uuid.uuid4())
        done = run("route", "-", "--server", servers[n % 2].address, stdin=lead)
        reps.append(json.loads(done.stdout)["rep_id"])
    counts = {rep: reps.count(rep) for rep in reps}
    assert counts.pop("vicki-laflamme") == 4, "she has weight 2"
    assert set(counts.values()) == {2}


def test_a_retry_with_another_server_has_the_first_answer(
    run: Any, servers: tuple[Any, Any]
) -> None:
    one, other = servers
    row = json.dumps({"request_id": str(uuid.uuid4()), "job": "student"}) + "\n"
    first = run("route", "-", "--server", one.address, stdin=row)
    again = run("route", "-", "--server", other.address, stdin=row)
    assert json.loads(again.stdout) == json.loads(first.stdout) | {"replayed": True}


def test_without_a_server_routing_works_on_the_database(run: Any, postgres: str) -> None:
    lead = LEAD.format(uuid.uuid4())
    first = run("route", "-", "--rules", DEMO_RULES, "--store", postgres, stdin=lead)
    assert first.exit_code == 0, first.output
    again = run("route", "-", "--store", postgres, stdin=lead)
    assert "by its own rules" in again.stderr
    assert json.loads(again.stdout)["cause"] == "kept"


def test_without_a_server_scoring_says_what_to_name(run: Any, postgres: str) -> None:
    refused = run("score", "-", "--store", postgres, stdin="{}\n")
    assert refused.exit_code == 2
    assert "--server" in refused.stderr
