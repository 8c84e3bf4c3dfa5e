from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scoring_service.domain.business_time.calendar import Calendar
from scoring_service.domain.business_time.deadline import DEADLINES_MAX, deadline, elapsed
from scoring_service.domain.business_time.duration import parse_duration
from scoring_service.domain.business_time.windows import NeverOpen

Make = Callable[..., Calendar]
OFFICE = {"week": "09:00-12:30 13:15-18:00"}
BERLIN = {"week": "09:00-17:00", "zone": "Europe/Berlin"}
NIGHT = {"week": "20:00-04:00"}


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("fields", "start", "duration", "due"),
    [
        pytest.param({}, "2026-03-02T10:00", "3bh", "2026-03-02T13:00", id="inside a window"),
        pytest.param(
            OFFICE, "2026-03-02T12:00", "1bh", "2026-03-02T13:45", id="a lunch break does not count"
        ),
        pytest.param(
            {}, "2026-03-06T16:00", "2bh", "2026-03-09T10:00", id="Friday evening runs into Monday"
        ),
        pytest.param(
            {}, "2026-03-07T12:00", "1bh", "2026-03-09T10:00", id="a weekend start counts from open"
        ),
        pytest.param(
            {}, "2026-03-02T16:00", "1bh", "2026-03-02T17:00", id="exactly on a close is that close"
        ),
        pytest.param(
            {},
            "2026-03-02T09:00",
            "16bh",
            "2026-03-03T17:00",
            id="also days later, not the opening",
        ),
        pytest.param({}, "2026-03-02T12:00", "0bh", "2026-03-02T12:00", id="zero is now when open"),
        pytest.param({}, "2026-03-02T17:00", "0bh", "2026-03-03T09:00", id="else the next opening"),
        pytest.param({}, "2026-03-07T12:00", "0bd", "2026-03-09T09:00", id="for business days too"),
        pytest.param(
            {}, "2026-03-07T12:00", "4h", "2026-03-07T16:00", id="elapsed time never stops"
        ),
        pytest.param({}, "2026-03-07T12:00", "2d", "2026-03-09T12:00", id="a day is 24 hours"),
        pytest.param(
            {"closed": ["2026-03-03"]},
            "2026-03-02T16:00",
            "2bh",
            "2026-03-04T10:00",
            id="a holiday is skipped",
        ),
        pytest.param(
            BERLIN,
            "2026-03-27T15:00",
            "2bh",
            "2026-03-30T08:00",
            id="Friday evening runs into Monday over the change to summer time",
        ),
        pytest.param(
            {"week": ["00:00-24:00"] * 7, "zone": "Europe/Berlin"},
            "2026-03-28T23:00",
            "23bh",
            "2026-03-29T22:00",
            id="the day of the spring gap has 23 hours",
        ),
        pytest.param(NIGHT, "2026-03-02T22:00", "4bh", "2026-03-03T02:00", id="over midnight"),
        pytest.param(
            NIGHT,
            "2026-03-07T02:00",
            "3bh",
            "2026-03-09T21:00",
            id="the night of Friday is Friday's",
        ),
        pytest.param(
            {}, "2026-03-02T10:00", "1bd", "2026-03-03T10:00", id="the same time tomorrow"
        ),
        pytest.param({}, "2026-03-06T10:00", "1bd", "2026-03-09T10:00", id="over the weekend"),
        pytest.param({}, "2026-03-07T10:00", "1bd", "2026-03-10T09:00", id="from the next opening"),
        pytest.param(
            {"closed": ["2026-03-03"]}, "2026-03-02T10:00", "1bd", "2026-03-04T10:00", id="holidays"
        ),
        pytest.param(
            {"week": ["09:00-17:00", "11:00-15:00"] + ["09:00-17:00"] * 3 + [""] * 2},
            "2026-03-02T10:00",
            "1bd",
            "2026-03-03T11:00",
            id="before a window it is its opening",
        ),
        pytest.param(
            {"week": ["09:00-17:00", "11:00-15:00"] + ["09:00-17:00"] * 3 + [""] * 2},
            "2026-03-02T16:00",
            "1bd",
            "2026-03-03T15:00",
            id="after the last it is the last close",
        ),
        pytest.param(
            {"week": ["09:00-17:00", "09:00-12:00 14:00-17:00"] + ["09:00-17:00"] * 3 + [""] * 2},
            "2026-03-02T12:30",
            "1bd",
            "2026-03-03T14:00",
            id="between two it is the opening of the second",
        ),
        pytest.param(
            NIGHT, "2026-03-03T01:30", "1bd", "2026-03-04T01:30", id="25:30 is of the date before"
        ),
        pytest.param(
            NIGHT, "2026-03-07T01:30", "1bd", "2026-03-10T01:30", id="25:30 of Friday is of Monday"
        ),
        pytest.param(
            {"week": ["20:00-02:00"] + ["20:00-01:00"] * 4 + [""] * 2},
            "2026-03-03T01:30",
            "1bd",
            "2026-03-04T01:00",
            id="25:30 after a close of 25:00 is that close",
        ),
        pytest.param(
            {"week": ["01:00-09:00 20:00-02:00"] * 7},
            "2026-03-03T01:30",
            "1bd",
            "2026-03-04T01:30",
            id="25:30 is of the date before also where the next has begun",
        ),
        pytest.param(
            {"week": ["12:00-06:00"] + ["02:00-03:00"] + ["12:00-15:00"] * 5},
            "2026-03-03T05:00",
            "1bd",
            "2026-03-04T15:00",
            id="a date whose window lies in one of the date before has none",
        ),
        pytest.param(
            BERLIN,
            "2026-03-27T12:00",
            "1bd",
            "2026-03-30T11:00",
            id="the same local time in summer",
        ),
        pytest.param(
            {"week": ["01:00-06:00"] * 7, "zone": "Europe/Berlin"},
            "2026-03-28T01:30",
            "1bd",
            "2026-03-29T01:30",
            id="a local time in the gap moves forward by it",
        ),
        pytest.param(
            {"week": ["09:00-17:00"] * 7, "zone": "Pacific/Apia"},
            "2011-12-29T22:00",
            "1bd",
            "2011-12-30T22:00",
            id="a date that never was counts for none",
        ),
        pytest.param(
            {"breaks": {"2026-03-03": "09:00-17:00"}},
            "2026-03-02T10:00",
            "1bd",
            "2026-03-04T10:00",
            id="a date whose windows are cut away counts for none",
        ),
    ],
)
def test_deadline(
    calendar: Make, fields: dict[str, Any], start: str, duration: str, due: str
) -> None:
    assert deadline(calendar(**fields), utc(start), parse_duration(duration)) == utc(due)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        pytest.param("2026-03-02T10:00", "2026-03-02T12:00", 2, id="inside a window"),
        pytest.param("2026-03-02T08:00", "2026-03-02T18:00", 8, id="a whole window"),
        pytest.param("2026-03-06T16:00", "2026-03-09T10:00", 2, id="over the weekend"),
        pytest.param("2026-03-07T00:00", "2026-03-08T00:00", 0, id="zero is a value"),
        pytest.param("2026-03-02T12:00", "2026-03-02T12:00", 0, id="of an instant too"),
        pytest.param("2026-03-02T00:00", "2026-03-09T00:00", 40, id="a week"),
    ],
)
def test_elapsed(calendar: Make, start: str, end: str, hours: int) -> None:
    assert elapsed(calendar(), utc(start), utc(end)) == timedelta(hours=hours)


