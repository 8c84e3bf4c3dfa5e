"""Bars in a report, and bars by wish in a notebook."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from scoring_service.calibration import capacity, precision, value
from scoring_service.calibration.problem import CalibrationProblem
from scoring_service.calibration.reporting.report import CARD, report
from scoring_service.calibration.reporting.report_bars import bars, drawn_bars
from scoring_service.calibration.reporting.report_context import Context
from scoring_service.calibration.results import Interval, Training
from scoring_service.calibration.table import Time
from scoring_service.calibration.thresholds.bars import ChosenBars
from scoring_service.calibration.thresholds.threshold_results import (
    BeforeAfter,
    By,
    Pair,
    PairOfBars,
    Threshold,
    Volume,
    Wish,
)
from scoring_service.domain.scoring.scoring import Bars, Grades, Scoring

Train = Callable[..., Training]
WISH = Wish(By.PRECISION, 0.3)
REACHED = Threshold(
    WISH,
    Interval(0.25, 0.22, 0.29),
    leads=420.0,
    leads_a_week=31.5,
    precision=Interval(0.34, 0.3, 0.38),
    window_precision=Interval(0.33, 0.27, 0.4),
    sentence="From P(won) .25 on at least 30 % are won.",
)
UNREACHED = Threshold(
    WISH, None, 0.0, None, None, None, "unreachable: the best lower bound is .21, at 9 leads a week"
)
TODAY, NEW = Pair(40, 40), Pair(35, 50)


def _volume(pair: Pair, leads: int) -> Volume:
    share = Interval(0.3, 0.25, 0.35)
    return Volume(pair, leads, leads - 5, leads // 3, share, share, leads / 3, 12.5, None)


WHOLE = ChosenBars(
    REACHED,
    PairOfBars(WISH, TODAY, NEW, 3, "fit >= 35, behaviour >= 50 keeps the promise."),
    BeforeAfter(_volume(TODAY, 1_200), _volume(NEW, 800)),
)


def _scoring(mql: float | None, sql: float | None) -> Scoring:
    return Scoring((), {}, {}, Grades((), ()), Bars(40, 40, mql), sql_win_probability_min=sql)


def test_the_section_tells_the_wish_the_bar_and_what_it_brings() -> None:
    section = bars(WHOLE)
    assert section.paragraphs[:2] == (
        "From P(won) .25 on at least 30 % are won.",
        "fit >= 35, behaviour >= 50 keeps the promise.",
    )
    on_p, volumes = section.tables
    assert on_p.rows[0][:3] == ("precision", "0.3", ".250 [.220, .290]")
    rows = {row[0]: row[1:] for row in volumes.rows}
    assert rows["bars"] == ("fit >= 40, behaviour >= 40", "fit >= 35, behaviour >= 50")
    assert rows["leads"] == ("1,200", "800")
    assert rows["expected wins a week"] == ("-", "-"), "without dates"


def test_a_bar_that_cannot_be_had_is_said() -> None:
    section = bars(ChosenBars(UNREACHED))
    assert "unreachable: the best lower bound is .21" in section.paragraphs[0]
    (on_p,) = section.tables
    assert on_p.rows[0][2] == "-"


def test_nothing_asked_is_no_section() -> None:
    assert bars(None).is_empty


@pytest.mark.parametrize(
    ("chosen", "scoring", "drawn"),
    [
        pytest.param(None, None, {}, id="nothing"),
        pytest.param(None, _scoring(0.2, 0.4), {"mql today": 0.2, "sql today": 0.4}, id="today"),
        pytest.param(WHOLE, _scoring(None, None), {"by precision": 0.25}, id="the chosen one"),
        pytest.param(ChosenBars(UNREACHED), None, {}, id="one that cannot be had"),
    ],
)
def test_bars_on_p_are_drawn(
    chosen: ChosenBars | None, scoring: Scoring | None, drawn: dict[str, float]
) -> None:
    assert drawn_bars(chosen, scoring) == drawn


def test_they_stand_in_the_card(train: Train) -> None:
    context = Context(datetime(2026, 5, 10, tzinfo=UTC), bars=WHOLE)
    card = report(train(), context, "v")[CARD].decode()
    assert "## Bars" in card
    assert "behaviour \\>= 50 keeps the promise" in card


def test_by_value_the_bar_is_the_cost_over_the_value(train: Train) -> None:
    found = value(train(), cost=30.0, of_a_win=150.0)
    assert found.threshold is not None
    assert found.threshold.value == pytest.approx(0.2)


def test_a_promise_is_kept_or_said_to_be_unreachable(train: Train) -> None:
    kept, lost = precision(train(), 0.25), precision(train(), 0.95)
    assert kept.threshold is not None
    assert kept.precision is not None
    assert kept.precision.low >= 0.25
    assert lost.threshold is None
    assert "unreachable" in lost.sentence


def test_a_capacity_needs_dates_or_the_number_that_arrives(train: Train) -> None:
    training = train()
    assert training.out_of_fold is not None
    assert training.window is not None
    undated = replace(
        training,
        table=replace(training.table, time=Time.NONE),
        window=replace(training.window, table=replace(training.window.table, time=Time.NONE)),
        out_of_fold=replace(
            training.out_of_fold, table=replace(training.out_of_fold.table, time=Time.NONE)
        ),
    )
    with pytest.raises(CalibrationProblem):
        capacity(undated, 20.0)
    assert capacity(undated, 20.0, arriving=100.0).threshold is not None
