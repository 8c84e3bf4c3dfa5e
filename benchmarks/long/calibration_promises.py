"""Whether bars keep what was promised, and whether their intervals cover, where the truth is known.

    python benchmarks/long/calibration_promises.py [TABLES]

Over 200 tables (unless told), of P(won) and of pairs of bars apart: a share won is asked for, and
a bar that is given is held against 20,000 fresh leads whose true P is known; broken is a promise
that their share misses. Then thresholds on P at 500 and 2,000 leads: whether the 90 % interval
holds the bar that the fresh leads need. A quarter of an hour; exit 1 when a floor is missed.
"""

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from benchmarks.calibration.known_truth import Known, drawn, truth
from benchmarks.calibration.simulated_paths import paths, rule
from scoring_service.calibration.judging.splits import folds, split
from scoring_service.calibration.learning.apply import predictions
from scoring_service.calibration.learning.fitting import (
    best_c,
    fit,
    predicted,
    predicted_out_of_fold,
)
from scoring_service.calibration.results import Gate, Interval, Predictions, Training
from scoring_service.calibration.table import Floats, TrainingTable
from scoring_service.calibration.thresholds.crossings import crossings
from scoring_service.calibration.thresholds.pair_of_bars import grid, pair_of_bars
from scoring_service.calibration.thresholds.replay import Replay
from scoring_service.calibration.thresholds.threshold_results import By, Pair, Wish
from scoring_service.calibration.thresholds.thresholds import threshold
from scoring_service.domain.scoring.scoring import Bars, Grades, Scoring

TABLES, ROWS, FRESH = 200, 2_000, 20_000
SIZES = (500, 2_000)
TIMES = (1.25, 1.5, 2.0, 3.0)
"""How many times as often as all leads those above the bar shall be won: below 1 needs no bar."""

A_WEEK = 20.0
LEAST = 0.005
"""A bar that fewer of the fresh leads reach than this says nothing."""
BROKEN_MAX, COVERED_MIN, COVERED_MAX = 0.10, 0.85, 0.95
TODAY = Pair(40.0, 40.0)
SCORING = Scoring((), {}, {}, Grades((), ()), Bars(TODAY.fit_min, TODAY.behaviour_min))


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """A bar asked for: whether it was given, whether any is good, whether the given one is."""

    given: bool
    reachable: bool
    kept: bool


def trained(table: TrainingTable) -> Training:
    """What a calibration finds of P, without hunting for leaks and clocks, which are not there."""
    window, trains = split(table, 0.2, 0)
    rows, late = table.rows(trains), table.rows(window)
    parts = folds(rows, 5, 0)
    c = best_c(rows, parts)
    p = predicted_out_of_fold(rows, parts, c)[0]
    there = ~np.isnan(p)
    before = fit(rows, c)
    return Training(
        table=table,
        leaks=(),
        clocks=(),
        gate=Gate(None, ""),
        in_window=window,
        trains=trains,
        before=before,
        published=fit(table, c),
        window=Predictions(late, predicted(before.pipeline, late)),
        out_of_fold=Predictions(rows.rows(there), p[there]),
    )


def known_at_once(table: TrainingTable) -> TrainingTable:
    """Without an embargo, which would leave nothing of 500 leads in six weeks."""
    return replace(table, known_at=table.scored_at)


def published_p(training: Training, fresh: Known) -> Floats:
    assert training.published is not None
    return predictions(training.published.scorecard, fresh.table).p


def promised(true: Floats, number: int) -> float:
    return min(round(float(true.mean()) * TIMES[number], 2), 0.9)


def needed(p: Floats, true: Floats, promise: float) -> float | None:
    """The lowest bar on P above which the true share keeps the promise; None where none does."""
    order = np.argsort(-p)
    share = np.cumsum(true[order]) / np.arange(1, len(p) + 1)
    kept = np.flatnonzero((share >= promise) & (np.arange(len(p)) >= LEAST * len(p)))
    return float(p[order][kept[-1]]) if len(kept) else None


