"""Bars from outcomes: proposed beside today's, written only where that is asked."""

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import exp
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from click.testing import CliRunner, Result

from scoring_service.cli.main import cli

Run = Callable[..., Result]

RULES = Path(__file__).parents[3] / "rules"
START = datetime(2025, 1, 6, tzinfo=UTC)
WORTH = {"demo_request": (0.3, 1.4), "webinar_attended": (0.4, 0.6)}
"""How often a lead does it, and what it adds to the log-odds."""


def write(place: Path, rows: int = 600) -> None:
    """A year of leads by the starter's attributes, and what they did in their first weeks."""
    draw = random.Random(3)
    leads = ["lead_id,created_at,closed_at,outcome,employees,industry"]
    done = ["lead_id,type,occurred_at"]
    for number in range(rows):
        created = START + timedelta(hours=14 * number)
        employees, industry = draw.choice([20, 100, 400]), draw.choice(["software", "retail"])
        odds = -2.2 + 1.2 * (employees >= 200) + 0.8 * (industry == "software")
        for kind, (share, worth) in WORTH.items():
            if draw.random() < share:
                at = created + timedelta(days=20 * draw.random())
                done.append(f"l{number},{kind},{at.isoformat()}")
                odds += worth
        outcome = "won" if draw.random() < 1 / (1 + exp(-odds)) else "lost"
        closed = created + timedelta(days=21 + 20 * draw.random())
        times = f"{created.isoformat()},{closed.isoformat()}"
        leads.append(f"l{number},{times},{outcome},{employees},{industry}")
    (place / "leads.csv").write_text("\n".join(leads) + "\n")
    (place / "activities.csv").write_text("\n".join(done) + "\n")


class Applied:
    """One calibration by precision that was applied, its points written beside."""

    def __init__(self, place: Path) -> None:
        self.place, self.rules = place, place / "rules"
        write(place)
        copytree(RULES, self.rules)
        self.words = [
            "calibrate", str(place / "leads.csv"), "--outcome", "outcome",
            "--activities", str(place / "activities.csv"), "--models", str(place / "models"),
            "--rules", str(self.rules), "--precision", "0.4",
        ]  # fmt: skip
        more = ["--apply", "--propose-points", str(place / "points.yaml")]
        self.told = CliRunner().invoke(cli, [*self.words, *more])
        assert self.told.exit_code == 0, self.told.output
        self.after = (self.rules / "scoring.yaml").read_text()


@pytest.fixture(scope="module")
def applied(tmp_path_factory: pytest.TempPathFactory) -> Applied:
    return Applied(tmp_path_factory.mktemp("applied"))


def _lines(told: str, sign: str) -> list[str]:
    change = told.partition("Written into scoring.yaml")[2].partition("\n\n")[0]
    return [line[1:] for line in change.splitlines() if line.startswith(sign) and line[1] != sign]


def test_the_difference_that_is_shown_is_what_was_written(applied: Applied) -> None:
    before = (RULES / "scoring.yaml").read_text().splitlines()
    after = applied.after.splitlines()
    told = applied.told.stdout
    assert [line for line in before if line not in after] == _lines(told, "-") != []
    assert [line for line in after if line not in before] == _lines(told, "+") != []


def test_comments_stay(applied: Applied) -> None:
    def comments(text: str) -> list[str]:
        return [line for line in text.splitlines() if line.startswith("#")]

    assert comments(applied.after) == comments((RULES / "scoring.yaml").read_text())


def test_the_rules_load_with_their_bars_and_their_model(run: Run, applied: Applied) -> None:
    checked = run("rules", "check", applied.rules, "--models", applied.place / "models", "--json")
    row = json.loads(checked.stdout)
    assert row["loads"]
    assert "win_probability_min" in applied.after


def test_both_bars_are_told_with_what_they_bring(applied: Applied) -> None:
    told = applied.told.stdout
    assert "keeps the promise of 40% won" in told
    table = told.split("by replay")[1]
    for row in ("leads a week", "precision", "recall", "expected wins a week"):
        assert f"│ {row}" in table
    assert "leadscoring rules check" in told.split("What to do next")[1]


def test_proposed_points_stand_in_a_file_of_their_own(applied: Applied) -> None:
    points = (applied.place / "points.yaml").read_text()
    assert "large company" in points
    assert points != applied.after
    assert "become MQL" in applied.told.stdout
    assert "Proposed points beside today's scoring.yaml" in applied.told.stdout


@pytest.fixture(scope="module")
def again(applied: Applied) -> dict[str, Any]:
    """The same wish once more, without --apply, as JSON."""
    done = CliRunner().invoke(cli, [*applied.words, "--json"])
    row: dict[str, Any] = json.loads(done.stdout)
    return row


