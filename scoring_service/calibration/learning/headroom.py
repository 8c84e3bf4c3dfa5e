"""What the additive form leaves on the table: gradient boosting of the same columns and rows."""

from collections.abc import Sequence

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from scoring_service.calibration.judging.metrics import Judged
from scoring_service.calibration.judging.splits import Fold
from scoring_service.calibration.learning.model import matrix
from scoring_service.calibration.results import Headroom, Predictions
from scoring_service.calibration.table import MISSING, Floats, Kind, TrainingTable

LEVELS_MAX = 250
"""Levels that the boosting takes; a text of more is left to it as a number."""

ROWS_MAX = 100_000
"""It is fitted on the latest of more rows, so that its time is bounded."""


def headroom(table: TrainingTable, folds: Sequence[Fold], seed: int) -> Headroom:
    """AUC and log-loss of a boosting that is fitted on the rows that train in each fold and judged
    on those that are predicted; one thread.
    """
    p = np.full(len(table), np.nan)
    for trains, tested in folds:
        part = table.rows(trains[-ROWS_MAX:])
        if 0 < part.won.sum() < len(part):
            p[tested] = _boosted(part, table.rows(tested), seed)
    there = ~np.isnan(p)
    judged = Judged.of(Predictions(table.rows(there), p[there]))
    auc, _, log_loss, *_ = judged.figures(judged.weights)
    return Headroom(auc, log_loss)


def _boosted(trains: TrainingTable, asked: TrainingTable, seed: int) -> Floats:
    texts = [c.kind is Kind.TEXT and len(c.levels) <= LEVELS_MAX for c in trains.columns]
    boosting = HistGradientBoostingClassifier(
        max_iter=100,
        learning_rate=0.05,
        max_leaf_nodes=15,
        min_samples_leaf=20,
        early_stopping=False,
        categorical_features=texts if any(texts) else None,
        random_state=seed,
    )
    with threadpool_limits(1):
        boosting.fit(_array(trains), trains.won, sample_weight=_unequal(trains.weights))
        p: Floats = boosting.predict_proba(_array(asked))[:, 1]
    return p


def _unequal(weights: Floats) -> Floats | None:
    """None for weights of one row a lead: the boosting finds its bins much faster without them."""
    return None if (weights == 1).all() else weights


def _array(table: TrainingTable) -> Floats:
    """The columns, a missing text as NaN."""
    x = matrix(table)
    for number, column in enumerate(table.columns):
        if column.kind is Kind.TEXT:
            x[:, number] = np.where(x[:, number] == MISSING, np.nan, x[:, number])
    return x
