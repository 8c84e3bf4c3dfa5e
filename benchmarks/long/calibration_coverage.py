"""Whether the 90 % interval of P(won) covers the truth, where the truth is known.

    python benchmarks/long/calibration_coverage.py [TABLES]

Over 200 tables (unless told) of 300, 1,000 and 10,000 leads, C chosen on each as a calibration
does: the share of new leads whose true P lies in their interval; in the model's form it must be
.85 to .95. Then what happens outside of it, measured only: a level of eight that training never
saw, and two traits that act together (1.5 log-odds more for a decider from ads, which the form
cannot say). At 300 leads all eight levels are rare and share one cell: nothing says how much they
differ. Ten minutes; exit 1 when a floor is missed.
"""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from benchmarks.calibration.known_truth import Known, Truth, drawn, truth
from scoring_service.calibration.judging.splits import folds
from scoring_service.calibration.learning.apply import log_odds
from scoring_service.calibration.learning.fitting import best_c, fit
from scoring_service.calibration.table import Floats, TrainingTable
from scoring_service.domain.calibration.scorecard import Scorecard

TABLES = 200
SIZES = (300, 1_000, 10_000)
ASKED = 500
LOW, HIGH = 0.85, 0.95
HELD_OUT = 7
"""The source that training never sees in the second check."""

Made = Callable[[np.random.Generator, int], tuple[TrainingTable, Known]]


def in_form(chance: np.random.Generator, rows: int) -> tuple[TrainingTable, Known]:
    return _made(chance, rows, truth(chance))


def acting_together(chance: np.random.Generator, rows: int) -> tuple[TrainingTable, Known]:
    return _made(chance, rows, truth(chance, interaction=1.5))


def unseen(chance: np.random.Generator, rows: int) -> tuple[TrainingTable, Known]:
    known, new = _made(chance, rows * 9 // 8, truth(chance, levels=HELD_OUT + 1))
    of_source = new.table.column("source").values == HELD_OUT
    kept = known.rows(known.column("source").values != HELD_OUT)
    return kept, Known(new.table.rows(of_source), new.eta[of_source])


def _made(chance: np.random.Generator, rows: int, by: Truth) -> tuple[TrainingTable, Known]:
    return drawn(chance, rows, by).table, drawn(chance, ASKED, by)


def scorecard(table: TrainingTable) -> Scorecard:
    return fit(table, best_c(table, folds(table, 5, 0))).scorecard


def covered(made: Made, rows: int, seed: int) -> tuple[float, float, float]:
    """(share of leads whose P is in its interval, its mean width, mean distance of P and truth)."""
    known, new = made(np.random.default_rng([seed, rows]), rows)
    known = replace(known, known_at=known.scored_at)
    found = log_odds(scorecard(known), new.table)
    low, high = found.interval
    true: Floats = 1 / (1 + np.exp(-new.eta))
    within = (low <= true) & (true <= high)
    return (
        float(within.mean()),
        float((high - low).mean()),
        float(np.abs(found.p - true).mean()),
    )


def main(tables: int = TABLES) -> int:
    missed = False
    print(f"{'':24} {'leads':>7} {'covered':>8} {'width':>7} {'off by':>7}")
    checks: dict[str, Made] = {
        "in the model's form": in_form,
        "a level never seen": unseen,
        "traits acting together": acting_together,
    }
    for name, made in checks.items():
        for rows in SIZES:
            shown = [covered(made, rows, seed) for seed in range(tables)]
            share, width, off = np.mean(shown, axis=0)
            print(f"{name:24} {rows:7,} {share:8.3f} {width:7.3f} {off:7.3f}", flush=True)
            missed |= made is in_form and not LOW <= share <= HIGH
    return int(missed)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
