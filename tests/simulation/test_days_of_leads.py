"""Days of leads, simulated in seconds: whatever happens, the promises hold."""

from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest

from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.case import Case
from scoring_service.domain.routing.decide import decide
from scoring_service.store.transaction import Transaction
from scoring_service.store.writer_due import DueWork
from scoring_service.values.condition import ConditionError
from scoring_service.values.decision import Cause, Decision, Passed
from scoring_service.values.errors import Refusal
from scoring_service.values.facts import Asked, Facts
from scoring_service.values.owner import QueueOwner, RepOwner
from scoring_service.values.stored import QueuePlace
from scoring_service.workflows.account_lookup import account_of
from scoring_service.workflows.drains import ACTOR, run_due
from scoring_service.workflows.facts import facts_of
from scoring_service.workflows.pools import PoolReader, feeders
from scoring_service.workflows.replay import Verdict, decision_in, facts_in, replay
from scoring_service.workflows.requests import RouteLead
from scoring_service.workflows.waiting import DRAIN

DAYS, RELOAD_EVERY, LOOK_EVERY, TRIED_MAX = 10, 97, 90, 8
AHEAD = timedelta(days=3)
STEP = timedelta(minutes=30)


def takes(tx: Transaction, policy: Policy, rep_id: str, pool: str, lead_id: str) -> bool:
    """Whether a rep may take a lead, by the rules alone: nothing that a decision wrote is used."""
    lead = tx.lead(lead_id)
    assert lead is not None
    if rep_id in lead.excluded or not policy.reps[rep_id].active:
        return False
    member = next(m for m in policy.pools[pool].members if m.rep_id == rep_id)
    facts = facts_of(policy, lead, account_of(tx, lead.lead), tx.now)
    try:
        symbols = Case(policy, facts, lambda _: pytest.fail("no pool is needed")).symbols
        return member.condition is None or member.condition(symbols)
    except ConditionError:
        return False


def everybody_waiting(tx: Transaction, at_most: int = 9999) -> list[QueuePlace]:
    """All places of all queues, or the first of each."""
    pools = tx.oldest_waiting_pools()
    return [place for pool in pools for place in tx.waiting((pool,), at_most)[1]]


def is_drawn(decision: Decision) -> bool:
    """Whether the owner had a turn, and not a claim: an account's owner need not wait for one."""
    return any(one.outcome is Passed.CHOSEN and one.pool for one in decision.considered)


class Watch:
    """Looks at everything decided since it last looked."""

    def __init__(self, desk: Any) -> None:
        self.desk, self.seen = desk, ""
        self.counts: Counter[str] = Counter()
        self.taken_from: dict[str, set[str]] = {}

    async def look(self) -> None:
        records = await self.desk.decisions(self.seen)
        if not records:
            return
        self.seen = records[-1].decision_id
        made = [(record.actor, facts_in(record), decision_in(record)) for record in records]
        for actor, facts, decision in made:
            kind = type(decision.owner).__name__
            self.counts[f"{decision.cause} {kind}{' drained' if actor == ACTOR else ''}"] += 1
            self.counts["stood in"] += bool(decision.stood_in_for)
            self.counts["behind"] += any(
                one.outcome is Passed.QUEUE_FIRST for one in decision.considered
            )
            assert facts.now == self.desk.clock.now
            self.never_back(facts, decision)
        draws = [(f, d) for _, f, d in made if is_drawn(d)]
        if draws:
            await self.desk.run(lambda tx, policy, now: nobody_overtook(tx, policy, draws))

    def never_back(self, facts: Facts, decision: Decision) -> None:
        """Whoever a lead was taken from does not get it back in the same visit."""
        taken = self.taken_from.setdefault(facts.lead.lead_id, set())
        if decision.stage is not facts.stage:
            taken.clear()
        if facts.asked is Asked.REASSIGN and decision.cause is not Cause.KEPT:
            taken |= set(facts.excluded)
        if isinstance(decision.owner, RepOwner):
            assert decision.owner.id not in taken


def nobody_overtook(
    tx: Transaction, policy: Policy, draws: Iterable[tuple[Facts, Decision]]
) -> None:
    """An arriving lead takes its place behind those waiting that the same rep could take: nobody
    still waits who was there before and whom that rep could have taken.
    """
    waiting = everybody_waiting(tx)
    for facts, decision in draws:
        assert isinstance(decision.owner, RepOwner)
        since = decision.enqueued_at or facts.now
        for place in waiting:
            before = place.enqueued_at < since or (decision.enqueued_at is None)
            if place.pool in feeders(policy, decision.pool) and before:
                rep = decision.owner.id
                assert not takes(tx, policy, rep, decision.pool, place.lead_id), (
                    f"{facts.lead.lead_id} overtook {place.lead_id} with {rep}"
                )


def nothing_waits_unwatched(tx: Transaction, policy: Policy, now: datetime) -> None:
    """No queue waits without a drain timer unless only an event can free somebody: who waits is
    tried at every half hour of the days ahead, as if nothing else happened.
    """
    for place in everybody_waiting(tx, TRIED_MAX):
        timer = tx.timer(DRAIN, place.pool)
        lead, then = tx.lead(place.lead_id), now
        assert lead is not None
        while then < (min(timer.due_at, now + AHEAD) if timer else now + AHEAD):
            facts = facts_of(policy, lead, account_of(tx, lead.lead), then, asked=Asked.DRAIN)
            found = decide(policy, facts, PoolReader(tx, policy, then, drains=True))
            assert not isinstance(found.owner, RepOwner), (
                f"{place.lead_id} could go to {found.owner.id} at {then}, timer {timer}"
            )
            then += STEP


