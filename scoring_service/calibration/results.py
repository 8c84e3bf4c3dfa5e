"""What a calibration found: every figure with its interval, what was refused and why."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from scoring_service.calibration.table import Flags, Floats, TrainingTable
from scoring_service.domain.calibration.scorecard import Scorecard


class Interval(NamedTuple):
    """A figure with its 90 % bootstrap interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Metrics:
    """Of predictions against outcomes. `perfect_ece` is what a model that is right in every P would
    show on as many rows: the part of `ece` that is chance.
    """

    rows: int
    won: int
    roc_auc: Interval
    pr_auc: Interval
    log_loss: Interval
    brier: Interval
    ece: Interval
    lift_at_10: Interval
    perfect_ece: float


class Severity(StrEnum):
    """What becomes of a column that bears a mark."""

    EXCLUDED = "excluded"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Leak:
    """A column that tells the outcome suspiciously well; `allowed` where the analyst kept it."""

    column: str
    severity: Severity
    marks: tuple[str, ...]
    lone_auc: float
    filled_gap: float
    allowed: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """A column that tells the last window from the earlier rows, with what AUC."""

    column: str
    auc: float
    allowed: bool = False


class Refusal(StrEnum):
    """Why nothing is published."""

    TOO_FEW_OUTCOMES = "too_few_outcomes"
    NO_SIGNAL = "no_signal"
    WORSE_THAN_CURRENT = "worse_than_current"


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether the model may be published; `why` says by how much it may not."""

    refused: Refusal | None
    why: str


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """A fitted pipeline, its exported scorecard, and the C that was chosen."""

    pipeline: Any
    scorecard: Scorecard
    c: float


@dataclass(frozen=True, slots=True, eq=False)
class Predictions:
    """Rows with their predicted P(won), shape (n,)."""

    table: TrainingTable
    p: Floats


@dataclass(frozen=True, slots=True)
class Headroom:
    """What a gradient boosting of the same columns reaches on the same rows: left on the table."""

    roc_auc: float
    log_loss: float


@dataclass(frozen=True, slots=True, eq=False)
class Training:
    """All of one calibration.

    `before` was fitted on the rows known before the last window and judged on it (`window`);
    `published` is the same specification refitted on all rows. `out_of_fold` predicts the training
    rows by models that did not see them. `metrics` are those of `window`, without times those of
    every fifth predicted from the others; `metrics_unrecycled` leave recycled leads out (None where
    there is none). `fold_metrics` are those of `out_of_fold`. `metrics_with_clocks` are the
    window's with the clocks kept (None where there are none). `half_lives` gives the window's
    log-loss with half, once and twice the half-lives (empty without activities).
    Where outcomes were too few there is only what had been found until then.
    """

    table: TrainingTable
    leaks: tuple[Leak, ...]
    clocks: tuple[Clock, ...]
    gate: Gate
    in_window: Flags
    trains: Flags
    before: Fitted | None = None
    published: Fitted | None = None
    window: Predictions | None = None
    out_of_fold: Predictions | None = None
    metrics: Metrics | None = None
    metrics_unrecycled: Metrics | None = None
    fold_metrics: Metrics | None = None
    metrics_with_clocks: Metrics | None = None
    headroom: Headroom | None = None
    half_lives: tuple[tuple[float, float], ...] = ()
    seed: int = 0
