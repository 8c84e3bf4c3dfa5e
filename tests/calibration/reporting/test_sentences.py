"""What is said of a training, and what is said that it cannot show."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from scoring_service.calibration.reporting.evaluate import evaluate, scale
from scoring_service.calibration.reporting.evaluation_sentences import base_rate_sentence
from scoring_service.calibration.results import Gate, Headroom, Interval, Refusal, Training
from scoring_service.calibration.table import Time

Train = Callable[..., Training]


def _said(training: Training) -> str:
    return "\n".join(evaluate(training).sentences)


@pytest.mark.parametrize(
    ("before", "won", "predicted", "said"),
    [
        pytest.param(
            0.05,
            Interval(0.31, 0.30, 0.32),
            0.12,
            "In the last window P is too low because the base rate rose from .050 to .310: .120 "
            "predicted on average, .310 [.300, .320] won.",
            id="P is too low after a rise",
        ),
        pytest.param(
            0.31,
            Interval(0.05, 0.04, 0.06),
            0.12,
            "In the last window P is too high because the base rate fell from .310 to .050: .120 "
            "predicted on average, .050 [.040, .060] won.",
            id="P is too high after a fall",
        ),
        pytest.param(
            0.31,
            Interval(0.30, 0.29, 0.31),
            0.20,
            "In the last window P is too low although the base rate went from .310 to .300: .200 "
            "predicted on average, .300 [.290, .310] won.",
            id="a fall is no reason for a P that is too low",
        ),
        pytest.param(
            0.31,
            Interval(0.30, 0.28, 0.32),
            0.31,
            "In the last window P is right on average: .310 predicted, .300 [.280, .320] won (in "
            "training .310).",
            id="P is right",
        ),
    ],
)
def test_drift_of_the_base_rate_is_told_with_both_figures(
    before: float, won: Interval, predicted: float, said: str
) -> None:
    assert base_rate_sentence(before, won, predicted) == said


def test_the_first_sentence_is_about_the_last_window(train: Train) -> None:
    moved = evaluate(train(odds=1.0))
    assert moved.base_rates is not None
    assert moved.sentences[0] == moved.base_rates.sentence
    assert "too low because the base rate rose" in moved.sentences[0]
    assert "right on average" in evaluate(train()).sentences[0]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param(
            {}, "leaves .011 of AUC and .0020 of log-loss on the table", id="headroom is a figure"
        ),
        pytest.param(
            {"headroom": Headroom(0.70, 0.45)},
            "leaves nothing on the table",
            id="headroom may be none",
        ),
        pytest.param({}, "2 x fits best, and scoring.yaml decides", id="another half-life"),
        pytest.param({}, "without the 66 rows of them", id="with and without recycled leads"),
        pytest.param(
            {"metrics_unrecycled": None}, "No recycled lead is among the rows", id="none recycled"
        ),
        pytest.param({}, ".660 [.630, .690] with them", id="clocks cost or gave this much"),
        pytest.param({}, "Won means won within 90 days", id="the horizon is said"),
    ],
)
def test_findings_are_told(train: Train, changes: dict[str, object], said: str) -> None:
    assert said in _said(train(**changes))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"time": Time.NONE}, "which shows no drift and flatters", id="no times"),
        pytest.param({"time": Time.ORDER}, "nothing is known of weeks", id="only an order"),
        pytest.param({"horizon": None}, "P says nothing of when", id="no horizon"),
        pytest.param({"columns": ()}, "what leads did plays no part", id="no activities"),
    ],
)
def test_what_the_data_cannot_show_is_said_aloud(
    train: Train, changes: dict[str, object], said: str
) -> None:
    training = train()
    assert said not in _said(training)
    table = replace(training.table, **changes)  # type: ignore[arg-type]
    assert said in _said(replace(training, table=table, published=None))


def test_too_few_outcomes_leave_nothing_but_sentences(train: Train) -> None:
    refused = train(
        gate=Gate(Refusal.TOO_FEW_OUTCOMES, "12 won, 50 are needed"),
        before=None,
        published=None,
        window=None,
        out_of_fold=None,
        metrics=None,
        metrics_unrecycled=None,
        fold_metrics=None,
        metrics_with_clocks=None,
        headroom=None,
        half_lives=(),
    )
    found = evaluate(refused)
    assert found.reliability == ()
    assert found.distribution is None
    assert found.base_rates is None
    assert any("Won means won" in sentence for sentence in found.sentences)


def test_the_scale_makes_the_middle_of_the_log_odds_a_hundred_points(train: Train) -> None:
    import numpy as np

    folds = train().out_of_fold
    assert folds is not None
    odds = np.log(folds.p / (1 - folds.p))
    low, high = np.quantile(odds, [0.01, 0.99])
    assert scale(folds) * (high - low) == pytest.approx(100.0)
