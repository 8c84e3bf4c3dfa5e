"""When a span of time is over, and how much open time has passed."""

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from scoring_service.domain.business_time.calendar import Calendar
from scoring_service.domain.business_time.dates import date_of_window, dates_with_windows, wall
from scoring_service.domain.business_time.duration import BusinessDays, Duration, Elapsed
from scoring_service.domain.business_time.open_days import day_of, instant_of, open_day
from scoring_service.domain.business_time.windows import next_open, open_spans

T = TypeVar("T")

_DAY = timedelta(days=1)
DEADLINES_MAX = 1_000
"""Deadlines, and clocks that end by them, that a calendar keeps worked out."""


def deadline(calendar: Calendar, start: datetime, duration: Duration) -> datetime:
    """The instant at which `duration` has passed since `start`. Raises NeverOpen.

    Business time counts from the next opening where `start` is outside a window; one that ends
    with a window ends at its close.

    >>> from datetime import UTC
    >>> from zoneinfo import ZoneInfo
    >>> from scoring_service.domain.business_time.calendar import Window
    >>> from scoring_service.domain.business_time.duration import parse_duration
    >>> office = Calendar("office", ZoneInfo("UTC"), ((Window(540, 1020),),) * 5 + ((),) * 2)
    >>> friday = datetime(2026, 3, 6, 16, tzinfo=UTC)
    >>> deadline(office, friday, parse_duration("2bh")).isoformat()
    '2026-03-09T10:00:00+00:00'
    >>> deadline(office, friday, parse_duration("1bd")).isoformat()
    '2026-03-09T16:00:00+00:00'
    """
    if isinstance(duration, Elapsed):
        return start + duration.span
    if isinstance(duration, BusinessDays):
        work = partial(_after_days, calendar, start, duration.days)
    else:
        work = partial(_after_hours, calendar, start, duration.span)
    return worked_out(calendar, start, duration, work)


def worked_out(calendar: Calendar, start: datetime, span: Hashable, work: Callable[[], T]) -> T:
    """What `work` makes of this start and span, as the calendar keeps it: leads that come at one
    instant have most of their deadlines in common, and the clocks that end by them.
    """
    known: T | None = calendar.deadlines.get((start, span))
    if known is None:
        if len(calendar.deadlines) >= DEADLINES_MAX:
            calendar.deadlines.clear()
        known = calendar.deadlines[start, span] = work()
    return known


def elapsed(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """The open time inside [start, end]. Raises ValueError where `end` is before `start`.

    >>> from datetime import UTC
    >>> from zoneinfo import ZoneInfo
    >>> from scoring_service.domain.business_time.calendar import Window
    >>> office = Calendar("office", ZoneInfo("UTC"), ((Window(540, 1020),),) * 5 + ((),) * 2)
    >>> friday, monday = (datetime(2026, 3, day, 16, tzinfo=UTC) for day in (6, 9))
    >>> elapsed(office, friday, monday)
    datetime.timedelta(seconds=28800)
    """
    if end < start:
        raise ValueError(f"{end.isoformat()} is before {start.isoformat()}; no time has passed")
    total = timedelta(0)
    day, found = day_of(calendar, start)
    while found.begins < end:
        for opens, closes in found.spans:
            if opens < end and closes > start:
                total += min(closes, end) - max(opens, start)
        day += _DAY
        found = open_day(calendar, day)
    return total


def _after_hours(calendar: Calendar, start: datetime, left: timedelta) -> datetime:
    assert left >= timedelta(0), left
    for opens, closes in open_spans(calendar, start):
        if left <= closes - opens:
            return opens + left
        left -= closes - opens
    raise AssertionError("open spans end by raising")


def _after_days(calendar: Calendar, start: datetime, days: int) -> datetime:
    """Counted from the next opening: its time of day is from midnight of its window's date."""
    start = next_open(calendar, start)
    if days == 0:
        return start
    day = date_of_window(calendar, start)
    since_midnight = wall(calendar, start) - datetime.combine(day, datetime.min.time())
    dates = dates_with_windows(calendar, day)
    for _ in range(days - 1):
        next(dates)
    day, spans = next(dates)
    target = instant_of(calendar.zone, day, since_midnight)
    for opens, closes in spans:
        if target < closes:
            return max(opens, target)
    return spans[-1][1]
