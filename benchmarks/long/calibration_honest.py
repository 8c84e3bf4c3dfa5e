"""How many honest tables lose a column to the hunt for leaks; exit 1 above one in twenty.

    python benchmarks/long/calibration_honest.py [tables of each size]

Tables whose columns all tell of the outcome beforehand (benchmarks/calibration/simulated.py), the
strongest of them with an AUC of about .8 by itself. Half a minute.
"""

import os
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("OMP_NUM_THREADS", "1")

from benchmarks.calibration.floors import Figure, printed
from benchmarks.calibration.simulated import honest
from scoring_service.calibration.judging.leaks import leaks
from scoring_service.calibration.results import Severity

SIZES = (300, 1_000, 7_000)
LOSING_MAX = 0.05


def losing(tables: int) -> list[Figure]:
    """The shares of tables that lose a column, and of those that are asked about one."""
    marks: Counter[str] = Counter()
    touched = dict.fromkeys(Severity, 0)
    for rows in SIZES:
        for seed in range(tables):
            found = leaks(honest(rows, seed), frozenset())
            for severity in Severity:
                touched[severity] += any(leak.severity is severity for leak in found)
            marks.update("+".join(leak.marks) for leak in found)
    print("marks:", dict(marks))
    total = tables * len(SIZES)
    lost, asked = (touched[s] / total for s in (Severity.EXCLUDED, Severity.ASKED))
    return [
        Figure(f"lose a column, of {total}", lost, LOSING_MAX, at_most=True),
        Figure(f"are asked about one, of {total}", asked, 1.0, at_most=True),
    ]


if __name__ == "__main__":
    sys.exit(printed(losing(int(sys.argv[1]) if len(sys.argv) > 1 else 160)))
