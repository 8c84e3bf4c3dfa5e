"""People are told in their working hours, several of a kind as one."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from scoring_service.store.transaction import Transaction
from scoring_service.values.stage import Stage
from scoring_service.workflows.notices import NoticeSent, tell
from tests.conftest import MONDAY
from tests.workflows.firing.conftest import an_mql, days, demo, in_stage, live, wants

NIGHT = datetime(2026, 3, 2, 22, tzinfo=UTC)
EVENING = datetime(2026, 3, 2, 16, 50, tzinfo=UTC)


async def sent(desk: Any) -> list[tuple[str, NoticeSent]]:
    """The notices that went out, with when."""
    events = await desk.store.read(lambda reader: reader.events(0, 1_000_000))
    return [
        (f"{event.at:%d %H:%M}", msgspec.json.decode(event.payload, type=NoticeSent))
        for _, event in events
        if event.type == "notice"
    ]


async def told(desk: Any, recipient: str, *lead_ids: str, kind: str = "review") -> tuple[str, ...]:
    """Have somebody told of some leads, now."""

    def unit(tx: Transaction, policy: Any, now: datetime) -> tuple[str, ...]:
        names: tuple[str, ...] = ()
        for lead_id in lead_ids:
            names = tell(tx, policy, recipient, kind, lead_id, f"{lead_id} is here", now)
        return names

    found: tuple[str, ...] = await desk.run(unit)
    return found


@pytest.mark.parametrize(
    ("at", "goes_out"),
    [
        pytest.param(MONDAY, "02 10:15", id="in his hours it waits for others a quarter"),
        pytest.param(EVENING, "02 16:59", id="shortly before they end it goes out before that"),
        pytest.param(NIGHT, "03 09:00", id="at night it is held until the morning"),
        pytest.param(
            datetime(2026, 3, 6, 22, tzinfo=UTC), "09 09:00", id="over a weekend until Monday"
        ),
    ],
)
async def test_when_a_notice_goes_out(office: Any, at: datetime, goes_out: str) -> None:
    await an_mql(office)
    office.clock.now = at
    await told(office, "mia", "l1")
    await live(office, at + days(4))
    assert [when for when, one in await sent(office) if one.notice == "review"] == [goes_out]


async def test_several_of_a_kind_within_a_quarter_are_one(office: Any) -> None:
    for i in (1, 2, 3):
        await an_mql(office, i)
    await told(office, "mia", "l1", "l2")
    office.clock.advance(minutes=14)
    await told(office, "mia", "l3")
    await told(office, "mia", "l3", kind="silent")
    await told(office, "vic", "l3")
    await live(office, MONDAY + timedelta(minutes=31))
    found = [(w, s.recipient, s.notice, len(s.leads)) for w, s in await sent(office)]
    assert found == [
        ("02 10:15", "mia", "review", 3),
        ("02 10:29", "mia", "silent", 1),
        ("02 10:29", "vic", "review", 1),
    ]


async def test_what_was_told_once_is_not_told_again(office: Any) -> None:
    await an_mql(office)
    await told(office, "mia", "l1")
    await live(office, MONDAY + timedelta(minutes=20))
    office.clock.advance(hours=1)
    await told(office, "mia", "l1")
    await live(office, MONDAY + timedelta(hours=2))
    assert [len(one.leads) for _, one in await sent(office)] == [1, 1]
    assert await office.store.read(lambda reader: reader.next_due()) > office.clock.now


async def test_one_who_is_away_is_told_and_who_stands_in_for_him_too(
    office: Any, office_of: Any
) -> None:
    leave = {"from": "2026-03-02", "to": "2026-03-03", "backup": "bob"}
    lead_id = await in_stage(office, Stage.SAL)
    await office.activate(office_of(ann={"leave": [leave]}, mia={"leave": [leave]}))
    assert await told(office, "ann", lead_id) == ("ann", "bob")
    await live(office, MONDAY + timedelta(hours=2))
    first = [s.recipient for _, s in await sent(office) if s.notice == "first_contact"]
    assert first == ["bob"], "the absent manager's notice goes to his backup alone"


async def test_one_who_left_has_his_manager_told(office: Any, office_of: Any) -> None:
    await an_mql(office)
    await office.activate(office_of(cat={"active": False}))
    assert await told(office, "cat", "l1") == ("mia",)


async def test_hours_that_changed_meanwhile_hold_a_notice_on(office: Any, office_of: Any) -> None:
    await an_mql(office)
    await told(office, "mia", "l1")
    later = {"office": {"weekly": {"mon-fri": "12:00-17:00"}}, "default": "office"}
    await office.activate(office_of({"calendars": later}))
    await live(office, MONDAY + timedelta(hours=3))
    assert [w for w, one in await sent(office) if one.notice == "review"] == ["02 12:00"]


@pytest.mark.slow
async def test_an_import_of_thousands_causes_few_notices(office: Any) -> None:
    for start in range(0, 2_000, 250):
        requests = [
            office.request(wants(i), activities=(demo(i, office.clock.now),))
            for i in range(start, start + 250)
        ]
        await office.together(*requests)
    await live(office, MONDAY + timedelta(hours=25))
    hours: dict[str, int] = {}
    for when, _ in await sent(office):
        hours[when[:5]] = hours.get(when[:5], 0) + 1
    told_of = sum(len(one.leads) for _, one in await sent(office) if one.notice == "accept")
    assert told_of == 4_000, "of each the manager at the first rung and his at the second"
    assert max(hours.values()) < 100