def tables(seed: int, rows: int) -> tuple[Training, Floats, Floats]:
    """A training, the P of fresh leads by it, and their true P."""
    chance = np.random.default_rng([seed, rows])
    by = truth(chance)
    training = trained(known_at_once(drawn(chance, rows, by).table))
    fresh = drawn(chance, FRESH, by)
    return training, published_p(training, fresh), 1 / (1 + np.exp(-fresh.eta))


def on_p(seed: int) -> Judged:
    training, p, true = tables(seed, ROWS)
    promise = promised(true, seed % len(TIMES))
    found = threshold(training, Wish(By.PRECISION, promise), seed=seed).threshold
    reachable = needed(p, true, promise) is not None
    if found is None:
        return Judged(False, reachable, False)
    above = p >= found.value
    return Judged(True, reachable, bool(above.any()) and true[above].mean() >= promise)


def on_points(seed: int) -> Judged:
    chance = np.random.default_rng([seed, 1])
    by = rule(chance)
    first, last, fresh = (paths(chance, n, by) for n in (ROWS * 4 // 5, ROWS // 5, FRESH))
    promise = promised(fresh.p, seed % len(TIMES))
    wish = Wish(By.PRECISION, promise)
    learned, later = (Replay(part.paths, dated=True, seed=seed) for part in (first, last))
    found = pair_of_bars(learned, wish, TODAY, SCORING, later).pair

    def share(pair: Pair) -> float:
        held = fresh.paths.lead[crossings(fresh.paths, pair).points]
        return float(fresh.p[held].mean()) if len(held) >= LEAST * FRESH else 0.0

    reachable = any(share(pair) >= promise for pair in grid(SCORING, TODAY))
    return Judged(found is not None, reachable, found is not None and share(found) >= promise)


def covered(seed: int, rows: int) -> tuple[bool, bool | None]:
    """Whether the intervals hold the bars that fresh leads need: (capacity, precision or None where
    the promise cannot be reached).
    """
    training, p, true = tables(seed, rows)
    by_capacity = threshold(training, Wish(By.CAPACITY, A_WEEK), seed=seed).threshold
    assert by_capacity is not None
    share = A_WEEK / 84
    capacity = _within(by_capacity, float(np.quantile(p, 1 - share)))
    promise = promised(true, seed % 2)
    by_precision = threshold(training, Wish(By.PRECISION, promise), seed=seed).threshold
    bar = needed(p, true, promise)
    if by_precision is None or bar is None:
        return capacity, None
    return capacity, _within(by_precision, bar)


def _within(interval: Interval, bar: float) -> bool:
    """Bars have three significant digits: the fresh leads' is taken as near as that."""
    return interval.low * 0.995 <= bar <= interval.high * 1.005


def promises(name: str, judged: list[Judged]) -> bool:
    given = [j for j in judged if j.given]
    broken = sum(not j.kept for j in given)
    beyond = [j for j in judged if not j.reachable]
    said = sum(not j.given for j in beyond)
    share = broken / max(len(given), 1)
    print(
        f"{name:10} {len(judged)} tables: {len(judged) - len(beyond)} reachable, {len(given)}"
        f" given, {broken} broken ({share:.1%}); {len(beyond)} beyond reach, {said} called so;"
        f" {sum(not j.given for j in judged) / len(judged):.1%} called unreachable in all",
        flush=True,
    )
    return share <= BROKEN_MAX


def coverage(rows: int, count: int) -> bool:
    found = [covered(seed, rows) for seed in range(count)]
    capacity = float(np.mean([c for c, _ in found]))
    reached = [p for _, p in found if p is not None]
    precision = float(np.mean(reached)) if reached else float("nan")
    print(
        f"{rows:,} leads: capacity covered {capacity:.3f}; precision {precision:.3f}"
        f" of {len(reached)} reachable",
        flush=True,
    )
    return COVERED_MIN <= capacity <= COVERED_MAX and precision >= COVERED_MIN


def main(count: int = TABLES) -> int:
    held = [promises("P(won)", [on_p(seed) for seed in range(count)])]
    held.append(promises("points", [on_points(seed) for seed in range(count)]))
    held += [coverage(rows, count) for rows in SIZES]
    return int(not all(held))


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
