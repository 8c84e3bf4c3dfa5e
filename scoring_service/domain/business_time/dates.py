"""The dates of a calendar that have windows, and on which date an instant's window opens."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from scoring_service.domain.business_time.calendar import Calendar, Span
from scoring_service.domain.business_time.open_days import (
    MEMO_MAX,
    OVER_MIDNIGHT_MAX,
    instant_of,
    windows_on,
)
from scoring_service.domain.business_time.windows import CLOSED_DAYS_MAX, NeverOpen

_DAY = timedelta(days=1)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def date_of_window(calendar: Calendar, at: datetime) -> date:
    """The date on which the window that holds `at` opens; the earliest of several."""
    today = wall(calendar, at).date()
    for back in range(OVER_MIDNIGHT_MAX, -1, -1):
        day = today - back * _DAY
        spans = windows_on(calendar, day)
        if spans and at < spans[-1][1]:
            return day
    # A clock change over midnight can put a window on the wall of the date before its own.
    return today + _DAY


def dates_with_windows(calendar: Calendar, after: date) -> Iterator[tuple[date, tuple[Span, ...]]]:
    """Each later date with its windows. What an earlier date's last window still covers is that
    date's: so a later date never ends before an earlier one.
    """
    day = latest = after
    while (day - latest).days <= CLOSED_DAYS_MAX:
        day += _DAY
        if own := own_windows(calendar, day):
            latest = day
            yield day, own
    raise NeverOpen(calendar, instant_of(calendar.zone, latest, timedelta(0)))


def own_windows(calendar: Calendar, day: date) -> tuple[Span, ...]:
    """The windows of a date without what an earlier date's last one still covers; none where the
    date has no open time of its own.
    """
    known = calendar.own_windows.get(day)
    if known is None:
        if len(calendar.own_windows) >= MEMO_MAX:
            calendar.own_windows.clear()
        known = calendar.own_windows[day] = _own_windows(calendar, day)
    return known


def wall(calendar: Calendar, at: datetime) -> datetime:
    """The local time that the calendar's clock shows."""
    return at.astimezone(calendar.zone).replace(tzinfo=None)


def _own_windows(calendar: Calendar, day: date) -> tuple[Span, ...]:
    covered = max(
        spans[-1][1] if (spans := windows_on(calendar, day - back * _DAY)) else _LONG_AGO
        for back in range(1, OVER_MIDNIGHT_MAX + 1)
    )
    return tuple((max(o, covered), c) for o, c in windows_on(calendar, day) if c > covered)