def test_time_does_not_run_backwards(calendar: Make) -> None:
    with pytest.raises(ValueError, match="is before"):
        elapsed(calendar(), utc("2026-03-02T12:00"), utc("2026-03-02T11:59:59"))


def test_nothing_passes_in_years_without_an_opening(calendar: Make) -> None:
    never = calendar([""] * 7)
    assert elapsed(never, utc("2020-01-01"), utc("2026-01-01")) == timedelta(0)
    for duration in ("0bh", "1bh", "1bd"):
        with pytest.raises(NeverOpen):
            deadline(never, utc("2026-01-01"), parse_duration(duration))


def test_days_that_do_not_come_are_not_waited_for(calendar: Make) -> None:
    once = calendar([""] * 7, shifts={"2026-03-03": "09:00-10:00", "2026-03-05": "09:00-10:00"})
    start = utc("2026-03-02")
    assert deadline(once, start, parse_duration("1bd")) == utc("2026-03-05T09:00")
    with pytest.raises(NeverOpen):
        deadline(once, start, parse_duration("2bd"))
    with pytest.raises(NeverOpen):
        deadline(once, start, parse_duration("3bh"))


def test_deadlines_that_a_calendar_kept_are_those_it_gives_anew(calendar: Make) -> None:
    """Asked in turns for many starts and spans, with more of them than it keeps."""
    office, spans = (
        calendar(**OFFICE),
        [parse_duration(text) for text in ("1bh", "1bd", "9bh")],
    )
    starts = [utc("2026-03-02T10:00") + timedelta(minutes=n) for n in range(DEADLINES_MAX // 2)]
    asked = [(start, span) for start in starts for span in spans]
    first = [deadline(office, *each) for each in asked]
    assert len(office.deadlines) <= DEADLINES_MAX
    assert [deadline(office, *each) for each in reversed(asked)] == first[::-1]
    assert [deadline(calendar(**OFFICE), *each) for each in asked[::50]] == first[::50]
    assert len(set(first)) > 100
