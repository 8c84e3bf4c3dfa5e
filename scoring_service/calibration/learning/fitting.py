"""Fitting: C by cross-validation in time order, one thread, coefficients that are written as they
are used: two runs give the same bytes.
"""

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from scoring_service.calibration.judging.metrics import P_MIN
from scoring_service.calibration.judging.splits import Fold
from scoring_service.calibration.learning.export import scorecard_of
from scoring_service.calibration.learning.model import kinds_of, matrix, scorecard_model
from scoring_service.calibration.results import Fitted
from scoring_service.calibration.table import Floats, Integers, TrainingTable

CS = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
DECIMALS = 10
NO_STEP = "Line search of Newton solver"


def fit(table: TrainingTable, c: float) -> Fitted:
    """The model fitted on all rows of a table, which hold both outcomes, and its scorecard."""
    with threadpool_limits(1):
        pipeline = fitted_pipeline(table, c)
        return Fitted(pipeline, scorecard_of(pipeline, table, c), c)


def fitted_pipeline(table: TrainingTable, c: float) -> Pipeline:
    """The pipeline with coefficients rounded to 10 decimals, as the scorecard has them."""
    pipeline = scorecard_model(kinds_of(table), c)
    weights = table.weights
    with _at_the_optimum():
        pipeline.fit(
            matrix(table), table.won, encode__sample_weight=weights, learn__sample_weight=weights
        )
    learner = pipeline[-1]
    learner.coef_ = np.round(learner.coef_, DECIMALS) + 0.0
    learner.intercept_ = np.round(learner.intercept_, DECIMALS) + 0.0
    return pipeline


@contextmanager
def _at_the_optimum() -> Iterator[None]:
    """Where a fit begins at its optimum, as with a constant column, no step lowers the loss by more
    than rounding: scikit-learn warns and lets L-BFGS end it, there and then. Another warning stays.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", NO_STEP, ConvergenceWarning)
        yield


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
    with threadpool_limits(1):
        for number, (trains, tested) in enumerate(folds):
            part = table.rows(trains)
            if 0 < part.won.sum() < len(part):
                p[tested] = predicted(fitted_pipeline(part, c), table.rows(tested))
                fold_of[tested] = number
    return p, fold_of


def best_c(
    table: TrainingTable,
    folds: Sequence[Fold],
    progress: Callable[[float], None] = lambda share: None,
) -> float:
    """The largest C whose log-loss out of fold is within one standard error of the least.

    The error is that of the difference between the two, lead by lead. Where the rows cannot tell,
    the weaker penalty is the honest one: what a stronger one takes from the weights no interval
    gives back (40 tables of 300 leads: the least alone covers .85, this .90, nearer to the truth).
    """
    losses, leads = [np.empty((len(CS), 0))], [np.empty(0, dtype=np.int64)]
    with threadpool_limits(1):
        for number, (trains, tested) in enumerate(folds):
            part = table.rows(trains)
            if 0 < part.won.sum() < len(part):
                losses.append(_losses(part, table.rows(tested)))
                leads.append(table.leads[tested])
            progress((number + 1) / len(folds))
    return _weakest(np.concatenate(losses, axis=1), np.concatenate(leads))


def _losses(trains: TrainingTable, tested: TrainingTable) -> Floats:
    """The tested rows' log-losses at each C, shape (len(CS), n)."""
    model = scorecard_model(kinds_of(trains))
    encoder, learner = model["encode"], model["learn"].set_params(warm_start=True)
    encoder.fit(matrix(trains), sample_weight=trains.weights)
    known, asked = encoder.transform(matrix(trains)), encoder.transform(matrix(tested))
    found = []
    for c in CS:
        with _at_the_optimum():
            learner.set_params(C=c).fit(known, trains.won, sample_weight=trains.weights)
        p = np.clip(learner.predict_proba(asked)[:, 1], P_MIN, 1 - P_MIN)
        found.append(-tested.weights * np.where(tested.won, np.log(p), np.log1p(-p)))
    return np.array(found)


def _weakest(losses: Floats, leads: Integers) -> float:
    """The largest C within one standard error of the best; the middle one without any losses."""
    if not losses.size:
        return CS[len(CS) // 2]
    _, lead = np.unique(leads, return_inverse=True)
    more = losses - losses[np.argmin(np.round(losses.sum(axis=1), DECIMALS))]
    by_lead = np.array([np.bincount(lead, weights=row) for row in more])
    error = by_lead.std(axis=1) * np.sqrt(by_lead.shape[1])
    return CS[int(np.flatnonzero(by_lead.sum(axis=1) <= error)[-1])]
