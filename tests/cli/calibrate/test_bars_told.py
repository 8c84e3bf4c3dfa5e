"""Proposed bars and points: what was wished, what they bring, and the change that they are."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from scoring_service.calibration.results import Interval
from scoring_service.calibration.thresholds.bars import ChosenBars
from scoring_service.calibration.thresholds.bars_in_file import Change
from scoring_service.calibration.thresholds.proposal import Fidelity, Proposal
from scoring_service.calibration.thresholds.proposed_points import ProposedPoints
from scoring_service.calibration.thresholds.threshold_results import (
    BeforeAfter,
    By,
    Pair,
    PairOfBars,
    Threshold,
    Volume,
    Wish,
)
from scoring_service.cli.calibrate.asked import Asked
from scoring_service.cli.calibrate.bars import Proposed, wish_of, written
from scoring_service.cli.calibrate.bars_told import (
    NAMES_MAX,
    bars_told,
    before_after,
    change_told,
    points_told,
    wrapped,
)
from scoring_service.cli.calibrate.found_as_json import as_json, plain
from scoring_service.cli.calibrate.sentences import next_steps
from scoring_service.cli.calibrate.told import told
from scoring_service.cli.problem import Problem
from tests.cli.calibrate.test_told import _found as found_of

WISH = Wish(By.PRECISION, 0.3)
THIRD = Interval(1 / 3, 0.25, 0.4)
TODAY = Volume(Pair(40, 40), 1200, 1000, 250, THIRD, THIRD, 300.25, 40.04, 10.0)
AFTER = replace(TODAY, bars=Pair(35, 50, 0.1), leads=900, leads_a_week=None, wins_a_week=None)
ON_P = Threshold(WISH, THIRD, 900, 30.0, THIRD, None, "A bar at 0.333 gives 30 % won.")
PAIR = PairOfBars(WISH, Pair(40, 40), Pair(35, 50), 3, "Bars of 35 and 50 give 30 % won.")
CHANGE = Change(b"mql: {}\n", "-mql: {fit_min: 40}\n+mql: {}\n", ("a rule test [x] fails now",))
NEAR = Fidelity(1.25, 2.5, 0.125, 0.9876, 7.0)
POINTS = Proposal(
    ProposedPoints(1.0, (), (), {}), PAIR, CHANGE, NEAR, ("a",), (), 1234, BeforeAfter(TODAY, AFTER)
)


def _asked(**changes: Any) -> Asked:
    return Asked(models=Path("models"), window=0.2, seed=0, **changes)


@pytest.mark.parametrize(
    ("changes", "wish"),
    [
        pytest.param({}, None, id="nothing"),
        pytest.param({"leads_per_week": 9.0}, None, id="leads a week alone ask nothing"),
        pytest.param({"precision": 0.3}, Wish(By.PRECISION, 0.3), id="a share won"),
        pytest.param({"capacity": 40.0}, Wish(By.CAPACITY, 40.0), id="leads a week"),
        pytest.param(
            {"value": 900.0, "cost": 60.0}, Wish(By.VALUE, 60 / 900), id="a cost over a value"
        ),
        pytest.param(
            {"capacity": 40.0, "leads_per_week": 9.0},
            Wish(By.CAPACITY, 40.0, 9.0),
            id="with how many come",
        ),
    ],
)
def test_a_wish_is_what_was_asked(changes: dict[str, Any], wish: Wish | None) -> None:
    assert wish_of(_asked(**changes)) == wish


@pytest.mark.parametrize(
    ("changes", "settings"),
    [
        pytest.param({}, {}, id="those that are always there"),
        pytest.param(
            {"outcome": "won", "precision": 0.3, "ordered": True, "allow": ("a", "b")},
            {
                "--outcome": "won",
                "--precision": "0.3",
                "--ordered": "True",
                "--allow": "('a', 'b')",
            },
            id="what was said",
        ),
        pytest.param(
            {"leads_per_week": 9.0, "report": Path("r.html"), "as_json": True, "applied": True},
            {"--leads-per-week": "9.0"},
            id="no folder and no form of telling it",
        ),
    ],
)
def test_the_settings_are_what_decided_the_result(
    changes: dict[str, Any], settings: dict[str, str]
) -> None:
    assert _asked(**changes).settings == {"--window": "0.2", "--seed": "0"} | settings


@pytest.mark.parametrize(
    ("bars", "sentences"),
    [
        pytest.param(ChosenBars(ON_P), [ON_P.sentence], id="on P alone without rules"),
        pytest.param(ChosenBars(ON_P, PAIR), [ON_P.sentence, PAIR.sentence], id="on points too"),
    ],
)
def test_whether_the_wish_can_be_had_is_told(bars: ChosenBars, sentences: list[str]) -> None:
    assert list(bars_told(Proposed(bars))) == sentences


def _printed(*what: Any) -> str:
    console = Console(file=io.StringIO(), width=100)
    for one in what:
        console.print(one, highlight=False)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_todays_bars_stand_beside_the_proposed_ones() -> None:
    rows = [
        [cell.strip() for cell in line.strip("│┃ \n").replace("┃", "│").split("│")]
        for line in _printed(before_after(BeforeAfter(TODAY, AFTER), "bars")).splitlines()
        if "│" in line or "┃" in line
    ]
    assert rows == [
        ["today", "proposed"],
        ["bars", "fit >= 40, behaviour >= 40", "fit >= 35, behaviour >= 50, P(won) >= 0.1"],
        ["leads", "1,200", "900"],
        ["leads a week", "40.0", "no dates"],
        ["known outcomes, won", "1,000, 250", "1,000, 250"],
        ["precision", "0.333 (0.250 to 0.400)", "0.333 (0.250 to 0.400)"],
        ["recall", "0.333 (0.250 to 0.400)", "0.333 (0.250 to 0.400)"],
        ["expected wins", "300.2", "300.2"],
        ["expected wins a week", "10.0", "no dates"],
    ]


def _change(change: Change) -> list[str]:
    console = Console(file=io.StringIO(), width=40)
    change_told(console, change, "Written into scoring.yaml")
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


def test_a_change_is_shown_as_it_is_with_what_checking_finds() -> None:
    lines = _change(replace(CHANGE, diff=f"+{'x' * 60} [bold]\n"))
    assert lines[:2] == ["Written into scoring.yaml", f"+{'x' * 60} [bold]"]
    assert "  a rule test [x] fails now" in lines


def test_where_nothing_changes_that_is_said() -> None:
    assert _change(Change(b"", "", ())) == [
        "Written into scoring.yaml",
        "  nothing changes",
        "",
    ]


def test_a_sentence_is_wrapped_further_in_and_words_are_never_broken() -> None:
    assert wrapped("one two-three four five", 16).splitlines() == [
        "  one two-three",
        "    four five",
    ]


NEAR_SAID = (
    "The points are at most 1.2 from the model's log-odds on their scale (bound 2.5) but where a"
    " cap, a clip or a type at 0 points binds, on 12.5 % of the rows; on all rows at most 7.0;"
    " rank correlation 0.988."
)
BOUND_SAID = (
    "A cap, a clip or a type at 0 points binds on every row, so nothing bounds how far the points"
    " are from the model's log-odds on their scale; on all rows at most 7.0; rank correlation"
    " 0.988."
)


@pytest.mark.parametrize(
    ("near", "said"),
    [
        pytest.param(NEAR, NEAR_SAID, id="where some rows are free"),
        pytest.param(replace(NEAR, clipped=1.0), BOUND_SAID, id="where a cap binds on every row"),
    ],
)
def test_how_near_the_points_are_is_told(near: Fidelity, said: str) -> None:
    assert next(points_told(replace(POINTS, fidelity=near))) == said


def _names(many: int) -> tuple[str, ...]:
    return tuple(f"l{n}" for n in range(many))


@pytest.mark.parametrize(
    ("becomes", "stops", "said"),
    [
        pytest.param(0, 0, "0 become MQL, 0 stop being one.", id="nobody"),
        pytest.param(1, 2, "1 become MQL (l0), 2 stop being one (l0, l1).", id="all are named"),
        pytest.param(
            NAMES_MAX,
            NAMES_MAX + 1,
            "5 become MQL (l0, l1, l2, l3, l4), 6 stop being one (l0, l1, l2, l3, l4 ...).",
            id="no more than five are named",
        ),
    ],
)
def test_whom_the_points_change_is_told(becomes: int, stops: int, said: str) -> None:
    found = replace(POINTS, becomes=_names(becomes), stops=_names(stops))
    _, sentence, whom = points_told(found)
    assert sentence == PAIR.sentence
    assert whom == f"Of 1,234 leads of the last quarter {said}"


def test_nothing_is_written_that_was_not_asked_for(tmp_path: Path) -> None:
    found = Proposed(ChosenBars(ON_P, PAIR), CHANGE, points=POINTS)
    assert written(_asked(rules=tmp_path), found) == found
    assert list(tmp_path.iterdir()) == []


def test_points_are_written_where_they_were_asked_for(tmp_path: Path) -> None:
    found = Proposed(ChosenBars(ON_P, PAIR), CHANGE, points=POINTS)
    asked = _asked(rules=tmp_path, points=tmp_path / "points.yaml")
    assert written(asked, found) == found, "bars were not asked to be applied"
    assert (tmp_path / "points.yaml").read_bytes() == CHANGE.content


def test_points_that_cannot_be_written_are_a_sentence(tmp_path: Path) -> None:
    found = Proposed(ChosenBars(ON_P, PAIR), CHANGE, points=POINTS)
    with pytest.raises(Problem, match=f"^{tmp_path} cannot be written: Is a directory$"):
        written(_asked(points=tmp_path), found)


def test_a_change_of_nothing_is_not_written(tmp_path: Path) -> None:
    same = Proposed(ChosenBars(ON_P, PAIR), replace(CHANGE, diff=""))
    assert written(_asked(rules=tmp_path, applied=True), same) == same
    assert list(tmp_path.iterdir()) == []


PROPOSED = Proposed(ChosenBars(ON_P, PAIR, BeforeAfter(TODAY, AFTER)), CHANGE, points=POINTS)


def _whole(proposed: Proposed) -> str:
    console = Console(file=io.StringIO(), width=100)
    told(console, replace(found_of(), proposed=proposed))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_all_of_a_proposal_is_told_in_order() -> None:
    said = _whole(PROPOSED)
    headings = [
        "Verdict", "Bars", "Today's bars beside", "What --apply would write into scoring.yaml",
        "Points", "Today's points and bars beside", "Proposed points beside today's scoring.yaml",
        "What to do next",
    ]  # fmt: skip
    places = [said.index(f"\n{heading}") for heading in headings]
    assert places == sorted(places)
    assert "Written into scoring.yaml" not in said


def test_what_was_written_is_told_as_that() -> None:
    assert "\nWritten into scoring.yaml" in _whole(replace(PROPOSED, written=True))


def test_a_proposal_without_rules_has_no_change_and_no_table() -> None:
    said = _whole(Proposed(ChosenBars(ON_P)))
    assert ON_P.sentence in said
    assert "scoring.yaml" not in said
    assert "Today's bars" not in said


@pytest.mark.parametrize(
    ("proposed", "step"),
    [
        pytest.param(
            None,
            "Publishing changes no rule: --precision, --capacity or --value with --cost proposes"
            " bars, and --apply writes them.",
            id="none were asked for",
        ),
        pytest.param(
            PROPOSED,
            "Nothing was written: --apply writes the bars into scoring.yaml.",
            id="they were proposed",
        ),
        pytest.param(
            replace(PROPOSED, written=True),
            "Review the change of scoring.yaml: leadscoring rules check DIR --models models,"
            " leadscoring rules test DIR --models models.",
            id="they were written",
        ),
    ],
)
def test_the_next_step_after_bars(proposed: Proposed | None, step: str) -> None:
    assert list(next_steps(replace(found_of(), proposed=proposed)))[2:] == [step]


def test_bars_without_a_change_need_no_step() -> None:
    found = replace(found_of(), proposed=Proposed(ChosenBars(ON_P)))
    assert len(list(next_steps(found))) == 2


def test_a_proposal_for_machines() -> None:
    row = as_json(replace(found_of(), proposed=PROPOSED))
    assert row["thresholds"]["points"]["pair"] == {
        "fit_min": 35,
        "behaviour_min": 50,
        "win_probability_min": None,
    }
    assert row["thresholds"]["win_probability"]["window_precision"] is None
    assert row["before_after"]["after"]["leads_a_week"] is None
    assert row["change"] == {"written": False, "diff": CHANGE.diff, "notes": list(CHANGE.notes)}
    assert (row["points"]["becomes"], row["points"]["looked_at"]) == (["a"], 1234)
    assert row["points"]["fidelity"]["clipped"] == 0.125
    assert row["points"]["before_after"]["before"]["leads"] == 1200


def test_points_without_bars_that_keep_the_wish_have_nothing_to_stand_beside() -> None:
    points = replace(POINTS, before_after=None)
    assert "Today's points" not in _whole(replace(PROPOSED, points=points))


def test_without_a_proposal_its_keys_are_there_and_empty() -> None:
    row = as_json(found_of())
    keys = ("thresholds", "before_after", "change", "points")
    assert [row[key] for key in keys] == [None] * 4


@pytest.mark.parametrize(
    ("value", "said"),
    [
        pytest.param(float("nan"), None, id="no number"),
        pytest.param(float("inf"), None, id="without end"),
        pytest.param(Interval(0.5, float("nan"), 1.0), {"value": 0.5, "low": None, "high": 1.0},
                     id="a bound that is none"),
        pytest.param(7, 7, id="a count stays one"),
        pytest.param("text", "text", id="a text"),
        pytest.param(None, None, id="none"),
        pytest.param(WISH, {"by": "precision", "amount": 0.3, "leads_per_week": None}, id="fields"),
    ],
)  # fmt: skip
def test_a_value_as_json_has_it(value: object, said: object) -> None:
    assert plain(value) == said
