"""Learned weights beside the points written by hand."""

import math
from dataclasses import replace

import pytest

from scoring_service.calibration.reporting.evaluation import Weight
from scoring_service.calibration.reporting.evaluation_weights import interval, judged, weights
from scoring_service.calibration.results import Interval
from scoring_service.domain.calibration.scorecard import (
    ActivityTerm,
    Cell,
    CriterionTerm,
    NumberTerm,
    Scorecard,
    TextTerm,
)
from scoring_service.domain.schema import AttributeType
from scoring_service.domain.scoring.scoring import Bars, FitCriterion, Grades, Scoring

SCALE = 20.0
NOBODY = Cell(0.0, (0.0,))
SHARES = {
    "size": {"< 5": 0.5, ">= 5": 0.4, "missing": 0.1},
    "source": {"=web": 0.8, "missing": 0.2},
}


def _scoring(points: float) -> Scoring:
    return Scoring(
        fit=(FitCriterion("decides", "true", points, lambda _: True),),
        activities={},
        groups={},
        grades=Grades((), ()),
        mql=Bars(40, 40),
    )


def _judged(points: float, value: float, half: float) -> Weight:
    """A criterion whose learned points are `value` +- `half`."""
    figures = (value / SCALE, (value - half) / SCALE, (value + half) / SCALE)
    return judged("decides", "criterion", Interval(*figures), points, SCALE)


@pytest.mark.parametrize(
    ("points", "value", "half", "agrees"),
    [
        pytest.param(20, 22, 5, True, id="sign and size agree"),
        pytest.param(20, 11, 4, True, id="half as much still agrees"),
        pytest.param(20, 7, 4, False, id="a third is too little"),
        pytest.param(20, 60, 10, False, id="three times is too much"),
        pytest.param(20, 60, 45, True, id="three times, but the interval holds the points"),
        pytest.param(20, -10, 4, False, id="the sign is wrong"),
        pytest.param(-40, -35, 9, True, id="what lowers and is said to lower agrees"),
        pytest.param(20, 15, 30, None, id="an interval with both signs leaves it open"),
        pytest.param(0, 1, 3, True, id="no points for what makes no difference"),
        pytest.param(0, 9, 3, False, id="no points for what makes one"),
    ],
)
def test_points_agree_by_sign_and_size(
    points: float, value: float, half: float, agrees: bool | None
) -> None:
    found = _judged(points, value, half)
    assert found.agrees is agrees
    assert found.fair_points == pytest.approx(value)


@pytest.mark.parametrize(
    ("points", "value", "half", "told"),
    [
        pytest.param(20, 10, 3, "", id="no surprise"),
        pytest.param(20, -10, 3, "lowers P(won), though its points are +20", id="sure and lower"),
        pytest.param(
            -20,
            10,
            30,
            "raises P(won), though its points are -20; the interval leaves the sign open",
            id="unsure and higher",
        ),
    ],
)
def test_a_sign_that_surprises_is_told(points: float, value: float, half: float, told: str) -> None:
    assert _judged(points, value, half).surprise == told


def _scorecard(per_point: float, points: float) -> Scorecard:
    return Scorecard(
        intercept=Cell(-1.0, (0.3,)),
        terms=(
            CriterionTerm("decides", "true", Cell(1.0, (0.1,))),
            ActivityTerm("visit", points, 86_400.0, Cell(per_point, (0.001,))),
            NumberTerm("size", AttributeType.NUMBER, (5.0,), (NOBODY, NOBODY), NOBODY),
            TextTerm("source", AttributeType.TEXT, {"web": NOBODY}, NOBODY, NOBODY),
        ),
        base_rate=0.2,
        rows=1_000,
        won=200,
    )


def test_every_cell_of_the_scorecard_is_a_weight() -> None:
    found = weights(_scorecard(0.02, 10.0), _scoring(15.0), SCALE, SHARES)
    assert [weight.term for weight in found] == [
        "decides",
        "visit",
        "size < 5",
        "size >= 5",
        "size (no value)",
        "source = web",
        "source (no value)",
    ]
    assert found[0].points == 15.0
    assert found[0].fair_points == pytest.approx(20.0)
    assert all(weight.points is None for weight in found[2:])


def test_without_rules_a_criterion_has_no_points() -> None:
    assert weights(_scorecard(0.02, 10.0), None, SCALE, SHARES)[0].points is None


@pytest.mark.parametrize(
    ("per_point", "points", "fair", "surprising"),
    [
        pytest.param(0.05, 10.0, 10.0, False, id="a visit worth its ten points"),
        pytest.param(-0.05, 10.0, -10.0, True, id="a visit that lowers P"),
        pytest.param(0.05, -40.0, -40.0, False, id="an unsubscribe that lowers P as it should"),
        pytest.param(-0.05, -40.0, 40.0, True, id="an unsubscribe that raises P"),
    ],
)
def test_points_of_an_activity_are_multiplied_by_what_a_point_is_worth(
    per_point: float, points: float, fair: float, surprising: bool
) -> None:
    found = weights(_scorecard(per_point, points), None, SCALE, SHARES)[1]
    assert found.fair_points == pytest.approx(fair)
    assert bool(found.surprise) is surprising


def _sizes(small: Cell, large: Cell, missing: Cell, shares: dict[str, float]) -> dict[str, Weight]:
    term = NumberTerm("size", AttributeType.NUMBER, (5.0,), (small, large), missing)
    card = Scorecard(NOBODY, (term,), 0.2, 1_000, 200)
    return {weight.term: weight for weight in weights(card, None, SCALE, {"size": shares})}


def test_a_bin_is_told_against_the_average_lead() -> None:
    found = _sizes(
        Cell(1.0, (0.5, 0.0)), Cell(0.0, (0.5, 0.2)), NOBODY, {"< 5": 0.25, ">= 5": 0.75}
    )
    assert found["size < 5"].log_odds.value == pytest.approx(0.75)
    assert found["size >= 5"].log_odds.value == pytest.approx(-0.25)
    half = found["size < 5"].log_odds.high - 0.75
    assert half == pytest.approx(1.645 * 0.15, abs=1e-3), "what all bins share is no difference"


def test_a_bin_that_no_lead_was_in_is_left_out() -> None:
    cell = Cell(0.3, (0.1,))
    found = _sizes(cell, cell, cell, {"< 5": 0.5, ">= 5": 0.5})
    assert list(found) == ["size < 5", "size >= 5"]
    assert _sizes(cell, cell, cell, {}) == {}


def test_a_weight_s_interval_comes_from_its_row_and_its_variance() -> None:
    plain = interval(Cell(0.5, (0.3, 0.4)))
    assert plain.high - plain.value == pytest.approx(1.645 * 0.5, abs=1e-3)
    wider = interval(Cell(0.5, (0.3, 0.4), 0.75))
    assert wider.high - wider.value == pytest.approx(1.645 * math.sqrt(0.25 + 0.75), abs=1e-3)


def test_a_surprise_is_flagged_and_stays_in_the_table() -> None:
    surprising = replace(_judged(20, -10, 3), term="x")
    assert surprising.log_odds.value < 0
    assert surprising.surprise
