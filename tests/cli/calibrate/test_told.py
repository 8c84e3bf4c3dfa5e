"""What a calibration found is told alike to people and to machines."""

import io
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from scoring_service.calibration.results import (
    Clock,
    Gate,
    Headroom,
    Interval,
    Leak,
    Metrics,
    Predictions,
    Refusal,
    Severity,
    Training,
)
from scoring_service.calibration.table import Column, Kind, Time, TrainingTable
from scoring_service.cli.calibrate import sentences, told
from scoring_service.cli.calibrate.found import Found, columns_used
from scoring_service.cli.calibrate.found_as_json import as_json, said

ROWS, WINDOW = 100, 20
GOLDEN = Path(__file__).parents[2] / "golden" / "calibrate"


def _table() -> TrainingTable:
    won = np.arange(ROWS) % 4 == 0
    numbers = np.arange(ROWS)
    names = ("employees", "duration", "rate", "source_cost")
    return TrainingTable(
        source="leads.csv",
        leads=numbers,
        won=won,
        weights=np.ones(ROWS),
        time=Time.ORDER,
        scored_at=numbers,
        known_at=numbers,
        recycled=np.zeros(ROWS, bool),
        columns=tuple(Column(name, Kind.NUMBER, numbers.astype(float)) for name in names),
        horizon=timedelta(days=35),
        notes=("3 rows were left out: the outcome is 'maybe'.",),
        digest="d1",
    )


def _metrics(auc: float) -> Metrics:
    figure = Interval(0.2, 0.1, 0.3)
    return Metrics(
        WINDOW,
        5,
        Interval(auc, auc - 0.05, auc + 0.05),
        figure,
        figure,
        figure,
        figure,
        figure,
        0.02,
    )


def _training(**changes: Any) -> Training:
    table = _table()
    window = np.arange(ROWS) >= ROWS - WINDOW
    training = Training(
        table=table,
        leaks=(
            Leak("source_cost", Severity.ASKED, ("filled",), 0.6, 0.3),
            Leak("duration", Severity.EXCLUDED, ("strong", "named"), 0.82, 0.0),
        ),
        clocks=(Clock("rate", 0.97),),
        gate=Gate(None, ""),
        in_window=window,
        trains=~window,
        window=Predictions(table.rows(window), np.full(WINDOW, 0.24)),
        metrics=_metrics(0.7),
        fold_metrics=_metrics(0.72),
        metrics_with_clocks=_metrics(0.6),
        headroom=Headroom(0.71, 0.19),
        seed=7,
    )
    return replace(training, **changes)


def _found(**changes: Any) -> Found:
    return Found(_training(**changes), Path("models"), version="0123abcd")


def _refused(refusal: Refusal = Refusal.NO_SIGNAL) -> Found:
    return Found(_training(gate=Gate(refusal, "no signal: the AUC may be 0.49")), Path("models"))


def _told(found: Found) -> str:
    console = Console(file=io.StringIO(), width=100)
    told.told(console, found)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def _line(told: str, word: str) -> str:
    (line,) = [line.strip() for line in told.splitlines() if word in line]
    return line


@pytest.mark.parametrize(
    ("name", "found"),
    [
        pytest.param("published", _found(), id="one that is published"),
        pytest.param("no_signal", _refused(), id="one without signal"),
    ],
)
def test_the_report_on_a_terminal(name: str, found: Found) -> None:
    assert _told(found) == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


def test_the_verdict_comes_first_for_machines() -> None:
    assert list(as_json(_found()))[:4] == ["published", "version", "refused", "why"]


def test_a_published_one_names_its_version() -> None:
    row = as_json(_found())
    assert (row["published"], row["version"], row["refused"]) == (True, "0123abcd", None)


@pytest.mark.parametrize("refusal", list(Refusal))
def test_a_refused_one_names_its_reason_and_no_version(refusal: Refusal) -> None:
    row = as_json(_refused(refusal))
    assert (row["published"], row["version"], row["refused"]) == (False, None, refusal.value)
    assert row["why"] == "no signal: the AUC may be 0.49"
    assert "Not published: no signal: the AUC may be 0.49." in _told(_refused(refusal))


