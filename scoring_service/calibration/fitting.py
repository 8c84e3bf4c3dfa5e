"""Fitting: C by cross-validation in time order, one thread, coefficients that are written as they
are used: two runs give the same bytes.
"""

from collections.abc import Callable, Sequence

import numpy as np
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from scoring_service.calibration.export import scorecard_of
from scoring_service.calibration.metrics import P_MIN
from scoring_service.calibration.model import kinds_of, matrix, scorecard_model
from scoring_service.calibration.results import Fitted
from scoring_service.calibration.splits import Fold
from scoring_service.calibration.table import Floats, TrainingTable

CS = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
DECIMALS = 10


def fit(table: TrainingTable, c: float) -> Fitted:
    """The model fitted on all rows of a table, which hold both outcomes, and its scorecard."""
    with threadpool_limits(1):
        pipeline = fitted_pipeline(table, c)
        return Fitted(pipeline, scorecard_of(pipeline, table, c), c)


def fitted_pipeline(table: TrainingTable, c: float) -> Pipeline:
    """The pipeline with coefficients rounded to 10 decimals, as the scorecard has them."""
    pipeline = scorecard_model(kinds_of(table), c)
    weights = table.weights
    pipeline.fit(
        matrix(table), table.won, encode__sample_weight=weights, learn__sample_weight=weights
    )
    learner = pipeline[-1]
    learner.coef_ = np.round(learner.coef_, DECIMALS) + 0.0
    learner.intercept_ = np.round(learner.intercept_, DECIMALS) + 0.0
    return pipeline


def predicted(pipeline: Pipeline, table: TrainingTable) -> Floats:
    """P(won) of each row, shape (n,)."""
    p: Floats = pipeline.predict_proba(matrix(table))[:, 1]
    return p


def predicted_out_of_fold(
    table: TrainingTable, folds: Sequence[Fold], c: float
) -> tuple[Floats, Floats]:
    """P(won) of each row by a model that did not see it, and the number of its fold; both of shape
    (n,), NaN where no fold predicts the row.
    """
    p, fold_of = np.full(len(table), np.nan), np.full(len(table), np.nan)
    for number, (trains, tested) in enumerate(folds):
        part = table.rows(trains)
        if 0 < part.won.sum() < len(part):
            with threadpool_limits(1):
                p[tested] = predicted(fitted_pipeline(part, c), table.rows(tested))
            fold_of[tested] = number
    return p, fold_of


def best_c(
    table: TrainingTable,
    folds: Sequence[Fold],
    progress: Callable[[float], None] = lambda share: None,
) -> float:
    """The C of the least log-loss out of fold; of those as good, the smallest."""
    losses, judged = np.zeros(len(CS)), False
    for number, (trains, tested) in enumerate(folds):
        part = table.rows(trains)
        if 0 < part.won.sum() < len(part):
            with threadpool_limits(1):
                losses += _losses(part, table.rows(tested))
            judged = True
        progress((number + 1) / len(folds))
    return CS[int(np.argmin(np.round(losses, DECIMALS)))] if judged else CS[len(CS) // 2]


def _losses(trains: TrainingTable, tested: TrainingTable) -> Floats:
    """The sum of the tested rows' log-losses at each C, shape (len(CS),)."""
    model = scorecard_model(kinds_of(trains))
    encoder, learner = model["encode"], model["learn"].set_params(warm_start=True)
    encoder.fit(matrix(trains), sample_weight=trains.weights)
    known, asked = encoder.transform(matrix(trains)), encoder.transform(matrix(tested))
    found = []
    for c in CS:
        learner.set_params(C=c).fit(known, trains.won, sample_weight=trains.weights)
        p = np.clip(learner.predict_proba(asked)[:, 1], P_MIN, 1 - P_MIN)
        found.append(-tested.weights @ np.where(tested.won, np.log(p), np.log1p(-p)))
    return np.array(found)
