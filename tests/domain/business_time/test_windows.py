from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

import pytest

from scoring_service.domain.business_time.calendar import Calendar
from scoring_service.domain.business_time.windows import NeverOpen, is_open, next_open
from tests.domain.business_time.merged_windows import windows

Make = Callable[..., Calendar]
DAY = timedelta(days=1)
ALWAYS = ["00:00-24:00"] * 7


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def on(calendar: Calendar, day: str) -> list[str]:
    """The windows of a day in UTC, as people write them."""
    start = utc(day)
    found = [f"{o:%d.%H:%M}-{c:%d.%H:%M}" for o, c in until(calendar, start, start + DAY)]
    return [text.replace(f"{start:%d}.", "") for text in found]


def until(
    calendar: Calendar, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    for opens, closes in windows(calendar, start):
        if opens >= end:
            return
        yield opens, closes


@pytest.mark.parametrize(
    ("fields", "day", "hours"),
    [
        pytest.param({}, "2026-03-02", ["09:00-17:00"], id="a Monday"),
        pytest.param({}, "2026-03-07", [], id="a Saturday has none"),
        pytest.param(
            {"week": "09:00-12:30 13:15-18:00"},
            "2026-03-02",
            ["09:00-12:30", "13:15-18:00"],
            id="several a day",
        ),
        pytest.param(
            {"week": "09:00-13:00 12:00-18:00"},
            "2026-03-02",
            ["09:00-18:00"],
            id="overlapping windows are one",
        ),
        pytest.param(
            {"week": "13:00-18:00 09:00-13:00"},
            "2026-03-02",
            ["09:00-18:00"],
            id="so are those that touch, in any order",
        ),
        pytest.param(
            {"week": "18:00-24:00"}, "2026-03-02", ["18:00-03.00:00"], id="24:00 is midnight"
        ),
        pytest.param(
            {"week": "22:00-06:00"},
            "2026-03-07",
            ["00:00-06:00"],
            id="a window over midnight belongs to the Friday on which it opens",
        ),
        pytest.param({"closed": ["2026-03-02"]}, "2026-03-02", [], id="a holiday closes"),
        pytest.param(
            {"week": "22:00-06:00", "closed": ["2026-03-03"]},
            "2026-03-03",
            ["00:00-06:00"],
            id="but not the night that began the day before",
        ),
        pytest.param(
            {"shifts": {"2026-03-07": "10:00-14:00"}},
            "2026-03-07",
            ["10:00-14:00"],
            id="a one-off shift opens a Saturday",
        ),
        pytest.param(
            {"shifts": {"2026-03-02": "10:00-14:00"}},
            "2026-03-02",
            ["10:00-14:00"],
            id="a shift replaces the windows of its date",
        ),
        pytest.param(
            {"shifts": {"2026-03-02": "10:00-14:00"}, "closed": ["2026-03-02"]},
            "2026-03-02",
            [],
            id="a holiday closes a shift too",
        ),
        pytest.param(
            {"breaks": {"2026-03-02": "10:00-11:00"}},
            "2026-03-02",
            ["09:00-10:00", "11:00-17:00"],
            id="a break cuts out of the windows",
        ),
        pytest.param(
            {"breaks": {"2026-03-02": "08:00-10:00 16:00-20:00"}},
            "2026-03-02",
            ["10:00-16:00"],
            id="at either end",
        ),
        pytest.param(
            {"breaks": {"2026-03-02": "09:00-17:00"}}, "2026-03-02", [], id="or all of them"
        ),
        pytest.param(
            {"breaks": {"2026-03-02": "18:00-19:00"}},
            "2026-03-02",
            ["09:00-17:00"],
            id="one beside them cuts nothing",
        ),
        pytest.param(
            {
                "breaks": {"2026-03-07": "11:00-12:00"},
                "shifts": {"2026-03-07": "10:00-14:00"},
            },
            "2026-03-07",
            ["10:00-11:00", "12:00-14:00"],
            id="and cuts out of a shift",
        ),
        pytest.param(
            {"week": ["02:30-05:00"] * 7, "zone": "Europe/Berlin"},
            "2026-03-29",
            ["01:30-03:00"],
            id="a time in the spring gap moves forward by the gap",
        ),
        pytest.param(
            {"week": ["02:00-03:00"] * 7, "zone": "Europe/Berlin"},
            "2026-03-29",
            [],
            id="a window that the gap leaves without length is none",
        ),
        pytest.param(
            {"week": ["02:30-05:00"] * 7, "zone": "Europe/Berlin"},
            "2026-10-25",
            ["00:30-04:00"],
            id="a repeated time means the first",
        ),
        pytest.param(
            {
                "week": ["02:30-08:00"] * 7,
                "zone": "Europe/Berlin",
                "breaks": {"2026-03-29": "03:00-03:20"},
            },
            "2026-03-29",
            ["01:30-06:00"],
            id="a break never opens what the gap had closed",
        ),
    ],
)
def test_the_windows_of_a_day(
    calendar: Make, fields: dict[str, Any], day: str, hours: list[str]
) -> None:
    assert on(calendar(**fields), day) == hours


@pytest.mark.parametrize(
    ("at", "open_", "opens"),
    [
        pytest.param("2026-03-02T08:59:59.999999", False, "2026-03-02T09:00", id="before opening"),
        pytest.param("2026-03-02T09:00", True, "2026-03-02T09:00", id="the opening is inside"),
        pytest.param("2026-03-02T12:29:59.999999", True, None, id="to the last microsecond"),
        pytest.param("2026-03-02T12:30", False, "2026-03-02T13:15", id="the close is not"),
        pytest.param("2026-03-02T17:00", True, "2026-03-02T17:00", id="the afternoon"),
        pytest.param("2026-03-06T18:00", False, "2026-03-09T09:00", id="after the week the next"),
    ],
)
def test_windows_are_half_open(calendar: Make, at: str, open_: bool, opens: str | None) -> None:
    office = calendar("09:00-12:30 13:15-18:00")
    assert is_open(office, utc(at)) is open_
    assert next_open(office, utc(at)) == utc(opens or at)


def test_the_first_window_begins_at_the_start(calendar: Make) -> None:
    found = list(islice(windows(calendar(), utc("2026-03-02T16:00")), 2))
    assert found == [
        (utc("2026-03-02T16:00"), utc("2026-03-02T17:00")),
        (utc("2026-03-03T09:00"), utc("2026-03-03T17:00")),
    ]


def test_windows_are_merged_over_midnight(calendar: Make) -> None:
    shop = calendar(["00:00-24:00"] * 3 + [""] * 4)
    assert next(windows(shop, utc("2026-03-02T05:00"))) == (
        utc("2026-03-02T05:00"),
        utc("2026-03-05T00:00"),
    )


def test_a_calendar_that_never_closes_has_windows_of_400_days(calendar: Make) -> None:
    start = utc("2026-03-02T05:00")
    first, second = islice(windows(calendar(ALWAYS), start), 2)
    assert first[0] == start
    assert first[1] == second[0]
    assert timedelta(days=399) < first[1] - first[0] <= timedelta(days=400)


def test_a_calendar_that_never_opens_says_so(calendar: Make) -> None:
    never = calendar([""] * 7)
    start = utc("2026-03-02")
    assert not is_open(never, start)
    with pytest.raises(NeverOpen, match="'office' is not open within 400 days of 2026-03-02"):
        next_open(never, start)
    with pytest.raises(NeverOpen):
        list(windows(never, start))


def test_what_is_open_once_more_is_given_before_never_is_said(calendar: Make) -> None:
    shop = calendar([""] * 7, shifts={"2026-03-03": "09:00-10:00"})
    found = windows(shop, utc("2026-03-02"))
    assert next(found) == (utc("2026-03-03T09:00"), utc("2026-03-03T10:00"))
    with pytest.raises(NeverOpen):
        next(found)


def test_399_closed_days_are_waited_for(calendar: Make) -> None:
    shop = calendar([""] * 7, shifts={"2027-04-05": "09:00-10:00"})
    assert next_open(shop, utc("2026-03-02")) == utc("2027-04-05T09:00")
    with pytest.raises(NeverOpen):
        next_open(shop, utc("2026-02-20"))


def test_the_skipped_friday_of_apia_opens_nothing(calendar: Make) -> None:
    """30 December 2011 never was: its windows do not move to the Saturday."""
    samoa = calendar("09:00-17:00", zone="Pacific/Apia")
    found = list(until(samoa, utc("2011-12-29T12:00"), utc("2012-01-02T12:00")))
    local = [(o.astimezone(samoa.zone), c.astimezone(samoa.zone)) for o, c in found]
    assert [f"{o:%a %d %H:%M}-{c:%H:%M}" for o, c in local] == [
        "Thu 29 09:00-17:00",
        "Mon 02 09:00-17:00",
    ]
    shift = calendar("09:00-17:00", zone="Pacific/Apia", shifts={"2011-12-30": "09:00-10:00"})
    assert next_open(shift, found[0][1]) == found[1][0]


def test_what_was_worked_out_is_of_one_calendar_only(calendar: Make) -> None:
    office = calendar()
    noon = utc("2026-03-02T12:00")
    assert is_open(office, noon)
    closed = replace(office, closed=frozenset({date(2026, 3, 2)}))
    assert not is_open(closed, noon)
    assert is_open(office, noon)
    assert office == calendar(), "and is no part of what it is"
