"""Who cannot be given to anybody waits, and nobody overtakes."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from scoring_service.domain.policy import Policy
from scoring_service.values.decision import Cause, Passed
from scoring_service.values.lead import Lead
from scoring_service.values.owner import QueueOwner, RepOwner
from scoring_service.values.stage import Stage
from scoring_service.workflows.waiting import DRAIN

NEW_YORK_MIDNIGHT = datetime(2026, 3, 3, 5, 0, tzinfo=UTC)
QUEUE = QueueOwner("limited-waiting")


def british(i: int) -> Lead:
    return Lead(lead_id=f"l{i}", email=f"p{i}@firm{i}.example", employees=500, country="GB")


async def fill(desk: Any, leads: int) -> list[Any]:
    """Route so many leads to the pool of dan (2 a day) and eve (1 a day), a minute apart."""
    views = []
    for i in range(leads):
        desk.clock.advance(minutes=1)
        views.append(await desk.route(british(i)))
    return views


async def test_with_everyone_at_his_limit_leads_wait(desk: Any) -> None:
    views = await fill(desk, 5)
    assert [v.owner for v in views] == [
        RepOwner("dan"),
        RepOwner("eve"),
        RepOwner("dan"),
        QUEUE,
        QUEUE,
    ]
    waiting = views[3]
    assert (waiting.pool, waiting.stage) == ("limited", Stage.MQL)
    assert waiting.enqueued_at == waiting.assigned_at
    assert {c.outcome.value for c in waiting.considered} == {"per_day_max"}


async def test_the_one_drain_timer_is_the_midnight_in_the_reps_zone(desk: Any) -> None:
    await fill(desk, 5)
    timer = await desk.run(lambda tx, policy, now: tx.timer(DRAIN, "limited"))
    assert timer.due_at == NEW_YORK_MIDNIGHT


async def test_who_waits_keeps_his_place_and_its_instant(desk: Any) -> None:
    views = await fill(desk, 4)
    desk.clock.advance(hours=1)
    again = await desk.route(british(3))
    assert (again.owner, again.cause) == (QUEUE, Cause.KEPT)
    assert again.enqueued_at == views[3].enqueued_at
    assert again.assignment_id == views[3].assignment_id


async def test_at_midnight_the_oldest_are_drained_first(desk: Any) -> None:
    await fill(desk, 8)
    desk.clock.now = NEW_YORK_MIDNIGHT
    await desk.drain()
    owners = [(await desk.lead(f"l{i}")).owner for i in range(3, 8)]
    assert sorted(owner.id for owner in owners[:3]) == ["dan", "dan", "eve"]
    assert owners[3:] == [QUEUE, QUEUE]


async def test_a_drained_lead_keeps_its_stage_and_its_clock_starts_now(desk: Any) -> None:
    views = await fill(desk, 4)
    before = await desk.lead("l3")
    desk.clock.now = NEW_YORK_MIDNIGHT
    await desk.drain()
    after = await desk.lead("l3")
    assert (after.stage, after.visit) == (before.stage, before.visit)
    assert (before.waiting_in, after.waiting_in, after.enqueued_at) == ("limited", None, None)
    drained = await desk.run(lambda tx, policy, now: tx.assignment(after.assignment_id))
    assert drained.assigned_at == NEW_YORK_MIDNIGHT
    assert drained.respond_by > NEW_YORK_MIDNIGHT
    assert drained.enqueued_at == views[3].enqueued_at


async def test_who_arrives_at_midnight_does_not_overtake(desk: Any) -> None:
    await fill(desk, 8)
    desk.clock.now = NEW_YORK_MIDNIGHT
    arrives = await desk.route(british(99))
    assert arrives.owner == QUEUE
    waiting = [i for i in range(8) if (await desk.lead(f"l{i}")).owner == QUEUE]
    assert waiting == [6, 7]


async def test_nor_does_he_where_nobody_has_drained_yet(
    open_desk: Callable[..., Any], policy: Policy
) -> None:
    desk = open_desk("late", policy, lambda tx, policy, now: 0)
    await fill(desk, 8)
    desk.clock.now = NEW_YORK_MIDNIGHT
    arrives = await desk.route(british(99))
    assert (arrives.owner, {c.outcome for c in arrives.considered}) == (QUEUE, {Passed.QUEUE_FIRST})
    await desk.drain()
    waiting = [i for i in (*range(8), 99) if (await desk.lead(f"l{i}")).owner == QUEUE]
    assert waiting == [6, 7, 99]


async def test_before_midnight_nobody_is_drained(desk: Any) -> None:
    await fill(desk, 4)
    desk.clock.now = NEW_YORK_MIDNIGHT - timedelta(seconds=1)
    await desk.drain()
    assert (await desk.lead("l3")).owner == QUEUE


async def test_an_empty_queue_has_no_timer(desk: Any) -> None:
    await fill(desk, 4)
    desk.clock.now = NEW_YORK_MIDNIGHT
    await desk.drain()
    assert await desk.run(lambda tx, policy, now: tx.timer(DRAIN, "limited")) is None


async def test_a_long_queue_is_drained_in_slices(desk: Any, small: Any) -> None:
    await desk.activate(small(per_day_max=0))
    for i in range(150):
        await desk.route(Lead(lead_id=f"l{i}", employees=500))
    await desk.activate(small(per_day_max=None))
    await desk.drain()
    owners = {(await desk.lead(f"l{i}")).owner for i in range(150)}
    assert owners == {RepOwner("ann")}
