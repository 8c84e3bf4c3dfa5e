"""Availability set by people comes from the past, the same for both sides of a diff."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from scoring_service.cli.rules.diff.recorded import recorded
from scoring_service.values.absence import Absence, EnteredAbsence
from scoring_service.values.owner import RepOwner
from scoring_service.workflows.diff.availability import went_in
from scoring_service.workflows.diff.past import Went
from scoring_service.workflows.diff.replaying import replay
from scoring_service.workflows.diff.stored_past import past_in
from tests.conftest import MONDAY
from tests.workflows.firing.conftest import demo, office, office_of, wants
from tests.workflows.team.conftest import Ops

__all__ = ["office", "office_of"]

SINCE = datetime(2026, 3, 2, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


def away(rep: str, first: int, last: int) -> Absence:
    """A rep is away on these days of March."""
    return Absence(rep, date(2026, 3, first), date(2026, 3, last))


def entered(absence: Absence, at: datetime = SINCE - HOUR) -> EnteredAbsence:
    """An absence that was entered before the window, unless it is said when."""
    return EnteredAbsence(absence, at, "mia")


def text(*absences: Absence) -> str:
    """Absences as a rep's history keeps them."""
    return msgspec.json.encode(absences).decode()


@pytest.mark.parametrize(
    ("stored", "changes", "went"),
    [
        pytest.param([], [], [], id="nobody-ever"),
        pytest.param(
            [entered(away("ann", 2, 4))],
            [],
            [(SINCE, [away("ann", 2, 4)])],
            id="entered-before-the-window",
        ),
        pytest.param(
            [entered(away("ann", 5, 6), SINCE + HOUR)],
            [(SINCE + HOUR, "ann", "[]", text(away("ann", 5, 6)))],
            [(SINCE, []), (SINCE + HOUR, [away("ann", 5, 6)])],
            id="entered-in-it",
        ),
        pytest.param(
            [],
            [(SINCE + HOUR, "ann", text(away("ann", 2, 4)), "[]")],
            [(SINCE, [away("ann", 2, 4)]), (SINCE + HOUR, [])],
            id="withdrawn-in-it",
        ),
        pytest.param(
            [entered(away("ann", 2, 3)), entered(away("ann", 9, 9), SINCE + 50 * HOUR)],
            [(SINCE + 50 * HOUR, "ann", "[]", text(away("ann", 9, 9)))],
            [(SINCE, [away("ann", 2, 3)]), (SINCE + 50 * HOUR, [away("ann", 9, 9)])],
            id="over-when-something-else-was-entered",
        ),
        pytest.param(
            [entered(away("bob", 2, 9))],
            [
                (SINCE + HOUR, "ann", "[]", text(away("ann", 5, 6))),
                (SINCE + 2 * HOUR, "ann", text(away("ann", 5, 6)), "[]"),
            ],
            [
                (SINCE, [away("bob", 2, 9)]),
                (SINCE + HOUR, [away("ann", 5, 6), away("bob", 2, 9)]),
                (SINCE + 2 * HOUR, [away("bob", 2, 9)]),
            ],
            id="of-several-reps",
        ),
    ],
)
def test_who_was_away_when(stored: Any, changes: Any, went: Any) -> None:
    found = went_in(stored, changes, SINCE)
    assert found == tuple(Went(at, tuple(absences)) for at, absences in went)


async def test_a_window_with_absences_replays_as_the_store_decided(
    office: Any, office_of: Any
) -> None:
    ops = Ops(office)
    await ops.away("bob", 2, 6)
    leads = 0

    async def come(count: int) -> None:
        nonlocal leads
        for i in range(leads, leads + count):
            office.clock.advance(minutes=1)
            await office.route(wants(i), activities=(demo(i, office.clock.now),))
        leads += count

    await come(4)
    office.clock.advance(minutes=5)
    for rep in ("cat", "ann"):
        await ops.away(rep, 9, 13)
    await ops.away("dan", 2, 2)
    office.clock.now = datetime(2026, 3, 6, 18, tzinfo=UTC)
    await come(3)
    since = MONDAY - timedelta(days=1)

    def read(reader: Any) -> Any:
        found, _ = recorded(reader, since)
        went = went_in(reader.absences(since), reader.absences_changed(since), since)
        return msgspec.structs.replace(past_in(found, since), went=went)

    past = await office.store.read(read)
    replayed = replay(office_of(), past)
    owners = {fate.lead_id: fate.owner for fate in replayed.fates}
    stored = {f"l{i}": (await office.lead(f"l{i}")).owner for i in range(leads)}
    assert owners == stored
    assert {stored["l0"].id, stored["l1"].id} == {"ann", "cat"}, "Bob is away"
    assert stored["l4"].id == "bob", "the others are from Monday on"
    without = replay(office_of(), msgspec.structs.replace(past, went=()))
    assert {fate.lead_id: fate.owner for fate in without.fates} != stored


async def test_who_is_back_is_drawn_for_those_who_wait(office: Any, office_of: Any) -> None:
    ops = Ops(office)
    for rep in ("ann", "bob", "cat"):
        await ops.away(rep, 2, 6)
    for i in range(3):
        office.clock.advance(minutes=1)
        await office.route(wants(i), activities=(demo(i, office.clock.now),))
    office.clock.advance(hours=1)
    await ops.back("cat")
    since = MONDAY - timedelta(days=1)

    def read(reader: Any) -> Any:
        found, _ = recorded(reader, since)
        went = went_in(reader.absences(since), reader.absences_changed(since), since)
        return msgspec.structs.replace(past_in(found, since), went=went)

    past = await office.store.read(read)
    later = msgspec.structs.replace(past.moments[-1], at=office.clock.now + HOUR, changed=False)
    past = msgspec.structs.replace(past, moments=(*past.moments, later))
    replayed = replay(office_of(), past)
    assert {fate.owner for fate in replayed.fates} == {RepOwner("cat")}
