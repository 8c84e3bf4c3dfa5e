"""What a due timer costs to fire among a hundred pending ones, and among 100,000.

    python benchmarks/timers.py

Each store holds so many leads in opportunity whose timers wait for years. In each round FIRED more
fall due together: of each its owner and the manager are told, and its clock is laid again; the
commit is counted. The promise is a ratio of at most 1.5 of medians over rounds taken in turn, on
SQLite. The exit code is 1 where it is missed.
"""

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import msgspec

from scoring_service.domain.lifecycle.laying import laid
from scoring_service.domain.policy import Policy
from scoring_service.policy.load import load
from scoring_service.policy.source import source_of
from scoring_service.store.database import open_database
from scoring_service.store.transaction import Transaction
from scoring_service.values.clock import Clock
from scoring_service.values.lead import Lead
from scoring_service.values.owner import RepOwner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead
from scoring_service.workflows.activation import activate
from scoring_service.workflows.due import run_due
from scoring_service.workflows.requests import ActivatePolicy

RULES = Path(__file__).resolve().parent.parent / "rules"
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
FEW, MANY = 100, 100_000
FIRED, ROUNDS, BATCH = 200, 9, 5_000
RATIO_MAX = 1.5


class Desk:
    """A store with so many leads whose timers wait, asked without a writer's thread."""

    def __init__(self, folder: str, policy: Policy, pending: int) -> None:
        database = open_database(f"sqlite:///{folder}/{pending}.db")
        database.migrate()
        database.prepare()
        self.policy, self.session = policy, database.writing()
        self.now, self._ids = NOW, count()
        request = ActivatePolicy(b"rules", "benchmark")
        self.run(lambda tx: activate(tx, policy, request, self.now))
        for start in range(0, pending, BATCH):
            few = range(start, min(start + BATCH, pending))
            self.run(partial(self.place, few=few, due_in=timedelta(days=3650)))
        self.fire()

    def run(self, unit: Callable[[Transaction], object]) -> None:
        """A unit of work, committed."""
        self._transaction([unit])

    def fire(self) -> int:
        """Do what is due, committed; how many timers fired."""
        return self._transaction([])

    def place(self, tx: Transaction, few: range, due_in: timedelta) -> None:
        """Leads in opportunity whose clock runs out after a while."""
        owner = next(RepOwner(rep.rep_id) for rep in self.policy.reps.values() if rep.manager)
        for i in few:
            lead = StoredLead(
                Lead(f"w{i}"), f"p{i}", Stage.OPPORTUNITY, self.now, self.now, self.now, owner=owner
            )
            clocks = laid(self.policy, None, lead, self.now)
            due = tuple(self._due(clock, due_in) for clock in clocks)
            tx.save_lead(msgspec.structs.replace(lead, clocks=due))

    def _due(self, clock: Clock, due_in: timedelta) -> Clock:
        return msgspec.structs.replace(clock, due_at=self.now + due_in)

    def _transaction(self, units: list[Callable[[Transaction], object]]) -> int:
        self.session.begin()
        batch, fired = self.session.batch(self.now, lambda: f"id-{next(self._ids):09}"), 0
        for unit in units:
            tx = batch.transaction()
            unit(tx)
            batch.keep(tx)
        while not units:
            tx = batch.transaction()
            if not run_due(tx, self.policy, self.now):
                break
            batch.keep(tx)
            fired += 1
        batch.flush()
        self.session.commit()
        return fired


def seconds(desk: Desk, number: int) -> float:
    """What one of the timers costs that fall due together."""
    few = range(10_000_000 + number * FIRED, 10_000_000 + (number + 1) * FIRED)
    desk.run(lambda tx: desk.place(tx, few, timedelta(seconds=1)))
    desk.now += timedelta(seconds=2)
    began = perf_counter()
    fired = desk.fire()
    took = perf_counter() - began
    assert fired == FIRED, fired
    return took / FIRED


def main() -> int:
    files = {file.name: file.read_bytes() for file in RULES.iterdir() if "_test" not in file.name}
    policy = load(source_of(files))
    with TemporaryDirectory() as folder:
        desks = {pending: Desk(folder, policy, pending) for pending in (FEW, MANY)}
        took: dict[int, list[float]] = {pending: [] for pending in desks}
        for number in range(ROUNDS):
            for pending, desk in desks.items():
                took[pending].append(seconds(desk, number))
    cost = {pending: median(times) for pending, times in took.items()}
    ratio = cost[MANY] / cost[FEW]
    for pending, each in cost.items():
        print(f"{pending:>7,} pending: {each * 1e6:6.0f} us a timer")
    print(f"ratio {ratio:.2f}, at most {RATIO_MAX}")
    return 0 if ratio <= RATIO_MAX else 1


if __name__ == "__main__":
    sys.exit(main())
