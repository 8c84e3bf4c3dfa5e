"""A second look at the signal, at all training rows: more of them than the last window has.

A model that ranks by chance gets past the last window once in a while; it has to get past this too.
Rows are predicted by models that did not see their lead, and ranked only against rows of the same
time, so that neither a base rate that moves nor features whose meaning changes count as signal or
against it.
"""

from dataclasses import replace

import numpy as np

from scoring_service.calibration.judging.splits import folds
from scoring_service.calibration.learning.fitting import predicted_out_of_fold
from scoring_service.calibration.results import Predictions
from scoring_service.calibration.table import Integers, Time, TrainingTable


def second_look(
    rows: TrainingTable, c: float, count: int, seed: int
) -> tuple[Predictions, Integers]:
    """(predictions, the part of time of each row): `count` folds by lead and as many parts."""
    parts = folds(replace(rows, time=Time.NONE), count, seed)
    p, fold_of = predicted_out_of_fold(rows, parts, c)
    there = ~np.isnan(p)
    part_of = fold_of.astype(np.int64) if rows.time is Time.NONE else _parts(rows, count)
    return Predictions(rows.rows(there), p[there]), part_of[there]


def _parts(rows: TrainingTable, count: int) -> Integers:
    """The number of the equal part of the rows, by scoring instant, that each row lies in."""
    place = np.empty(len(rows), dtype=np.int64)
    place[np.argsort(rows.scored_at, kind="stable")] = np.arange(len(rows))
    found: Integers = place * count // max(1, len(rows))
    return found