def credits_sum_to_zero(tx: Transaction, policy: Policy, now: datetime) -> None:
    """All credits of a pool sum to 0."""
    for pool in policy.pools:
        assert sum(credit.credit for credit in tx.rotation(pool).credits) == 0


async def one_owner_one_stage_one_assignment(desk: Any, lead_ids: Iterable[str]) -> None:
    """Every lead is in exactly one stage, has exactly one owner and one assignment that stands."""
    for lead_id in lead_ids:
        lead = await desk.lead(lead_id)
        given, entries = await desk.store.read(
            lambda reader, lead_id=lead_id: (
                reader.assignments(lead_id=lead_id),
                reader.stage_entries(lead_id),
            )
        )
        standing = [one for one in given if one.ended_at is None]
        assert [(one.assignment_id, one.owner) for one in standing] == [
            (lead.assignment_id, lead.owner)
        ]
        assert (entries[-1].stage_to, entries[-1].visit) == (lead.stage.value, lead.visit)
        assert [e.stage_from for e in entries[1:]] == [e.stage_to for e in entries[:-1]]
        waits = await desk.run(
            lambda tx, policy, now, lead_id=lead_id: [
                place.pool for place in everybody_waiting(tx) if place.lead_id == lead_id
            ]
        )
        assert waits == ([lead.waiting_in] if lead.waiting_in else [])
        if lead.waiting_in:
            assert lead.owner == QueueOwner(desk.policy.pools[lead.waiting_in].queue.name)


async def sent_one(desk: Any, request: RouteLead) -> None:
    """Send a request; one that comes too late, or moves what may not be moved, is refused."""
    with suppress(Refusal):
        await desk.ask(request)


async def sleep_until(desk: Any, then: datetime, watch: Watch | None = None) -> None:
    """Let time pass as the poller does: every due drain at its instant, or late."""
    while True:
        due = await desk.store.read(lambda reader: reader.next_due())
        if due is None or due > then:
            break
        desk.clock.now = max(desk.clock.now, due)
        await desk.drain()
        if watch is not None:
            await watch.look()
    desk.clock.now = then


def never(tx: Transaction, policy: Policy, now: datetime) -> int:
    """A writer that leaves draining to others: whoever arrives first finds the queue full."""
    return 0


@pytest.mark.parametrize(("seed", "due"), [(1, run_due), (2, never)], ids=["prompt", "late"])
async def test_days_of_leads(
    open_desk: Callable[..., Any],
    policies: list[Policy],
    traffic: Callable[..., Any],
    accounts: Any,
    seed: int,
    due: DueWork,
) -> None:
    desk = open_desk("days", policies[0], due)
    await desk.upsert(*accounts)
    coming, watch = traffic(desk, seed), Watch(desk)
    first = desk.clock.now
    sent = 0
    while desk.clock.now < first + timedelta(days=DAYS):
        then = desk.clock.now + coming.pause()
        if due is run_due or sent % 3 == 0:
            await sleep_until(desk, then, watch)
        desk.clock.now = then
        await sent_one(desk, coming.request())
        await watch.look()
        sent += 1
        if sent % RELOAD_EVERY == 0:
            await desk.activate(policies[sent // RELOAD_EVERY % len(policies)])
        if sent % LOOK_EVERY == 0:
            await desk.run(nothing_waits_unwatched)
            await desk.run(credits_sum_to_zero)
    await one_owner_one_stage_one_assignment(desk, coming.lead_ids)
    by_revision = {policy.revision: policy for policy in policies}
    for record in await desk.decisions():
        found = replay(by_revision[record.revision], record)
        assert found.verdict is Verdict.EQUAL, found.differing
    happened = watch.counts
    assert sum(happened[what] for what in happened if what.endswith("drained")) > 50, happened
    expected = ["routed QueueOwner", "reassigned RepOwner", "kept QueueOwner", "stood in"]
    for what in [*expected, "behind"] if due is never else expected:
        assert happened[what], f"{what} never happened: {happened}"


async def burst(desk: Any, coming: Any, then: datetime, leads: int) -> list[Any]:
    """Requests of one instant, after everything that was due before it."""
    await sleep_until(desk, then)
    return [coming.request() for _ in range(leads)]


async def one_by_one(desk: Any, requests: Iterable[RouteLead]) -> list[Any]:
    """The answers or refusals of requests, each in a batch of its own."""
    found: list[Any] = []
    for request in requests:
        found += await desk.settle(request)
    return found


async def test_batches_of_1_and_of_64_give_equal_results(
    open_desk: Callable[..., Any],
    policies: list[Policy],
    traffic: Callable[..., Any],
    accounts: Any,
) -> None:
    """With queues, limits, drains and reassignments, on the days of both desks alike."""
    desks = [open_desk(name, policies[0]) for name in ("single", "batched")]
    comings = [traffic(desk, 7) for desk in desks]
    clock = desks[0].clock
    for desk in desks:
        await desk.upsert(*accounts)
    for at in range(8):
        start, then = clock.now, clock.now + timedelta(hours=5 + at)
        single = await burst(desks[0], comings[0], then, 64)
        clock.now = start
        batched = await burst(desks[1], comings[1], then, 64)
        assert single == batched
        one, many = await one_by_one(desks[0], single), await desks[1].settle(*batched)
        assert [str(answer) for answer in one] == [str(answer) for answer in many]
    assert await desks[0].dump() == await desks[1].dump()