def test_every_metric_has_a_value_and_its_interval() -> None:
    metrics = as_json(_found())["metrics"]
    names = ["roc_auc", "pr_auc", "log_loss", "brier", "ece", "lift_at_10"]
    assert [set(metrics[name]) for name in names] == [{"value", "low", "high"}] * 6
    assert metrics["roc_auc"] == {"value": 0.7, "low": pytest.approx(0.65), "high": 0.75}


def test_leaks_and_clocks_name_their_columns() -> None:
    row = as_json(_found())
    assert [(leak["column"], leak["severity"]) for leak in row["leaks"]] == [
        ("source_cost", "asked"),
        ("duration", "excluded"),
    ]
    assert row["leaks"][1]["marks"] == ["strong", "named"]
    assert [clock["column"] for clock in row["clocks"]] == ["rate"]


@pytest.mark.parametrize(
    ("changes", "used"),
    [
        pytest.param({}, ("employees", "source_cost"), id="without those that are left out"),
        pytest.param(
            {"clocks": (Clock("rate", 0.97, allowed=True),)},
            ("employees", "rate", "source_cost"),
            id="with a clock that is allowed",
        ),
        pytest.param(
            {"leaks": (Leak("duration", Severity.EXCLUDED, (), 0.9, 0.0, allowed=True),)},
            ("employees", "duration", "source_cost"),
            id="with a leak that is allowed",
        ),
    ],
)
def test_the_columns_that_the_model_reads(changes: dict[str, Any], used: tuple[str, ...]) -> None:
    assert columns_used(_training(**changes)) == used


def test_what_cannot_be_computed_is_null() -> None:
    nowhere = Leak("x", Severity.ASKED, (), float("nan"), 0.0)
    row = json.loads(said(_found(leaks=(nowhere,))))
    assert row["leaks"][0]["lone_auc"] is None


def test_without_predictions_there_are_no_figures() -> None:
    found = _found(
        gate=Gate(Refusal.TOO_FEW_OUTCOMES, "too few: 12 won"),
        window=None, metrics=None, fold_metrics=None, metrics_with_clocks=None, headroom=None,
    )  # fmt: skip
    row = json.loads(said(found))
    assert [row["metrics"], row["cross_validated"], row["headroom"]] == [None, None, None]
    assert row["window"]["last"]["predicted"] is None
    told = _told(found)
    assert "How good it is" not in told
    assert "Not published: too few: 12 won." in told


def test_the_counts_are_those_of_the_table() -> None:
    row = as_json(_found())
    assert (row["rows"], row["leads"], row["won"], row["horizon_days"]) == (100, 100, 25, 35)
    assert row["window"]["training"] == {"rows": 80, "won": 20, "base_rate": 0.25}
    assert row["window"]["last"]["predicted"] == pytest.approx(0.24)


def test_an_excluded_column_is_told_with_the_way_to_keep_it() -> None:
    told = list(sentences.left_out(_training()))
    assert [line.split(":")[0] for line in told] == ["duration", "source_cost"], "excluded first"
    assert "left out" in told[0]
    assert "--allow duration keeps it" in told[0]
    assert "is it known when a lead is scored?" in told[1]


def test_a_column_that_was_allowed_is_told_as_kept() -> None:
    kept = Leak("duration", Severity.EXCLUDED, ("strong",), 0.82, 0.0, allowed=True)
    (told,) = sentences.left_out(_training(leaks=(kept,)))
    assert "kept, as --allow says" in told
    assert "keeps it" not in told


def test_clocks_are_told_with_what_gave_them_away() -> None:
    (told,) = sentences.clocks(_training())
    assert told.startswith("rate (0.97): left out")


def test_what_the_figures_say_is_told_and_handed_on() -> None:
    found = replace(_found(), sentences=("P is right.",))
    assert _line(_told(found), "P is right.")
    assert as_json(found)["sentences"] == ["P is right."]


def test_a_refused_one_leaves_the_current_model() -> None:
    found = replace(_refused(Refusal.WORSE_THAN_CURRENT), compared_with="beef")
    assert "beef stays current." in _told(found)
    assert "What to do next" not in _told(found)


def test_names_with_brackets_are_no_markup() -> None:
    odd = Leak("[bold]x", Severity.ASKED, ("named",), 0.5, 0.0)
    assert "[bold]x" in _told(_found(leaks=(odd,)))


