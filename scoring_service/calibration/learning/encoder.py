"""Columns as features: numbers in bins, texts as levels, what is 0 or 1 or points as it is.

A row has one cell of each binned or one-hot column set to 1, so that a linear model on top adds up
one weight a column.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from scoring_service.calibration.learning.edges import bin_edges
from scoring_service.calibration.table import MISSING, Floats, Kind

BINS_MAX = 15
RARE_ROWS = 50
HARDLY = 0.01


@dataclass(frozen=True, slots=True)
class Slots:
    """The features of one column, in order, from `first` on.

    A NUMBER has one a bin; a TEXT one a kept level (`levels` are their codes), then one for the
    pooled levels where there are any; both then one for missing where the training rows had any. A
    CRITERION and an ACTIVITY have one: the value over `scale`. `shares` of the training rows that
    were not missing, one for each of a TEXT's or NUMBER's cells.
    """

    kind: str
    first: int
    edges: tuple[float, ...] = ()
    levels: tuple[int, ...] = ()
    pooled: bool = False
    missing: bool = False
    scale: float = 1.0
    shares: tuple[float, ...] = ()

    @property
    def cells(self) -> int:
        """Features other than that of missing."""
        if self.kind == Kind.NUMBER:
            return len(self.edges) + 1
        return len(self.levels) + self.pooled if self.kind == Kind.TEXT else 1

    @property
    def count(self) -> int:
        """All features."""
        return self.cells + self.missing


class ScorecardEncoder(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Encodes an array of shape (n, columns), NaN for a missing number, as features of 0 and 1.

    `kinds` names each column's Kind (None: all are numbers); texts are codes, -1 for missing. A
    number has at most `bins_max` bins of at least `rare_rows` rows each; levels of fewer rows are
    pooled. After `fit` there are `slots_`, one a column. A value of a kind that was never seen (a
    level where none were pooled, or none at all) has the training rows' shares of its column's
    cells for features: it is worth their average.
    """

    def __init__(
        self,
        kinds: Sequence[str] | None = None,
        bins_max: int = BINS_MAX,
        rare_rows: float = RARE_ROWS,
    ) -> None:
        self.kinds = kinds
        self.bins_max = bins_max
        self.rare_rows = rare_rows

    def fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> "ScorecardEncoder":
        """Learn bins and levels; rows count by their weights."""
        x = validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan")
        weights = _check_sample_weight(sample_weight, x, dtype=np.float64)
        kinds = self.kinds or [Kind.NUMBER.value] * x.shape[1]
        if len(kinds) != x.shape[1]:
            raise ValueError(f"{len(kinds)} kinds are given for {x.shape[1]} columns")
        slots: list[Slots] = []
        for number, kind in enumerate(kinds):
            first = slots[-1].first + slots[-1].count if slots else 0
            found = self._slots(str(kind), first, x[:, number], weights)
            slots.append(replace(found, shares=_shares(found, x[:, number], weights)))
        self.slots_ = slots
        return self

    def transform(self, X: Any) -> Floats:
        """Features, shape (n, sum of the slots' counts)."""
        check_is_fitted(self)
        x = validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan", reset=False)
        last = self.slots_[-1]
        encoded = np.zeros((len(x), last.first + last.count))
        for number, slots in enumerate(self.slots_):
            _encode(slots, x[:, number], encoded)
        return encoded

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags

    def _slots(self, kind: str, first: int, values: Floats, weights: Floats) -> Slots:
        if kind == Kind.NUMBER:
            missing = bool(weights[np.isnan(values)].sum() > 0)
            filled = weights[~np.isnan(values)].sum()
            bins = int(min(self.bins_max, filled // self.rare_rows if self.rare_rows else np.inf))
            edges = bin_edges(values, weights, max(bins, 2))
            return Slots(kind, first, edges=tuple(edges.tolist()), missing=missing)
        if kind == Kind.TEXT:
            missing = bool(weights[values == MISSING].sum() > 0)
            codes, row = np.unique(values, return_inverse=True)
            rows = np.bincount(row, weights=weights, minlength=len(codes))
            known = (codes != MISSING) & (rows > 0)
            kept = codes[known & (rows >= self.rare_rows)]
            levels = tuple(int(code) for code in kept)
            return Slots(
                kind, first, levels=levels, pooled=bool(known.sum() > len(kept)), missing=missing
            )
        if kind == Kind.ACTIVITY:
            return Slots(kind, first, scale=_spread(values, weights))
        return Slots(kind, first)


def cells_in(slots: Slots, values: Floats) -> NDArray[np.int64]:
    """The number of each row's cell among a NUMBER's or TEXT's features; -1 where there is none."""
    if slots.kind == Kind.NUMBER:
        found = np.searchsorted(np.array(slots.edges), values, side="right")
        gone = np.isnan(values)
    else:
        levels = np.array(slots.levels, dtype=np.float64)
        place = np.searchsorted(levels, values)
        hit = place < len(levels)
        hit[hit] = levels[place[hit]] == values[hit]
        found = np.where(hit, place, len(levels) if slots.pooled else -1)
        gone = values == MISSING
    cells: NDArray[np.int64] = np.where(gone, slots.cells if slots.missing else -1, found)
    return cells


def _encode(slots: Slots, values: Floats, encoded: Floats) -> None:
    if slots.kind in (Kind.CRITERION, Kind.ACTIVITY):
        encoded[:, slots.first] = np.nan_to_num(values) / slots.scale
        return
    cells = cells_in(slots, values)
    there = np.flatnonzero(cells >= 0)
    encoded[there, slots.first + cells[there]] = 1.0
    encoded[cells < 0, slots.first : slots.first + slots.cells] = slots.shares


def _shares(slots: Slots, values: Floats, weights: Floats) -> tuple[float, ...]:
    """The shares of the rows with a value that are in each cell; of a column without any, 0."""
    if slots.kind in (Kind.CRITERION, Kind.ACTIVITY):
        return ()
    cells = cells_in(slots, values)
    there = (cells >= 0) & (cells < slots.cells)
    mass = np.bincount(cells[there], weights=weights[there], minlength=slots.cells)
    return tuple((mass / (mass.sum() or 1.0)).tolist())


def _spread(values: Floats, weights: Floats) -> float:
    """The standard deviation, so that the penalty means the same for every type; the mean of what
    hardly varies, which would be blown up beyond what can be solved; 1 without any.
    """
    total = weights.sum()
    mean = float(weights @ values / total) if total > 0 else 0.0
    variance = float(weights @ (values - mean) ** 2 / total) if total > 0 else 0.0
    return float(np.sqrt(variance)) if variance > (HARDLY * mean) ** 2 else abs(mean) or 1.0
