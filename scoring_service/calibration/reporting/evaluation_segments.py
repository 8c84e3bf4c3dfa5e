"""The model by segment: does P hold for each source, each industry, each level of a text?"""

import math

import numpy as np

from scoring_service.calibration.reporting.evaluation import Segment, SegmentTable
from scoring_service.calibration.reporting.evaluation_curves import share_won
from scoring_service.calibration.results import Interval, Predictions
from scoring_service.calibration.table import MISSING, Column, Flags, Floats, Kind
from scoring_service.calibration.thresholds.wilson import Z

LEADS_MIN = 50
"""Leads below which a segment shows no figure but its size."""

OUTCOMES_MIN = 10
"""Won, and lost, below which a segment shows no AUC."""

LEVELS_MAX = 12
FIRST = ("source", "industry")
NO_VALUE = "(no value)"


def segments(
    predictions: Predictions, left_out: frozenset[str] = frozenset()
) -> tuple[SegmentTable, ...]:
    """A table a text column that has two levels of LEADS_MIN leads; `source` and `industry` first.

    Columns of `left_out` (leaks) have none: what they split by is the outcome.
    """
    texts = [
        column
        for column in predictions.table.columns
        if column.kind is Kind.TEXT and column.name not in left_out
    ]
    texts.sort(key=lambda column: FIRST.index(column.name) if column.name in FIRST else len(FIRST))
    tables = (SegmentTable(column.name, _levels(predictions, column)) for column in texts)
    return tuple(table for table in tables if _tells(table))


def _tells(table: SegmentTable) -> bool:
    return sum(segment.base_rate is not None for segment in table.segments) >= 2


def _levels(predictions: Predictions, column: Column) -> tuple[Segment, ...]:
    codes = column.values.astype(np.int64)
    named = [(MISSING, NO_VALUE), *enumerate(column.levels)]
    flagged = [(name, codes == code) for code, name in named]
    sized = sorted(
        ((name, flags) for name, flags in flagged if flags.any()),
        key=lambda pair: -int(pair[1].sum()),
    )
    shown = [segment(predictions, name, flags) for name, flags in sized[:LEVELS_MAX]]
    rest = sized[LEVELS_MAX:]
    if rest:
        flags = np.logical_or.reduce([flags for _, flags in rest])
        shown.append(segment(predictions, f"({len(rest)} smaller levels)", flags))
    return tuple(shown)


def segment(predictions: Predictions, level: str, flags: Flags) -> Segment:
    """The rows of one level: what P says, what came true, and how well it ranks them."""
    table, p = predictions.table, predictions.p[flags]
    weights, won = table.weights[flags], table.won[flags]
    leads, wins = float(weights.sum()), float(weights[won].sum())
    rows, rows_won = int(flags.sum()), int(won.sum())
    if leads < LEADS_MIN:
        return Segment(level, rows, rows_won, too_small=f"fewer than {LEADS_MIN} leads")
    few = min(wins, leads - wins) < OUTCOMES_MIN
    return Segment(
        level=level,
        rows=rows,
        won=rows_won,
        base_rate=share_won(wins, leads),
        predicted=float(np.average(p, weights=weights)),
        roc_auc=None if few else auc_interval(p, won, weights),
        too_small=f"fewer than {OUTCOMES_MIN} won or lost: no AUC" if few else "",
    )


def auc_interval(p: Floats, won: Flags, weights: Floats) -> Interval:
    """Weighted ROC-AUC with the 90 % interval of Hanley and McNeil (1982), of as many leads."""
    lost = ~won
    levels, where = np.unique(p, return_inverse=True)
    lost_at = np.bincount(where, weights * lost, minlength=len(levels))
    won_at = np.bincount(where, weights * won, minlength=len(levels))
    n_won, n_lost = float(won_at.sum()), float(lost_at.sum())
    below = np.cumsum(lost_at) - lost_at / 2
    auc = float(won_at @ below) / (n_won * n_lost)
    q1, q2 = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    spread = (n_won - 1) * (q1 - auc**2) + (n_lost - 1) * (q2 - auc**2) + auc * (1 - auc)
    half = Z * math.sqrt(max(spread, 0.0) / (n_won * n_lost))
    return Interval(auc, max(0.0, auc - half), min(1.0, auc + half))
