"""The stage table row by row: a lead that is left alone for two years, in each stage."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from scoring_service.values.clock import next_due
from scoring_service.values.happening import Opportunity
from scoring_service.values.lead import Lead
from scoring_service.values.stage import FINISHED, Stage
from scoring_service.values.stored import Timer
from tests.conftest import MONDAY
from tests.workflows.firing.conftest import days, diary, in_stage, is_whole, live, moved, to_track

TWO_YEARS = MONDAY + days(731)
NAMED = {"email": "p@small.example", "employees": 5}


@pytest.mark.parametrize(
    ("fields", "happens"),
    [
        pytest.param(
            {"employees": 5},
            ["2026-05-31 10:00 disqualified, never_identified"],
            id="anonymous ends after 90 days without any activity",
        ),
        pytest.param(
            NAMED,
            [
                "2026-03-04 10:00 incomplete_notice: sales-ops",
                "2026-03-16 10:00 disqualified, incomplete",
            ],
            id="known is told to the intake queue, then ends incomplete",
        ),
        pytest.param(
            {**NAMED, "source": "web"},
            ["2026-08-29 10:00 review: marketing", "2028-03-01 10:00 disqualified, no_engagement"],
            id="nurture is reviewed, and ends after two years",
        ),
    ],
)
async def test_what_marketing_holds_ends(
    office: Any, fields: dict[str, Any], happens: list[str]
) -> None:
    await office.route(Lead(lead_id="l1", **fields))
    await live(office, TWO_YEARS)
    assert await diary(office, "l1") == happens
    assert (await office.lead("l1")).stage is Stage.DISQUALIFIED
    assert await is_whole(office)


NOBODY_ELSE = [f"2026-03-{day} 10:00 nobody: sales-ops" for day in (16, 17, 18)]


@pytest.mark.parametrize(
    ("stage", "first", "then"),
    [
        pytest.param(
            Stage.MQL,
            [
                "2026-03-02 14:00 accept: mia",
                "2026-03-03 10:00 accept: vic",
                "2026-03-05 10:00 accept: reassigned",
                "2026-03-05 14:00 accept: mia",
                "2026-03-06 10:00 accept: vic",
                "2026-03-09 10:00 escalate: mia, sales-ops",
                "2026-03-10 10:00 accept: reassigned",
                "2026-03-10 14:00 accept: mia",
                "2026-03-11 10:00 accept: vic",
                "2026-03-13 10:00 accept: sales-ops",
                *NOBODY_ELSE,
            ],
            "2026-03-30 10:00 recycled, not_worked",
            id="an mql climbs the ladder with each of three reps, and is recycled",
        ),
        pytest.param(
            Stage.SAL,
            [
                "2026-03-02 11:00 first_contact: mia",
                "2026-03-16 10:00 no_contact: reassigned",
                "2026-03-16 11:00 first_contact: mia",
                "2026-03-30 10:00 no_contact: reassigned",
                "2026-03-30 11:00 first_contact: mia",
                "2026-04-13 10:00 no_contact: sales-ops",
                "2026-04-14 10:00 nobody: sales-ops",
                "2026-04-15 10:00 nobody: sales-ops",
            ],
            "2028-03-01 10:00 nobody: sales-ops",
            id="a sal is reassigned, and the top is told for ever where nobody else is left",
        ),
        pytest.param(
            Stage.SQL,
            ["2026-03-04 10:00 open_opportunity: mia"],
            "2026-03-30 10:00 recycled, stalled",
            id="an sql is told to the manager, and recycled",
        ),
        pytest.param(
            Stage.OPPORTUNITY,
            ["2026-03-30 10:00 silent: ann, mia", "2026-04-13 10:00 silent: ann, mia"],
            "2028-02-28 10:00 silent: ann, mia",
            id="a silent opportunity is told to its owner and the manager again and again",
        ),
        pytest.param(
            Stage.CLOSED_LOST,
            ["2026-03-09 10:00 recycled, timing"],
            "2026-03-09 10:00 recycled, timing",
            id="what was lost is disposed of by its reason",
        ),
    ],
)
async def test_what_sales_holds_is_never_silent(
    office: Any, stage: Stage, first: list[str], then: str
) -> None:
    lead_id = await in_stage(office, stage)
    await live(office, TWO_YEARS)
    happened = [line for line in await diary(office, lead_id) if " lapse: " not in line]
    assert happened[: len(first)] == first
    assert happened[-1] == then
    lead = await office.lead(lead_id)
    due = next_due(lead.clocks)
    assert lead.stage in FINISHED or (due is not None and due > TWO_YEARS)
    assert await is_whole(office)


async def test_what_was_lost_for_a_reason_that_disqualifies_ends(office: Any) -> None:
    lead_id = await in_stage(office, Stage.CLOSED_LOST, reason="wrong_icp")
    await live(office, TWO_YEARS)
    assert await diary(office, lead_id) == ["2026-03-09 10:00 disqualified, wrong_icp"]


async def test_what_was_lost_for_a_reason_that_is_gone_is_recycled(
    office: Any, office_of: Any
) -> None:
    """Whatever the rules say of `other`: that was not the reason."""
    ends, tracks = {"then": "disqualify"}, {"newsletter": {"owner": "marketing"}}
    before, after = (
        office_of({"lifecycle": {"reasons": {reason: ends}, "tracks": tracks}})
        for reason in ("merger", "other")
    )
    await office.activate(before)
    lead_id = await in_stage(office, Stage.CLOSED_LOST, reason="merger")
    await office.activate(after)
    await live(office, MONDAY + days(8))
    assert await diary(office, lead_id) == ["2026-03-09 10:00 recycled, merger"]
    again = (await office.lead(lead_id)).reevaluate_at
    assert again.date() == (MONDAY + days(7 + 90)).date()


async def test_an_opportunity_is_overdue_five_days_after_its_expected_close(office: Any) -> None:
    close = Opportunity(MONDAY, expected_close=date(2026, 3, 20))
    lead_id = await in_stage(office, Stage.OPPORTUNITY, opportunity=close)
    await live(office, MONDAY + days(45))
    assert await diary(office, lead_id) == [
        "2026-03-27 09:00 overdue: ann, mia",
        "2026-03-30 10:00 silent: ann, mia",
        "2026-04-10 09:00 overdue: ann, mia",
        "2026-04-13 10:00 silent: ann, mia",
    ]


async def test_an_expected_close_that_is_long_past_is_told_at_once(office: Any) -> None:
    close = Opportunity(MONDAY, expected_close=date(2025, 3, 20))
    lead_id = await in_stage(office, Stage.OPPORTUNITY, opportunity=close)
    await live(office, MONDAY + days(8))
    assert await diary(office, lead_id) == ["2026-03-02 10:00 overdue: ann, mia"]


async def test_in_a_queue_its_owner_is_told_then_the_top(office: Any, office_of: Any) -> None:
    await office.activate(office_of(dan={"open_leads_max": 0}))
    await office.route(Lead(lead_id="l1", country="GB", email="p@b.example"))
    await live(office, MONDAY + days(10))
    assert await diary(office, "l1") == [
        "2026-03-02 14:00 accept: olu",
        "2026-03-03 10:00 accept: olu",
        "2026-03-05 10:00 accept: sales-ops",
        "2026-03-06 10:00 accept: sales-ops",
        "2026-03-09 10:00 accept: sales-ops",
        "2026-03-09 10:00 escalate: olu, sales-ops",
        "2026-03-10 10:00 accept: sales-ops",
        "2026-03-11 10:00 accept: sales-ops",
    ]
    assert (await office.lead("l1")).waiting_in == "limited"


async def test_a_recycled_lead_ends_where_nothing_happens(office: Any) -> None:
    lead_id = await in_stage(office, Stage.SAL)
    await moved(office, lead_id, to_track(), recycled_at=MONDAY, reevaluate_at=MONDAY + days(90))
    await live(office, TWO_YEARS)
    assert await diary(office, lead_id) == ["2028-03-01 10:00 disqualified, no_engagement"]


async def test_what_is_done_at_the_deadline_is_in_time_and_the_next_instant_is_late(
    office: Any,
) -> None:
    lead_id = await in_stage(office, Stage.SAL)
    office.clock.now = MONDAY + timedelta(hours=1)
    await office.drain()
    assert await diary(office, lead_id) == []
    office.clock.advance(microseconds=1)
    await office.drain()
    assert await diary(office, lead_id) == ["2026-03-02 11:00 first_contact: mia"]
    late = next(c for c in (await office.lead(lead_id)).clocks if c.name == "first_contact")
    assert (late.breached_at, late.due_at) == (MONDAY + timedelta(hours=1), None)


async def test_a_lead_of_an_older_schema_gets_the_clocks_of_its_stage(office: Any) -> None:
    lead_id = await in_stage(office, Stage.SAL)
    await office.run(lambda tx, policy, now: _as_before(tx, lead_id, now))
    await live(office, MONDAY + days(1))
    lead = await office.lead(lead_id)
    assert {clock.name for clock in lead.clocks} >= {"first_contact", "no_contact"}
    assert await is_whole(office)


def _as_before(tx: Any, lead_id: str, now: Any) -> None:
    lead = tx.lead(lead_id)
    tx.save_lead(msgspec.structs.replace(lead, clocks=()))
    tx.set_timer(Timer("lead", lead_id, now, ""))
