"""Experiments as lines and for machines: their state, rates, ratios, and what is not judged."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import inf
from typing import Any

import pytest

from scoring_service.cli.experiments.told import listed, told
from scoring_service.domain.experiments.experiment import Arm, Experiment, Verdict
from scoring_service.domain.experiments.mixture import Ratio
from scoring_service.domain.experiments.rates import Rate
from scoring_service.domain.experiments.report import ArmReport, Report
from scoring_service.values.stage import Stage
from scoring_service.workflows.experiments.reporting import Known, Unread

STARTS, ENDS = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ARMS = (Arm("control", 2), Arm("lower-bar", 1))
BAR = Experiment("bar", STARTS, ENDS, ARMS, Stage.SQL, timedelta(days=30))
EARLY = Verdict("lower-bar", datetime(2026, 3, 15, tzinfo=UTC))
UNREAD = Unread("olé", 1234, "r7", "they are damaged")


def _report(experiment: Experiment = BAR, **changes: Any) -> Report:
    arms = (
        ArmReport("control", 2, 1200, Rate(100, 1000)),
        ArmReport("lower-bar", 1, 600, Rate(75, 500), Ratio(1.05, 2.3, 0.0123)),
    )
    found = Report(experiment, STARTS + 20 * SECOND, arms, 1800, 3, 300, ENDS, 0.5, 0.05)
    return replace(found, **changes)


@pytest.mark.parametrize(
    ("now", "verdict", "in_rules", "state"),
    [
        pytest.param(STARTS - SECOND, None, True, "to come", id="before it begins"),
        pytest.param(STARTS, None, True, "running", id="as it begins"),
        pytest.param(ENDS - SECOND, None, True, "running", id="until it ends"),
        pytest.param(ENDS, None, True, "over", id="as it ends"),
        pytest.param(EARLY.on - SECOND, EARLY, True, "running", id="until the verdict"),
        pytest.param(EARLY.on, EARLY, True, "decided", id="from the verdict on"),
        pytest.param(ENDS, EARLY, True, "decided", id="when it would have ended too"),
        pytest.param(
            ENDS, replace(EARLY, on=ENDS + SECOND), True, "over", id="before a late verdict"
        ),
        pytest.param(STARTS, None, False, "taken out of the rules", id="out of the rules"),
        pytest.param(STARTS - SECOND, EARLY, False, "taken out of the rules", id="out for good"),
    ],
)
def test_how_an_experiment_stands(
    now: datetime, verdict: Verdict | None, in_rules: bool, state: str
) -> None:
    known = Known(replace(BAR, verdict=verdict), 7, in_rules)
    assert listed([known], now, as_json=False).startswith(f"bar: {state}, 2026-03-01 to 2026-0")
    (row,) = json.loads(listed([known], now, as_json=True))
    assert row["state"] == state
    assert row["decided_for"] == (verdict and verdict.arm)


def test_the_list_has_a_line_each() -> None:
    decided = Known(replace(BAR, name="was", verdict=EARLY), 12_345, in_rules=True)
    assert listed([Known(BAR, 0, True), decided, UNREAD], ENDS, as_json=False).splitlines() == [
        "bar: over, 2026-03-01 to 2026-04-01, arms control 2, lower-bar 1; 0 enrolled",
        "was: decided, 2026-03-01 to 2026-03-15, arms control 2, lower-bar 1; 12,345 enrolled",
        "olé: taken out of the rules; 1,234 enrolled; what it was cannot be told from the rules of"
        " then, revision r7: they are damaged",
    ]


def test_the_list_for_machines() -> None:
    said = listed([Known(BAR, 12_345, True), UNREAD], STARTS, as_json=True)
    assert json.loads(said) == [
        {
            "experiment": "bar",
            "state": "running",
            "from": "2026-03-01",
            "to": "2026-04-01",
            "outcome": "sql",
            "within": "30d",
            "decided_for": None,
            "enrolled": 12_345,
        },
        {
            "experiment": "olé",
            "state": "unreadable",
            "enrolled": 1234,
            "revision": "r7",
            "why": "they are damaged",
        },
    ]
    assert "olé" in said, "names stay as they are written"


def _table(*arms: ArmReport, **changes: Any) -> list[str]:
    lines = told([_report(arms=arms, **changes)], as_json=False).splitlines()
    return [line for line in lines if line.startswith("  ")]


def test_a_report_has_a_table_with_columns_below_each_other() -> None:
    first, *lines = told([_report()], as_json=False).splitlines()
    assert first == (
        "bar: running, 2026-03-01 to 2026-04-01; outcome: sql within 30d of the enrolment"
    )
    assert lines[:3] == [
        "  arm        weight  enrolled  time passed  reached  rate (90 %)"
        "             ratio to control",
        "  control    2       1,200     1,000        100      10.0% (8.5% to 11.7%)   -",
        "  lower-bar  1       600       500          75       15.0% (12.6% to 17.8%)"
        "  1.05 to 2.30, p 0.012",
    ]
    assert all(line.startswith("- ") for line in lines[3:])


@pytest.mark.parametrize(
    ("arm", "cells"),
    [
        pytest.param(ArmReport("a", 1, 5, Rate(0, 0)), ["0", "0", "-", "-"], id="nobody yet"),
        pytest.param(
            ArmReport("a", 1, 5, Rate(2, 2), Ratio(1.5, inf, 0.0001)),
            ["2", "2", "100.0% (42.5% to 100.0%)", "1.50 to any, p 0.0001"],
            id="a ratio that nothing bounds",
        ),
    ],
)
def test_an_arm_in_the_table(arm: ArmReport, cells: list[str]) -> None:
    row = _table(arm)[1]
    assert [cell.strip() for cell in row.split("  ") if cell.strip()] == ["a", "1", "5", *cells]


def test_arms_of_the_wrong_size_are_not_judged() -> None:
    rows = _table(*_report().arms, balance=1e-9)
    assert rows[1].endswith("-")
    assert rows[2].endswith("not judged")
    (row,) = json.loads(told([_report(balance=1e-9)], as_json=True))
    assert row["unbalanced"] is True
    assert [sorted(arm.keys() & {"ratio", "p", "differs"}) for arm in row["arms"]] == [[], []]


def test_the_report_for_machines() -> None:
    boundless = ArmReport("wild", 1, 1, Rate(0, 0), Ratio(0.2, inf, 1.0))
    found = _report(arms=(*_report().arms, boundless))
    (row,) = json.loads(told([found], as_json=True))
    assert {name: row[name] for name in ("as_of", "enrolled", "matured", "in_two_arms")} == {
        "as_of": "2026-03-01T00:00:20+00:00",
        "enrolled": 1800,
        "matured": 1500,
        "in_two_arms": 3,
    }
    assert (row["balance_p"], row["unbalanced"], row["alpha"]) == (0.5, False, 0.05)
    control, lower, wild = row["arms"]
    assert control == {
        "arm": "control",
        "weight": 2,
        "enrolled": 1200,
        "matured": 1000,
        "reached": 100,
        "rate": 0.1,
        "rate_90": list(Rate(100, 1000).interval),
    }
    assert (lower["ratio"], lower["p"], lower["differs"]) == ([1.05, 2.3], 0.0123, True)
    assert (wild["rate"], wild["rate_90"]) == (None, [0.0, 1.0])
    assert (wild["ratio"], wild["differs"]) == ([0.2, None], False)
    assert row["sentences"]


def test_several_reports_stand_apart_and_one_that_cannot_be_read_among_them() -> None:
    first, second = told([UNREAD, _report()], as_json=False).split("\n\n")
    assert first.startswith("olé: taken out of the rules; 1,234 enrolled")
    assert second.startswith("bar: running")
    assert json.loads(told([UNREAD], as_json=True))[0]["state"] == "unreadable"


def test_without_any_it_is_said_where_one_is_described() -> None:
    said = "no experiment; experiments.yaml beside the rules describes one"
    assert told([], as_json=False) == listed([], STARTS, as_json=False) == said
    assert told([], as_json=True) == listed([], STARTS, as_json=True) == "[]"
