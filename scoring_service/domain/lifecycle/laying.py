"""Which clocks a lead has: laid when it enters a stage or changes hands, else running on."""

from datetime import datetime, timedelta

from scoring_service.domain.business_time.deadline import deadline
from scoring_service.domain.business_time.duration import (
    BusinessDays,
    BusinessHours,
    Duration,
    Elapsed,
)
from scoring_service.domain.policy import Policy
from scoring_service.values.clock import Clock, ClockName, Left, Unit
from scoring_service.values.owner import Owner, QueueOwner, RepOwner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead

_MICROSECOND = timedelta(microseconds=1)

_STALE: dict[Stage, dict[ClockName, str]] = {
    Stage.ANONYMOUS: {ClockName.NEVER_IDENTIFIED: "disqualify"},
    Stage.KNOWN: {ClockName.INCOMPLETE_NOTICE: "notice", ClockName.INCOMPLETE: "disqualify"},
    Stage.NURTURE: {ClockName.REVIEW: "review", ClockName.NO_ENGAGEMENT: "disqualify"},
    Stage.MQL: {ClockName.ESCALATE: "escalate", ClockName.NOT_WORKED: "recycle"},
    Stage.SAL: {ClockName.NO_CONTACT: "reassign"},
    Stage.SQL: {ClockName.STALLED: "recycle"},
    Stage.OPPORTUNITY: {ClockName.SILENT: "silent"},
    Stage.RECYCLED: {ClockName.NO_ENGAGEMENT: "disqualify"},
}


def laid(
    policy: Policy, before: StoredLead | None, after: StoredLead, now: datetime, sla: str = ""
) -> tuple[Clock, ...]:
    """The clocks of `after`, a lead that entered a stage or got another owner (see `before`).

    `sla` names the one of the assignment that was just made; "" where none was.
    """
    if not after.unfinished:
        return ()
    entered = before is None or before.visit != after.visit
    running = () if entered or before is None else before.clocks
    names = set(_STALE.get(after.stage, {}))
    kept = tuple(clock for clock in running if clock.name in names)
    fresh = [
        _clock(policy, after, name, policy.lifecycle.stale[after.stage.value][act], now)
        for name, act in _STALE.get(after.stage, {}).items()
        if name not in {clock.name for clock in kept}
    ]
    return (*kept, *fresh, *_of_assignment(policy, running, after, now, sla))


def _of_assignment(
    policy: Policy,
    running: tuple[Clock, ...],
    after: StoredLead,
    now: datetime,
    sla: str,
) -> tuple[Clock, ...]:
    name = {
        Stage.MQL: ClockName.ACCEPT,
        Stage.SAL: ClockName.FIRST_CONTACT,
        Stage.SQL: ClockName.OPEN_OPPORTUNITY,
        Stage.CLOSED_LOST: ClockName.DISPOSITION,
    }.get(after.stage)
    if name is None:
        return ()
    standing = tuple(clock for clock in running if clock.name is name)
    if standing and not sla:
        return standing
    slas = policy.lifecycle.slas
    given = sla if name is ClockName.ACCEPT and sla in slas else name.value
    return (_clock(policy, after, name, slas[given], now, given),)


def _clock(
    policy: Policy, lead: StoredLead, name: ClockName, span: Duration, now: datetime, sla: str = ""
) -> Clock:
    calendar = calendar_of(policy, lead.owner, lead.waiting_in)
    due = deadline(policy.calendars[calendar], now, span)
    return Clock(name, now, now, left_of(span), calendar, policy.revision, due, sla=sla)


def calendar_of(policy: Policy, owner: Owner | None, waiting_in: str | None) -> str:
    """The calendar a lead's clocks are counted in: its rep's, its queue's or its track's."""
    if isinstance(owner, RepOwner) and owner.id in policy.reps:
        return policy.reps[owner.id].calendar
    if isinstance(owner, QueueOwner):
        pool = policy.pools.get(waiting_in or "")
        return pool.queue.calendar if pool else "default"
    track = policy.lifecycle.tracks.get(owner.id) if owner else None
    return track.calendar if track else "default"


def left_of(span: Duration) -> Left:
    """A span as time that is still to pass."""
    match span:
        case BusinessDays(days):
            return Left(Unit.DAYS, days)
        case BusinessHours(time):
            return Left(Unit.HOURS, time // _MICROSECOND)
        case Elapsed(time):
            return Left(Unit.ELAPSED, time // _MICROSECOND)
