"""Open windows as people see them, across midnight."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from scoring_service.domain.business_time.calendar import Calendar, Span
from scoring_service.domain.business_time.windows import CLOSED_DAYS_MAX, NeverOpen, open_spans

CLOSED_MAX = timedelta(days=CLOSED_DAYS_MAX)


def windows(calendar: Calendar, start: datetime) -> Iterator[Span]:
    """The open windows from `start` on, the first cut at `start`; merged, also over midnight.

    One that never closes comes in pieces of 400 days. Raises NeverOpen after 400 closed days.
    """
    window: Span | None = None
    try:
        for opens, closes in open_spans(calendar, start):
            if window and window[1] == opens and closes - window[0] <= CLOSED_MAX:
                window = (window[0], closes)
                continue
            if window:
                yield window
            window = (opens, closes)
    except NeverOpen:
        if window:
            yield window
        raise
