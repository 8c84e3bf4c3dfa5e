"""One calibration, from rows to a verdict: leaks and clocks left out, fitted before the last
window, judged on it, refitted on all rows.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from scoring_service.calibration.apply import predictions
from scoring_service.calibration.clocks import clocks
from scoring_service.calibration.fitting import (
    best_c,
    fit,
    fitted_pipeline,
    predicted,
    predicted_out_of_fold,
)
from scoring_service.calibration.gate import gate, too_few
from scoring_service.calibration.headroom import headroom
from scoring_service.calibration.leaks import leaks
from scoring_service.calibration.metrics import Judged, metrics
from scoring_service.calibration.results import (
    Clock,
    Fitted,
    Gate,
    Leak,
    Metrics,
    Predictions,
    Refusal,
    Severity,
    Training,
)
from scoring_service.calibration.splits import folds, split
from scoring_service.calibration.table import Flags, Floats, Integers, Kind, Time, TrainingTable
from scoring_service.domain.calibration.scorecard import Scorecard

Progress = Callable[[str, float], None]
"""Told what is being done, and which share of all is done."""

NO_COLUMNS = "no signal: no column is left to learn from"


@dataclass(frozen=True, slots=True)
class TrainingOptions:
    """`window` is the last share of rows, that judges; `allow` names columns that are kept whatever
    marks they bear; intervals are of `replicates` bootstrap samples.
    """

    window: float = 0.2
    seed: int = 0
    allow: frozenset[str] = frozenset()
    folds: int = 5
    replicates: int = 200


def train(
    table: TrainingTable,
    options: TrainingOptions = TrainingOptions(),
    *,
    current: Scorecard | None = None,
    progress: Progress = lambda what, share: None,
) -> Training:
    """Everything there is to find; the gate of the result says whether it may be published.

    `current` is the scorecard that a new one must not be worse than. Equal tables, options and
    `current` give equal bytes.
    """
    window, trains = split(table, options.window, options.seed)
    few = too_few(table, window, trains)
    if few is not None:
        return Training(table, (), (), few, window, trains, seed=options.seed)
    progress("looking for leaks", 0.0)
    leaking = leaks(table, options.allow)
    dating = clocks(table, window, options.allow)
    honest = table.without(_excluded(leaking, ()))
    kept = table.without(_excluded(leaking, dating))
    if not kept.columns:
        gone = Gate(Refusal.NO_SIGNAL, NO_COLUMNS)
        return Training(kept, leaking, dating, gone, window, trains, seed=options.seed)
    work = _Work(kept, honest, window, trains, options, progress)
    return work.training(leaking, dating, current)


def _excluded(leaking: tuple[Leak, ...], dating: tuple[Clock, ...]) -> set[str]:
    leaks = {k.column for k in leaking if k.severity is Severity.EXCLUDED and not k.allowed}
    return leaks | {clock.column for clock in dating if not clock.allowed}


@dataclass(frozen=True, slots=True, eq=False)
class _Work:
    """The steps of a training whose rows and columns are settled."""

    table: TrainingTable
    with_clocks: TrainingTable
    in_window: Flags
    trains: Flags
    options: TrainingOptions
    progress: Progress

    def training(
        self, leaking: tuple[Leak, ...], dating: tuple[Clock, ...], current: Scorecard | None
    ) -> Training:
        seed, replicates = self.options.seed, self.options.replicates
        rows, window = self.table.rows(self.trains), self.table.rows(self.in_window)
        parts = folds(rows, self.options.folds, seed)
        c = best_c(rows, parts, lambda share: self.progress("choosing the penalty", 0.4 * share))
        self.progress("fitting before the last window", 0.4)
        before = fit(rows, c)
        judged = Predictions(window, predicted(before.pipeline, window))
        within, fold_of = _there(rows, *predicted_out_of_fold(rows, parts, c))
        measured = self._in_turn(judged, c)
        self.progress("measuring", 0.55)
        rate = float(np.average(rows.won, weights=rows.weights))
        theirs = None if current is None else predictions(current, measured.table)
        verdict = gate(measured, rate, within, fold_of, theirs, seed, replicates)
        return Training(
            table=self.table,
            leaks=leaking,
            clocks=dating,
            gate=verdict,
            in_window=self.in_window,
            trains=self.trains,
            before=before,
            published=self._refitted(c),
            window=judged,
            out_of_fold=within,
            metrics=metrics(measured, seed, replicates),
            metrics_unrecycled=self._unrecycled(measured),
            fold_metrics=metrics(within, seed, replicates),
            metrics_with_clocks=self._with_clocks(c, dating),
            headroom=headroom(rows, window, seed),
            half_lives=self._half_lives(rows, window, judged, c),
            seed=seed,
        )

    def _in_turn(self, judged: Predictions, c: float) -> Predictions:
        """What is measured: the last window; without times every fifth stands in for it in turn, so
        that no figure hangs on the luck of one.
        """
        if self.table.time is not Time.NONE:
            return judged
        parts = folds(self.table, max(2, round(1 / self.options.window)), self.options.seed)
        return _there(self.table, *predicted_out_of_fold(self.table, parts, c))[0]

    def _refitted(self, c: float) -> Fitted:
        """The same specification on all labelled rows."""
        self.progress("refitting on all rows", 0.7)
        return fit(self.table, c)

    def _unrecycled(self, judged: Predictions) -> Metrics | None:
        others = ~judged.table.recycled
        rest = Predictions(judged.table.rows(others), judged.p[others])
        won = int(rest.table.won.sum())
        if others.all() or not 0 < won < len(rest.table):
            return None
        return metrics(rest, self.options.seed, self.options.replicates)

    def _with_clocks(self, c: float, dating: tuple[Clock, ...]) -> Metrics | None:
        """What the window says of a model that keeps its clocks."""
        if all(clock.allowed for clock in dating):
            return None
        self.progress("trying it with the clocks", 0.8)
        rows, window = self.with_clocks.rows(self.trains), self.with_clocks.rows(self.in_window)
        p = predicted(fitted_pipeline(rows, c), window)
        return metrics(Predictions(window, p), self.options.seed, self.options.replicates)

    def _half_lives(
        self, rows: TrainingTable, window: TrainingTable, judged: Predictions, c: float
    ) -> tuple[tuple[float, float], ...]:
        """The window's log-loss with half, once and twice the half-lives."""
        if not any(column.kind is Kind.ACTIVITY for column in rows.columns):
            return ()
        self.progress("trying other half-lives", 0.9)
        found = [(1.0, _log_loss(judged))]
        for times in (0.5, 2.0):
            pipeline = fitted_pipeline(_faded(rows, times), c)
            other = _faded(window, times)
            found.append((times, _log_loss(Predictions(other, predicted(pipeline, other)))))
        return tuple(sorted(found))


def _there(table: TrainingTable, p: Floats, fold_of: Floats) -> tuple[Predictions, Integers]:
    """The rows that some fold predicts."""
    there = ~np.isnan(p)
    return Predictions(table.rows(there), p[there]), fold_of[there].astype(np.int64)


def _faded(table: TrainingTable, times: float) -> TrainingTable:
    """The table with the activities' points at half, or twice, their half-lives."""
    columns = []
    for column in table.columns:
        values = column.halved if times < 1 else column.doubled
        columns.append(column if values is None else replace(column, values=values))
    return replace(table, columns=tuple(columns))


def _log_loss(judged: Predictions) -> float:
    found = Judged.of(judged)
    return found.figures(found.weights)[2]
