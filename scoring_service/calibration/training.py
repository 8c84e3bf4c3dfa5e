"""One calibration, from rows to a verdict: leaks and clocks left out, fitted before the last
window, judged on it, refitted on all rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from threadpoolctl import threadpool_limits

from scoring_service.calibration.judging.clocks import clocks
from scoring_service.calibration.judging.gate import Recorded, gate, too_few
from scoring_service.calibration.judging.leaks import leaks
from scoring_service.calibration.judging.metrics import metrics
from scoring_service.calibration.judging.second_look import second_look
from scoring_service.calibration.judging.splits import Fold, folds, split
from scoring_service.calibration.learning.apply import predictions
from scoring_service.calibration.learning.fitting import (
    best_c,
    fit,
    fitted_pipeline,
    predicted,
    predicted_out_of_fold,
)
from scoring_service.calibration.learning.half_lives import half_lives
from scoring_service.calibration.learning.headroom import headroom
from scoring_service.calibration.results import (
    Clock,
    Gate,
    Headroom,
    Leak,
    Metrics,
    Predictions,
    Refusal,
    Severity,
    Training,
)
from scoring_service.calibration.table import Flags, Floats, Time, TrainingTable
from scoring_service.domain.calibration.scorecard import Scorecard

Progress = Callable[[str, float], None]
"""Told what is being done, and which share of all is done."""

NO_COLUMNS = "no signal: no column is left to learn from"


@dataclass(frozen=True, slots=True)
class TrainingOptions:
    """`window` is the last share of rows, that judges; `allow` names columns that are kept whatever
    marks they bear; intervals are of `replicates` bootstrap samples. `current_until` is the scoring
    instant (the row's number where rows are only ordered) until which the current model learned,
    `current_recorded` what was measured of it before it learned from its last window.
    """

    window: float = 0.2
    seed: int = 0
    allow: frozenset[str] = frozenset()
    folds: int = 5
    replicates: int = 200
    current_until: int | None = None
    current_recorded: Recorded | None = None


def train(
    table: TrainingTable,
    options: TrainingOptions = TrainingOptions(),
    *,
    current: Scorecard | None = None,
    progress: Progress = lambda what, share: None,
) -> Training:
    """Everything there is to find; the gate of the result says whether it may be published.

    `current` is the scorecard that a new one must not be worse than on rows that neither of them
    learned from. Equal tables, options and `current` give equal bytes.
    """
    with threadpool_limits(1):
        return _trained(table, options, current, progress)


def _trained(
    table: TrainingTable, options: TrainingOptions, current: Scorecard | None, progress: Progress
) -> Training:
    window, trains = split(table, options.window, options.seed)
    few = too_few(table, window, trains)
    if few is not None:
        return Training(table, (), (), few, window, trains, seed=options.seed)
    progress("looking for leaks", 0.0)
    leaking = leaks(table, options.allow)
    progress("looking for clocks", 0.05)
    dating = clocks(table, window, options.allow)
    honest = table.without(_excluded(leaking))
    kept = honest.without({clock.column for clock in dating if not clock.allowed})
    if not kept.columns:
        gone = Gate(Refusal.NO_SIGNAL, NO_COLUMNS)
        return Training(kept, leaking, dating, gone, window, trains, seed=options.seed)
    return _Work(kept, honest, window, trains, options, progress).training(leaking, dating, current)


def _excluded(leaking: Sequence[Leak]) -> set[str]:
    return {k.column for k in leaking if k.severity is Severity.EXCLUDED and not k.allowed}


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
        seed = self.options.seed
        rows, window = self.table.rows(self.trains), self.table.rows(self.in_window)
        parts = folds(rows, self.options.folds, seed)
        c = best_c(rows, parts, lambda share: self.progress("choosing C", 0.1 + 0.3 * share))
        self.progress("fitting before the last window", 0.4)
        before = fit(rows, c)
        judged = Predictions(window, predicted(before.pipeline, window))
        within = _there(rows, predicted_out_of_fold(rows, parts, c)[0])
        judging = self._judging()
        self.progress("measuring", 0.5)
        measured, which = self._measured(judging, judged, c)
        theirs = None if current is None else self._theirs(current, which)
        verdict = self._verdict(measured, c, theirs)
        if verdict.refused is None:
            verdict = self._without_doubt(leaking, c) or verdict
        self.progress("refitting on all rows", 0.65)
        return Training(
            table=self.table,
            leaks=leaking,
            clocks=dating,
            gate=verdict,
            in_window=self.in_window,
            trains=self.trains,
            before=before,
            published=fit(self.table, c),
            window=judged,
            out_of_fold=within,
            metrics=self._metrics(measured),
            metrics_unrecycled=self._unrecycled(measured),
            fold_metrics=self._metrics(within),
            metrics_with_clocks=self._with_clocks(dating),
            headroom=self._headroom(judging),
            half_lives=half_lives(rows, window, c),
            seed=seed,
        )

    def _verdict(self, measured: Predictions, c: float, theirs: Predictions | None) -> Gate:
        """What the gate says of what was measured."""
        options, rows = self.options, self.table.rows(self.trains)
        again, part_of = second_look(rows, c, options.folds, options.seed)
        rate = float(np.average(rows.won, weights=rows.weights))
        recorded = options.current_recorded
        return gate(
            measured, rate, again, part_of, theirs, options.seed, options.replicates, recorded
        )

    def _without_doubt(self, leaking: Sequence[Leak], c: float) -> Gate | None:
        """The refusal where there is a signal only in columns that are asked about: a value that
        comes with the outcome looks like one. None where they are not needed, or there is none.
        """
        asked = {leak.column for leak in leaking if not leak.allowed}
        bare = replace(self, table=self.table.without(asked))
        named = [column.name for column in self.table.columns if column.name in asked]
        if not named:
            return None
        found = Gate(Refusal.NO_SIGNAL, NO_COLUMNS)
        if bare.table.columns:
            rows, window = bare.table.rows(self.trains), bare.table.rows(self.in_window)
            judged = Predictions(window, predicted(fitted_pipeline(rows, c), window))
            measured, _ = bare._measured(self._judging(), judged, c)
            found = bare._verdict(measured, c, None)
        if found.refused is not Refusal.NO_SIGNAL:
            return None
        return Gate(
            Refusal.NO_SIGNAL,
            f"no signal but in what may be known only after the outcome ({', '.join(named)}):"
            f" say by --allow that it is known when a lead is scored. Without it, {found.why}",
        )

    def _theirs(self, current: Scorecard, which: Flags) -> Predictions:
        """What the current model says of rows, NaN of those that it learned from."""
        rows = self.with_clocks.rows(which)
        found, until = predictions(current, rows), self.options.current_until
        if until is None:
            return found
        seen = rows.scored_at <= until
        return Predictions(rows, np.where(seen, np.nan, found.p))

    def _judging(self) -> tuple[Fold, ...]:
        """The last window and what trains for it; without times every fifth stands in for it in
        turn, so that no figure hangs on the luck of one.
        """
        if self.table.time is Time.NONE:
            return folds(self.table, max(2, round(1 / self.options.window)), self.options.seed)
        return ((np.flatnonzero(self.trains), np.flatnonzero(self.in_window)),)

    def _measured(
        self, judging: Sequence[Fold], judged: Predictions, c: float
    ) -> tuple[Predictions, Flags]:
        """What is measured, and which rows of the table it is of."""
        if self.table.time is not Time.NONE:
            return judged, self.in_window
        p, _ = predicted_out_of_fold(self.table, judging, c)
        return _there(self.table, p), ~np.isnan(p)

    def _metrics(self, judged: Predictions) -> Metrics:
        return metrics(judged, self.options.seed, self.options.replicates)

    def _unrecycled(self, judged: Predictions) -> Metrics | None:
        others = ~judged.table.recycled
        rest = Predictions(judged.table.rows(others), judged.p[others])
        won = int(rest.table.won.sum())
        return None if others.all() or not 0 < won < len(rest.table) else self._metrics(rest)

    def _with_clocks(self, dating: Sequence[Clock]) -> Metrics | None:
        """What the window says of the same specification with its clocks, C chosen anew."""
        if all(clock.allowed for clock in dating):
            return None
        self.progress("trying it with the clocks", 0.75)
        rows, window = self.with_clocks.rows(self.trains), self.with_clocks.rows(self.in_window)
        pipeline = fitted_pipeline(
            rows, best_c(rows, folds(rows, self.options.folds, self.options.seed))
        )
        return self._metrics(Predictions(window, predicted(pipeline, window)))

    def _headroom(self, judging: Sequence[Fold]) -> Headroom:
        self.progress("measuring the headroom", 0.85)
        return headroom(self.table, judging, self.options.seed)


def _there(table: TrainingTable, p: Floats) -> Predictions:
    """The rows that some fold predicts."""
    there = ~np.isnan(p)
    return Predictions(table.rows(there), p[there])
