"""Experiments that other rules would begin: whom the guard and a diff take them to enrol."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from scoring_service.cli.rules.diff.recorded import recorded
from scoring_service.domain.experiments.enrolling import arm_of
from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.guard import Guard
from scoring_service.values.activity import Activity
from scoring_service.values.lead import Lead
from scoring_service.values.stage import Stage
from scoring_service.workflows.diff.arriving import Sent, past_of
from scoring_service.workflows.diff.comparing import compared
from scoring_service.workflows.diff.guarding import Judged, judged, told
from scoring_service.workflows.diff.latest import latest_leads
from scoring_service.workflows.diff.past import Arrived
from scoring_service.workflows.diff.replaying import replay
from scoring_service.workflows.diff.results import Enrolled
from scoring_service.workflows.diff.stored_past import past_in
from tests.workflows.intake.conftest import Front, front, large
from tests.workflows.intake.test_joining import BAR, HALVES, IN_CONTROL, IN_LOWER, experiment, tried

__all__ = ["front", "large", "tried"]

LEADS = ("lead-1", "lead-2", "lead-3", "lead-4")
LOWER = [lead_id for lead_id in LEADS if arm_of(BAR, lead_id, HALVES) == "lower"]


async def come(front: Front, large: Any, *leads: str) -> None:
    """Leads of two page views each, an hour apart: 30 points, below 40 and above 25."""
    for lead_id in leads:
        front.clock.advance(hours=1)
        lead = large(lead_id, email=f"{lead_id}@large-{lead_id}.example")
        await front.takes(lead, *[front.did("pricing_page_view") for _ in range(2)])


async def found(front: Front, new: Policy, leads: int = 10) -> Judged:
    active, now, guard = front.desk.policy, front.clock.now, Guard(0.0, leads)
    told: Judged = await front.desk.store.read(lambda r: judged(r, guard, active, new, now))
    return told


@pytest.mark.parametrize(
    ("begins", "days", "changed"),
    [
        pytest.param(0, 30, len(LOWER), id="one-that-begins-today-is-judged-by-those-before-it"),
        pytest.param(3, 30, len(LOWER), id="so-is-one-that-begins-later"),
        pytest.param(-30, 29, 0, id="one-that-is-over-moves-nobody"),
    ],
)
async def test_a_new_experiment_is_judged_by_whom_it_would_enrol(
    front: Front, large: Any, tried: Callable[..., Policy], begins: int, days: int, changed: int
) -> None:
    await come(front, large, *LEADS)
    starts = front.clock.now.date() + timedelta(days=begins)
    guarded = await found(front, tried({BAR: experiment(starts, days)}))
    assert (guarded.leads, guarded.changed) == (len(LEADS), changed)
    assert guarded.refused == bool(changed)
    enrolled = Enrolled(BAR, {"control": len(LEADS) - len(LOWER), "lower": len(LOWER)})
    assert guarded.foreseen == ((enrolled,) if changed else ())


async def test_the_refusal_says_what_was_assumed(
    front: Front, large: Any, tried: Callable[..., Policy]
) -> None:
    await come(front, large, IN_CONTROL, IN_LOWER)
    said = told(await found(front, tried()), "abc", "rules", front.clock.now)
    assert "would change the owner of 1 of the last 2 leads" in said
    assert (
        "experiment lower-bar is new and taken to run all the while: 2 leads in the arm they would"
        " get if they came now (control 1, lower 1)" in said
    )


async def test_an_experiment_that_decides_already_is_not_foreseen(
    front: Front, large: Any, tried: Callable[..., Policy]
) -> None:
    running = tried()
    await come(front, large, IN_LOWER)
    await front.desk.activate(running)
    guarded = await found(front, running)
    assert (guarded.changed, guarded.foreseen) == (0, ())


async def test_who_is_with_sales_when_the_window_begins_is_not_enrolled(
    front: Front, large: Any, tried: Callable[..., Policy]
) -> None:
    await come(front, large, IN_LOWER, IN_CONTROL)
    await front.records(IN_CONTROL, *[front.did("demo_request") for _ in range(3)])
    front.clock.advance(hours=1)
    await front.records(IN_CONTROL, front.did("demo_request"))
    assert (await front.lead(IN_CONTROL)).stage is Stage.MQL
    past = await front.desk.store.read(lambda r: latest_leads(r, 10, front.desk.policy.reps))
    new, since = tried(), past.moments[-1].at
    assert replay(new, past, foreseen=new.experiments).foreseen[0].arms == {
        "control": 1,
        "lower": 1,
    }
    found, _ = await front.desk.store.read(lambda reader: recorded(reader, since))
    late = replay(new, past_in(found, since), foreseen=new.experiments)
    assert ([fate.lead_id for fate in late.fates], late.foreseen[0].leads) == ([IN_CONTROL], 0)


async def test_a_person_is_in_the_arm_of_the_first_lead(front: Front, large: Any) -> None:
    await come(front, large, "lead-2", "lead-1")
    await front.records("lead-1", *[front.did("demo_request") for _ in range(3)])
    await front.merges("lead-1", "lead-2")
    past = await front.desk.store.read(lambda r: latest_leads(r, 10, front.desk.policy.reps))
    arrived = [moment for moment in past.moments if isinstance(moment, Arrived)]
    assert {(moment.lead.lead_id, moment.first) for moment in arrived} == {("lead-1", "lead-2")}


def sent(number: int, lead: Lead, now: Any) -> Sent:
    did = tuple(
        Activity("pricing_page_view", now - timedelta(minutes=n), f"a{number}-{n}") for n in (1, 2)
    )
    return Sent(number, now + timedelta(minutes=number), lead, did)


async def test_leads_of_a_file_are_foreseen_by_their_own_ids_alone(
    front: Front, large: Any, tried: Callable[..., Policy], policy: Policy
) -> None:
    now, new = front.clock.now, tried()
    named = [large(lead_id, email=f"{lead_id}@x{lead_id}.example") for lead_id in LEADS]
    nobody = Lead(email="nobody@large-9.example", employees=5000, source="web")
    rows = [sent(n, lead, now) for n, lead in enumerate((*named, nobody), 1)]
    past, left_out = past_of(rows)
    assert left_out == ()
    firsts = [moment.first for moment in past.moments if isinstance(moment, Arrived)]
    assert firsts == [*LEADS, ""]
    begun = new.experiments
    diff = compared(replay(policy, past), replay(new, past, foreseen=begun), past)
    assert [change.lead_id for change in diff.changes] == LOWER
    assert diff.foreseen[0].leads == len(LEADS), "an id that a line is given says nothing"
    assert replay(new, past).fates == replay(policy, past).fates, "unless it is foreseen"
