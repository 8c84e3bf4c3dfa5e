"""When a span of time is over, and how much open time has passed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from scoring_service.domain.business_time.calendar import Calendar, Span
from scoring_service.domain.business_time.duration import BusinessDays, Duration, Elapsed
from scoring_service.domain.business_time.open_days import day_of, instant_of, open_day, windows_on
from scoring_service.domain.business_time.windows import (
    CLOSED_DAYS_MAX,
    NeverOpen,
    next_open,
    open_spans,
)

_DAY = timedelta(days=1)
_OVER_MIDNIGHT_MAX = 2
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def deadline(calendar: Calendar, start: datetime, duration: Duration) -> datetime:
    """The instant at which `duration` has passed since `start`. Raises NeverOpen.

    Business time counts from the next opening where `start` is outside a window; one that ends
    with a window ends at its close.

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
        return _after_days(calendar, next_open(calendar, start), duration.days)
    left = duration.span
    assert left >= timedelta(0), left
    for opens, closes in open_spans(calendar, start):
        if left <= closes - opens:
            return opens + left
        left -= closes - opens
    raise AssertionError("open spans end by raising")


def elapsed(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """The open time inside [start, end]. Raises ValueError where `end` is before `start`.

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


def _after_days(calendar: Calendar, start: datetime, days: int) -> datetime:
    """`start` is open; its time of day counts from midnight of the date its window belongs to."""
    if days == 0:
        return start
    day = _date_of_window(calendar, start)
    since_midnight = _wall(calendar, start) - datetime.combine(day, datetime.min.time())
    dates = _dates_with_windows(calendar, day)
    for _ in range(days - 1):
        next(dates)
    day, spans = next(dates)
    target = instant_of(calendar.zone, day, since_midnight)
    for opens, closes in spans:
        if target < closes:
            return max(opens, target)
    return spans[-1][1]


def _date_of_window(calendar: Calendar, at: datetime) -> date:
    """The date on which the window that holds `at` opens; the earliest of several."""
    wall = _wall(calendar, at).date()
    for back in range(_OVER_MIDNIGHT_MAX, -1, -1):
        day = wall - back * _DAY
        spans = windows_on(calendar, day)
        if spans and at < spans[-1][1]:
            return day
    # A clock change over midnight can put a window on the wall of the date before its own.
    return wall + _DAY


def _dates_with_windows(calendar: Calendar, after: date) -> Iterator[tuple[date, tuple[Span, ...]]]:
    """Each later date with its windows. What an earlier date's last window still covers is that
    date's: so a later date never ends before an earlier one.
    """
    day = latest = after
    while (day - latest).days <= CLOSED_DAYS_MAX:
        day += _DAY
        covered = max(
            spans[-1][1] if (spans := windows_on(calendar, day - back * _DAY)) else _LONG_AGO
            for back in range(1, _OVER_MIDNIGHT_MAX + 1)
        )
        own = tuple((max(o, covered), c) for o, c in windows_on(calendar, day) if c > covered)
        if own:
            latest = day
            yield day, own
    raise NeverOpen(calendar, instant_of(calendar.zone, latest, timedelta(0)))


def _wall(calendar: Calendar, at: datetime) -> datetime:
    return at.astimezone(calendar.zone).replace(tzinfo=None)
