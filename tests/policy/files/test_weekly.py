"""Days and hours as people write them."""

import pytest

from scoring_service.domain.business_time.calendar import Window
from scoring_service.policy.files.weekly import BadHoursError, hours, weekdays


@pytest.mark.parametrize(
    ("text", "days"),
    [
        pytest.param("mon", (0,), id="a day"),
        pytest.param("mon-fri", (0, 1, 2, 3, 4), id="a working week"),
        pytest.param("sat,sun", (5, 6), id="two days"),
        pytest.param("mon-wed, sat", (0, 1, 2, 5), id="days and a day"),
        pytest.param("fri-mon", (4, 5, 6, 0), id="over the weekend"),
        pytest.param("mon-sun", tuple(range(7)), id="the whole week"),
        pytest.param("tue-tue", (1,), id="from a day to itself"),
    ],
)
def test_days(text: str, days: tuple[int, ...]) -> None:
    assert weekdays(text) == days


@pytest.mark.parametrize("text", ["", "monday", "Mon", "mon-", "-fri", "mon;tue", "mo", "1-5"])
def test_what_names_no_days(text: str) -> None:
    with pytest.raises(BadHoursError) as refused:
        weekdays(text)
    assert refused.value.remedy == "write mon, mon-thu or mon,wed,fri"


@pytest.mark.parametrize(
    ("text", "windows"),
    [
        pytest.param("09:00-17:00", [(540, 1020)], id="a day without a break"),
        pytest.param("13:15-18:00 09:00-12:30", [(540, 750), (795, 1080)], id="in any order"),
        pytest.param("00:00-24:00", [(0, 1440)], id="round the clock"),
        pytest.param("22:00-06:00", [(1320, 1800)], id="over midnight"),
        pytest.param("23:59-00:00", [(1439, 1440)], id="until midnight"),
        pytest.param("09:00-10:00  11:00-12:00", [(540, 600), (660, 720)], id="two blanks"),
    ],
)
def test_hours(text: str, windows: list[tuple[int, int]]) -> None:
    assert hours(text) == tuple(Window(*window) for window in windows)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        pytest.param("", "no hours are given", id="nothing"),
        pytest.param("9-17", "'9-17' is no window of hours", id="without minutes"),
        pytest.param("09:00-17:00,", "'09:00-17:00,' is no window", id="a comma"),
        pytest.param("09:00 - 17:00", "'09:00' is no window", id="blanks around the dash"),
        pytest.param("24:00-25:00", "'24:00-25:00' has no such time", id="an hour too late"),
        pytest.param("09:60-10:00", "'09:60-10:00' has no such time", id="sixty minutes"),
        pytest.param("09:00-24:01", "'09:00-24:01' has no such time", id="after midnight"),
        pytest.param("09:00-09:00", "'09:00-09:00' has no length", id="no length"),
    ],
)
def test_what_is_no_hours(text: str, what: str) -> None:
    with pytest.raises(BadHoursError) as refused:
        hours(text)
    assert refused.value.what.startswith(what)
    assert refused.value.remedy
