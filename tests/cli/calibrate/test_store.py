"""`leadscoring calibrate --store`: what a store cannot teach is told in one sentence."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]

RULES = Path(__file__).parents[3] / "rules"
STORE = "sqlite:///leads.db"


@pytest.fixture
def routed(run: Run) -> Run:
    """Two leads of today, routed by the starter rules."""
    rows = [{"lead_id": f"l{n}", "email": f"a{n}@example.org", "country": "DE"} for n in (1, 2)]
    Path("leads.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = run("route", "leads.jsonl", "--store", STORE, "--rules", RULES)
    assert done.exit_code == 0, done.stderr
    return run


def _refused(done: Result, says: str) -> None:
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("leadscoring: ")
    assert says in done.stderr
    assert not Path("models").exists()


@pytest.mark.parametrize("words", [(), ("--rules", RULES)], ids=["its own rules", "other rules"])
def test_leads_younger_than_the_horizon_teach_nothing_yet(
    routed: Run, words: tuple[object, ...]
) -> None:
    _refused(routed("calibrate", "--store", STORE, *words), "the store has no row to learn from")


def test_the_horizon_of_a_store_can_be_said(routed: Run) -> None:
    done = routed("calibrate", "--store", STORE, "--horizon", "30d")
    _refused(done, "30 d")


@pytest.mark.parametrize("words", [(), ("--rules", RULES)], ids=["its own rules", "other rules"])
def test_a_store_that_is_not_there_is_not_made(run: Run, words: tuple[object, ...]) -> None:
    done = run("calibrate", "--store", STORE, *words)
    _refused(done, "leads.db")
    assert not Path("leads.db").exists()


def test_a_store_in_which_nothing_has_decided_needs_rules(run: Run) -> None:
    assert run("migrate", "--store", STORE).exit_code == 0
    _refused(run("calibrate", "--store", STORE), "name the rules by --rules")


def test_a_url_that_is_none_is_named(run: Run) -> None:
    _refused(run("calibrate", "--store", "leads.db", "--rules", RULES), "sqlite:///path")


def test_a_store_in_the_environment_does_not_stand_in_the_way_of_a_file(run: Run) -> None:
    Path("leads.csv").write_text("lead_id,won\n1,perhaps\n")
    done = run("calibrate", "leads.csv", "--outcome", "won", LEADSCORING_STORE=STORE)
    _refused(done, "perhaps")
