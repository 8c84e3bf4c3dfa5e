"""Batches of one and of sixty-four give equal results, and dropped units leave nothing."""

import gc
from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

import msgspec
import pytest

from scoring_service.domain.routing.rotation import Entrant, apply, draw, give_back
from scoring_service.store.batch_known import Known
from scoring_service.store.database import open_database
from scoring_service.values.absence import Absence, EnteredAbsence
from scoring_service.values.account import Account
from scoring_service.values.decision import Draw
from scoring_service.values.handover import Handover
from scoring_service.values.happening import Imported, Notice, Touch, Touches
from scoring_service.values.owner import QueueOwner, RepOwner, TrackOwner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import (
    Credit,
    Event,
    FieldChange,
    Keys,
    StageEntry,
    StoredDecision,
    Timer,
)
from scoring_service.values.webhook import Cursor, Letter
from tests.store.conftest import MONDAY

REPS, POOLS, LEADS = ("ann", "bob", "cat"), ("east", "west"), tuple(f"l{i}" for i in range(9))
DOMAINS = ("firm.example", "other.example")

Unit = Callable[[Any], Any]


class Chance:
    """Units made by chance, the same ones for the same seed, whatever the batches they run in."""

    def __init__(self, seed: int, example: Any) -> None:
        self.pick = Random(seed)
        self.example = example
        self.number = 0

    def unit(self) -> tuple[Unit, Keys]:
        """A unit of a few steps, one in six of which fails at its end; and its keys."""
        steps = [self._step() for _ in range(self.pick.randint(1, 5))]
        fails = self.pick.random() < 1 / 6

        def run(tx: Any) -> Any:
            seen = [step(tx) for step in steps]
            if fails:
                raise ValueError(repr(seen))
            return seen

        activities = tuple(f"a{self.pick.randrange(40)}" for _ in range(2))
        lead = self.pick.choice(LEADS)
        email = f"{lead}@firm.example"
        return run, Keys(f"q{self.number}", lead, email, "a1", DOMAINS, activities)

    def _step(self) -> Unit:
        self.number += 1
        made = self.pick.choice(
            [
                self._lead, self._turn, self._queue, self._assign, self._look, self._other,
                self._told, self._merge, self._of_reps, self._events,
            ]
        )  # fmt: skip
        return made(self.number, self.pick.choice(LEADS))

    def _lead(self, n: int, lead_id: str) -> Unit:
        owners = [RepOwner(rep) for rep in REPS] + [QueueOwner("west"), TrackOwner("t"), None]
        stage, owner = self.pick.choice(list(Stage)), self.pick.choice(owners)
        lead = self.example.lead(lead_id, owner, stage=stage, visit=n, email=f"{lead_id}@x.example")
        activity = self.example.activity(f"a{n}", lead_id, hours_ago=n % 7)

        def step(tx: Any) -> Any:
            before = tx.lead(lead_id)
            person = before.person_id if before else lead.person_id
            tx.save_lead(msgspec.structs.replace(lead, person_id=person))
            tx.record_changes("lead", lead_id, (FieldChange("stage", None, f'"{stage}"'),), "x")
            tx.add_activities((activity,))
            return before, tx.activities(lead_id), tx.activity_digests((f"a{n}", f"a{n - 1}"))

        return step

    def _turn(self, n: int, lead_id: str) -> Unit:
        pool, reps = self.pick.choice(POOLS), self.pick.sample(REPS, self.pick.randint(1, 3))

        def step(tx: Any) -> Any:
            rotation = tx.rotation(pool)
            known = {credit.rep_id: credit for credit in rotation.credits}
            places = [known.get(rep, Credit(rep)) for rep in reps]
            entrants = [Entrant(p.rep_id, credit=p.credit, last_draw=p.last_draw) for p in places]
            made: Draw = draw(pool, rotation.draws + 1, entrants)
            tx.save_rotation(rotation, apply(rotation, made))
            tx.record_draw(made, f"d{n}", lead_id)
            self._stored(tx, lead_id)
            owner, when = RepOwner(made.winner), tx.now - timedelta(hours=n % 3)
            tx.record_assignment(
                self.example.assignment(
                    f"s{n}", lead_id=lead_id, owner=owner, pool=pool, assigned_at=when,
                    draw_number=made.number,
                )
            )  # fmt: skip
            return made

        return step

    def _queue(self, n: int, lead_id: str) -> Unit:
        place = self.example.place(lead_id, self.pick.choice(POOLS), minutes_ago=n % 4)
        joins, due = self.pick.random() < 0.7, self.pick.random() < 0.5

        def step(tx: Any) -> Any:
            self._stored(tx, lead_id)
            timer = tx.timer("drain", place.pool)
            if joins:
                tx.enqueue(place)
            else:
                tx.leave_queue(lead_id)
            if due:
                tx.set_timer(Timer("drain", place.pool, place.enqueued_at, "r1", n))
            else:
                tx.clear_timer("drain", place.pool)
            return timer, tx.waiting(POOLS, 3), tx.waiting((place.pool,), 64)

        return step

    def _assign(self, n: int, lead_id: str) -> Unit:
        older = f"s{self.pick.randrange(max(1, n - 60), n + 1)}"
        back = self.pick.random() < 0.7

        def step(tx: Any) -> Any:
            found = tx.assignment(older)
            if found is None:
                return None
            made = tx.draw(found.pool, found.draw_number)
            if made and back:
                rotation = tx.rotation(found.pool)
                tx.save_rotation(rotation, give_back(rotation, made))
            tx.end_assignment(older, "rejected", back or found.given_back)
            return found, made, tx.draw(found.pool, found.draw_number)

        return step

    def _look(self, n: int, lead_id: str) -> Unit:
        most, hours = self.pick.randint(0, 6), self.pick.randint(0, 2)

        def step(tx: Any) -> Any:
            since = tx.now - timedelta(hours=hours)
            return (
                [tx.open_leads(rep) for rep in REPS],
                [tx.taken_since(rep, since, most) for rep in REPS],
                tx.waiting(POOLS, most + 1),
                tx.oldest_waiting_pools(),
                tx.owners_not_reps(),
                [tx.accounts_on_domain(domain) for domain in DOMAINS],
                tx.ancestors("a2"),
                tx.lead_by_email(f"{lead_id}@x.example"),
            )

        return step

    def _other(self, n: int, lead_id: str) -> Unit:
        domains = tuple(self.pick.sample(DOMAINS, self.pick.randint(0, 2)))
        account = Account(f"a{n % 3}", f"name {n}", domains, parent_id=f"a{(n + 1) % 3}")

        def step(tx: Any) -> Any:
            self._stored(tx, lead_id)
            tx.save_account(account)
            tx.emit(Event(tx.new_id(), lead_id, "t", tx.now, b"{}"))
            record = (f"d{n}", lead_id, tx.now, "x", "r1", "", 1, b"{}", b"{}")
            tx.record_decision(StoredDecision(*record))
            tx.keep_answer(self.example.answer(f"q{n}"))
            seen = [tx.answer(f"q{n - i}") for i in range(3)], tx.decision(f"d{n - 1}")
            return *seen, tx.account("a0"), tx.active_revision()

        return step

    def _told(self, n: int, lead_id: str) -> Unit:
        touches = tuple(Touch(f"s{i}", MONDAY) for i in range(n % 3))
        done = Touches(touches) if touches else Imported(f"b{n}")
        entry = StageEntry(lead_id, n, 1, "", "mql", MONDAY, "", "q", "rep:ann", "{}", "r1")

        def step(tx: Any) -> Any:
            self._stored(tx, lead_id)
            tx.record(lead_id, done, "x")
            tx.record_stage(entry)
            waiting = tx.notices("mia", "late", 3)
            tx.notice(Notice("mia", "late", lead_id, tx.now, f"n{n}"))
            if n % 5 == 0 and waiting:
                tx.notices_told("mia", "late", waiting[-1].number)
            tx.keep_mark("seen", (tx.mark("seen") or 0) + 1)
            return waiting, tx.happenings(lead_id), tx.stage_entries(lead_id)

        return step

    def _merge(self, n: int, lead_id: str) -> Unit:
        other = self.pick.choice(LEADS)

        def step(tx: Any) -> Any:
            self._stored(tx, lead_id)
            self._stored(tx, other)
            stays, gone = tx.lead(lead_id).person_id, tx.lead(other).person_id
            tx.join_persons(stays, gone)
            for lead in tx.leads_of_person(gone):
                tx.save_lead(msgspec.structs.replace(lead, person_id=stays))
            return tx.leads_of_person(stays), tx.leads_of_person(gone)

        return step

    def _of_reps(self, n: int, lead_id: str) -> Unit:
        rep, day = self.pick.choice(REPS), date(2026, 8, 1 + n % 28)
        absence = EnteredAbsence(Absence(rep, day, day), MONDAY, "x")

        def step(tx: Any) -> Any:
            before, book = tx.absences_of(rep), tx.handover_of(rep)
            tx.save_absences(rep, (absence,) if n % 3 else ())
            ended = tx.now if n % 2 else None
            tx.save_handover(Handover(f"of {rep}", rep, "", "", "x", tx.now, n, ended_at=ended))
            return before, book, tx.absences_of(rep), tx.handover(f"of {rep}")

        return step

    def _events(self, n: int, lead_id: str) -> Unit:
        letter = Letter("crm", n % 9, lead_id, n, MONDAY, dead=n % 2 == 0)

        def step(tx: Any) -> Any:
            seen = (
                tx.webhook_cursor("crm"),
                tx.webhook_letters("crm", 4, dead=True),
                tx.last_event(),
            )
            tx.save_webhook_cursor("crm", Cursor(n))
            if n % 4:
                tx.save_webhook_letter(letter)
            else:
                tx.drop_webhook_letter("crm", n % 9)
            return seen

        return step

    def _stored(self, tx: Any, lead_id: str) -> None:
        """Places and assignments are of leads that are stored."""
        if tx.lead(lead_id) is None:
            tx.save_lead(self.example.lead(lead_id))


