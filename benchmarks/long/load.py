"""Eight clients, each call sent three times, on both engines: one answer, one assignment, one turn.

    python benchmarks/long/load.py [ONLY [CALLS [SEED]]]

Then with two replicas, with callers who give up early, with rules edited meanwhile, and with every
rep at his limit. Each run replays every decision in a fresh process. ONLY names a part of a run's
name. About two minutes; exit 1 when a promise broke.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.load import queue_runs, retry_runs, runs
from benchmarks.load.verdict import Run, verdict

EDITS = 9
WAITING = 300
LIMIT = 12


def long_runs(calls: int, seed: int) -> Mapping[str, tuple[str, Run]]:
    return {
        "load on SQLite": ("sqlite", lambda site: runs.load(site, calls, seed)),
        "load on PostgreSQL": ("postgresql", lambda site: runs.load(site, calls, seed)),
        "load on two replicas": ("postgresql", lambda site: runs.load(site, calls, seed, 2)),
        "hasty callers on SQLite": ("sqlite", lambda site: runs.hasty(site, calls, seed)),
        "hasty callers on PostgreSQL": ("postgresql", lambda site: runs.hasty(site, calls, seed)),
        "edits on SQLite": ("sqlite", lambda site: runs.edited(site, calls, EDITS, seed)),
        "edits on two replicas": (
            "postgresql",
            lambda site: runs.edited(site, calls, EDITS, seed, 2),
        ),
        "queue on SQLite": ("sqlite", lambda site: queue_runs.queue(site, WAITING, seed)),
        "queue on PostgreSQL": ("postgresql", lambda site: queue_runs.queue(site, WAITING, seed)),
        "weights on SQLite": ("sqlite", lambda site: queue_runs.weights(site, 10, seed)),
        "weights on PostgreSQL": ("postgresql", lambda site: queue_runs.weights(site, 10, seed)),
        "an attribute removed": (
            "sqlite",
            lambda site: retry_runs.attribute_removed(site, calls // 10, seed),
        ),
    }


def main(only: str = "", calls: str = "2000", seed: str = "1") -> int:
    return verdict(long_runs(int(calls), int(seed)), only, LIMIT)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
