"""The service was down for days: overdue ladders send one notice each, nobody's lead is taken at
once.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from scoring_service.store.transaction import Transaction
from scoring_service.values.owner import RepOwner
from scoring_service.values.stage import Stage
from scoring_service.workflows.firing.downtime import started_at
from tests.conftest import MONDAY
from tests.workflows.firing.conftest import an_mql, days, diary, in_stage, is_whole, live

THURSDAY = MONDAY + days(3) + timedelta(hours=2)
SATURDAY = datetime(2026, 3, 7, 10, tzinfo=UTC)


async def down_until(desk: Any, at: datetime) -> None:
    """Nobody looks at a timer until then."""
    desk.clock.now = at
    await desk.drain()


async def owner_of(desk: Any, lead_id: str) -> str:
    """The rep who has a lead."""
    owner = (await desk.lead(lead_id)).owner
    assert isinstance(owner, RepOwner), owner
    return owner.id


async def test_a_ladder_sends_only_its_last_overdue_notice(office: Any) -> None:
    lead_id = await an_mql(office)
    await down_until(office, MONDAY + days(2))
    assert await diary(office, lead_id) == ["2026-03-04 10:00 accept: vic"]


async def test_nobodys_lead_is_taken_before_one_business_hour_after_the_start(
    office: Any,
) -> None:
    leads = [await an_mql(office, i) for i in range(6)]
    had = {lead_id: await owner_of(office, lead_id) for lead_id in leads}
    await down_until(office, THURSDAY)
    await live(office, THURSDAY + timedelta(minutes=59))
    assert {lead_id: await owner_of(office, lead_id) for lead_id in leads} == had
    for lead_id in leads:
        assert await diary(office, lead_id) == ["2026-03-05 12:00 accept: vic"]
    await live(office, THURSDAY + timedelta(minutes=61))
    for lead_id in leads:
        assert await owner_of(office, lead_id) != had[lead_id]
        assert (await diary(office, lead_id))[1:] == ["2026-03-05 13:00 accept: reassigned"]
    assert await is_whole(office)


async def test_started_at_a_weekend_the_hour_is_mondays_first(office: Any) -> None:
    lead_id = await an_mql(office)
    await down_until(office, SATURDAY)
    await live(office, SATURDAY + days(2) + timedelta(hours=1))
    assert (await diary(office, lead_id))[:2] == [
        "2026-03-07 10:00 accept: vic",
        "2026-03-09 10:00 accept: reassigned",
    ]


async def test_the_breach_of_what_waited_dates_from_its_deadline(office: Any) -> None:
    lead_id = await an_mql(office)
    await down_until(office, THURSDAY)
    accept = next(c for c in (await office.lead(lead_id)).clocks if c.name == "accept")
    assert accept.breached_at == MONDAY + timedelta(hours=4)
    assert accept.due_at == THURSDAY + timedelta(hours=1)


async def test_what_comes_again_comes_once_for_all_that_was_missed(office: Any) -> None:
    lead_id = await in_stage(office, Stage.OPPORTUNITY)
    await down_until(office, MONDAY + days(100))
    await live(office, MONDAY + days(115))
    assert await diary(office, lead_id) == [
        "2026-06-10 10:00 silent: ann, mia",
        "2026-06-24 10:00 silent: ann, mia",
    ]


async def test_what_falls_due_in_time_notes_no_start(office: Any) -> None:
    await an_mql(office)
    await live(office, MONDAY + days(4))
    assert await started(office) is None
    await down_until(office, MONDAY + days(7))
    assert await started(office) == MONDAY + days(7)
    await live(office, MONDAY + days(9))
    assert await started(office) == MONDAY + days(7), "what falls due in time moves no start"


async def started(desk: Any) -> datetime | None:
    """The start that is kept."""

    def unit(tx: Transaction, policy: Any, now: datetime) -> datetime | None:
        return started_at(tx)

    found: datetime | None = await desk.run(unit)
    return found
