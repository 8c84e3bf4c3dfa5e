"""Calendars written as `09:00-12:30 13:15-18:00`."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from scoring_service.domain.business_time.calendar import Calendar, Window

Hours = str

CHANGES = (
    ("UTC", "2026-03-02"),
    ("Europe/Berlin", "2026-03-29"),
    ("Europe/Berlin", "2026-10-25"),
    ("America/New_York", "2026-03-08"),
    ("America/New_York", "2026-11-01"),
    ("Asia/Kolkata", "2026-03-02"),
    ("Australia/Lord_Howe", "2026-04-05"),
    ("Australia/Lord_Howe", "2026-10-04"),
    ("Pacific/Apia", "2011-12-30"),
    ("Pacific/Kwajalein", "1993-08-21"),
    ("America/Santiago", "2026-04-05"),
    ("America/Santiago", "2026-09-06"),
    ("America/Havana", "2026-03-08"),
    ("America/Havana", "2026-11-01"),
    ("America/St_Johns", "2010-03-14"),
    ("America/St_Johns", "2010-11-07"),
    ("Asia/Beirut", "2026-03-29"),
    ("Asia/Pyongyang", "2018-05-05"),
    ("Africa/Cairo", "2026-04-24"),
    ("Africa/Casablanca", "2026-03-22"),
)
"""Zones, and dates on which their clocks change: by half an hour, at midnight, by a whole day."""


def minutes(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def hours(text: Hours) -> tuple[Window, ...]:
    """`22:00-06:00` runs over midnight."""
    spans = [part.split("-") for part in text.split()]
    pairs = [(minutes(opens), minutes(closes)) for opens, closes in spans]
    return tuple(Window(o, c if c > o else c + 1440) for o, c in pairs)


@pytest.fixture(scope="session")
def calendar() -> Callable[..., Calendar]:
    """A calendar of hours a day (Monday to Friday unless seven are given), in a zone."""

    def make(
        week: Hours | Sequence[Hours] = "09:00-17:00",
        zone: str = "UTC",
        closed: Sequence[str] = (),
        breaks: Mapping[str, Hours] | None = None,
        shifts: Mapping[str, Hours] | None = None,
    ) -> Calendar:
        days = [week] * 5 + [""] * 2 if isinstance(week, str) else week
        return Calendar(
            "office",
            ZoneInfo(zone),
            tuple(hours(day) for day in days),
            frozenset(date.fromisoformat(day) for day in closed),
            {date.fromisoformat(day): hours(at) for day, at in (breaks or {}).items()},
            {date.fromisoformat(day): hours(at) for day, at in (shifts or {}).items()},
        )

    return make


@st.composite
def _calendars(draw: DrawFn) -> tuple[Calendar, datetime]:
    """A calendar whose clocks change about the instant that comes with it; in quarter hours."""
    zone, changes_on = draw(st.sampled_from(CHANGES))
    change = date.fromisoformat(changes_on)
    quarters = st.integers(0, 95)
    window = st.tuples(quarters, st.integers(1, 96)).map(
        lambda pair: Window(pair[0] * 15, min((pair[0] + pair[1]) * 15, 2879))
    )
    some = st.lists(window, max_size=3).map(tuple)
    near = st.integers(-4, 4).map(lambda days: change + timedelta(days=days))
    weekly = draw(st.tuples(*[some] * 7))
    if not any(weekly):
        weekly = ((Window(540, 1020),),) * 7
    calendar = Calendar(
        "any",
        ZoneInfo(zone),
        weekly,
        draw(st.frozensets(near, max_size=2)),
        draw(st.dictionaries(near, some, max_size=2)),
        draw(st.dictionaries(near, some, max_size=2)),
    )
    midnight = datetime.combine(change, datetime.min.time(), UTC)
    return calendar, midnight + timedelta(minutes=draw(st.integers(-3_000, 3_000)))


@pytest.fixture(scope="session")
def calendars() -> SearchStrategy[tuple[Calendar, datetime]]:
    """Calendars of many zones, each with an instant within two days of a change of its clocks."""
    return _calendars()


@pytest.fixture(scope="session")
def changes() -> Sequence[tuple[str, str]]:
    """Zones, each with a date on which its clocks change (UTC and Kolkata: with any)."""
    return CHANGES
