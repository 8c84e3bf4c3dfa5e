"""The ladder of an accept clock: who is told as time passes, and when the lead is taken away."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec

from scoring_service.domain.business_time.deadline import deadline
from scoring_service.domain.business_time.duration import (
    BusinessDays,
    BusinessHours,
    Duration,
    Elapsed,
)
from scoring_service.domain.lifecycle.clocks import breached, laid_again, left_of
from scoring_service.domain.lifecycle.laying import calendar_of
from scoring_service.domain.lifecycle.lifecycle import Rung
from scoring_service.domain.lifecycle.telling import TOP, answers_for, told_by
from scoring_service.domain.policy import Policy
from scoring_service.values.clock import Clock, ClockName
from scoring_service.values.owner import RepOwner
from scoring_service.values.stored import StoredLead

_QUEUE_OWNER_RUNGS = 2
_AFTER_A_START = BusinessHours(timedelta(hours=1))
_ACCEPT = "accept"


@dataclass(frozen=True, slots=True)
class Step:
    """What a rung does when it falls due: `told` are told by name, or the lead is reassigned."""

    number: int
    told: tuple[str, ...] = ()
    reassign: bool = False


def rungs(policy: Policy, sla: str) -> tuple[Rung, ...]:
    """The ladder of an SLA, its own or the default; the first rung is the SLA itself."""
    lifecycle = policy.lifecycle
    ladder = lifecycle.sla_ladders.get(sla, lifecycle.ladder)
    own = lifecycle.slas.get(sla, lifecycle.slas[_ACCEPT])
    return (replace(ladder[0], after=own), *ladder[1:]) if ladder else ()


def step_of(policy: Policy, lead: StoredLead, clock: Clock, now: datetime) -> Step:
    """What the rung does that falls due next, `clock.step`.

    While the lead waits in a queue its owner is told at the first two, the top from the third on.
    """
    number = clock.step
    if not isinstance(lead.owner, RepOwner):
        keeper = answers_for(policy, lead.owner, lead.waiting_in)
        word = keeper if number < _QUEUE_OWNER_RUNGS else TOP
        return Step(number, (told_by(policy, "", word, now),))
    ladder = rungs(policy, clock.sla)
    if number >= len(ladder):
        return Step(number, (told_by(policy, lead.owner.id, TOP, now),))
    rung = ladder[number]
    if rung.reassign or rung.tell is None:
        return Step(number, reassign=True)
    return Step(number, (told_by(policy, lead.owner.id, rung.tell, now),))


def climbed(policy: Policy, lead: StoredLead, clock: Clock) -> Clock:
    """The clock after its rung was done: the next one's deadline, or none where none is left.

    Rungs count from the assignment: the next is due as much after this one as they lie apart. In a
    queue the top is told for ever, at distances of `top_again`.
    """
    assert clock.due_at is not None, clock
    after = breached(clock)
    further = _further(policy, lead, clock)
    if further is None:
        return msgspec.structs.replace(after, step=clock.step + 1)
    since, span = further
    calendar = policy.calendars[calendar_of(policy, lead.owner, lead.waiting_in)]
    return laid_again(after, calendar, since, left_of(span), policy.revision)


def last_overdue(policy: Policy, lead: StoredLead, clock: Clock, now: datetime) -> Clock:
    """The clock at its last rung that is overdue at `now` and still tells somebody.

    After a downtime the notices before it are not sent any more; a reassignment is never passed by.
    """
    while not step_of(policy, lead, clock, now).reassign:
        following = climbed(policy, lead, clock)
        if following.due_at is None or following.due_at >= now:
            return clock
        if step_of(policy, lead, following, now).reassign:
            return clock
        clock = following
    return clock


def reassigned_from(policy: Policy, lead: StoredLead, started: datetime) -> datetime:
    """Before this instant nobody loses a lead: one business hour of its owner's calendar after the
    service started.
    """
    calendar = policy.calendars[calendar_of(policy, lead.owner, lead.waiting_in)]
    return deadline(calendar, started, _AFTER_A_START)


def nobody(policy: Policy, lead: StoredLead, now: datetime) -> Clock:
    """The clock of a lead that nobody can take: the top is told again as long as it stands."""
    name = calendar_of(policy, lead.owner, lead.waiting_in)
    left = left_of(policy.lifecycle.top_again)
    due = deadline(policy.calendars[name], now, policy.lifecycle.top_again)
    return Clock(ClockName.NOBODY, now, now, left, name, policy.revision, due)


def _further(policy: Policy, lead: StoredLead, clock: Clock) -> tuple[datetime, Duration] | None:
    """From when, and how long, to the rung after the clock's."""
    assert clock.due_at is not None
    ladder, number = rungs(policy, clock.sla), clock.step + 1
    if number < len(ladder):
        apart = _apart(ladder[number - 1].after, ladder[number].after)
        if apart is None:
            return clock.started_at, ladder[number].after
        return clock.due_at, apart
    if isinstance(lead.owner, RepOwner):
        return None
    return clock.due_at, policy.lifecycle.top_again


def _apart(first: Duration, then: Duration) -> Duration | None:
    """How far two rungs lie apart; None where they count in different units."""
    match first, then:
        case BusinessDays(one), BusinessDays(other):
            return BusinessDays(max(other - one, 0))
        case BusinessHours(one), BusinessHours(other):
            return BusinessHours(max(other - one, timedelta(0)))
        case Elapsed(one), Elapsed(other):
            return Elapsed(max(other - one, timedelta(0)))
    return None
