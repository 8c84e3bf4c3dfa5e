"""Business days in parts: of a date, the share of its open time that has passed."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction

from scoring_service.domain.business_time.calendar import Calendar, Span
from scoring_service.domain.business_time.dates import (
    date_of_window,
    dates_with_windows,
    own_windows,
    wall,
)
from scoring_service.domain.business_time.deadline import deadline
from scoring_service.domain.business_time.duration import BusinessDays
from scoring_service.domain.business_time.open_days import OVER_MIDNIGHT_MAX

_DAY = timedelta(days=1)
_ZERO = timedelta(0)
_MICROSECOND = timedelta(microseconds=1)


def days_used(calendar: Calendar, start: datetime, end: datetime) -> Fraction:
    """The sum, over dates, of the share of the date's open time that passed in [start, end].

    0 where `end` is not after `start`.

    >>> from datetime import UTC
    >>> from zoneinfo import ZoneInfo
    >>> from scoring_service.domain.business_time.calendar import Window
    >>> office = Calendar("office", ZoneInfo("UTC"), ((Window(540, 1020),),) * 5 + ((),) * 2)
    >>> friday, monday = (datetime(2026, 3, day, 11, tzinfo=UTC) for day in (6, 9))
    >>> days_used(office, friday, monday)
    Fraction(1, 1)
    """
    used = Fraction(0)
    if end <= start:
        return used
    for _, spans in _dates(calendar, start, end):
        passed = _passed(spans, start, end)
        if passed:
            used += Fraction(passed // _MICROSECOND, _length(spans) // _MICROSECOND)
    return used


def after_days(calendar: Calendar, start: datetime, days: int, share: Fraction) -> datetime:
    """The instant at which whole dates and then a share of one more date's open time have passed.

    Where the share reaches over a close, what is left of it is of the next date's. Raises
    NeverOpen.
    """
    at = deadline(calendar, start, BusinessDays(days))
    left = share
    for spans in _from(calendar, at):
        whole = _length(spans)
        to_come = Fraction(_passed(spans, at, spans[-1][1]) // _MICROSECOND, whole // _MICROSECOND)
        if left <= to_come:
            return _walked(spans, at, round(left * (whole // _MICROSECOND)) * _MICROSECOND)
        left -= to_come
    raise AssertionError("dates with windows end by raising")


def _dates(
    calendar: Calendar, start: datetime, end: datetime
) -> Iterator[tuple[date, tuple[Span, ...]]]:
    """The dates with open time whose windows may lie in [start, end]."""
    day = wall(calendar, start).date() - OVER_MIDNIGHT_MAX * _DAY
    last = wall(calendar, end).date() + _DAY
    while day <= last:
        if spans := own_windows(calendar, day):
            yield day, spans
        day += _DAY


def _from(calendar: Calendar, at: datetime) -> Iterator[tuple[Span, ...]]:
    """The windows of the date that holds an instant, then those of each later one."""
    day = date_of_window(calendar, at)
    if own := own_windows(calendar, day):
        yield own
    for _, spans in dates_with_windows(calendar, day):
        yield spans


def _length(spans: Iterable[Span]) -> timedelta:
    return sum((closes - opens for opens, closes in spans), _ZERO)


def _passed(spans: Iterable[Span], start: datetime, end: datetime) -> timedelta:
    inside = (min(closes, end) - max(opens, start) for opens, closes in spans)
    return sum((span for span in inside if span > _ZERO), _ZERO)


def _walked(spans: tuple[Span, ...], at: datetime, left: timedelta) -> datetime:
    """Where `left` of the open time after `at` has passed; `at` itself for nothing."""
    if left <= _ZERO:
        return at
    for opens, closes in spans:
        begins = max(opens, at)
        if closes > begins:
            if left <= closes - begins:
                return begins + left
            left -= closes - begins
    return spans[-1][1]
