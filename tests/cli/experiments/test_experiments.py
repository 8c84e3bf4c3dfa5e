"""`leadscoring experiments`: what is known of each, told to people and to machines."""

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

RULES = Path(__file__).parents[3] / "rules"
URL = "sqlite:///used.db"
LEADS = "\n".join(
    json.dumps(
        {
            "lead_id": f"l{i:03}",
            "email": f"p{i}@firm{i}.example",
            "source": "web",
            "country": "DE",
            "employees": 500,
            "industry": "software",
        }
    )
    for i in range(60)
)
TODAY = datetime.now(UTC).date()
EXPERIMENT = f"""
lower-bar:
  from: {TODAY - timedelta(days=1)}
  to: {TODAY + timedelta(days=30)}
  arms:
    control: {{weight: 1}}
    lower: {{weight: 1, mql: {{behaviour_min: 30}}}}
  outcome: {{stage: mql, within: 1d}}
"""


@pytest.fixture
def used(run: Any) -> str:
    """A store in which sixty leads were routed while the experiment ran."""
    shutil.copytree(RULES, "rules")
    Path("rules/experiments.yaml").write_text(EXPERIMENT, encoding="utf-8")
    Path("leads.jsonl").write_text(LEADS, encoding="utf-8")
    assert run("route", "leads.jsonl", "--rules", "rules", "--store", URL).exit_code == 0
    return URL


def _change(*statements: str) -> None:
    with closing(sqlite3.connect("used.db", isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def _report(run: Any) -> dict[str, Any]:
    [found] = json.loads(run("experiments", "report", "--store", URL, "--json").stdout)
    assert isinstance(found, dict)
    return found


def test_a_running_experiment_is_listed_and_reported(run: Any, used: str) -> None:
    listed = run("experiments", "list", "--store", used)
    assert listed.exit_code == 0
    assert listed.stdout.startswith("lower-bar: running, ")
    assert "arms control 1, lower 1; 60 enrolled" in listed.stdout
    told = run("experiments", "report", "lower-bar", "--store", used)
    assert told.exit_code == 0
    assert "outcome: mql within 1d of the enrolment" in told.stdout
    assert "Of 60 enrolled the time of 1d has not passed" in told.stdout


def test_what_is_told_to_machines_is_what_the_store_has(run: Any, used: str) -> None:
    """The time of everybody passes, and every other lead of the arm became an mql."""
    _change("update experiment_enrolments set at = at - 2 * 86400000000")
    _change(
        "update stage_entries set stage_to = 'mql', at = at - 86400000000 * 3 / 2 where lead_id in"
        " (select lead_id from experiment_enrolments where arm = 'lower')"
    )
    found = _report(run)
    arms = {arm["arm"]: arm for arm in found["arms"]}
    assert (found["state"], found["enrolled"], found["matured"]) == ("running", 60, 60)
    assert arms["control"]["enrolled"] + arms["lower"]["enrolled"] == 60
    assert (arms["control"]["reached"], arms["control"]["rate"]) == (0, 0.0)
    assert (arms["lower"]["reached"], arms["lower"]["rate"]) == (arms["lower"]["matured"], 1.0)
    assert arms["lower"]["differs"] is True
    assert arms["lower"]["ratio"][1] is None, "none of control: there is no upper bound"


def test_arms_of_the_wrong_size_are_an_exit_code(run: Any, used: str) -> None:
    _change("update experiment_enrolments set arm = 'lower'")
    told = run("experiments", "report", "--store", used)
    assert told.exit_code == 1
    assert "ALARM" in told.stdout
    assert "not judged" in told.stdout
    assert _report(run)["unbalanced"] is True


def test_one_that_was_taken_out_of_the_rules_is_reported_still(run: Any, used: str) -> None:
    Path("rules/experiments.yaml").unlink()
    Path("one.jsonl").write_text(LEADS.splitlines()[0], encoding="utf-8")
    run("route", "one.jsonl", "--rules", "rules", "--store", used)
    found = _report(run)
    assert (found["state"], found["enrolled"]) == ("taken out of the rules", 60)
    assert run("doctor", "--store", used).exit_code == 0


@pytest.mark.parametrize(
    ("change", "why"),
    [
        pytest.param(
            "update experiment_enrolments set revision = 'gone'",
            "the store does not have them any more",
            id="its rules are no longer there",
        ),
        pytest.param(
            "update policy_revisions set content = x'00' where revision ="
            " (select min(revision) from experiment_enrolments)",
            "they are damaged",
            id="they cannot be unpacked",
        ),
        pytest.param(
            "update experiment_enrolments set revision ="
            " (select revision from policy_activations order by number desc limit 1)",
            "it is not in them",
            id="they do not have it",
        ),
    ],
)
def test_one_of_which_the_rules_cannot_tell_what_it_was_is_listed_with_the_reason(
    run: Any, used: str, change: str, why: str
) -> None:
    Path("rules/experiments.yaml").unlink()
    Path("one.jsonl").write_text(LEADS.splitlines()[0], encoding="utf-8")
    run("route", "one.jsonl", "--rules", "rules", "--store", used)
    _change(change)
    for command in ("list", "report"):
        done = run("experiments", command, "--store", used)
        assert done.exit_code == 0
        assert done.stdout.startswith("lower-bar: taken out of the rules; 60 enrolled; what it was")
        assert f": {why}" in done.stdout
        (row,) = json.loads(run("experiments", command, "--store", used, "--json").stdout)
        assert (row["experiment"], row["state"], row["enrolled"]) == ("lower-bar", "unreadable", 60)
        assert row["why"].startswith(why)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(
            ("report", "lower"), "did you mean 'lower-bar'?", id="another name is suggested"
        ),
        pytest.param(
            ("report", "--store", "sqlite:///none.db"),
            "no policy was ever active in sqlite:///none.db",
            id="there is no store",
        ),
    ],
)
def test_what_is_not_there_is_said(
    run: Any, used: str, arguments: tuple[str, ...], said: str
) -> None:
    where = () if "--store" in arguments else ("--store", used)
    done = run("experiments", *arguments, *where)
    assert done.exit_code == 2
    assert said in done.stderr


def test_without_any_experiment_that_is_said(run: Any) -> None:
    Path("leads.jsonl").write_text(LEADS.splitlines()[0], encoding="utf-8")
    run("route", "leads.jsonl", "--store", URL)
    for command in ("list", "report"):
        assert "experiments.yaml" in run("experiments", command, "--store", URL).stdout
