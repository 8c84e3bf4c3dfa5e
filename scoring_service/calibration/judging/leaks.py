"""Columns that tell the outcome suspiciously well: hunted with marks, out of fold.

A mark alone is asked about; two exclude, and so do an AUC of .90 and a column that is filled where
a lead was won. What was computed as of the scoring instant can only be later, or too good to be
true.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from scoring_service.calibration.judging.telling import (
    auc,
    cells_of,
    folds_of,
    sampled,
    shares_out_of_fold,
)
from scoring_service.calibration.results import Leak, Severity
from scoring_service.calibration.table import Column, Flags, Floats, Kind, TrainingTable

BINS_MAX = 20
STRONG, STRONG_WHERE_IT_ADDS, TOO_GOOD = 0.75, 0.70, 0.90
ADDS_SHARE = 0.8
FILLED_GAP, FILLED_GAP_ALONE = 0.25, 0.50
FILLED_WITHIN = 0.99
EXPECTED_MIN, ONE_SIDED_SHARE = 20, 0.05
TOKENS = frozenset(
    {
        *("status", "stage", "reason", "close", "closed", "won", "lost"),
        *("outcome", "result", "decision", "duration"),
    }
)
NEWTON_STEPS = 12


def leaks(table: TrainingTable, allow: frozenset[str]) -> tuple[Leak, ...]:
    """Every column that bears a mark, with what becomes of it. Needs both outcomes."""
    few = sampled(table)
    fold = folds_of(few)
    shares = [
        shares_out_of_fold(cells_of(column, BINS_MAX), few.won, fold) for column in few.columns
    ]
    found = (_leak(few, number, shares) for number in range(len(few.columns)))
    return tuple(replace(k, allowed=k.column in allow) for k in found if k is not None)


def _leak(table: TrainingTable, number: int, shares: Sequence[Floats]) -> Leak | None:
    column = table.columns[number]
    lone_auc = auc(table, table.won, shares[number])
    gap = _filled_gap(column, table.won)
    if table.as_known or column.kind in (Kind.CRITERION, Kind.ACTIVITY):
        marks, excluded = _later(column), lone_auc >= TOO_GOOD
    else:
        marks = _marks(table, number, shares, lone_auc)
        excluded = len(marks) >= 2 or lone_auc >= TOO_GOOD or gap >= FILLED_GAP_ALONE
        if not excluded and _filled_along(column, table):
            marks, excluded = [*marks, "filled along"], True
    if not marks and not excluded:
        return None
    severity = Severity.EXCLUDED if excluded else Severity.ASKED
    return Leak(column.name, severity, tuple(marks or ["too good to be true"]), lone_auc, gap)


def _marks(
    table: TrainingTable, number: int, shares: Sequence[Floats], lone_auc: float
) -> list[str]:
    column = table.columns[number]
    return [
        *["strong"] * _strong(lone_auc, number, shares, table.won),
        *["filled"] * (_filled_gap(column, table.won) >= FILLED_GAP),
        *["one-sided"] * _one_sided(column, table.won),
        *["named"] * named(column.name),
        *_later(column),
    ]


def _later(column: Column) -> list[str]:
    return ["later"] if column.later is not None and column.later.any() else []


def named(name: str) -> bool:
    """Whether a whole token of a column's name speaks of an outcome.

    >>> named("lossAdjuster"), named("close_value"), named("callDuration")
    (False, True, True)
    """
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return not TOKENS.isdisjoint(re.findall(r"[^\W\d_]+", spaced.lower()))


def _filled_gap(column: Column, won: Flags) -> float:
    """How far the shares filled among won and others differ."""
    there = ~column.missing
    return float(abs(there[won].mean() - there[~won].mean()))


def _filled_along(column: Column, table: TrainingTable) -> bool:
    """Whether a column is filled only where another one is that is filled where a lead was won."""
    filled = ~column.missing
    enough = FILLED_WITHIN * filled.sum()
    return bool(filled.any()) and any(
        (filled & ~other.missing).sum() >= enough
        for other in table.columns
        if _filled_gap(other, table.won) >= FILLED_GAP_ALONE
    )


def _one_sided(column: Column, won: Flags) -> bool:
    """Whether a cell where at least 20 of one outcome were to be expected holds hardly any."""
    cells = cells_of(column, BINS_MAX)
    rows = np.bincount(cells)
    for outcome in (won, ~won):
        expected = rows * outcome.mean()
        held = np.bincount(cells, weights=outcome)
        if np.any((expected >= EXPECTED_MIN) & (held <= ONE_SIDED_SHARE * expected)):
            return True
    return False


def _strong(lone_auc: float, number: int, shares: Sequence[Floats], won: Flags) -> bool:
    if lone_auc >= STRONG or lone_auc < STRONG_WHERE_IT_ADDS:
        return lone_auc >= STRONG
    others = [share for k, share in enumerate(shares) if k != number]
    base = _log_loss(np.full(len(won), won.mean()), won)
    without = _log_loss(_joint(others, won), won) if others else base
    adds = without - _log_loss(_joint([*others, shares[number]], won), won)
    return bool(adds >= ADDS_SHARE * (base - without))


def _joint(shares: Sequence[Floats], won: Flags) -> Floats:
    """P of an additive model of the columns' own log-odds, by a few Newton steps (ridge 1)."""
    kept = np.clip(np.column_stack(shares), 1e-4, 1 - 1e-4)
    x = np.column_stack([np.ones(len(won)), np.log(kept / (1 - kept)) - _logit(won.mean())])
    weights = np.zeros(x.shape[1])
    weights[0] = _logit(won.mean())
    for _ in range(NEWTON_STEPS):
        p = _sigmoid(x @ weights)
        gradient = x.T @ (p - won) + np.append(0.0, weights[1:])
        hessian = (x.T * (p * (1 - p))) @ x + np.eye(len(weights))
        weights -= np.linalg.solve(hessian, gradient)
    return _sigmoid(x @ weights)


def _logit(p: float) -> float:
    return float(np.log(p / (1 - p)))


def _sigmoid(x: Floats) -> Floats:
    found: Floats = 1 / (1 + np.exp(-np.clip(x, -30, 30)))
    return found


def _log_loss(p: Floats, won: Flags) -> float:
    kept = np.clip(p, 1e-9, 1 - 1e-9)
    return float(-np.mean(np.where(won, np.log(kept), np.log1p(-kept))))
