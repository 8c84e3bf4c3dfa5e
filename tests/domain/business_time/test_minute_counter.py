"""Business time against a twin that looks at every minute, and finds local times by itself."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject, SearchStrategy

from scoring_service.domain.business_time.calendar import Calendar, Window
from scoring_service.domain.business_time.deadline import deadline, elapsed
from scoring_service.domain.business_time.duration import BusinessDays, BusinessHours
from scoring_service.domain.business_time.windows import is_open

Calendars = SearchStrategy[tuple[Calendar, datetime]]
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
DAYS = 3


def wall(zone: ZoneInfo, at: datetime) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)


def found_utc(zone: ZoneInfo, local: datetime) -> datetime:
    """The earliest instant that shows `local`; if none does, the offset before the gap counts."""
    as_utc = local.replace(tzinfo=UTC)
    offsets = [
        (as_utc + hours * timedelta(hours=1)).astimezone(zone).utcoffset() or timedelta(0)
        for hours in (-26, 26)
    ]
    shown = [as_utc - offset for offset in offsets if wall(zone, as_utc - offset) == local]
    return min(shown, default=as_utc - offsets[0])


def never_was(zone: ZoneInfo, day: date) -> bool:
    midnight = datetime.combine(day, datetime.min.time(), UTC)
    return all(wall(zone, midnight + hour * 60 * MINUTE).date() != day for hour in range(-26, 48))


def open_minutes(calendar: Calendar, day: date) -> set[datetime]:
    """Every open minute of the windows that belong to a date."""

    def minutes(windows: Iterable[Window]) -> Iterator[datetime]:
        for window in windows:
            midnight = datetime.combine(day, datetime.min.time())
            at, end = (
                found_utc(calendar.zone, midnight + minute * MINUTE)
                for minute in (window.opens, window.closes)
            )
            while at < end:
                yield at
                at += MINUTE

    if day in calendar.closed or never_was(calendar.zone, day):
        return set()
    windows = calendar.shifts.get(day) or calendar.weekly[day.weekday()]
    return set(minutes(windows)) - set(minutes(calendar.breaks.get(day, ())))


def all_open(calendar: Calendar, start: datetime, days: int) -> set[datetime]:
    first = wall(calendar.zone, start).date()
    found: set[datetime] = set()
    for offset in range(-4, days + 3):
        found |= open_minutes(calendar, first + offset * DAY)
    return found


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_each_minute_is_open_or_not_as_the_twin_has_it(
    calendars: Calendars, data: DataObject
) -> None:
    calendar, start = data.draw(calendars)
    expected = all_open(calendar, start, 2)
    for minute in range(0, 2 * 24 * 60, 5):
        at = start + minute * MINUTE
        assert is_open(calendar, at) == (at in expected), at


@settings(max_examples=150, deadline=None)
@given(st.data(), st.integers(0, DAYS * 24 * 60))
def test_open_time_is_the_number_of_open_minutes(
    calendars: Calendars, data: DataObject, minutes: int
) -> None:
    calendar, start = data.draw(calendars)
    end = start + minutes * MINUTE
    expected = sum(start <= at < end for at in all_open(calendar, start, DAYS))
    assert elapsed(calendar, start, end) == expected * MINUTE


@settings(max_examples=150, deadline=None)
@given(st.data(), st.integers(0, 600))
def test_a_deadline_is_the_end_of_the_last_open_minute(
    calendars: Calendars, data: DataObject, minutes: int
) -> None:
    calendar, start = data.draw(calendars)
    to_come = sorted(at for at in all_open(calendar, start, DAYS) if at >= start)
    if len(to_come) <= minutes:
        return
    due = deadline(calendar, start, BusinessHours(minutes * MINUTE))
    assert due == (to_come[minutes - 1] + MINUTE if minutes else to_come[0])


@settings(max_examples=120, deadline=None)
@given(st.data(), st.integers(1, 4))
def test_business_days_are_dates_with_open_minutes(
    calendars: Calendars, data: DataObject, days: int
) -> None:
    calendar, start = data.draw(calendars)
    zone = calendar.zone
    first = wall(zone, start).date()
    by_date = {d: open_minutes(calendar, d) for d in (first + i * DAY for i in range(-3, 16))}
    begins = min((at for found in by_date.values() for at in found if at >= start), default=None)
    if begins is None:
        return
    own = min(day for day, found in by_date.items() if found and begins <= max(found))
    covered, later = max(by_date[own]), {}
    for day, found in by_date.items():
        left = {at for at in found if at > covered}
        if day > own and left:
            covered, later[day] = max(left), left
    if len(later) < days:
        return
    target_day = list(later)[days - 1]
    same_time = found_utc(zone, wall(zone, begins) + (target_day - own))
    found = later[target_day]
    due = min((at for at in found if at >= same_time), default=max(found) + MINUTE)
    assert deadline(calendar, start, BusinessDays(days)) == due
