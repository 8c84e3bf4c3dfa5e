"""Business time against a twin that looks at every minute, and finds local times by itself.

The twin's minutes are numbers: how many have passed since 1970.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject, SearchStrategy

from scoring_service.domain.business_time.calendar import Calendar, Window
from scoring_service.domain.business_time.deadline import deadline, elapsed
from scoring_service.domain.business_time.duration import BusinessDays, BusinessHours
from scoring_service.domain.business_time.shares import days_used
from scoring_service.domain.business_time.windows import is_open

Calendars = SearchStrategy[tuple[Calendar, datetime]]
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
BEGIN = datetime(1970, 1, 1, tzinfo=UTC)
DAYS = 3


def minute_of(at: datetime) -> int:
    whole, rest = divmod(at - BEGIN, MINUTE)
    assert not rest, at
    return whole


def instant_of(minute: int) -> datetime:
    return BEGIN + minute * MINUTE


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


def open_minutes(calendar: Calendar, day: date) -> set[int]:
    """Every open minute of the windows that belong to a date."""

    def minutes(windows: Iterable[Window]) -> Iterator[int]:
        midnight = datetime.combine(day, datetime.min.time())
        for window in windows:
            begin, end = (
                minute_of(found_utc(calendar.zone, midnight + minute * MINUTE))
                for minute in (window.opens, window.closes)
            )
            yield from range(begin, end)

    if day in calendar.closed or never_was(calendar.zone, day):
        return set()
    windows = calendar.shifts.get(day) or calendar.weekly[day.weekday()]
    return set(minutes(windows)) - set(minutes(calendar.breaks.get(day, ())))


def all_open(calendar: Calendar, start: datetime, days: int) -> set[int]:
    first = wall(calendar.zone, start).date()
    found: set[int] = set()
    for offset in range(-4, days + 3):
        found |= open_minutes(calendar, first + offset * DAY)
    return found


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_each_minute_is_open_or_not_as_the_twin_has_it(
    calendars: Calendars, data: DataObject
) -> None:
    calendar, start = data.draw(calendars)
    expected = all_open(calendar, start, 2)
    for minute in range(0, 2 * 24 * 60, 5):
        at = start + minute * MINUTE
        assert is_open(calendar, at) == (minute_of(at) in expected), at


@settings(max_examples=80, deadline=None)
@given(st.data(), st.integers(0, DAYS * 24 * 60))
def test_open_time_is_the_number_of_open_minutes(
    calendars: Calendars, data: DataObject, minutes: int
) -> None:
    calendar, start = data.draw(calendars)
    first = minute_of(start)
    asked = range(first, first + minutes)
    expected = sum(at in asked for at in all_open(calendar, start, DAYS))
    assert elapsed(calendar, start, start + minutes * MINUTE) == expected * MINUTE


@settings(max_examples=80, deadline=None)
@given(st.data(), st.integers(0, 600))
def test_a_deadline_is_the_end_of_the_last_open_minute(
    calendars: Calendars, data: DataObject, minutes: int
) -> None:
    calendar, start = data.draw(calendars)
    first = minute_of(start)
    to_come = sorted(at for at in all_open(calendar, start, DAYS) if at >= first)
    if len(to_come) <= minutes:
        return
    due = deadline(calendar, start, BusinessHours(minutes * MINUTE))
    assert due == instant_of(to_come[minutes - 1] + 1 if minutes else to_come[0])


@settings(max_examples=70, deadline=None)
@given(st.data(), st.integers(1, 4))
def test_business_days_are_dates_with_open_minutes(
    calendars: Calendars, data: DataObject, days: int
) -> None:
    calendar, start = data.draw(calendars)
    zone = calendar.zone
    first = wall(zone, start).date()
    by_date = {d: open_minutes(calendar, d) for d in (first + i * DAY for i in range(-3, 16))}
    since = minute_of(start)
    begins = min((at for found in by_date.values() for at in found if at >= since), default=None)
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
    same_time = found_utc(zone, wall(zone, instant_of(begins)) + (target_day - own))
    found = later[target_day]
    due = min((at for at in found if at >= minute_of(same_time)), default=max(found) + 1)
    assert deadline(calendar, start, BusinessDays(days)) == instant_of(due)


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(0, DAYS * 24 * 60))
def test_used_of_business_days_are_the_shares_of_minutes_of_each_date(
    calendars: Calendars, data: DataObject, minutes: int
) -> None:
    calendar, start = data.draw(calendars)
    first, since = wall(calendar.zone, start).date(), minute_of(start)
    asked = range(since, since + minutes)
    covered, used = 0, Fraction(0)
    for offset in range(-4, DAYS + 3):
        own = {at for at in open_minutes(calendar, first + offset * DAY) if at > covered}
        if own:
            covered = max(own)
            used += Fraction(sum(at in asked for at in own), len(own))
    assert days_used(calendar, start, start + minutes * MINUTE) == used


CALENDARS, CASES, AHEAD = 10, 10, 7
HOURS = (
    ((9 * 60, 17 * 60),),
    ((9 * 60, 12 * 60 + 30), (13 * 60 + 15, 18 * 60)),
    ((0, 24 * 60),),
    ((22 * 60, 30 * 60),),
    ((0, 3 * 60), (20 * 60, 24 * 60)),
    ((1 * 60 + 17, 2 * 60 + 43), (23 * 60 + 1, 25 * 60 + 59)),
    (),
)
"""Split days, 24:00, windows over midnight and across the hours in which clocks change."""


def a_calendar(rng: Random, zone: str, change: date) -> Calendar:
    """Any hours in a week, with holidays, breaks and shifts about the date."""

    def near(count: int) -> list[date]:
        return [change + rng.randrange(-2, 3) * DAY for _ in range(count)]

    def some() -> tuple[Window, ...]:
        return tuple(Window(opens, closes) for opens, closes in rng.choice(HOURS))

    return Calendar(
        "any",
        ZoneInfo(zone),
        tuple(some() for _ in range(7)),
        frozenset(near(rng.randrange(2))),
        {day: (Window(rng.randrange(1_000), 1_100),) for day in near(rng.randrange(3))},
        {day: some() for day in near(rng.randrange(2))},
    )


def agrees(calendar: Calendar, rng: Random, first: datetime, opened: Sequence[int]) -> None:
    """A deadline and the open time up to an instant, against the minutes counted one by one."""
    start = first + rng.randrange(2 * 24 * 60) * MINUTE
    end = start + rng.randrange(3 * 24 * 60) * MINUTE
    passed = bisect_left(opened, minute_of(start))
    until = bisect_left(opened, minute_of(end))
    assert elapsed(calendar, start, end) == (until - passed) * MINUTE
    minutes = rng.randrange(1_500)
    if minutes and passed + minutes <= len(opened):
        due = deadline(calendar, start, BusinessHours(minutes * MINUTE))
        assert due == instant_of(opened[passed + minutes - 1] + 1)


def test_there_are_2000_cases_in_at_least_12_zones(changes: Sequence[tuple[str, str]]) -> None:
    assert len(changes) * CALENDARS * CASES >= 2_000
    zones = {zone for zone, _ in changes}
    assert len(zones) >= 12
    assert {"Australia/Lord_Howe", "Pacific/Apia", "America/Santiago"} <= zones


@pytest.mark.parametrize("number", range(20))
def test_random_cases_agree_with_counted_minutes(
    changes: Sequence[tuple[str, str]], number: int
) -> None:
    """A hundred cases about each change of clocks."""
    rng = Random(number)
    zone, changes_on = changes[number]
    change = date.fromisoformat(changes_on)
    first = datetime.combine(change - DAY, datetime.min.time(), UTC)
    for _ in range(CALENDARS):
        calendar = a_calendar(rng, zone, change)
        opened = sorted(all_open(calendar, first, AHEAD))
        for _ in range(CASES):
            agrees(calendar, rng, first, opened)
