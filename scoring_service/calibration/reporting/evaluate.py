"""A training's predictions, looked at from every side that a report shows."""

import numpy as np

from scoring_service.calibration.reporting import evaluation_curves as curves
from scoring_service.calibration.reporting.baseline import shares_by_term
from scoring_service.calibration.reporting.evaluation import BaseRates, Evaluation
from scoring_service.calibration.reporting.evaluation_segments import segments
from scoring_service.calibration.reporting.evaluation_sentences import base_rate_sentence, sentences
from scoring_service.calibration.reporting.evaluation_weights import weights
from scoring_service.calibration.results import Predictions, Severity, Training
from scoring_service.domain.scoring.scoring import Scoring

POINTS = 100.0
"""Points that the middle 98 % of the log-odds span, as the proposed points do."""


def evaluate(training: Training, scoring: Scoring | None = None) -> Evaluation:
    """Everything on the last window, which the model was not fitted on; weights of the published.

    `scoring` holds the points written by hand; without it only activity types have any.
    """
    window, published = training.window, training.published
    if window is None or published is None:
        return Evaluation(sentences=sentences(training, None, ()))
    rates = base_rates(training, window)
    card = published.scorecard
    points_a_unit = scale(training.out_of_fold or window)
    learned = weights(card, scoring, points_a_unit, shares_by_term(card, training.table))
    return Evaluation(
        reliability=curves.reliability(window),
        distribution=curves.distribution(window),
        gain=curves.gain(window),
        segments=segments(window, leaking(training)),
        weights=learned,
        base_rates=rates,
        sentences=sentences(training, rates, learned),
    )


def scale(predictions: Predictions) -> float:
    """K, the points a unit of log-odds: 100 over the span from their 1 % to their 99 % quantile."""
    p = np.clip(predictions.p, 1e-9, 1 - 1e-9)
    low, high = np.quantile(np.log(p / (1 - p)), [0.01, 0.99])
    return POINTS / max(float(high - low), 1e-9)


def leaking(training: Training) -> frozenset[str]:
    """Columns that were left out because they tell the outcome."""
    return frozenset(
        leak.column
        for leak in training.leaks
        if leak.severity is Severity.EXCLUDED and not leak.allowed
    )


def base_rates(training: Training, window: Predictions) -> BaseRates:
    """The share won in training and in the last window, beside the mean P there."""
    trained, judged = training.table.rows(training.trains), window.table
    before = float(np.average(trained.won, weights=trained.weights))
    won = curves.share_won(float(judged.weights[judged.won].sum()), float(judged.weights.sum()))
    predicted = float(np.average(window.p, weights=judged.weights))
    return BaseRates(before, won, predicted, base_rate_sentence(before, won, predicted))
