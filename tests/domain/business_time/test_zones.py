"""Odd changes of clocks, one by one: by half an hour, at midnight, by a whole day."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from scoring_service.domain.business_time.calendar import Calendar
from scoring_service.domain.business_time.deadline import deadline, elapsed
from scoring_service.domain.business_time.duration import parse_duration
from scoring_service.domain.business_time.shares import after_days, days_used

Make = Callable[..., Calendar]
ALWAYS = ("00:00-24:00",) * 7
MONTH = timedelta(days=31)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "week", "start", "duration", "due"),
    [
        pytest.param("Australia/Lord_Howe", ALWAYS, "2026-04-04T13:00", "24.5bh",
                     "2026-04-05T13:30", id="Lord Howe's longest day has 24 and a half hours"),
        pytest.param("Australia/Lord_Howe", ALWAYS, "2026-10-03T13:30", "23.5bh",
                     "2026-10-04T13:00", id="its shortest 23 and a half"),
        pytest.param("Australia/Lord_Howe", ["02:00-03:00"] * 7, "2026-10-03T13:30", "0.5bh",
                     "2026-10-03T16:00", id="half an hour of it is missing at night"),
        pytest.param("America/Santiago", ["00:00-08:00"] * 7, "2026-09-06T00:30", "7bh",
                     "2026-09-06T11:00", id="Santiago's day may begin at one"),
        pytest.param("America/Santiago", ["22:00-24:00"] * 7, "2026-04-05T00:00", "3bh",
                     "2026-04-05T04:00", id="and the hour before midnight be there twice"),
        pytest.param("Pacific/Apia", ALWAYS, "2011-12-29T10:00", "24bh", "2011-12-30T10:00",
                     id="Apia's Thursday is followed by its Saturday"),
        pytest.param("Pacific/Apia", ["09:00-17:00"] * 7, "2011-12-29T19:00", "2bd",
                     "2011-12-31T19:00",
                     id="two business days from Thursday are Sunday"),
        pytest.param("Asia/Beirut", ["22:00-26:00"] * 7, "2026-03-28T20:00", "4bh",
                     "2026-03-29T20:00",
                     id="a window over a midnight that is not there is an hour shorter"),
    ],
)  # fmt: skip
def test_an_odd_change(
    calendar: Make, zone: str, week: Sequence[str], start: str, duration: str, due: str
) -> None:
    assert deadline(calendar(week, zone), utc(start), parse_duration(duration)) == utc(due)


def test_a_month_about_each_change_has_its_dates_and_its_hours(
    calendar: Make, changes: Sequence[tuple[str, str]]
) -> None:
    """All hours are open, so open time is time; and each date that was is one business day."""
    for zone, changes_on in changes:
        always = calendar(ALWAYS, zone)
        start = utc(changes_on) - MONTH / 2
        end = start + MONTH
        assert elapsed(always, start, end) == MONTH
        used = days_used(always, start, end)
        assert abs(used - 31) < 2
        assert after_days(always, start, 0, used) == end


def test_a_share_of_the_longer_day_is_longer(calendar: Make) -> None:
    """Berlin's day of 25 hours is used up to a half after twelve and a half."""
    always = calendar(ALWAYS, "Europe/Berlin")
    midnight = utc("2026-10-24T22:00")
    assert days_used(always, midnight, midnight + timedelta(hours=12.5)) * 2 == 1
