"""What a calendar keeps worked out is bounded, and never what another date or calendar has."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from scoring_service.domain.business_time.calendar import Calendar
from scoring_service.domain.business_time.dates import date_of_window, own_windows
from scoring_service.domain.business_time.open_days import (
    MEMO_MAX,
    OVER_MIDNIGHT_MAX,
    day_of,
    instant_of,
    open_day,
    windows_on,
)

Make = Callable[..., Calendar]
Asked = Callable[[Calendar, date], object]
NIGHT = ("22:00-06:00", "", "10:00-12:00 11:00-13:00", "00:00-24:00", "", "23:00-23:30", "")
FIRST = date(2010, 1, 1)
KEPT = [
    pytest.param(open_day, "open_days", id="the open time inside a date"),
    pytest.param(windows_on, "windows_on", id="the windows that belong to a date"),
    pytest.param(own_windows, "own_windows", id="those that are its own"),
]


@pytest.mark.parametrize(("asked", "kept"), KEPT)
def test_of_more_dates_than_are_kept_each_is_what_it_is(
    calendar: Make, asked: Asked, kept: str
) -> None:
    office = calendar(NIGHT, "Europe/Berlin", closed=["2012-05-01"])
    days = [FIRST + timedelta(days=n) for n in range(MEMO_MAX + 300)]
    first = [asked(office, day) for day in days]
    assert len(getattr(office, kept)) <= MEMO_MAX
    assert [asked(office, day) for day in reversed(days[-700:])] == first[:-701:-1]
    fresh = partial(asked, calendar(NIGHT, "Europe/Berlin", closed=["2012-05-01"]))
    assert list(map(fresh, days[::40])) == first[::40]


@pytest.mark.parametrize(("asked", "kept"), KEPT)
def test_what_is_asked_again_is_not_worked_out_again(
    calendar: Make, asked: Asked, kept: str
) -> None:
    office = calendar(NIGHT)
    once = asked(office, FIRST)
    assert asked(office, FIRST) is once
    assert getattr(office, kept)[FIRST] is once


def test_calendars_that_are_equal_keep_each_their_own(calendar: Make) -> None:
    one, other = calendar(NIGHT), calendar(NIGHT)
    windows_on(one, FIRST)
    assert one == other
    assert not other.windows_on


@pytest.mark.parametrize(
    ("zone", "day", "at", "expected"),
    [
        pytest.param("Europe/Berlin", "2026-06-01", 9.0, "2026-06-01T07:00", id="in summer"),
        pytest.param("Europe/Berlin", "2026-01-05", 9.0, "2026-01-05T08:00", id="in winter"),
        pytest.param("Europe/Berlin", "2026-03-28", 26.5, "2026-03-29T01:30",
                     id="in the gap of the night after, moved forward by it"),
        pytest.param("Europe/Berlin", "2026-10-24", 26.5, "2026-10-25T00:30",
                     id="in the hour that is there twice the first of both"),
        pytest.param("Europe/Berlin", "2026-10-25", 24.0, "2026-10-25T23:00",
                     id="midnight of a day of 25 hours"),
        pytest.param("Asia/Kolkata", "2026-03-02", 0.0, "2026-03-01T18:30",
                     id="half an hour beside the hour"),
        pytest.param("America/Santiago", "2026-09-06", 0.0, "2026-09-06T04:00",
                     id="a midnight that is not there"),
        pytest.param("UTC", "2026-12-31", 25.5, "2027-01-01T01:30", id="over the turn of a year"),
        pytest.param("UTC", "2024-02-28", 24.0, "2024-02-29T00:00", id="into a leap day"),
    ],
)  # fmt: skip
def test_a_local_time_is_one_instant(zone: str, day: str, at: float, expected: str) -> None:
    found = instant_of(ZoneInfo(zone), date.fromisoformat(day), timedelta(hours=at))
    assert found.isoformat() == f"{expected}:00+00:00"


@pytest.mark.parametrize(
    ("at", "day"),
    [
        pytest.param("2026-03-02T21:59", "2026-03-02", id="before its window the date itself"),
        pytest.param("2026-03-02T22:00", "2026-03-02", id="at the opening"),
        pytest.param("2026-03-02T23:59", "2026-03-02", id="before midnight"),
        pytest.param("2026-03-03T00:00", "2026-03-02", id="at midnight the date it opened on"),
        pytest.param("2026-03-03T05:59", "2026-03-02", id="in the morning still"),
        pytest.param("2026-03-04T10:30", "2026-03-04", id="in a window by day"),
    ],
)
def test_a_window_belongs_to_the_date_on_which_it_opens(calendar: Make, at: str, day: str) -> None:
    found = date_of_window(calendar(NIGHT), datetime.fromisoformat(f"{at}+00:00"))
    assert found.isoformat() == day


def test_the_dates_of_every_zone_follow_one_another_without_a_gap(
    calendar: Make, changes: list[tuple[str, str]]
) -> None:
    """Whatever its clocks do, an instant is inside exactly one date's piece of time."""
    for zone, changes_on in changes:
        office, change = calendar(NIGHT, zone), date.fromisoformat(changes_on)
        for offset in range(-OVER_MIDNIGHT_MAX - 1, OVER_MIDNIGHT_MAX + 2):
            day = change + timedelta(days=offset)
            found, later = open_day(office, day), open_day(office, day + timedelta(days=1))
            assert found.ends == later.begins, (zone, day)
            assert all(
                found.begins <= opens < closes <= found.ends for opens, closes in found.spans
            )
            if found.begins < found.ends:
                assert day_of(office, found.begins)[1] is found
                assert day_of(office, found.ends - timedelta(microseconds=1))[1] is found
