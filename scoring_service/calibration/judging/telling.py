"""How well one column alone tells two kinds of rows apart, out of fold."""

from dataclasses import replace

import numpy as np

from scoring_service.calibration.judging.metrics import Judged
from scoring_service.calibration.results import Predictions
from scoring_service.calibration.table import Column, Flags, Floats, Integers, Kind, TrainingTable

FOLDS = 5
ROWS_MAX = 10_000
PRIOR_ROWS = 1.0
"""A cell's share is drawn towards the share of all by so many rows."""


def sampled(table: TrainingTable) -> TrainingTable:
    """At most 10,000 rows, spread evenly over the table."""
    count = len(table)
    if count <= ROWS_MAX:
        return table
    return table.rows(np.arange(ROWS_MAX) * count // ROWS_MAX)


def cells_of(column: Column, bins_max: int) -> Integers:
    """A cell for each row: the level of a text, one of at most `bins_max` quantile bins of a
    number; missing is a cell of its own, the last.
    """
    if column.kind is Kind.TEXT:
        codes = column.values.astype(np.int64)
        return np.where(column.missing, len(column.levels), codes)
    there = column.values[~column.missing]
    if not len(there):
        return np.zeros(len(column.values), dtype=np.int64)
    cuts = _cuts(there, bins_max)
    placed = np.searchsorted(cuts, column.values, side="right")
    found: Integers = np.where(column.missing, len(cuts) + 1, placed)
    return found


def _cuts(values: Floats, bins_max: int) -> Floats:
    """Where bins begin. Few values have a bin each; a value that fills a bin is alone in it, else
    what a column of zeros has beside them would not be seen.
    """
    distinct = np.unique(values)
    if len(distinct) <= bins_max:
        return distinct
    quantiles = np.quantile(values, np.arange(1, bins_max) / bins_max, method="lower")
    cuts, times = np.unique(quantiles, return_counts=True)
    return np.union1d(cuts, np.nextafter(cuts[times > 1], np.inf))


def shares_out_of_fold(cells: Integers, marked: Flags, fold: Integers) -> Floats:
    """For each row the share of marked rows in its cell, of the rows in other folds."""
    count = int(cells.max()) + 1
    found = np.empty(len(cells))
    for k in range(int(fold.max()) + 1):
        here, others = fold == k, fold != k
        rows = np.bincount(cells[others], minlength=count)
        hits = np.bincount(cells[others], weights=marked[others], minlength=count)
        overall = hits.sum() / max(rows.sum(), 1)
        shares = (hits + PRIOR_ROWS * overall) / (rows + PRIOR_ROWS)
        found[here] = shares[cells[here]]
    return found


def telling(table: TrainingTable, column: Column, marked: Flags, bins_max: int) -> float:
    """The AUC with which a column tells the marked rows from the others; .5 where all are alike."""
    if not 0 < marked.sum() < len(marked):
        return 0.5
    fold = folds_of(table)
    shares = shares_out_of_fold(cells_of(column, bins_max), marked, fold)
    return auc(table, marked, shares)


def auc(table: TrainingTable, marked: Flags, score: Floats) -> float:
    """The unweighted AUC of a score for the marked rows."""
    alike = replace(table, won=marked, weights=np.ones(len(marked)))
    judged = Judged.of(Predictions(alike, score))
    return judged.figures(judged.weights)[0]


def folds_of(table: TrainingTable) -> Integers:
    """A fold for each row: every fifth lead."""
    return np.unique(table.leads, return_inverse=True)[1] % FOLDS
