"""A replay's owners, routes, stages and loads are those of a real store, routed one by one."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
import pytest

from scoring_service.cli.rules.diff.recorded import recorded
from scoring_service.domain.lifecycle.moves import Mover
from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.facts import Asked
from scoring_service.values.owner import QueueOwner, RepOwner
from scoring_service.values.score import Score
from scoring_service.values.stage import PATH, Stage
from scoring_service.workflows.diff.comparing import compared, owner_text
from scoring_service.workflows.diff.past import Arrived, Left, Moment, Past
from scoring_service.workflows.diff.replaying import replay
from scoring_service.workflows.diff.results import Replayed
from scoring_service.workflows.diff.stored_past import past_in
from scoring_service.workflows.drains import run_due
from scoring_service.workflows.entering import Entry, enter
from scoring_service.workflows.replay import decision_in, facts_in
from scoring_service.workflows.waiting import DRAIN

WORKED = PATH[PATH.index(Stage.MQL) :]


def next_drain(tx: Transaction, policy: Policy, now: datetime) -> datetime | None:
    timers = (tx.timer(DRAIN, pool) for pool in tx.oldest_waiting_pools())
    return min((timer.due_at for timer in timers if timer), default=None)


async def drain(desk: Any) -> None:
    """Queues only: what clocks do is the past's, the same for both."""
    while await desk.run(run_due):
        pass


async def let_pass(desk: Any, clock: Any, at: datetime) -> None:
    """Have every queue drained at the instant at which its timer is due."""
    while (due := await desk.run(next_drain)) is not None and due <= at:
        clock.now = max(clock.now, due)
        await drain(desk)
    clock.now = at


async def happen(desk: Any, moment: Moment) -> None:
    if isinstance(moment, Arrived):
        await desk.route(moment.lead, activities=moment.activities)
        return
    found = await desk.store.read(lambda reader: reader.lead(moment.lead_id))
    if found is not None and found.stage in WORKED:
        await desk.run(lambda tx, policy, now: leave(tx, policy, moment, now))


def leave(tx: Transaction, policy: Policy, moment: Left, now: datetime) -> None:
    lead = tx.lead(moment.lead_id)
    assert lead is not None
    mover = Mover.AUTHORISED
    score = msgspec.convert(
        {
            "fit": 0, "behaviour": 0, "fit_grade": "D", "behaviour_level": 4,
            "quadrant": "deprioritise", "mql_ready": False, "bars": [], "contributions": [],
            "as_of": now, "policy_revision": policy.revision,
        },
        Score,
    )  # fmt: skip
    if lead.stage is not moment.stage:
        enter(tx, policy, lead, Entry(moment.stage, mover, "moved"), score, now)


async def routed_for_real(desk: Any, clock: Any, moments: tuple[Moment, ...]) -> None:
    for moment in moments:
        await let_pass(desk, clock, moment.at)
        await happen(desk, moment)
        await drain(desk)


async def counted(desk: Any, replayed: Replayed) -> dict[str, Any]:
    """The same figures as a replay's, counted anew in the store."""
    assignments = await desk.store.read(lambda reader: reader.assignments(limit=100_000))
    quadrants = {
        record.lead_id: decision_in(record).score.quadrant.value
        for record in await desk.decisions()
        if facts_in(record).asked is Asked.ROUTE
    }
    fates, waiting = {}, Counter[str]()
    for fate in replayed.fates:
        lead = await desk.lead(fate.lead_id)
        entries = await desk.store.read(lambda r, who=fate.lead_id: r.stage_entries(who))
        mql = next((one.cause for one in entries if one.stage_to == "mql"), None)
        stands = {one.assignment_id: one for one in assignments}.get(lead.assignment_id)
        route = stands.route if stands else ""
        fates[fate.lead_id] = (owner_text(lead.owner), route, quadrants[fate.lead_id], mql)
        waiting.update([lead.waiting_in] if lead.waiting_in else [])
    given = [one for one in assignments if isinstance(one.owner, RepOwner)]
    return {
        "fates": fates,
        "taken": Counter(one.owner.id for one in given),
        "drawn": Counter(one.pool for one in given if one.draw_number is not None),
        "waiting": waiting,
    }


def of_replay(replayed: Replayed) -> dict[str, Any]:
    return {
        "fates": {
            fate.lead_id: (owner_text(fate.owner), fate.route, fate.quadrant, fate.mql)
            for fate in replayed.fates
        },
        "taken": replayed.taken,
        "drawn": replayed.drawn,
        "waiting": replayed.waiting,
    }


CHANGED_ROUTES = [
    {"name": "british", "when": 'country == "GB"', "assign": {"pool": "west"}},
    {
        "name": "tiny firms",
        "when": "employees < 10",
        "assign": {"queue": "triage", "owner": "sales-ops"},
    },
    {"name": "large firms", "when": "employees >= 200", "assign": {"pool": "large"}},
    {"name": "interested", "when": "score.behaviour >= 30", "assign": {"pool": "west"}},
]


@pytest.mark.parametrize("seed", range(4))
async def test_a_diff_is_what_a_brute_force_recount_of_two_stores_gives(
    seed: int,
    team_policy: Callable[..., Policy],
    past_of: Callable[[int, int], tuple[Moment, ...]],
    open_desk: Callable[..., Any],
    clock: Any,
) -> None:
    moments = past_of(seed, 60)
    past, started = Past(moments), moments[0].at
    sides = []
    for name, policy in ("old", team_policy()), ("new", team_policy(CHANGED_ROUTES)):
        clock.now = started
        desk = open_desk(name, policy, run_due)
        await routed_for_real(desk, clock, moments)
        replayed = replay(policy, past)
        real = await counted(desk, replayed)
        assert of_replay(replayed) == real
        sides.append((replayed, real))
    (old, old_real), (new, new_real) = sides
    diff = compared(old, new, past)
    before, after = old_real["fates"], new_real["fates"]
    differing = [who for who in before if before[who] != after[who]]
    assert [change.lead_id for change in diff.changes] == differing
    assert len(differing) > 5
    assert diff.owner == sum(before[who][0] != after[who][0] for who in before)
    assert any(isinstance(fate.owner, QueueOwner) for fate in new.fates)
    for load in diff.reps:
        assert load.taken.old == old_real["taken"][load.rep_id]
        assert load.taken.new == new_real["taken"][load.rep_id]
        assert load.leads.new == sum(owner[0] == load.rep_id for owner in after.values())


@pytest.mark.parametrize("seed", range(3))
async def test_a_window_read_from_a_store_replays_as_the_store_decided(
    seed: int,
    team_policy: Callable[..., Policy],
    past_of: Callable[[int, int], tuple[Moment, ...]],
    open_desk: Callable[..., Any],
    clock: Any,
) -> None:
    moments, policy = past_of(seed, 60), team_policy()
    clock.now = moments[0].at
    desk = open_desk("old", policy, run_due)
    await routed_for_real(desk, clock, moments)
    since = moments[len(moments) // 2].at
    past = await desk.store.read(lambda reader: past_in(recorded(reader, since)[0], since))
    assert len(past.stood) > 10
    replayed = replay(policy, past)
    assert len(replayed.fates) > 10
    real = await counted(desk, replayed)
    assert of_replay(replayed)["fates"] == real["fates"]
    assert replayed.waiting == await all_waiting(desk)


async def all_waiting(desk: Any) -> dict[str, int]:
    def count(tx: Transaction, policy: Policy, now: datetime) -> dict[str, int]:
        return {pool: tx.waiting((pool,), 1)[0] for pool in tx.oldest_waiting_pools()}

    found: dict[str, int] = await desk.run(count)
    return found
