"""Whatever statement fails, the store is as before the batch or as after it, never between."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from scoring_service.domain.routing.rotation import Entrant, apply, draw
from scoring_service.store.connection import Connection, Row
from scoring_service.store.session import Session
from scoring_service.values.absence import Absence, EnteredAbsence
from scoring_service.values.account import Account
from scoring_service.values.experiment import Joined
from scoring_service.values.handover import Handover
from scoring_service.values.happening import Notice, Touch, Touches
from scoring_service.values.owner import QueueOwner, RepOwner
from scoring_service.values.stored import (
    Event,
    FieldChange,
    Keys,
    StageEntry,
    StoredDecision,
    Timer,
)
from scoring_service.values.team import Rep
from scoring_service.values.webhook import Cursor, Letter

AUGUST = date(2026, 8, 3)


class PowerCutError(Exception):
    """What ends a statement here."""


class Faulty:
    """A connection that fails at its n-th statement: `before` it is done, or `after`."""

    def __init__(self, connection: Connection, fails_at: int, *, after: bool) -> None:
        self.errors = (*connection.errors, PowerCutError)
        self.done: list[str] = []
        self._connection, self._fails_at, self._after = connection, fails_at, after

    def _count(self, name: str, statement: Callable[[], Any]) -> Any:
        fails = len(self.done) + 1 == self._fails_at
        if fails and not self._after:
            raise PowerCutError(name)
        result = statement()
        self.done.append(name)
        if fails:
            raise PowerCutError(name)
        return result

    def rows(self, name: str, *arguments: Any) -> list[Row]:
        found: list[Row] = self._count(name, lambda: self._connection.rows(name, *arguments))
        return found

    def many(self, name: str, rows: Sequence[Row]) -> None:
        self._count(name, lambda: self._connection.many(name, rows))

    def together(self) -> AbstractContextManager[object]:
        return self._connection.together()

    def begin(self) -> None:
        self._count("begin", self._connection.begin)

    def instant(self) -> datetime | None:
        return self._connection.instant()

    def commit(self) -> None:
        self._count("commit", self._connection.commit)

    def rollback(self) -> None:
        self._connection.rollback()

    def in_transaction(self) -> bool:
        return self._connection.in_transaction()

    def close(self) -> None:
        self._connection.close()


@pytest.fixture
def everything(example: Any) -> Callable[[Any], None]:
    """A unit that writes to every table, as the second of its kind on the store."""

    def unit(tx: Any) -> None:
        n = tx.rotation("west").draws + 1
        lead_id, rotation = f"l{n}", tx.rotation("west")
        tx.answer(f"q{n}")
        tx.taken_since("ann", tx.now - timedelta(hours=1), 5)
        made = draw("west", n, [Entrant("ann"), Entrant("bob")])
        tx.save_lead(example.lead(lead_id, RepOwner("ann"), email=f"{n}@x.example"))
        tx.save_lead(example.lead("queued", QueueOwner("west")))
        tx.record_changes("lead", lead_id, (FieldChange("country", None, '"DE"'),), "x")
        tx.add_activities((example.activity(f"a{n}", lead_id), example.activity(f"b{n}", lead_id)))
        tx.save_account(Account("acme", f"Acme {n}", (f"acme{n}.example",)))
        tx.save_rotation(rotation, apply(rotation, made))
        tx.record_draw(made, f"d{n}", lead_id)
        tx.record_assignment(example.assignment(f"s{n}", lead_id=lead_id, draw_number=n))
        tx.record_stage(StageEntry(lead_id, n, 1, "", "mql", tx.now, "", "q", "rep:ann", "{}", "r"))
        tx.enqueue(example.place("queued", "west", minutes_ago=n))
        tx.set_timer(Timer("drain", "west", tx.now, "r", n))
        tx.clear_timer("drain", "east")
        record = (f"d{n}", lead_id, tx.now, "x", "r1", "", 1, b"{}", b"{}", f"s{n}")
        tx.record_decision(StoredDecision(*record))
        tx.emit(Event(f"e{n}", lead_id, "lead.assigned", tx.now, b"{}"))
        tx.keep_answer(example.answer(f"q{n}"))
        tx.activate(f"r{n}", b"content", "ops")
        tx.save_reps({"ann": Rep("ann", f"Ann {n}")}, f"r{n}")
        beside(tx, n, lead_id)

    return unit


def beside(tx: Any, n: int, lead_id: str) -> None:
    """What is kept of a lead and of a rep beside what routing needs."""
    touches = tuple(Touch(source, tx.now) for source in ("mail", "web"))
    tx.record(lead_id, Touches(touches), "x")
    tx.notice(Notice("mia", "late", lead_id, tx.now, f"notice {n}"))
    tx.notices_told("mia", "late", n - 1)
    tx.record_joined(Joined("bar", lead_id, lead_id, "lower", {"lower": 1}, tx.now, "r1"))
    tx.join_persons(f"person of l{n}", f"person of l{n - 1}")
    tx.drop_facts((f"d{n - 1}",))
    tx.save_absences("ann", (EnteredAbsence(Absence("ann", AUGUST, AUGUST), tx.now, "x"),))
    tx.save_handover(Handover("o1", "ann", "", "leaves", "x", tx.now, moved=n))
    tx.save_webhook_cursor("crm", Cursor(n))
    tx.save_webhook_letter(Letter("crm", n, lead_id, 1, tx.now))
    tx.drop_webhook_letter("crm", n - 1)
    tx.keep_mark("seen", n)


@pytest.fixture
def batch_through(everything: Callable[[Any], None], example: Any) -> Callable[..., list[str]]:
    """Runs two such units in a batch on a connection that fails; the statements it did."""

    def run(connection: Connection, fails_at: int, *, after: bool = False) -> list[str]:
        faulty = Faulty(connection, fails_at, after=after)
        session, ids = Session(faulty), count(1)
        try:
            session.begin()
            session.last_instant()
            batch = session.batch(example.now, lambda: f"id-{next(ids)}")
            batch.prefetch([Keys("q1", "l1", "1@x.example", "acme", ("acme1.example",), ("a1",))])
            for _ in range(2):
                tx = batch.transaction()
                everything(tx)
                batch.keep(tx)
                batch.flush()
            session.commit()
        except PowerCutError:
            session.rollback()
        finally:
            session.close()
        return faulty.done

    return run


def test_the_unit_of_these_tests_writes_to_every_table(
    connect: Any, batch_through: Any, dump: Any, url: str
) -> None:
    batch_through(connect(), fails_at=-1)
    assert [table for table, rows in dump(url).items() if not rows] == []


@pytest.mark.parametrize("after", [False, True], ids=["before it is done", "after it is done"])
def test_whatever_statement_fails_the_store_is_as_before_or_as_after(
    connect: Any, batch_through: Any, dump: Any, url: str, after: bool
) -> None:
    old = dump(url)
    for fails_at in count(1):
        done = batch_through(connect(), fails_at, after=after)
        if "commit" in done:
            break
        assert dump(url) == old, f"half a batch stands after {done[-1:]} and a failure"
    new = dump(url)
    assert fails_at > 80
    assert new != old
    assert len(new["decisions"]) == 2


def test_a_lost_connection_leaves_the_old(
    connect: Any, everything: Any, dump: Any, url: str, example: Any
) -> None:
    old = dump(url)
    session = Session(connect())
    session.begin()
    batch = session.batch(example.now, lambda: "id")
    tx = batch.transaction()
    everything(tx)
    batch.keep(tx)
    batch.flush()
    session.close()
    assert dump(url) == old
