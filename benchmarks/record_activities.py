"""What another activity costs of a stored lead with 200 past ones, and of one with 2.

    python benchmarks/record_activities.py

Each store holds LEADS of such leads, below the bars. In each round every lead does one thing more,
by RecordActivities in a unit of its own with its keys; the commit of all is counted. The promise is
a ratio of at most 1.3 of medians over rounds taken in turn, on SQLite. The exit code is 1 where it
is missed.
"""

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from scoring_service.domain.policy import Policy
from scoring_service.policy.load import load
from scoring_service.policy.source import source_of
from scoring_service.store.database import open_database
from scoring_service.store.transaction import Transaction
from scoring_service.values.activity import Activity
from scoring_service.values.lead import Lead
from scoring_service.values.stored import Keys
from scoring_service.workflows.activation import activate
from scoring_service.workflows.intake.record_activities import record_activities
from scoring_service.workflows.intake.upsert import upsert
from scoring_service.workflows.keys import of_activities
from scoring_service.workflows.lifecycle_requests import RecordActivities, UpsertLead
from scoring_service.workflows.requests import ActivatePolicy

RULES = Path(__file__).resolve().parent.parent / "rules"
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
FEW, MANY = 2, 200
LEADS, ROUNDS, ROUNDS_FIRST = 64, 15, 3
RATIO_MAX = 1.3
TYPES = ("page_view", "email_click", "content_download", "webinar_registered")
"""What the leads did, each at its own time: all of it decays, none of it is forgotten."""

Unit = tuple[Callable[[Transaction], object], Keys]


class Desk:
    """A store with leads of so many past activities, asked without a writer's thread."""

    def __init__(self, folder: str, policy: Policy, past: int) -> None:
        database = open_database(f"sqlite:///{folder}/{past}.db")
        database.migrate()
        database.prepare()
        self.policy, self.session, self.now = policy, database.writing(), NOW
        self._ids = count()
        request = ActivatePolicy(b"rules", "benchmark")
        self.run([(lambda tx: activate(tx, policy, request, self.now), Keys())])
        for start in range(0, past, 50):
            some = min(50, past - start)
            self.run([self.taken_in(lead, some) for lead in range(LEADS)])

    def run(self, units: list[Unit]) -> None:
        """Units of work that share a transaction, committed."""
        self.session.begin()
        batch = self.session.batch(self.now, self.new_id)
        batch.prefetch([keys for _, keys in units])
        for unit, _ in units:
            tx = batch.transaction()
            unit(tx)
            batch.keep(tx)
        batch.flush()
        self.session.commit()

    def new_id(self) -> str:
        """The next id, of anything."""
        return f"id-{next(self._ids):09}"

    def activity(self) -> Activity:
        """Something that happened within the last weeks."""
        number = next(self._ids)
        ago = timedelta(minutes=37 * (number % 1_000) + 1)
        return Activity(TYPES[number % len(TYPES)], self.now - ago, f"a-{number}")

    def taken_in(self, number: int, past: int) -> Unit:
        """A lead comes in, with what it did."""
        lead = Lead(f"lead-{number}", f"ada@company{number}.example", source="web")
        did = tuple(self.activity() for _ in range(past))
        request = UpsertLead(request_id=self.new_id(), lead=lead, activities=did)
        return lambda tx: upsert(tx, self.policy, request, self.now), Keys()

    def done(self, number: int) -> Unit:
        """A lead does one thing more."""
        request = RecordActivities(
            request_id=self.new_id(), lead_id=f"lead-{number}", activities=(self.activity(),)
        )
        keys = of_activities(request)
        return lambda tx: record_activities(tx, self.policy, request, self.now), keys


def seconds(desk: Desk) -> float:
    """What one activity costs."""
    units = [desk.done(number) for number in range(LEADS)]
    desk.now += timedelta(minutes=1)
    began = perf_counter()
    desk.run(units)
    return (perf_counter() - began) / LEADS


def main() -> int:
    files = {file.name: file.read_bytes() for file in RULES.iterdir() if "_test" not in file.name}
    policy = load(source_of(files))
    with TemporaryDirectory() as folder:
        desks = {past: Desk(folder, policy, past) for past in (FEW, MANY)}
        took: dict[int, list[float]] = {past: [] for past in desks}
        for number in range(ROUNDS_FIRST + ROUNDS):
            for past, desk in desks.items():
                one = seconds(desk)
                if number >= ROUNDS_FIRST:
                    took[past].append(one)
    cost = {past: median(times) for past, times in took.items()}
    for past, each in cost.items():
        print(f"{past:>4} past activities: {each * 1e6:6.0f} us for another one")
    ratio = cost[MANY] / cost[FEW]
    print(f"ratio {ratio:.2f}, at most {RATIO_MAX}")
    return 0 if ratio <= RATIO_MAX else 1


if __name__ == "__main__":
    sys.exit(main())
