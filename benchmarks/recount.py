"""Past leads routed one by one through a real store: what a replay must agree with."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import msgspec

from benchmarks.load.stored import Stored, stored
from scoring_service.domain.policy import Policy
from scoring_service.store.database import open_database
from scoring_service.store.reader import Reader
from scoring_service.store.session import Session
from scoring_service.store.transaction import Transaction
from scoring_service.store.unit import Work
from scoring_service.values.account import Account
from scoring_service.values.instant import instant
from scoring_service.values.owner import RepOwner
from scoring_service.values.stage import PATH, Stage
from scoring_service.workflows import accounts
from scoring_service.workflows.assignment import route
from scoring_service.workflows.diff.comparing import owner_text
from scoring_service.workflows.diff.past import Arrived, Left, Moment, Past
from scoring_service.workflows.drains import run_due
from scoring_service.workflows.requests import AccountItem, RouteLead, UpsertAccounts
from scoring_service.workflows.waiting import DRAIN, rep_freed

MEMORY = "/dev/shm"
"""Where there is a file system in memory nothing waits for a disk."""

WORKED = PATH[PATH.index(Stage.MQL) :]


class Recount(NamedTuple):
    """Owner and route at the end by lead, and the assignments each rep got."""

    leads: dict[str, tuple[str, str]]
    taken: Counter[str]


def recounted(policy: Policy, past: Past, known: Iterable[Account]) -> Recount:
    """What a store on SQLite makes of the past: a Route call a lead, drains when they are due."""
    with _desk(policy) as desk:
        items = tuple(AccountItem(account) for account in known)
        first = past.moments[0].at
        if items:
            asked = UpsertAccounts("accounts", "recount", items)
            desk.run(first, lambda tx, policy, now: accounts.upsert(tx, policy, asked, now))
        for moment in past.moments:
            desk.until(moment.at)
            desk.happen(moment)
        return desk.counted()


@contextmanager
def _desk(policy: Policy) -> Iterator["_Desk"]:
    memory = MEMORY if Path(MEMORY).is_dir() else None
    with TemporaryDirectory(dir=memory, prefix="recount-") as folder:
        url = f"sqlite:///{folder}/leads.db"
        database = open_database(url)
        database.prepare()
        with (
            closing(database.writing()) as session,
            closing(database.reading()) as reader,
            stored(url) as looking,
        ):
            yield _Desk(policy, session, reader, looking)
        database.close()


class _Desk:
    """A store whose time is told to it."""

    def __init__(self, policy: Policy, session: Session, reader: Reader, looking: Stored) -> None:
        self.policy, self.session = policy, session
        self.reader, self.looking = reader, looking
        self.ids, self.requests = count(1), count(1)
        self.leads: dict[str, None] = {}

    def run(self, now: datetime, work: Work) -> None:
        """One unit of work and what it has drained, in a transaction of their own."""
        self.session.begin()
        batch = self.session.batch(now, lambda: f"id-{next(self.ids):09}")
        tx = batch.transaction()
        work(tx, self.policy, now)
        batch.keep(tx)
        drained = True
        while drained:
            tx = batch.transaction()
            drained = bool(run_due(tx, self.policy, now))
            batch.keep(tx)
        batch.flush()
        self.session.commit()

    def until(self, at: datetime) -> None:
        """Let time pass: each queue is drained when it is due."""
        while (due := self._next_drain(at)) is not None:
            self.run(due, lambda tx, policy, now: None)

    def happen(self, moment: Moment) -> None:
        """One moment of the past."""
        if isinstance(moment, Left):
            self.run(moment.at, lambda tx, policy, now: _leave(tx, policy, moment, now))
            return
        self.leads[moment.lead.lead_id] = None
        request = _request(moment, f"r{next(self.requests)}")
        self.run(moment.at, lambda tx, policy, now: route(tx, policy, request, now))

    def counted(self) -> Recount:
        """What is stored in the end."""
        leads: dict[str, tuple[str, str]] = {}
        taken: Counter[str] = Counter()
        for lead_id in self.leads:
            lead = self.reader.lead(lead_id)
            assert lead is not None, lead_id
            stands = self.reader.assignment(lead.assignment_id)
            leads[lead_id] = owner_text(lead.owner), stands.route if stands else ""
            given = [one.owner for one in self.reader.assignments(lead_id=lead_id, limit=1_000)]
            taken.update(owner.id for owner in given if isinstance(owner, RepOwner))
        return Recount(leads, taken)

    def _next_drain(self, at: datetime) -> datetime | None:
        due = self.looking.value(f"select min(due_at) from timers where kind = '{DRAIN}'")
        return None if due is None or instant(due) > at else instant(due)


def _request(moment: Arrived, request_id: str) -> RouteLead:
    return RouteLead(request_id, "recount", moment.lead, activities=moment.activities, digest="-")


def _leave(tx: Transaction, policy: Policy, moment: Left, now: datetime) -> None:
    """The lead leaves its owner's hands, without a history of it."""
    lead = tx.lead(moment.lead_id)
    if lead is None or lead.stage not in WORKED:
        return
    tx.leave_queue(moment.lead_id)
    tx.save_lead(
        msgspec.structs.replace(lead, stage=moment.stage, waiting_in=None, enqueued_at=None)
    )
    if isinstance(lead.owner, RepOwner):
        rep_freed(tx, policy, lead.owner.id, now)
