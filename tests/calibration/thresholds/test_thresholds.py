"""Bars on P(won): what they promise, where they cannot be had, and what is said of both."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.calibration.problem import CalibrationProblem
from scoring_service.calibration.results import Training
from scoring_service.calibration.table import Time
from scoring_service.calibration.thresholds.threshold_results import By, Threshold, Wish
from scoring_service.calibration.thresholds.thresholds import (
    LEADS_MIN,
    WON_MIN,
    candidates,
    threshold,
)
from scoring_service.calibration.thresholds.weeks import drawn_times, last_weeks, per_week
from scoring_service.calibration.thresholds.wilson import wilson

WEEK = 7 * 86_400_000_000


def precision(training: Training, promise: float) -> Threshold:
    return threshold(training, Wish(By.PRECISION, promise))


def at_of(found: Threshold) -> float:
    """The bar; 1 where there is none: no lead is above it."""
    return 1.0 if found.threshold is None else found.threshold.value


def test_the_bar_of_a_promise_is_the_lowest_that_keeps_it_by_both_bounds(trainings: Any) -> None:
    training = trainings.drawn()
    rows, promise = training.out_of_fold, 0.5
    chosen = at_of(precision(training, promise))

    def kept(at: float) -> bool:
        above = rows.p >= at
        leads, won = int(above.sum()), int(rows.table.won[above].sum())
        if leads < LEADS_MIN or won < WON_MIN or wilson(won, leads)[0] < promise:
            return False
        means = [
            np.average(rows.p[above], weights=times[above])
            for times in drawn_times(rows.table.leads, 0, 200)
        ]
        return bool(np.percentile(means, 5) >= promise)

    lower = [at for at in candidates(rows.p) if at < chosen]
    assert kept(chosen)
    assert not any(kept(at) for at in lower[:: max(1, len(lower) // 20)])
    assert not any(kept(at) for at in lower[-10:])


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 50), low=st.floats(0.1, 0.8), more=st.floats(0, 0.3))
def test_a_higher_promise_never_has_a_lower_bar(
    trainings: Any, seed: int, low: float, more: float
) -> None:
    training = trainings.drawn(400, seed)
    lower, higher = (precision(training, promise) for promise in (low, low + more))
    assert "last window" in lower.sentence or at_of(lower) <= at_of(higher)


CANNOT = [
    pytest.param(
        0.99, "unreachable: 99% won cannot be promised; the best lower bound is", id="more"
    ),
    pytest.param(
        0.81, "unreachable: 81% won cannot be promised; the best lower bound is", id="just"
    ),
]


@pytest.mark.parametrize(("promise", "said"), CANNOT)
def test_what_cannot_be_promised_is_called_unreachable(
    trainings: Any, promise: float, said: str
) -> None:
    found = precision(trainings.drawn(), promise)
    assert found.threshold is None
    assert found.sentence.startswith(said)
    assert "leads a week" in found.sentence


def test_the_sentence_of_an_unreachable_promise(trainings: Any) -> None:
    p = np.repeat([0.1, 0.4], 500)
    won = np.tile([True, False, False, False], 250)
    order = np.random.default_rng(0).permutation(1_000)
    assert precision(trainings.of(p[order], won[order]), 0.5).sentence == (
        "unreachable: 50% won cannot be promised; the best lower bound is 22.6%,"
        " at 70 leads a week."
    )


@pytest.mark.parametrize(
    ("rows", "won"),
    [
        pytest.param(60, 40, id="48 leads are too few"),
        pytest.param(1_000, 9, id="9 won are too few"),
    ],
)
def test_few_leads_or_wins_judge_nothing(trainings: Any, rows: int, won: int) -> None:
    found = precision(trainings.of(np.full(rows, 0.3), np.arange(rows) < won), 0.0001)
    assert found.sentence == ("unreachable: nowhere are there 50 leads with 10 won to judge 0% by.")


def test_a_promise_that_the_last_window_refutes_is_refused(trainings: Any) -> None:
    p = np.full(1_000, 0.6)
    won = (np.arange(1_000) % 5 < 3) & (np.arange(1_000) < 800)
    found = precision(trainings.of(p, won), 0.5)
    assert found.threshold is None
    assert found.sentence == (
        "the promise of 50% does not stand in the last window: of the leads at or above 0.6 0.0%"
        " were won (0.0% to 1.3%)."
    )


def test_capacity_gives_what_the_team_can_work(trainings: Any) -> None:
    found = threshold(trainings.drawn(), Wish(By.CAPACITY, 20))
    assert found.leads_a_week == pytest.approx(20, abs=0.5)
    assert found.threshold is not None
    assert found.threshold.low < found.threshold.value < found.threshold.high
    assert "gives 20 of the 70 leads a week (90 % interval of the bar" in found.sentence


def test_a_team_that_can_work_all_has_no_bar_to_speak_of(trainings: Any) -> None:
    training = trainings.drawn()
    found = threshold(training, Wish(By.CAPACITY, 500))
    assert at_of(found) <= training.table.columns[0].values.max()
    assert found.leads_a_week == per_week(training.table)
    assert found.sentence.startswith("all of the 70 leads a week are within 500 a week")


def test_capacity_without_dates_asks_how_many_arrive(trainings: Any) -> None:
    training = trainings.drawn(time=Time.ORDER)
    with pytest.raises(CalibrationProblem, match="say by --leads-per-week how many arrive"):
        threshold(training, Wish(By.CAPACITY, 20))
    found = threshold(training, Wish(By.CAPACITY, 20, leads_per_week=100))
    served = training.table.columns[0].values
    p = 1 / (1 + np.exp(-served))
    assert (p >= at_of(found)).mean() == pytest.approx(0.2, abs=0.01)
    assert found.leads_a_week is None


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 50), few=st.floats(1, 60), more=st.floats(0, 30))
def test_more_capacity_never_has_a_higher_bar(
    trainings: Any, seed: int, few: float, more: float
) -> None:
    training = trainings.drawn(300, seed)
    bars = [at_of(threshold(training, Wish(By.CAPACITY, amount))) for amount in (few, few + more)]
    assert bars[0] >= bars[1]


def test_value_is_cost_over_value(trainings: Any) -> None:
    found = threshold(trainings.drawn(), Wish(By.VALUE, 0.125))
    assert found.threshold == (0.125, 0.125, 0.125)
    assert found.sentence == "from P(won) >= 0.125 on a lead is worth more than the work it costs."


@pytest.mark.parametrize("wish", [Wish(By.PRECISION, 0.5), Wish(By.CAPACITY, 20)], ids=str)
def test_one_seed_one_interval(trainings: Any, wish: Wish) -> None:
    training = trainings.drawn()
    one, same, other = (threshold(training, wish, seed=seed) for seed in (1, 1, 2))
    assert one == same
    assert one.threshold is not None
    assert other.threshold is not None
    assert one.threshold.value == pytest.approx(other.threshold.value, rel=0.05)
    assert one.threshold.low <= one.threshold.value <= one.threshold.high


@given(st.lists(st.floats(0.0001, 0.9999), min_size=1, max_size=30))
def test_bars_have_three_digits_and_lie_just_below_what_they_admit(p: list[float]) -> None:
    found = candidates(np.array(p))
    assert list(found) == sorted(set(found))
    assert all(float(f"{at:.3g}") == pytest.approx(at, rel=1e-9) for at in found)
    for one in p:
        assert found[found <= one * (1 + 1e-7)].max() >= one * 0.99


def test_the_last_eight_weeks_count_and_no_others(trainings: Any) -> None:
    instants = np.arange(100) * WEEK
    recent, weeks = last_weeks(instants)
    assert (int(recent.sum()), weeks) == (8, 8.0)
    young, span = last_weeks(np.arange(4) * WEEK // 2)
    assert young.all()
    assert span == pytest.approx(1.5)


def test_replicates_draw_leads_not_rows() -> None:
    leads = np.array([7, 7, 9, 9, 9, 3])
    for times in drawn_times(leads, 0, 20):
        assert times[0] == times[1]
        assert times[2] == times[3] == times[4]
        assert times[0] + times[2] + times[5] == 3
