"""A fitted pipeline as a scorecard: a cell for every bin and level, each with its row of L."""

import msgspec
import numpy as np
from sklearn.pipeline import Pipeline

from scoring_service.calibration.learning.encoder import Slots
from scoring_service.calibration.learning.model import matrix
from scoring_service.calibration.table import Column, Floats, Kind, TrainingTable
from scoring_service.domain.calibration.scorecard import (
    ActivityTerm,
    Cell,
    CriterionTerm,
    NumberTerm,
    Scorecard,
    Term,
    TextTerm,
)

ROW_DECIMALS = 6
WEIGHT_DECIMALS = 10
ROWS_AT_ONCE = 10_000
PENALTY_MAX = 4.0
"""A strong penalty would say that it knows more than the rows do."""


def scorecard_of(pipeline: Pipeline, table: TrainingTable, c: float) -> Scorecard:
    """The scorecard of a pipeline that was fitted on this table with this C."""
    encoder, learner = pipeline[0], pipeline[-1]
    encoded = encoder.transform(matrix(table))
    p = learner.predict_proba(encoded)[:, 1]
    rows = factor(encoded, table.weights * p * (1 - p), 1 / c)
    cells = _Cells(
        np.append(learner.intercept_, learner.coef_[0]), rows, 1 / min(1 / c, PENALTY_MAX)
    )
    terms = [
        _term(column, slots, cells)
        for column, slots in zip(table.columns, encoder.slots_, strict=True)
    ]
    won = int(table.won.sum())
    return Scorecard(
        intercept=cells.of(0),
        terms=tuple(terms),
        base_rate=round(float(np.average(table.won, weights=table.weights)), WEIGHT_DECIMALS),
        rows=len(table),
        won=won,
        horizon_days=table.horizon.total_seconds() / 86_400 if table.horizon else None,
    )


def scorecard_bytes(scorecard: Scorecard) -> bytes:
    """scorecard.json: the same scorecard gives the same bytes."""
    return msgspec.json.encode(scorecard)


def factor(encoded: Floats, certainty: Floats, penalty: float) -> Floats:
    """L, shape (1 + features, 1 + features), with L L' = (X'WX + min(penalty, 4) I)^-1.

    X has a column of ones before `encoded` for the intercept, which is not penalised; W holds
    `certainty`, weight x P (1 - P) of each row.
    """
    ridge = np.full(1 + encoded.shape[1], min(penalty, PENALTY_MAX))
    ridge[0] = 0.0
    precision = np.diag(ridge)
    for start in range(0, len(encoded), ROWS_AT_ONCE):
        part = slice(start, start + ROWS_AT_ONCE)
        x = np.column_stack([np.ones(len(encoded[part])), encoded[part]])
        precision += (x.T * certainty[part]) @ x
    covariance = np.linalg.inv(precision)
    return np.linalg.cholesky((covariance + covariance.T) / 2).astype(np.float64)


class _Cells:
    """Cells by the number of their feature; 0 is the intercept.

    `prior` is the variance of a weight of which the rows say nothing.
    """

    def __init__(self, weights: Floats, rows: Floats, prior: float) -> None:
        self.weights, self.rows, self.prior = weights, rows, prior

    def of(self, feature: int, scale: float = 1.0) -> Cell:
        weight = round(float(self.weights[feature]), WEIGHT_DECIMALS)
        return _cell(weight / scale, self.rows[feature] / scale)

    def mixed(self, first: int, shares: tuple[float, ...]) -> Cell:
        """What stands in for a value never seen: the mean by the shares of training rows, with the
        variance of the weights it was taken from.
        """
        features, share = slice(first, first + len(shares)), np.array(shares)
        if not share.any():
            return _cell(0.0, np.zeros(self.rows.shape[1]), self.prior)
        weights = self.weights[features]
        mean = float(share @ weights)
        variance = float(share @ (weights - mean) ** 2)
        return _cell(mean, share @ self.rows[features], variance)


def _cell(weight: float, row: Floats, variance: float = 0.0) -> Cell:
    shown = np.round(row, ROW_DECIMALS) + 0.0
    return Cell(weight + 0.0, tuple(shown.tolist()), round(variance, WEIGHT_DECIMALS))


def _term(column: Column, slots: Slots, cells: _Cells) -> Term:
    if column.kind is Kind.CRITERION:
        return CriterionTerm(column.name, column.when, cells.of(1 + slots.first))
    if column.kind is Kind.ACTIVITY:
        return _activity(column, cells.of(1 + slots.first, slots.scale))
    first = 1 + slots.first
    own = range(first, first + slots.cells)
    mixed = cells.mixed(first, slots.shares)
    missing = cells.of(first + slots.cells) if slots.missing else mixed
    if column.kind is Kind.NUMBER:
        bins = tuple(cells.of(k) for k in own)
        return NumberTerm(column.name, column.type, slots.edges, bins, missing)
    levels = {column.levels[code]: cells.of(first + k) for k, code in enumerate(slots.levels)}
    unseen = cells.of(own[-1]) if slots.pooled else mixed
    return TextTerm(column.name, column.type, levels, missing, unseen)


def _activity(column: Column, per_point: Cell) -> ActivityTerm:
    scoring = column.scoring
    assert scoring is not None, column.name
    expires = scoring.expires_after
    return ActivityTerm(
        type=column.name,
        points=scoring.points,
        half_life=scoring.half_life.total_seconds(),
        per_point=per_point,
        points_max=scoring.points_max,
        expires_after=None if expires is None else expires.total_seconds(),
        once=scoring.once,
    )
