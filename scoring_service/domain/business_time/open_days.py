"""A calendar's open time, date by date."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from scoring_service.domain.business_time.calendar import Calendar, OpenDay, Span, Window

_DAY = timedelta(days=1)
_REACH_AHEAD = 1
OVER_MIDNIGHT_MAX = 2
"""Dates after its own that a window may reach into, where a clock change crosses midnight."""

MEMO_MAX = 4_000
"""Dates that a calendar keeps worked out."""


def open_day(calendar: Calendar, day: date) -> OpenDay:
    """The open time inside a local date, whichever date its windows belong to; merged, in order."""
    known = calendar.open_days.get(day)
    if known is None:
        if len(calendar.open_days) >= MEMO_MAX:
            calendar.open_days.clear()
        known = calendar.open_days[day] = _open_day(calendar, day)
    return known


def day_of(calendar: Calendar, at: datetime) -> tuple[date, OpenDay]:
    """The date whose piece of the time line holds an instant.

    Where a clock change crosses midnight, that is not always the date on the wall.
    """
    day = at.astimezone(calendar.zone).date()
    found = open_day(calendar, day)
    while at < found.begins:
        day -= _DAY
        found = open_day(calendar, day)
    while at >= found.ends:
        day += _DAY
        found = open_day(calendar, day)
    return day, found


def windows_on(calendar: Calendar, day: date) -> tuple[Span, ...]:
    """The windows that belong to a date, those over midnight whole; merged, in order.

    A date that the zone skipped has none. A holiday closes; else a shift replaces the weekly
    windows; a break cuts out of what there is.
    """
    known = calendar.windows_on.get(day)
    if known is None:
        if len(calendar.windows_on) >= MEMO_MAX:
            calendar.windows_on.clear()
        known = calendar.windows_on[day] = _windows_on(calendar, day)
    return known


def instant_of(zone: ZoneInfo, day: date, since_midnight: timedelta) -> datetime:
    """UTC of a local time, given from the date's midnight: 25:30 is half past one the next day.

    A time in the spring gap moves forward by the gap; a repeated time means the first.

    >>> instant_of(ZoneInfo("Europe/Berlin"), date(2026, 3, 29), timedelta(hours=2.5)).isoformat()
    '2026-03-29T01:30:00+00:00'
    >>> instant_of(ZoneInfo("Europe/Berlin"), date(2026, 10, 25), timedelta(hours=2.5)).isoformat()
    '2026-10-25T00:30:00+00:00'
    """
    return (datetime.combine(day, time(), tzinfo=zone) + since_midnight).astimezone(UTC)


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans in order, those that overlap or touch as one, those without length dropped.

    >>> a, b, c, d = [datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in range(4)]
    >>> merged([(c, d), (a, c), (b, b)]) == ((a, d),)
    True
    """
    found: list[Span] = []
    for opens, closes in sorted(spans):
        if opens >= closes:
            continue
        if found and opens <= found[-1][1]:
            found[-1] = (found[-1][0], max(closes, found[-1][1]))
        else:
            found.append((opens, closes))
    return tuple(found)


def _windows_on(calendar: Calendar, day: date) -> tuple[Span, ...]:
    if day in calendar.closed or _skipped(calendar.zone, day):
        return ()
    windows = calendar.shifts.get(day) or calendar.weekly[day.weekday()]
    spans = merged(_spans(calendar.zone, day, windows))
    for break_ in _spans(calendar.zone, day, calendar.breaks.get(day, ())):
        spans = tuple(_without(spans, break_))
    return spans


def _skipped(zone: ZoneInfo, day: date) -> bool:
    """Whether a date never was, as 30 December 2011 in Samoa: its noon is on another."""
    return instant_of(zone, day, _DAY / 2).astimezone(zone).date() != day


def _open_day(calendar: Calendar, day: date) -> OpenDay:
    begins = instant_of(calendar.zone, day, timedelta(0))
    ends = instant_of(calendar.zone, day + _DAY, timedelta(0))
    near = [
        (max(opens, begins), min(closes, ends))
        for offset in range(-OVER_MIDNIGHT_MAX, _REACH_AHEAD + 1)
        for opens, closes in windows_on(calendar, day + offset * _DAY)
    ]
    return OpenDay(begins, ends, merged(near))


def _spans(zone: ZoneInfo, day: date, windows: Sequence[Window]) -> Iterator[Span]:
    for window in windows:
        opens = instant_of(zone, day, timedelta(minutes=window.opens))
        yield opens, instant_of(zone, day, timedelta(minutes=window.closes))


def _without(spans: Iterable[Span], cut: Span) -> Iterator[Span]:
    for opens, closes in spans:
        if cut[0] >= cut[1] or cut[1] <= opens or closes <= cut[0]:
            yield opens, closes
            continue
        if opens < cut[0]:
            yield opens, cut[0]
        if cut[1] < closes:
            yield cut[1], closes
