"""What the additive form leaves on the table: gradient boosting of the same columns and rows."""

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from scoring_service.calibration.metrics import Judged
from scoring_service.calibration.model import matrix
from scoring_service.calibration.results import Headroom, Predictions
from scoring_service.calibration.table import MISSING, Floats, Kind, TrainingTable

LEVELS_MAX = 250
"""Levels that the boosting takes; a text of more is left to it as a number."""


def headroom(trains: TrainingTable, window: TrainingTable, seed: int) -> Headroom:
    """AUC and log-loss on the window of a boosting fitted on the training rows; one thread."""
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
        boosting.fit(_array(trains), trains.won, sample_weight=trains.weights)
        p = boosting.predict_proba(_array(window))[:, 1]
    judged = Judged.of(Predictions(window, p))
    auc, _, log_loss, *_ = judged.figures(judged.weights)
    return Headroom(auc, log_loss)


def _array(table: TrainingTable) -> Floats:
    """The columns, a missing text as NaN."""
    x = matrix(table)
    for number, column in enumerate(table.columns):
        if column.kind is Kind.TEXT:
            x[:, number] = np.where(x[:, number] == MISSING, np.nan, x[:, number])
    return x
