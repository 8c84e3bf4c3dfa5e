"""The scorecard model, unfitted: encoded columns in, log-odds out; additive by construction."""

from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from scoring_service.calibration.learning.encoder import ScorecardEncoder
from scoring_service.calibration.table import Floats, TrainingTable

ITERATIONS_MAX = 100
TOLERANCE = 1e-8


def scorecard_model(kinds: Sequence[str] | None = None, c: float = 1.0) -> Pipeline:
    """Unfitted: an array of columns (see `matrix`) in, P(won) out. The intercept is not penalised.

    Pass weights as `encode__sample_weight` and `learn__sample_weight`.
    """
    learner = LogisticRegression(
        C=c, solver="newton-cholesky", tol=TOLERANCE, max_iter=ITERATIONS_MAX
    )
    return Pipeline([("encode", ScorecardEncoder(kinds)), ("learn", learner)])


def kinds_of(table: TrainingTable) -> list[str]:
    """Each column's kind, as the encoder takes them."""
    return [column.kind.value for column in table.columns]


def matrix(table: TrainingTable) -> Floats:
    """The table's columns as an array of shape (n, columns)."""
    if not table.columns:
        return np.empty((len(table), 0))
    return np.column_stack([column.values for column in table.columns])