def play(desk: Any, example: Any, seed: int, size: int) -> list[str]:
    """Two hundred units by chance in batches of a size; what each came to."""
    chance, results = Chance(seed, example), []
    made = [chance.unit() for _ in range(200)]
    for start in range(0, len(made), size):
        part = made[start : start + size]
        results += desk.run(*(unit for unit, _ in part), keys=[keys for _, keys in part])
    return [repr(result) for result in results]


def expect_equal(urls: list[str], desk_on: Any, example: Any, dump: Any, seed: int, n: int) -> None:
    """The same units one by one and n at a time come to the same, and the same stands then."""
    one, many = (
        play(desk_on(open_database(url)), example, seed, size)
        for url, size in zip(urls, (1, n), strict=True)
    )
    assert one == many
    stands = dump(urls[0])
    assert stands == dump(urls[1])
    made = (
        "draws queue_places accounts outbox happenings notices absences handovers webhook_letters"
    )
    assert all(stands[name] for name in made.split())


@pytest.mark.parametrize("size", [5, 64])
@pytest.mark.parametrize("seed", range(2))
def test_batches_of_1_and_of_many_are_equal(
    new_store: Any, desk_on: Any, example: Any, dump: Any, seed: int, size: int
) -> None:
    expect_equal([new_store(), new_store()], desk_on, example, dump, seed, size)


