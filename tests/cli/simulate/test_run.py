"""`leadscoring simulate`: what it prints, where it keeps it, and what it refuses."""

import json
from pathlib import Path
from typing import Any

import pytest

from scoring_service.cli.simulate.run import FINDINGS_SHOWN, _json, _told
from scoring_service.simulation.figures import Figures, Share
from scoring_service.simulation.run import Plan
from scoring_service.values.checkup import Finding
from scoring_service.values.stage import Stage

SMALL = ("--days", "2", "--leads", "10")
FOUND = Figures(
    leads=1234,
    reached={Stage.MQL: 1000, Stage.SAL: 400, Stage.SQL: 0},
    ended={Stage.SAL: 1200, Stage.NURTURE: 34},
    accepted_in_time=Share(300, 400),
    taken_away=7,
    recycled=12,
    recycled_back=Share(3, 12),
    recycled_won=Share(0, 0),
    won_a_rep={"ann": 5},
    assignments=5678,
)


def _broken(many: int) -> tuple[Finding, ...]:
    return tuple(Finding(f"l{n}", "one owner", "has none") for n in range(many))


def _lines(many: int = 0) -> list[str]:
    return list(_told(Plan(180, 1234, 9), FOUND, _broken(many)))


def test_the_funnel_and_what_became_of_leads() -> None:
    lines = _lines()
    assert lines[0] == "1,234 leads in 180 days, seed 9"
    assert "  mql              1,000   went on: 400 of 1,000 (40.0 %)" in lines
    assert "  sal                400" in lines, "nobody went on"
    where = lines.index("Where leads are now")
    assert lines[where + 1 : where + 3] == ["  nurture             34", "  sal              1,200"]
    assert "  accepted in time:        300 of 400 (75.0 %)" in lines
    assert "  taken away unanswered:   7 of 5,678 assignments" in lines
    assert "  came back to sales:      3 of 12 (25.0 %)" in lines
    assert "  of these won:            none" in lines
    assert lines[-1] == "checked: 0 findings"


@pytest.mark.parametrize(
    ("many", "said", "shown"),
    [
        pytest.param(1, "checked: 1 finding", 1, id="one"),
        pytest.param(FINDINGS_SHOWN, "checked: 20 findings", 20, id="as many as are shown"),
        pytest.param(FINDINGS_SHOWN + 1, "checked: 21 findings", 20, id="more than are shown"),
    ],
)
def test_what_is_not_whole_is_listed(many: int, said: str, shown: int) -> None:
    lines = _lines(many)
    at = lines.index(said)
    assert lines[at + 1] == "  l0: has none (one owner)"
    assert len(lines) - at - 1 == shown


def test_machines_get_every_figure_and_every_finding() -> None:
    assert json.loads(_json(FOUND, _broken(25))) == {
        "leads": 1234,
        "reached": {"mql": 1000, "sal": 400, "sql": 0},
        "now": {"nurture": 34, "sal": 1200},
        "assignments": 5678,
        "taken_away": 7,
        "recycled": 12,
        "won_a_rep": {"ann": 5},
        "accepted_in_time": {"count": 300, "of": 400},
        "recycled_back": {"count": 3, "of": 12},
        "recycled_won": {"count": 0, "of": 0},
        "findings": [
            {"subject": f"l{n}", "rule": "one owner", "what": "has none"} for n in range(25)
        ],
    }


def test_without_a_terminal_there_is_no_bar_and_nothing_is_left(run: Any) -> None:
    done = run("simulate", *SMALL, "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["leads"] == 10
    (seconds,) = done.stderr.splitlines()
    assert seconds.endswith(" s")
    assert list(Path().iterdir()) == []


def test_it_is_kept_where_that_is_asked_for_and_only_once(run: Any) -> None:
    first = run("simulate", *SMALL, "--store", "sqlite:///lived.db")
    assert first.exit_code == 0, first.output
    assert run("doctor", "--store", "sqlite:///lived.db").stdout == "10 leads, 0 findings\n"
    again = run("simulate", *SMALL, "--store", "sqlite:///lived.db")
    assert (again.exit_code, again.stdout) == (2, "")
    assert again.stderr == (
        "leadscoring: sqlite:///lived.db is in use already; a simulation wants a store of its own\n"
    )


def test_rules_that_do_not_load_are_told_with_the_first_mistake(run: Any) -> None:
    Path("rules").mkdir()
    refused = run("simulate", *SMALL, "--rules", "rules")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr.startswith("leadscoring: the rules do not load: attributes.yaml:1: ")
    assert refused.stderr.endswith("(and 3 more mistakes)\n")
