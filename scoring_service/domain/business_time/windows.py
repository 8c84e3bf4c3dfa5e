"""Whether a calendar is open, when it next is, and its open windows from an instant on."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from scoring_service.domain.business_time.calendar import Calendar, Span
from scoring_service.domain.business_time.open_days import day_of, open_day

CLOSED_DAYS_MAX = 400
"""Days without an open window after which a calendar counts as never open."""

_DAY = timedelta(days=1)
_CLOSED_MAX = CLOSED_DAYS_MAX * _DAY
_LAST_DAY = date(9990, 1, 1)


class NeverOpen(Exception):
    """A calendar that has no open window within 400 days of an instant."""

    def __init__(self, calendar: Calendar, since: datetime) -> None:
        super().__init__(
            f"calendar {calendar.name!r} is not open within {CLOSED_DAYS_MAX} days of"
            f" {since.isoformat()}"
        )


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether `at` is inside a window; windows are half-open."""
    spans = day_of(calendar, at)[1].spans
    if len(spans) == 1:
        return spans[0][0] <= at < spans[0][1]
    return any(opens <= at < closes for opens, closes in spans)


def next_open(calendar: Calendar, at: datetime) -> datetime:
    """The first open instant not before `at`; `at` itself inside a window. Raises NeverOpen."""
    return next(open_spans(calendar, at))[0]


def open_spans(calendar: Calendar, start: datetime) -> Iterator[Span]:
    """The open windows from `start` on, cut at `start` and at each local midnight. Raises NeverOpen
    after 400 closed days.
    """
    day, found = day_of(calendar, start)
    closed_since = start
    while found.ends - closed_since <= _CLOSED_MAX and day < _LAST_DAY:
        for opens, closes in found.spans:
            if closes > start:
                yield max(opens, start), closes
                closed_since = closes
        day += _DAY
        found = open_day(calendar, day)
    raise NeverOpen(calendar, closed_since)
