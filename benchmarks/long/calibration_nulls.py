"""How often a model is published where there is nothing to learn; exit 1 above one in ten.

    python benchmarks/long/calibration_nulls.py [tables of 300] [of 1,000] [of 7,000]

Tables whose columns have nothing to do with the outcome (benchmarks/calibration/simulated.py), in
every second of which both drift, go through all of a training. Some minutes.
"""

import os
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("OMP_NUM_THREADS", "1")

from benchmarks.calibration.floors import Figure, printed
from benchmarks.calibration.simulated import null
from scoring_service.calibration.training import train

SIZES = (300, 1_000, 7_000)
PUBLISHED_MAX = 0.10


def published(rows: int, tables: int) -> Figure:
    """The share published, of the tables that have enough outcomes."""
    verdicts = Counter(str(train(null(rows, seed)).gate.refused) for seed in range(tables))
    print(f"n = {rows:,}:", dict(verdicts), flush=True)
    judged = tables - verdicts["too_few_outcomes"]
    name = f"nulls published, n = {rows:,}, of {judged}"
    return Figure(name, verdicts["None"] / max(1, judged), PUBLISHED_MAX, at_most=True)


def main(*tables: int) -> int:
    return printed([published(n, k) for n, k in zip(SIZES, tables, strict=True)])


if __name__ == "__main__":
    sys.exit(main(*(map(int, sys.argv[1:]) if len(sys.argv) > 1 else (120, 80, 30))))