@pytest.mark.parametrize(
    ("before", "says"),
    [
        pytest.param(None, "now current.", id="the first"),
        pytest.param("0000000000000000", "in place of 0000000000000000.", id="after another"),
        pytest.param("4f2a9c0d1e5b7788", "which is current already.", id="after itself"),
    ],
)
def test_what_it_takes_the_place_of(before: str | None, says: str) -> None:
    found = Found(_training(), Path("models"), "4f2a9c0d1e5b7788", compared_with=before)
    assert next(sentences.verdict(found)).endswith(says)


def test_without_times_no_row_is_called_later_and_the_figures_are_of_each_part() -> None:
    timeless = replace(_training(), table=replace(_table(), time=Time.NONE))
    console = Console(file=io.StringIO(), width=100)
    told.told(console, Found(timeless, Path("models"), "4f2a9c0d1e5b7788"))
    said = console.file.getvalue()  # type: ignore[attr-defined]
    assert "80 rows train, 20 others judge" in said
    assert "each part in turn" in said
    assert "later ones" not in said


@pytest.mark.parametrize(
    ("changes", "gate", "lines"),
    [
        pytest.param({}, Gate(None, ""), [], id="nothing beside it"),
        pytest.param(
            {}, Gate(None, "no worse than 4f2a"), ["It was no worse than 4f2a."], id="why it was"
        ),
        pytest.param(
            {"unserved": "attributes.yaml:1: the model reads 'plan'"},
            Gate(None, ""),
            [
                "A server with these rules refuses it and keeps what it has: attributes.yaml:1: the"
                " model reads 'plan'."
            ],
            id="rules that do not load with it",
        ),
        pytest.param(
            {"new": False},
            Gate(None, ""),
            ["That scorecard had been published before: nothing in its folder was changed."],
            id="a scorecard that was there",
        ),
    ],
)
def test_what_is_told_beside_the_version(
    changes: dict[str, Any], gate: Gate, lines: list[str]
) -> None:
    found = replace(Found(_training(gate=gate), Path("models"), "4f2a"), **changes)
    published, *beside = sentences.verdict(found)
    assert published == "Published as models/4f2a, now current."
    assert beside == lines


@pytest.mark.parametrize(
    ("clocks", "said"),
    [
        pytest.param((), [], id="no clock"),
        pytest.param(
            (Clock("rate", 0.97, allowed=True), Clock("age", 0.9, allowed=True)),
            ["rate, age: kept, as --allow says."],
            id="all are kept",
        ),
        pytest.param(
            (Clock("rate", 0.97), Clock("age", 0.905), Clock("size", 0.8, allowed=True)),
            [
                "rate (0.97), age (0.91): left out, as each tells the last window from the rows"
                " before it with the AUC beside it: what it taught cannot be seen again. --allow"
                " keeps one.",
                "size: kept, as --allow says.",
            ],
            id="some of each",
        ),
    ],
)
def test_clocks_left_out_and_kept(clocks: tuple[Clock, ...], said: list[str]) -> None:
    assert list(sentences.clocks(_training(clocks=clocks))) == said


@pytest.mark.parametrize(
    ("leak", "line"),
    [
        pytest.param(
            Leak("duration", Severity.EXCLUDED, ("strong", "named"), 0.824, 0.0),
            "duration: left out, it tells the outcome too well to have been known before (strong;"
            " named; alone AUC 0.82); --allow duration keeps it.",
            id="left out",
        ),
        pytest.param(
            Leak("cost", Severity.ASKED, (), 0.6, 0.3),
            "cost: kept, but is it known when a lead is scored? (alone AUC 0.60); --allow cost says"
            " that it is.",
            id="asked about",
        ),
        pytest.param(
            Leak("cost", Severity.ASKED, ("filled",), 0.6, 0.3, allowed=True),
            "cost: kept, as --allow says (filled; alone AUC 0.60).",
            id="allowed, so that nothing is asked",
        ),
    ],
)
def test_a_column_that_bears_a_mark_in_a_sentence(leak: Leak, line: str) -> None:
    assert list(sentences.left_out(_training(leaks=(leak,)))) == [line]
