"""One operation on a clock: what was used under the old calendar is taken off, the rest is laid on
the new one. Pause, owner change and a changed calendar are all it.
"""

from datetime import datetime, timedelta
from fractions import Fraction
from functools import partial

import msgspec

from scoring_service.domain.business_time.calendar import Calendar, Span
from scoring_service.domain.business_time.deadline import deadline, elapsed, worked_out
from scoring_service.domain.business_time.duration import (
    BusinessDays,
    BusinessHours,
    Duration,
    Elapsed,
)
from scoring_service.domain.business_time.open_days import day_of, open_day
from scoring_service.domain.business_time.shares import after_days, days_used
from scoring_service.values.clock import Clock, Left, Unit

_DAY = timedelta(days=1)
_MICROSECOND = timedelta(microseconds=1)
_SHARE_DIGITS = 12


def left_of(span: Duration) -> Left:
    """A span as time that is still to pass.

    >>> left_of(BusinessDays(2))
    Left(unit=<Unit.DAYS: 'days'>, amount=2, share=0.0)
    """
    match span:
        case BusinessDays(days):
            return Left(Unit.DAYS, days)
        case BusinessHours(time):
            return Left(Unit.HOURS, time // _MICROSECOND)
        case Elapsed(time):
            return Left(Unit.ELAPSED, time // _MICROSECOND)


def laid_on(calendar: Calendar, since: datetime, left: Left) -> datetime:
    """The instant at which `left` has passed since `since`. Raises NeverOpen."""
    if left.unit is Unit.DAYS:
        return worked_out(calendar, since, left, partial(_after_days, calendar, since, left))
    span = left.amount * _MICROSECOND
    hours = left.unit is Unit.HOURS
    return deadline(calendar, since, BusinessHours(span) if hours else Elapsed(span))


def _after_days(calendar: Calendar, since: datetime, left: Left) -> datetime:
    return after_days(calendar, since, left.amount, Fraction(left.share))


def rest_of(left: Left, calendar: Calendar, since: datetime, now: datetime) -> Left:
    """What is still to pass at `now` of what was to pass at `since`; never less than nothing."""
    if now <= since:
        return left
    if left.unit is Unit.DAYS:
        return _days_left(_days(left) - days_used(calendar, since, now))
    hours = left.unit is Unit.HOURS
    used = elapsed(calendar, since, now) if hours else now - since
    return Left(left.unit, max(left.amount - used // _MICROSECOND, 0))


def relaid(clock: Clock, old: Calendar, new: Calendar, now: datetime, revision: str) -> Clock:
    """The clock under another calendar: its owner changed, or the calendar did.

    It keeps its instants where both are open alike between `since` and the deadline, where it is
    not running, and where its deadline has passed: the past is never rewritten.
    """
    named = msgspec.structs.replace(clock, calendar=new.name, revision=revision)
    if not _runs(clock, now):
        return named
    assert clock.due_at is not None, clock
    if clock.left.unit is Unit.ELAPSED or same_windows(old, new, clock.since, clock.due_at):
        return named
    left = rest_of(clock.left, old, clock.since, now)
    since = max(now, clock.since)
    return msgspec.structs.replace(named, since=since, left=left, due_at=laid_on(new, since, left))


def paused(clock: Clock, calendar: Calendar, until: datetime, now: datetime) -> Clock:
    """The clock stopped at `now`, to go on at `until`; a paused one goes on at the new instant.

    One that is done, or whose deadline has passed, stays as it is.
    """
    if clock.resumes_at is not None:
        return msgspec.structs.replace(clock, resumes_at=until)
    if not _runs(clock, now):
        return clock
    left = rest_of(clock.left, calendar, clock.since, now)
    since = max(now, clock.since)
    return msgspec.structs.replace(clock, since=since, left=left, due_at=None, resumes_at=until)


def resumed(clock: Clock, calendar: Calendar, now: datetime, revision: str) -> Clock:
    """A paused clock going on at `now` with what was left of it; others stay as they are."""
    if clock.resumes_at is None:
        return clock
    return msgspec.structs.replace(
        clock,
        since=now,
        calendar=calendar.name,
        revision=revision,
        due_at=laid_on(calendar, now, clock.left),
        resumes_at=None,
    )


def met(clock: Clock, at: datetime) -> Clock:
    """The clock ended by what was done at `at`; what was done before it began counts as done then.

    Done at the deadline instant is met. A breach stays one where it is met later; where it turns
    out to have been met before, there was none.
    """
    if clock.met_at is not None:
        return clock
    at = max(at, clock.started_at)
    limit = clock.breached_at or clock.due_at
    breached_at = limit if limit is not None and at > limit else None
    return msgspec.structs.replace(
        clock, due_at=None, resumes_at=None, met_at=at, breached_at=breached_at
    )


def breached(clock: Clock) -> Clock:
    """The clock after its deadline passed: a breach dates from its first deadline; nothing of it
    falls due again unless it is laid again.
    """
    return msgspec.structs.replace(
        clock, due_at=None, breached_at=clock.breached_at or clock.due_at
    )


def laid_again(
    clock: Clock, calendar: Calendar, since: datetime, left: Left, revision: str
) -> Clock:
    """The clock falling due once more, after `left` since `since`: the next of its steps."""
    return msgspec.structs.replace(
        clock,
        since=since,
        left=left,
        calendar=calendar.name,
        revision=revision,
        due_at=laid_on(calendar, since, left),
        step=clock.step + 1,
    )


def same_windows(old: Calendar, new: Calendar, since: datetime, until: datetime) -> bool:
    """Whether both calendars are open at the same instants between the two."""
    if old is new or old == new:
        return True
    return _open_between(old, since, until) == _open_between(new, since, until)


def _runs(clock: Clock, now: datetime) -> bool:
    return clock.due_at is not None and now <= clock.due_at


def _open_between(calendar: Calendar, since: datetime, until: datetime) -> list[Span]:
    """The open time in between, merged over midnights."""
    found: list[Span] = []
    day, dated = day_of(calendar, since)
    while dated.begins < until:
        for opens, closes in dated.spans:
            begins, ends = max(opens, since), min(closes, until)
            if begins >= ends:
                continue
            if found and found[-1][1] == begins:
                begins = found.pop()[0]
            found.append((begins, ends))
        day += _DAY
        dated = open_day(calendar, day)
    return found


def _days(left: Left) -> Fraction:
    return left.amount + Fraction(left.share)


def _days_left(days: Fraction) -> Left:
    """Whole dates and a share. Rounded: a share that is one but for a rounding is a whole date."""
    rest = max(round(days, _SHARE_DIGITS), Fraction(0))
    return Left(Unit.DAYS, int(rest), float(rest - int(rest)))
