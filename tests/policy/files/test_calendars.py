"""calendars.yaml: zones, weekly hours, holidays, one-off breaks and shifts."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from scoring_service.domain.business_time.calendar import Calendar, Window
from scoring_service.domain.business_time.windows import is_open
from scoring_service.policy.document import Document
from scoring_service.policy.files.calendars import ALWAYS, calendars, codes_in

Reading = Callable[[str], Document]
HOLIDAYS = {"DE": (date(2025, 10, 3),), "US": (date(2025, 7, 4),)}
WEEKLY = "weekly: {mon-fri: '09:00-17:00'}"


def read(reading: Reading, text: str) -> dict[str, Calendar]:
    found, mistakes = calendars(reading(text), HOLIDAYS)
    assert mistakes == []
    return found


def test_without_a_file_every_hour_is_open() -> None:
    assert calendars(None, {}) == ({"always": ALWAYS, "default": ALWAYS}, [])


def test_a_calendar_has_a_zone_and_weekly_hours(document: Reading) -> None:
    found = read(document, f"office: {{zone: Europe/Berlin, {WEEKLY}}}")["office"]
    assert found.zone.key == "Europe/Berlin"
    assert found.weekly == ((Window(540, 1020),),) * 5 + ((),) * 2
    assert is_open(found, datetime(2025, 1, 15, 8, tzinfo=UTC))
    assert not is_open(found, datetime(2025, 1, 15, 16, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        pytest.param("holidays: DE", {date(2025, 10, 3)}, id="of a country"),
        pytest.param(
            "holidays: [DE, US]", {date(2025, 10, 3), date(2025, 7, 4)}, id="of two countries"
        ),
        pytest.param("closed: [2025-12-24]", {date(2025, 12, 24)}, id="of one's own"),
        pytest.param(
            "holidays: DE, closed: [2025-12-24]",
            {date(2025, 10, 3), date(2025, 12, 24)},
            id="of both",
        ),
    ],
)
def test_days_on_which_a_calendar_is_closed(
    document: Reading, text: str, closed: set[date]
) -> None:
    assert read(document, f"office: {{{WEEKLY}, {text}}}")["office"].closed == closed


def test_breaks_and_shifts_of_a_date_are_joined(document: Reading) -> None:
    text = (
        f"office: {{{WEEKLY}, breaks: [{{on: 2025-06-03, at: '10:00-11:00'}},"
        " {on: 2025-06-03, at: '14:00-15:00'}], shifts: [{on: 2025-06-07, at: '10:00-14:00'}]}"
    )
    found = read(document, text)["office"]
    assert found.breaks == {date(2025, 6, 3): (Window(600, 660), Window(840, 900))}
    assert found.shifts == {date(2025, 6, 7): (Window(600, 840),)}


@pytest.mark.parametrize(
    ("text", "default"),
    [
        pytest.param(f"office: {{{WEEKLY}}}", "always", id="always, where none is named"),
        pytest.param(f"default: office\noffice: {{{WEEKLY}}}", "office", id="by its name"),
        pytest.param(f"default: {{{WEEKLY}}}", "default", id="a calendar of that name"),
        pytest.param("default: always", "always", id="always, by its name"),
    ],
)
def test_the_calendar_of_those_who_have_none(document: Reading, text: str, default: str) -> None:
    assert read(document, text)["default"].name == default


def test_always_may_be_written_out_as_it_is(document: Reading) -> None:
    found = read(document, "always: {zone: UTC, weekly: {mon-sun: '00:00-24:00'}}")
    assert found["always"].weekly == ALWAYS.weekly


def said(reading: Reading, text: str) -> list[str]:
    return [mistake.what for mistake in calendars(reading(text), HOLIDAYS)[1]]


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        pytest.param("{weekly: {}}", "this calendar is never open within 400 days", id="no hours"),
        pytest.param("{weekly: {}, shifts: [{on: 2025-01-01, at: '10:00-11:00'}]}",
                     "this calendar is never open within 400 days", id="one shift in all years"),
        pytest.param("{zone: Mars/Olympus, " + WEEKLY + "}", "unknown time zone 'Mars/Olympus'",
                     id="no zone of the earth"),
        pytest.param("{zone: ../etc/passwd, " + WEEKLY + "}", "unknown time zone '../etc/passwd'",
                     id="a path for a zone"),
        pytest.param("{zone: '', " + WEEKLY + "}", "unknown time zone ''", id="no name of a zone"),
        pytest.param("{" + WEEKLY + ", holidays: FR-XX}", "FR has no part 'XX' with holidays",
                     id="a part that a country does not have"),
        pytest.param("{" + WEEKLY + ", holidays: [DE, QQ]}", "no holidays are known for 'QQ'",
                     id="no country"),
        pytest.param("{weekly: {mon: '09:00-10:00', mon-tue: '11:00-12:00'}}",
                     "'mon-tue' gives a day that has hours already", id="a day twice"),
        pytest.param("{" + WEEKLY + ", breaks: [{on: 2025-06-03, at: noon}]}",
                     "'noon' is no window of hours", id="a break without hours"),
        pytest.param("{" + WEEKLY + ", closed: [christmas]}",
                     "christmas is read as a text where a date is meant", id="a name for a date"),
        pytest.param("{zone: UTC}", "the key 'weekly' is missing", id="no weekly hours"),
    ],
)  # fmt: skip
def test_a_calendar_that_does_not_fit_is_refused(document: Reading, entry: str, what: str) -> None:
    assert said(document, f"office: {entry}") == [what]


ALL_WEEK = "weekly: {mon-sun: '00:00-24:00'}"
NOT_ALWAYS = "'always' is open at every hour"


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        pytest.param("{" + ALL_WEEK + ", zone: Europe/Berlin}", [], id="a zone"),
        pytest.param("{" + ALL_WEEK + ", shifts: [{on: 2025-01-01, at: '01:00-02:00'}]}",
                     [], id="a shift, at which it is open anyway"),
        pytest.param("{weekly: {mon-sat: '00:00-24:00'}}", [NOT_ALWAYS], id="a day less"),
        pytest.param("{weekly: {mon-sun: '00:00-23:59'}}", [NOT_ALWAYS], id="a minute less"),
        pytest.param("{" + ALL_WEEK + ", holidays: DE}", [NOT_ALWAYS],
                     id="holidays"),
        pytest.param("{" + ALL_WEEK + ", closed: [2025-12-24]}", [NOT_ALWAYS],
                     id="a date on which it is closed"),
        pytest.param("{" + ALL_WEEK + ", breaks: [{on: 2025-06-03, at: '10:00-11:00'}]}",
                     [NOT_ALWAYS], id="a break"),
    ],
)  # fmt: skip
def test_always_is_open_at_every_hour_whoever_writes_it(
    document: Reading, entry: str, what: list[str]
) -> None:
    """SLAs and tracks count by it without a calendar of their own."""
    assert said(document, f"always: {entry}") == what


@pytest.mark.parametrize(
    ("text", "what"),
    [
        pytest.param("[office]", "there is a list where a map of keys is meant", id="a list"),
        pytest.param("office", "office is read as a text where a map of keys is meant",
                     id="a text"),
        pytest.param("office: default", "default is read as a text where a map of keys is meant",
                     id="a name where hours are meant"),
        pytest.param("default: 7", "7 is read as a whole number where a map of keys is meant",
                     id="a number for the default"),
        pytest.param("default: ofice", "unknown calendar 'ofice'", id="an unknown default"),
        pytest.param("default: default", "unknown calendar 'default'", id="a default by itself"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_map_of_calendars_is_refused(
    document: Reading, text: str, what: str
) -> None:
    assert said(document, text) == [what]


def test_beside_mistakes_every_calendar_is_there_and_open(document: Reading) -> None:
    """What refers to one that cannot be read is no mistake that follows."""
    found, mistakes = calendars(document("office: {weekly: {}}\nnight: 7\n"), HOLIDAYS)
    assert len(mistakes) == 2
    assert found == dict.fromkeys(("always", "default", "office", "night"), ALWAYS)


@pytest.mark.parametrize(
    ("holidays", "places"),
    [
        pytest.param("QQ", ["holidays"], id="the only one"),
        pytest.param("[QQ]", ["holidays[0]"], id="the only one of a list"),
        pytest.param("[DE, QQ, US, FR-XX]", ["holidays[1]", "holidays[3]"], id="each of several"),
    ],
)
def test_holidays_that_nobody_knows_are_told_where_they_stand(
    document: Reading, holidays: str, places: list[str]
) -> None:
    found, mistakes = calendars(document(f"office: {{{WEEKLY}, holidays: {holidays}}}"), HOLIDAYS)
    assert [mistake.path for mistake in mistakes] == [f"$.office.{place}" for place in places]
    assert found["office"] is ALWAYS


def test_every_mistake_of_every_calendar_is_told(document: Reading) -> None:
    text = "a: {weekly: {mon: x, tue: y}, zone: z}\nb: {weekly: {}}\ndefault: c\n"
    assert len(said(document, text)) == 5


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        pytest.param("a: {holidays: DE}", {"DE"}, id="one"),
        pytest.param("a: {holidays: [DE, US]}\nb: {holidays: DE}", {"DE", "US"}, id="several"),
        pytest.param("a: {holidays: [1, DE]}\nb: 7\ndefault: a", {"DE"}, id="among mistakes"),
        pytest.param("[1]", set(), id="no map"),
        pytest.param("", set(), id="nothing"),
    ],
)
def test_the_codes_of_holidays_that_are_named(
    document: Reading, text: str, codes: set[str]
) -> None:
    assert codes_in(document(text)) == codes
