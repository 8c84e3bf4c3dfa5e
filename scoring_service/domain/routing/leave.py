"""Whether a rep is away when it matters: at his next opening, and when he would have to respond."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from scoring_service.domain.business_time.deadline import deadline
from scoring_service.domain.business_time.duration import Duration
from scoring_service.domain.business_time.windows import NeverOpen, next_open, open_spans
from scoring_service.domain.policy import Policy
from scoring_service.values.team import Leave, Rep

_DAY = timedelta(days=1)
_LEAST = timedelta(microseconds=1)


def on_leave(policy: Policy, rep: Rep, now: datetime, sla: str) -> Leave | None:
    """The leave that keeps a lead of `now` from a rep, looked at when his calendar is next open and
    at the deadline of the SLA: so a lead of late Friday finds him who is away from Monday absent.
    """
    return covering(rep, looked_at(policy, rep, now, sla)) if rep.leave else None


def covering(rep: Rep, days: Iterable[date]) -> Leave | None:
    """The leave in which one of the rep's days falls."""
    for day in days:
        for leave in rep.leave:
            if leave.first <= day <= leave.last:
                return leave
    return None


def away_until(rep: Rep, leave: Leave) -> date:
    """The last day away: of the leave, or of one that follows it without a gap.

    >>> first, then = date(2026, 3, 2), date(2026, 3, 3)
    >>> days = Leave(first, first), Leave(then, date(2026, 3, 5))
    >>> away_until(Rep("ann", leave=days), days[0])
    datetime.date(2026, 3, 5)
    """
    following = covering(rep, (leave.last + _DAY,))
    return leave.last if following is None else away_until(rep, following)


def looked_at(policy: Policy, rep: Rep, now: datetime, sla: str) -> tuple[date, ...]:
    """The days at which leave is looked at for a lead of `now`: of the next opening and of the
    deadline, both on the rep's wall.
    """
    opens = _opening(policy, rep.calendar, now) or now
    due = respond_by(policy, rep.calendar, now, sla)
    first = local_date(rep, opens)
    return (first,) if due is None else (first, local_date(rep, due))


def about_to_leave(policy: Policy, rep: Rep, now: datetime) -> bool:
    """Whether a rep is still there at his next opening: then it is the SLA that keeps a lead from
    him who leaves after it.
    """
    opens = _opening(policy, rep.calendar, now)
    return opens is not None and covering(rep, (local_date(rep, opens),)) is None


def back_at(policy: Policy, rep: Rep, leave: Leave, now: datetime, sla: str) -> datetime:
    """The earliest instant after `now` at which this leave no longer keeps leads from the rep.

    Once his last opening in it has closed he is next open when he is back. Where it is the
    deadline that falls in the leave, that is later for a later lead: searched for.
    """
    ends = midnight(rep, leave.last + _DAY)
    if _opening(policy, rep.calendar, now) is None:
        return ends
    if not _opens_in(policy, rep, leave, now):
        due_later = _due_at(policy, rep, now, sla, ends)
        if not _opens_in(policy, rep, leave, due_later):
            return due_later
    latest = ends
    for opens, closes in open_spans(policy.calendars[rep.calendar], now):
        if opens >= ends:
            break
        latest = min(closes, ends)
    return latest


def local_date(rep: Rep, at: datetime) -> date:
    """The date on the rep's wall."""
    return at.astimezone(ZoneInfo(rep.zone)).date()


def midnight(rep: Rep, day: date) -> datetime:
    """The first instant of a date in the rep's zone, in UTC."""
    return datetime.combine(day, time(), tzinfo=ZoneInfo(rep.zone)).astimezone(UTC)


def respond_by(policy: Policy, calendar: str, now: datetime, sla: str) -> datetime | None:
    """The deadline of an SLA in a calendar; None where that is not open in time."""
    allowed: Duration = policy.lifecycle.slas[sla]
    try:
        return deadline(policy.calendars[calendar], now, allowed)
    except NeverOpen:
        return None


def _opening(policy: Policy, calendar: str, now: datetime) -> datetime | None:
    try:
        return next_open(policy.calendars[calendar], now)
    except NeverOpen:
        return None


def _opens_in(policy: Policy, rep: Rep, leave: Leave, now: datetime) -> bool:
    opens = _opening(policy, rep.calendar, now)
    return opens is not None and leave.first <= local_date(rep, opens) <= leave.last


def _due_at(policy: Policy, rep: Rep, now: datetime, sla: str, ends: datetime) -> datetime:
    """The earliest instant after `now` from which a lead is due at `ends` or later."""
    early, late = now, ends
    while late - early > _LEAST:
        middle = early + (late - early) / 2
        due = respond_by(policy, rep.calendar, middle, sla)
        early, late = (middle, late) if due is not None and due < ends else (early, middle)
    return late
