"""What every batch asks costs what it is about, however much is stored: as SQLite plans it."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from scoring_service.store.statements import statements
from scoring_service.store.url import SqliteUrl, parse


@pytest.fixture
def plan_of(new_sqlite_store: Callable[[], str]) -> Iterator[Callable[[str], str]]:
    """How SQLite would do a statement, a line a step."""
    place = parse(new_sqlite_store())
    assert isinstance(place, SqliteUrl)
    with closing(sqlite3.connect(place.path)) as connection:

        def plan(name: str) -> str:
            sql = statements("sqlite", "?")[name].sql
            steps = connection.execute(f"explain query plan {sql}", (None,) * sql.count("?"))
            return "\n".join(step for *_, step in steps)

        yield plan


@pytest.mark.parametrize(
    ("name", "search"),
    [
        pytest.param("due_of", "timers USING INDEX timers_due (due_at<?)", id="what-is-due"),
        pytest.param("next_due", "timers USING COVERING INDEX timers_due", id="when-more-is-due"),
        pytest.param("answers", "(request_id=?)", id="answers"),
        pytest.param("leads", "(lead_id=?)", id="leads"),
        pytest.param("leads_by_email", "(email=?)", id="leads-by-their-addresses"),
        pytest.param("assignments", "(assignment_id=?)", id="assignments"),
        pytest.param("assignments_of_lead", "assignments_of_lead (lead_id=?)", id="a-lead-s"),
        pytest.param("standing_assignments", "(lead_id=?)", id="assignments-that-stand"),
        pytest.param("leads_listed_of_account", "(account_id=?)", id="leads-of-an-account"),
        pytest.param("activity_sets", "(activity_id=?)", id="activities-by-their-ids"),
        pytest.param("account_domains", "(domain=?)", id="accounts-on-domains"),
        pytest.param("waiting", "(pool=?)", id="who-waits"),
        pytest.param("open_leads", "(owner_kind=? AND owner_id=? AND stage=?)", id="open-leads"),
        pytest.param("taken_since", "(owner_id=? AND assigned_at>?)", id="leads-taken-since"),
    ],
)
def test_no_table_is_looked_through(plan_of: Callable[[str], str], name: str, search: str) -> None:
    steps = plan_of(name).splitlines()
    assert any("SEARCH" in step and search in step for step in steps), steps
    scanned = [step for step in steps if step.startswith("SCAN") and "VIRTUAL TABLE" not in step]
    assert scanned == []


def test_a_plan_that_looks_through_a_table_is_seen(plan_of: Callable[[str], str]) -> None:
    assert "SCAN reps" in plan_of("reps")
