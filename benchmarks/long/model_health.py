"""How often the health of a model raises an alarm where nothing has changed, and where it has.

    python benchmarks/long/model_health.py [SAMPLES]

A model of the bank's calls in their order; samples of its own rows, 200 times (unless told) each of
200, 500 and 1,000: at most 3 % may raise an alarm. Its last 4,000 calls must. Half a minute; exit 1
when a floor is missed.
"""

import sys
from pathlib import Path

import numpy as np

from scoring_service.calibration.learning.apply import predictions
from scoring_service.calibration.reporting.baseline import baseline
from scoring_service.calibration.reporting.file_health import observed_in
from scoring_service.calibration.rows.read_file import read_file
from scoring_service.calibration.table import TrainingTable
from scoring_service.calibration.training import TrainingOptions, train
from scoring_service.domain.calibration.health import Health
from scoring_service.domain.calibration.health_checks import health

BANK = Path(__file__).resolve().parents[2] / "examples" / "bank" / "bank-additional-full.csv.gz"
SAMPLES = 200
SIZES = (200, 500, 1_000)
LATER = 4_000
FALSE_MAX = 0.03


def main(samples: int) -> bool:
    training = train(
        read_file(BANK, outcome="y", ordered=True).table, TrainingOptions(replicates=20)
    )
    assert training.published is not None
    card, table = training.published.scorecard, training.table
    known = baseline(table, predictions(card, table).p, card)

    def looked_at(rows: TrainingTable) -> Health:
        return health("bank", known, observed_in(rows, card, known))

    chance, kept = np.random.default_rng(1), True
    for size in SIZES:
        drawn = (chance.choice(len(table), size, replace=False) for _ in range(samples))
        raised = sum(bool(looked_at(table.rows(rows)).alarms) for rows in drawn)
        kept &= raised <= FALSE_MAX * samples
        print(f"{size:>6,} of its own rows: an alarm in {raised} of {samples}")
    later = looked_at(table.rows(np.arange(len(table) - LATER, len(table)))).alarms
    print(f"{LATER:>6,} last calls: {len(later)} alarms")
    return kept and bool(later)


if __name__ == "__main__":
    sys.exit(0 if main(int(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES) else 1)
