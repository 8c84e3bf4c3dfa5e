"""Leads and rotations with all that must agree with them, read a page at a time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TypeVar

from scoring_service.store import rows, rows_stages
from scoring_service.store.connection import Connection
from scoring_service.store.transaction_leads import LEAD_TIMER
from scoring_service.values.checkup import LeadCheckup, RotationCheckup, TakenTurn
from scoring_service.values.instant import micros
from scoring_service.values.stored import Rotation, Timer

PAGE = 500

Key = TypeVar("Key")
Value = TypeVar("Value")


def lead_checkups(connection: Connection) -> Iterator[LeadCheckup]:
    """Every lead by its id."""
    after = ""
    while True:
        found = connection.rows("leads_after", after, 0, PAGE)
        if not found:
            return
        ids = rows.strings([lead_id for lead_id, _ in found])
        entered = map(rows_stages.stage_entry, connection.rows("stage_entries_of_leads", ids))
        entries = _by((entry.lead_id, entry) for entry in entered)
        standing = map(rows.assignment, connection.rows("standing_assignments", ids))
        assignments = _by((one.lead_id, one) for one in standing)
        timers = {row[1]: rows.timer(row) for row in connection.rows("timers_of", LEAD_TIMER, ids)}
        places = {row[1]: rows.place(row) for row in connection.rows("places_of", ids)}
        for lead_id, body in found:
            yield LeadCheckup(
                rows.lead(body),
                tuple(entries[lead_id]),
                timers.get(lead_id),
                tuple(assignments[lead_id]),
                places.get(lead_id),
            )
        after = found[-1][0]


def rotation_checkups(connection: Connection) -> Iterator[RotationCheckup]:
    """Every pool's rotation by the pool's name, with all its draws."""
    for (pool,) in connection.rows("rotations"):
        rotation = rows.rotation(pool, connection.rows("rotation", pool))
        yield RotationCheckup(rotation, tuple(_turns(connection, pool)))


def turns_since(connection: Connection, since: datetime) -> Iterator[RotationCheckup]:
    """Every pool's rotation by the pool's name, with its draws since then, the last one first.

    Of the assignments that were made of them nothing is said.
    """
    for (pool,) in connection.rows("rotations"):
        rotation = rows.rotation(pool, connection.rows("rotation", pool))
        yield RotationCheckup(rotation, tuple(_latest_turns(connection, rotation, micros(since))))


def stray_timers(connection: Connection) -> tuple[Timer, ...]:
    """Timers of leads that are not stored."""
    return tuple(map(rows.timer, connection.rows("stray_timers", LEAD_TIMER)))


def _turns(connection: Connection, pool: str) -> Iterator[TakenTurn]:
    after = 0
    while True:
        found = connection.rows("draws_of", pool, after, PAGE)
        if not found:
            return
        ids = rows.strings([row[-1] for row in found])
        made = map(rows.assignment, connection.rows("assignments_by_decision", ids))
        by_decision = {one.decision_id: one for one in made}
        for number, winner, gains, paid, given_back, decision_id in found:
            draw, undone = rows.draw(pool, number, (winner, gains, paid, given_back))
            yield TakenTurn(draw, undone, by_decision.get(decision_id))
        after = found[-1][0]


def _latest_turns(connection: Connection, rotation: Rotation, since: int) -> Iterator[TakenTurn]:
    """Backward: draws are numbered in the order of time."""
    pool, before = rotation.pool, rotation.draws + 1
    while found := connection.rows("draws_before", pool, before, PAGE):
        for number, winner, gains, paid, given_back, at in found:
            if at < since:
                return
            yield TakenTurn(*rows.draw(pool, number, (winner, gains, paid, given_back)))
        before = found[-1][0]


def _by(found: Iterable[tuple[Key, Value]]) -> defaultdict[Key, list[Value]]:
    grouped: defaultdict[Key, list[Value]] = defaultdict(list)
    for key, value in found:
        grouped[key].append(value)
    return grouped
