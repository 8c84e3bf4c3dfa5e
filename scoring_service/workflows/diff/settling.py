"""What a decision changes in a replay: the lead, whose turn it is, who waits, what is drained.

The same as what the store records of a decision, less clocks, notices and history.
"""

from datetime import datetime

import msgspec

from scoring_service.domain.experiments.arms import with_arms
from scoring_service.domain.routing.waiting import drain_at
from scoring_service.values.decision import Cause, Decision, Passed
from scoring_service.values.owner import RepOwner
from scoring_service.values.stage import PATH, Stage
from scoring_service.values.stored import QueuePlace, StoredAssignment, StoredLead
from scoring_service.workflows.diff.counts import HELD
from scoring_service.workflows.diff.ledger import Decided, Ledger, PoolsSeen
from scoring_service.workflows.waiting import not_for, waits_in

WORKED = frozenset(PATH[PATH.index(Stage.MQL) :])
"""Stages through which a visit keeps the bars it was entered by."""


def settle(ledger: Ledger, made: Decided, decision: Decision, pools: PoolsSeen) -> None:
    """Have a decision be so. A lead that is kept gets no new assignment."""
    if decision.cause is Cause.KEPT:
        ledger.save(msgspec.structs.replace(made.lead, held_bars=decision.held_bars))
        if made.changed:
            _judge_anew(ledger, made, decision)
        return
    lead_id, lead = made.facts.lead.lead_id, made.lead
    ledger.save(_moved(ledger, made, decision))
    ledger.turns.pop(lead_id, None)
    if decision.draw is not None:
        ledger.take_turn(lead_id, decision.draw)
    _assign(ledger, made, decision)
    _change_place(ledger, made, decision, pools)
    if isinstance(lead.owner, RepOwner) and _frees(lead, decision):
        free(ledger, lead.owner.id, made.facts.now)


def free(ledger: Ledger, rep_id: str, now: datetime) -> None:
    """A lead left the rep's hands: whoever waits for him is drained at once."""
    pools = ledger.policy.pools
    for pool in ledger.lines.pools():
        if pool not in pools:
            continue
        each = (pools[name] for name in (pool, *pools[pool].fallback))
        if any(member.rep_id == rep_id for one in each for member in one.members):
            ledger.lines.arm(pool, now)


def _frees(lead: StoredLead, decision: Decision) -> bool:
    """Whether a lead that counted among its owner's open leads no longer does."""
    stays = decision.owner == lead.owner and decision.stage in HELD
    return lead.stage in HELD and not stays


def _moved(ledger: Ledger, made: Decided, decision: Decision) -> StoredLead:
    lead, now = made.lead, made.facts.now
    left = lead.owner.id if isinstance(lead.owner, RepOwner) else lead.previous_owner
    pool = waits_in(decision)
    enters = decision.stage is not lead.stage or made.facts.is_new
    return msgspec.structs.replace(
        lead,
        stage=decision.stage,
        entered_at=now if enters else lead.entered_at,
        visit=lead.visit + enters,
        visit_bars=_visit_bars(ledger, made, decision),
        owner=decision.owner,
        last_pool=decision.pool or lead.last_pool,
        previous_owner=left if decision.owner != lead.owner else lead.previous_owner,
        waiting_in=pool,
        enqueued_at=(decision.enqueued_at or now) if pool else None,
        excluded=() if enters else made.facts.excluded,
        held_bars=decision.held_bars,
    )


def _visit_bars(ledger: Ledger, made: Decided, decision: Decision) -> tuple[float, float] | None:
    if decision.stage not in WORKED:
        return None
    bars = with_arms(ledger.policy, made.facts.arms, made.facts.now).scoring.mql
    return made.lead.visit_bars or (bars.fit_min, bars.behaviour_min)


def _assign(ledger: Ledger, made: Decided, decision: Decision) -> None:
    now, lead_id = made.facts.now, made.facts.lead.lead_id
    ledger.standing[lead_id] = StoredAssignment(
        assignment_id=lead_id,
        lead_id=lead_id,
        decision_id="",
        owner=decision.owner,
        cause=decision.cause.value,
        assigned_at=now,
        pool=decision.pool,
        route=decision.route,
        sla=decision.sla,
    )
    if isinstance(decision.owner, RepOwner):
        ledger.counts.take(decision.owner.id, now)


def _change_place(ledger: Ledger, made: Decided, decision: Decision, pools: PoolsSeen) -> None:
    """End the place the lead had, take the one it is given, and see that its pool is drained."""
    lead, facts, lines = made.lead, made.facts, ledger.lines
    pool = waits_in(decision)
    if lead.waiting_in and lead.waiting_in != pool:
        lines.leave(lead.lead.lead_id)
    if pool is None:
        return
    unfit, policy = not_for(decision), ledger.policy
    place = _place(pool, made, decision.enqueued_at or facts.now, decision)
    lines.enqueue(msgspec.structs.replace(place, not_for=unfit, revision=policy.revision))
    at_once = any(one.outcome is Passed.QUEUE_FIRST for one in decision.considered)
    lines.arm(pool, facts.now if at_once else drain_at(policy, pool, pools, facts.now, unfit))


def _judge_anew(ledger: Ledger, made: Decided, decision: Decision) -> None:
    """A lead that waits has changed: who may take it is judged by its drain, at once."""
    lead = made.lead
    if lead.waiting_in is not None and lead.enqueued_at is not None:
        ledger.lines.enqueue(_place(lead.waiting_in, made, lead.enqueued_at, decision))
        ledger.lines.arm(lead.waiting_in, made.facts.now)


def _place(pool: str, made: Decided, since: datetime, decision: Decision) -> QueuePlace:
    estimate = decision.score.win_probability
    chance = estimate.value if estimate else None
    return QueuePlace(pool, made.lead.lead.lead_id, since, number=0, win_probability=chance)