@pytest.mark.parametrize(("seed", "size"), [(2, 64), (3, 5), (4, 64), (5, 5)])
def test_whatever_the_units_and_the_batches(
    new_sqlite_store: Any, desk_on: Any, example: Any, dump: Any, seed: int, size: int
) -> None:
    urls = [new_sqlite_store(), new_sqlite_store()]
    expect_equal(urls, desk_on, example, dump, seed, size)


def test_dropped_units_leave_nothing(new_store: Any, desk_on: Any, example: Any, dump: Any) -> None:
    """The same units, with failing ones between them and without."""
    urls = [new_store(), new_store()]
    chance = Chance(99, example)
    units = [chance.unit()[0] for _ in range(40)]

    def failing(unit: Unit) -> Unit:
        def run(tx: Any) -> None:
            unit(tx)
            raise ValueError

        return run

    alone, among = (desk_on(open_database(url)) for url in urls)
    quiet = alone.run(*units)
    noisy = among.run(*(u for unit in units for u in (failing(unit), unit)))
    assert [repr(r) for r in noisy[1::2]] == [repr(r) for r in quiet]
    for name, rows in dump(urls[0]).items():
        if name != "outbox":
            assert rows == dump(urls[1])[name], name
    assert len(dump(urls[0])["outbox"]) == len(dump(urls[1])["outbox"])


def test_what_a_batch_knows_is_gone_with_it(desk: Any) -> None:
    """Nothing of it waits for the collector: leads and what they did are many."""
    gc.collect()
    gc.disable()
    try:
        desk.run(
            lambda tx: (tx.open_leads("ann"), tx.waiting(("east",), 1)),
            keys=[Keys("q1", "l1", "l1@firm.example", "a1", DOMAINS, ("a1",))],
        )
        assert [one for one in gc.get_objects() if isinstance(one, Known)] == []
    finally:
        gc.enable()
