"""What may be wished of a bar: told where it is no wish, as on the command line."""

from collections.abc import Callable
from math import inf, nan
from typing import Any

import pytest

from scoring_service.calibration.problem import CalibrationProblem
from scoring_service.calibration.thresholds.threshold_results import By, Threshold, Wish
from scoring_service.calibration.thresholds.wishes import capacity, precision, value

Wished = Callable[[Any], Threshold]

NO_WISH = [
    pytest.param(
        lambda t: precision(t, 0.0), "0.0 is no share that can be promised", id="no share"
    ),
    pytest.param(lambda t: precision(t, 1.0), "1.0 is no share", id="all"),
    pytest.param(lambda t: precision(t, 30), "30 is no share .*; say 0.3 for 30 %", id="per cent"),
    pytest.param(lambda t: precision(t, nan), "nan is no share", id="no number"),
    pytest.param(lambda t: capacity(t, 0), "0 leads a week are none", id="no lead"),
    pytest.param(lambda t: capacity(t, inf), "inf leads a week", id="all leads there are"),
    pytest.param(lambda t: capacity(t, 5, arriving=0), "0 leads a week", id="none arrives"),
    pytest.param(lambda t: capacity(t, 5, arriving=-1), "-1 leads a week", id="fewer than none"),
    pytest.param(lambda t: value(t, cost=0, of_a_win=9), "costs 0 pays at no bar", id="no cost"),
    pytest.param(lambda t: value(t, cost=9, of_a_win=9), "a win is worth 9", id="nothing gained"),
    pytest.param(lambda t: value(t, cost=1, of_a_win=0), "a win is worth 0", id="no worth"),
    pytest.param(lambda t: value(t, cost=1, of_a_win=inf), "worth inf", id="worth of everything"),
]


@pytest.mark.parametrize(("wished", "said"), NO_WISH)
def test_what_is_no_wish_is_told(trainings: Any, wished: Wished, said: str) -> None:
    with pytest.raises(CalibrationProblem, match=said):
        wished(trainings.drawn(200))


@pytest.mark.parametrize(
    ("wished", "wish"),
    [
        pytest.param(
            lambda t: value(t, cost=1, of_a_win=4), Wish(By.VALUE, 0.25), id="a quarter of a win"
        ),
        pytest.param(
            lambda t: capacity(t, 7, arriving=70), Wish(By.CAPACITY, 7, 70), id="a tenth of leads"
        ),
        pytest.param(lambda t: capacity(t, 7), Wish(By.CAPACITY, 7), id="some a week, by dates"),
        pytest.param(lambda t: precision(t, 0.01), Wish(By.PRECISION, 0.01), id="one of a hundred"),
    ],
)
def test_a_wish_is_what_was_said(trainings: Any, wished: Wished, wish: Wish) -> None:
    found = wished(trainings.drawn(400))
    assert found.wish == wish
    assert found.threshold is not None