def test_without_apply_nothing_is_written(applied: Applied, again: dict[str, Any]) -> None:
    assert (applied.rules / "scoring.yaml").read_text() == applied.after
    assert again["change"]["written"] is False


def test_bars_that_stand_already_are_no_change(again: dict[str, Any]) -> None:
    assert again["change"]["diff"] == ""


def test_bars_are_said_as_json_too(again: dict[str, Any]) -> None:
    on_p = again["thresholds"]["win_probability"]
    assert on_p["wish"]["by"] == "precision"
    bar = on_p["threshold"]
    assert bar["low"] <= bar["value"] <= bar["high"]
    assert on_p["precision"]["low"] >= 0.4
    pair = again["thresholds"]["points"]["pair"]
    assert pair["fit_min"] > 0
    both = again["before_after"]
    assert both["after"]["bars"] == pair == both["before"]["bars"]
    assert both["after"]["leads"] == both["before"]["leads"]


def test_the_same_leads_and_rules_give_the_same_model(
    again: dict[str, Any], applied: Applied
) -> None:
    assert (applied.place / "models" / "CURRENT").read_text().strip() == again["version"]


def test_nothing_is_applied_of_a_model_that_is_refused(run: Run, tmp_path: Path) -> None:
    write(tmp_path, rows=80)
    copytree(RULES, tmp_path / "rules")
    words = ("--outcome", "outcome", "--rules", tmp_path / "rules", "--precision", "0.4", "--apply")
    refused = run("calibrate", tmp_path / "leads.csv", *words)
    assert refused.exit_code == 1
    assert "scoring.yaml" not in refused.stdout
    files = [path.name for path in (tmp_path / "rules").iterdir()]
    assert sorted(files) == sorted(path.name for path in RULES.iterdir())
    assert (tmp_path / "rules" / "scoring.yaml").read_text() == (RULES / "scoring.yaml").read_text()


def test_rules_that_do_not_load_are_named(run: Run, tmp_path: Path) -> None:
    write(tmp_path, rows=20)
    copytree(RULES, tmp_path / "rules")
    text = (RULES / "scoring.yaml").read_text().replace("fit_min", "fit_mim")
    (tmp_path / "rules" / "scoring.yaml").write_text(text)
    words = ("--outcome", "outcome", "--rules", tmp_path / "rules")
    refused = run("calibrate", tmp_path / "leads.csv", *words)
    assert refused.exit_code == 2
    assert "the rules do not load" in refused.stderr
    assert "scoring.yaml:47: $.mql: the key 'fit_min' is missing" in refused.stderr


def test_points_of_a_column_that_no_lead_may_carry_are_refused(run: Run, tmp_path: Path) -> None:
    write(tmp_path)
    leads = (tmp_path / "leads.csv").read_text().replace("employees", "desks", 1)
    (tmp_path / "leads.csv").write_text(leads)
    words = ("--outcome", "outcome", "--rules", RULES, "--precision", "0.3")
    points = tmp_path / "points.yaml"
    refused = run("calibrate", tmp_path / "leads.csv", *words, "--propose-points", points)
    assert refused.exit_code == 2
    assert "unknown symbol 'desks'; declare it in attributes.yaml" in refused.stderr
    assert not points.exists()
    assert not Path("models").exists()
    done = run("calibrate", tmp_path / "leads.csv", *words[:4])
    told = " ".join(done.stdout.split())
    assert "A server with these rules refuses it and keeps what it has: scorecard.json:1" in told
    assert "the model reads 'desks' (number), which no lead may carry" in told


def test_bars_that_cannot_be_counted_publish_nothing(run: Run) -> None:
    """Leads a week of rows without dates are not known, and nobody said them."""
    write(Path())
    rows = [line.split(",") for line in Path("leads.csv").read_text().splitlines()]
    Path("undated.csv").write_text("".join(",".join([*row[3:]]) + "\n" for row in rows))
    words = ("undated.csv", "--outcome", "outcome", "--ordered", "--capacity", "5")
    refused = run("calibrate", *words)
    assert refused.exit_code == 2
    assert "--leads-per-week" in refused.stderr
    assert not Path("models").exists()
    done = run("calibrate", *words, "--leads-per-week", "50", "--json")
    assert json.loads(done.stdout)["thresholds"]["win_probability"]["wish"]["amount"] == 5


def test_by_value_the_bar_is_what_a_lead_costs_over_what_a_win_brings(run: Run) -> None:
    write(Path())
    words = ("leads.csv", "--outcome", "outcome", "--value", "400", "--cost", "100", "--json")
    row = json.loads(run("calibrate", *words).stdout)
    assert row["thresholds"]["win_probability"]["threshold"]["value"] == 0.25
    assert (row["thresholds"]["points"], row["change"]) == (None, None), "there are no rules"
