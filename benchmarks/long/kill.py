"""The load, while servers are killed and connections break: nothing acknowledged is lost.

    python benchmarks/long/kill.py [ONLY [CALLS [SEED]]]

Twenty SIGKILLs at moments drawn from the seed, of the server and of either replica; some while a
queue drains or timers fall due; ends by SIGTERM; a replica that stands still; connections cut
around COMMIT (lost on the way, done with its answer lost, done after the connection had broken);
backends terminated and killed; two replicas, and two workers of one server, of which one is killed
while the database is away too (2.5 times CALLS). ONLY names a part of a run's name. About seven
minutes; exit 1 when a promise broke.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.load import outage_runs, queue_runs, runs, timer_runs
from benchmarks.load.verdict import Run, verdict

KILLS = 20
WAITING = 1_000
DRAIN_KILLS = 5
DUE = 1_000
DUE_KILLS = 5
RESTARTS = 5
FREEZES = 3
CUTS = 40
TERMINATIONS = 40
CRASHES = 3


def long_runs(calls: int, seed: int) -> Mapping[str, tuple[str, Run]]:
    return {
        "kills on SQLite": ("sqlite", lambda site: runs.killed(site, calls, KILLS, seed)),
        "kills on PostgreSQL": ("postgresql", lambda site: runs.killed(site, calls, KILLS, seed)),
        "kills of either replica": (
            "postgresql",
            lambda site: runs.killed(site, calls, KILLS, seed, 2),
        ),
        "kills while a queue drains, on SQLite": (
            "sqlite",
            lambda site: queue_runs.killed_while_draining(site, WAITING, DRAIN_KILLS, seed),
        ),
        "kills while a queue drains, on PostgreSQL": (
            "postgresql",
            lambda site: queue_runs.killed_while_draining(site, WAITING, DRAIN_KILLS, seed),
        ),
        "kills of either replica while timers fall due": (
            "postgresql",
            lambda site: timer_runs.killed_while_due(site, DUE, DUE_KILLS, seed),
        ),
        "crashes of the database while timers fall due": (
            "postgresql",
            lambda site: timer_runs.crashed_while_due(site, DUE, CRASHES, seed),
        ),
        "ended by SIGTERM": ("sqlite", lambda site: runs.restarted(site, calls, RESTARTS, seed)),
        "a replica that stands still": (
            "postgresql",
            lambda site: runs.frozen(site, calls, FREEZES, seed),
        ),
        "commits cut": ("postgresql", lambda site: runs.cut(site, calls, CUTS, seed)),
        "backends ended": (
            "postgresql",
            lambda site: runs.terminated(site, calls, TERMINATIONS, CRASHES, seed),
        ),
        "an outage of two replicas": (
            "postgresql",
            lambda site: outage_runs.two_replicas(site, calls * 5 // 2, seed),
        ),
        "an outage of two workers": (
            "postgresql",
            lambda site: outage_runs.two_workers(site, calls * 5 // 2, seed),
        ),
    }


def main(only: str = "", calls: str = "2000", seed: str = "1") -> int:
    return verdict(long_runs(int(calls), int(seed)), only)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
