"""How good predictions are, each figure with a 90 % bootstrap interval that resamples leads.

ROC-AUC is the chance that a won row is ranked above one that was not (ties count half); PR-AUC is
average precision; ECE the weighted mean distance of mean P and share won over 15 bins of equal
width; lift at 10 % the share won among the best tenth, over the share won of all.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring_service.calibration.results import Interval, Metrics, Predictions
from scoring_service.calibration.table import Flags, Floats, Integers

ECE_BINS = 15
LIFT_SHARE = 0.1
CONFIDENCE = (5.0, 95.0)
PERFECT_DRAWS = 50
P_MIN = 1e-12


def metrics(predictions: Predictions, seed: int, replicates: int) -> Metrics:
    """All metrics; there must be won rows and others."""
    judged = Judged.of(predictions)
    values = judged.figures(judged.weights)
    chance = np.random.default_rng(seed)
    drawn = [judged.figures(w) for w in judged.resampled(chance, replicates)]
    of_both = [figures for figures in drawn if not np.isnan(figures[0])] or [values]
    lows, highs = np.percentile(of_both, CONFIDENCE, axis=0)
    intervals = [
        Interval(float(v), float(min(v, low)), float(max(v, high)))
        for v, low, high in zip(values, lows, highs, strict=True)
    ]
    table = predictions.table
    return Metrics(
        len(table),
        int(table.won.sum()),
        roc_auc=intervals[0],
        pr_auc=intervals[1],
        log_loss=intervals[2],
        brier=intervals[3],
        ece=intervals[4],
        lift_at_10=intervals[5],
        perfect_ece=judged.perfect_ece(chance),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Rows from the best prediction down, so that every figure is a few sums over them.

    `ends` is the last row of each run of equal predictions; `bins` the ECE bin of each row;
    `if_won` and `if_lost` the logarithms of what was predicted; `square` the Brier score of a row.
    """

    p: Floats
    won: Flags
    weights: Floats
    leads: Integers
    ends: Integers
    bins: Integers
    if_won: Floats
    if_lost: Floats
    square: Floats

    @classmethod
    def of(cls, predictions: Predictions) -> "Judged":
        """The rows of predictions; ValueError where all have one outcome."""
        table, p = predictions.table, predictions.p
        if not 0 < table.won.sum() < len(table):
            raise ValueError("metrics need rows that were won and rows that were not")
        order = np.argsort(-p, kind="stable")
        p, leads = p[order], np.unique(table.leads[order], return_inverse=True)[1]
        ends = np.flatnonzero(np.append(np.diff(p) != 0, True))
        bins = np.minimum((p * ECE_BINS).astype(np.int64), ECE_BINS - 1)
        won, kept = table.won[order], np.clip(p, P_MIN, 1 - P_MIN)
        logs, square = (np.log(kept), np.log1p(-kept)), (p - won) ** 2
        return cls(p, won, table.weights[order], leads, ends, bins, *logs, square)

    def resampled(self, chance: np.random.Generator, replicates: int) -> Iterator[Floats]:
        """Weights of each replicate, shape (n,): a lead with its rows as often as it was drawn."""
        count = int(self.leads.max()) + 1
        for _ in range(replicates):
            times = np.bincount(chance.integers(0, count, count), minlength=count)
            yield self.weights * times[self.leads]

    def figures(self, weights: Floats) -> tuple[float, float, float, float, float, float]:
        """ROC-AUC, PR-AUC, log-loss, Brier, ECE and lift under these weights; NaN without both
        outcomes.
        """
        won, lost = weights * self.won, weights * ~self.won
        above_won = np.cumsum(won)[self.ends]
        above_lost = np.cumsum(lost)[self.ends]
        all_won, all_lost = above_won[-1], above_lost[-1]
        if all_won <= 0 or all_lost <= 0:
            return (np.nan,) * 6
        total = all_won + all_lost
        return (
            self._roc(above_won, above_lost),
            self._precision(above_won, above_lost),
            float(-(won @ self.if_won + lost @ self.if_lost) / total),
            float((weights @ self.square) / total),
            self.ece(weights, self.won),
            self._lift(above_won, above_won + above_lost),
        )

    def auc(self, weights: Floats) -> float:
        """The first of the figures alone."""
        above_won = np.cumsum(weights * self.won)[self.ends]
        above_lost = np.cumsum(weights * ~self.won)[self.ends]
        there = above_won[-1] > 0 and above_lost[-1] > 0
        return self._roc(above_won, above_lost) if there else np.nan

    def ece(self, weights: Floats, won: NDArray[np.bool_]) -> float:
        """The expected calibration error of some outcomes."""
        off = np.bincount(self.bins, weights=weights * (won - self.p), minlength=ECE_BINS)
        return float(np.abs(off).sum() / weights.sum())

    def perfect_ece(self, chance: np.random.Generator) -> float:
        """The mean ECE of outcomes drawn from the predictions themselves."""
        draws = (chance.random(len(self.p)) < self.p for _ in range(PERFECT_DRAWS))
        return float(np.mean([self.ece(self.weights, won) for won in draws]))

    @staticmethod
    def _roc(above_won: Floats, above_lost: Floats) -> float:
        """The area under (lost, won) by trapezoids: ties count half."""
        x, y = _from_nothing(above_lost), _from_nothing(above_won)
        area = np.sum(np.diff(x) * (y[1:] + y[:-1]) / 2)
        return float(area / (above_won[-1] * above_lost[-1]))

    @staticmethod
    def _precision(above_won: Floats, above_lost: Floats) -> float:
        """Average precision: the precision at each cut, weighted by the recall it adds."""
        both = above_won + above_lost
        precision = np.divide(above_won, both, out=np.zeros_like(both), where=both > 0)
        return float(np.sum(np.diff(above_won, prepend=0.0) * precision) / above_won[-1])

    @staticmethod
    def _lift(above_won: Floats, above: Floats) -> float:
        """The share of the won among the best tenth by weight, over a tenth; rows of equal
        predictions at the border count in part, all alike.
        """
        x, y = _from_nothing(above), _from_nothing(above_won)
        return float(np.interp(LIFT_SHARE * above[-1], x, y) / (LIFT_SHARE * above_won[-1]))


def _from_nothing(sums: Floats) -> Floats:
    return np.concatenate(([0.0], sums))
