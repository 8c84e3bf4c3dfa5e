"""When a notice goes out: inside the recipient's working hours, never before it was written."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.domain.business_time.calendar import Calendar, Window
from scoring_service.domain.business_time.windows import is_open, next_open
from scoring_service.domain.lifecycle.recipients import TOGETHER, addressees, goes_out_at
from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.leave_begins import leave_begins, leave_ends
from scoring_service.policy.load import load
from scoring_service.policy.source import source_of
from scoring_service.values.team import Leave, Rep
from tests.workflows.conftest import rule_files

OFFICE = Calendar(
    "office", ZoneInfo("Europe/Berlin"), ((Window(540, 720), Window(780, 1020)),) * 5 + ((),) * 2
)
REP = Rep("ann", zone="Europe/Berlin", calendar="office")
POLICY: Policy = replace(
    load(source_of(rule_files())),
    calendars={"office": OFFICE, "default": OFFICE},
    reps={"ann": REP},
)
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
DAYS = st.dates(datetime(2026, 1, 1, tzinfo=UTC).date(), datetime(2026, 12, 1, tzinfo=UTC).date())


@given(INSTANTS)
def test_a_notice_goes_out_in_working_hours_and_soon(now: datetime) -> None:
    at = goes_out_at(POLICY, "ann", now)
    assert now <= at
    assert is_open(OFFICE, at)
    assert at - next_open(OFFICE, now) <= TOGETHER


@given(INSTANTS, DAYS, st.integers(0, 20))
def test_a_leave_begins_inside_it_at_an_opening_or_at_once(
    now: datetime, first: date, length: int
) -> None:
    last = first + timedelta(days=length)
    rep = replace(REP, leave=(Leave(first, last),))
    begins, ends = leave_begins(POLICY, rep, now), leave_ends(POLICY, rep, now)
    if begins is None:
        assert ends is None
        return
    local = begins.astimezone(ZoneInfo("Europe/Berlin")).date()
    assert begins >= now
    assert first <= local <= last
    assert begins == now or is_open(OFFICE, begins)
    assert ends is None or (begins == now < ends)


def test_a_leave_over_a_weekend_never_begins() -> None:
    saturday = datetime(2026, 3, 7, tzinfo=UTC).date()
    rep = replace(REP, leave=(Leave(saturday, saturday + timedelta(days=1)),))
    assert leave_begins(POLICY, rep, datetime(2026, 3, 1, tzinfo=UTC)) is None


WEEKDAY = datetime(2026, 3, 3, tzinfo=UTC)  # a Tuesday in winter: Berlin is an hour ahead


@pytest.mark.parametrize(
    ("now", "goes_out"),
    [
        pytest.param("08:59", "09:14", id="in hours it waits a quarter of an hour for others"),
        pytest.param("08:00", "08:15", id="at the very opening too"),
        pytest.param("07:59", "08:00", id="a minute before it, it goes out at the opening"),
        pytest.param("10:44", "10:59", id="what fits before a close waits all the same"),
        pytest.param("10:45", "10:59:59.999999", id="a close is no working time: just before it"),
        pytest.param("10:59", "10:59:59.999999", id="near the close it does not wait as long"),
        pytest.param("11:00", "12:00", id="at the close the break has begun"),
        pytest.param("11:30", "12:00", id="in the break it goes out after it"),
        pytest.param("16:00", "08:00 +1", id="in the evening it goes out in the morning"),
    ],
)
def test_a_notice_goes_out(now: str, goes_out: str) -> None:
    """The office in Berlin is open from 9 to 12 and from 13 to 17, in UTC an hour earlier."""
    assert goes_out_at(POLICY, "ann", _at(now)) == _at(goes_out)


def test_whoever_is_no_rep_is_told_in_the_hours_of_the_file() -> None:
    lunch = Calendar("default", ZoneInfo("UTC"), ((Window(720, 780),),) * 7)
    policy = replace(POLICY, calendars={**POLICY.calendars, "default": lunch})
    assert goes_out_at(policy, "marketing", _at("09:00")) == _at("12:00")
    assert goes_out_at(policy, "ann", _at("09:00")) == _at("09:15")


def test_hours_that_do_not_end_at_midnight_let_it_wait_over_midnight() -> None:
    """Several of a kind within 15 minutes are one, before midnight and after it."""
    always = Calendar("default", ZoneInfo("UTC"), ((Window(0, 1440),),) * 7)
    policy = replace(POLICY, calendars={**POLICY.calendars, "default": always})
    assert goes_out_at(policy, "marketing", _at("23:55")) == _at("00:10 +1")
    assert goes_out_at(policy, "marketing", _at("00:00")) == _at("00:15")


def test_a_short_break_is_over_when_it_goes_out() -> None:
    early, late = Window(540, 600), Window(605, 720)
    coffee = Calendar("default", ZoneInfo("UTC"), ((early, late),) * 7)
    policy = replace(POLICY, calendars={**POLICY.calendars, "default": coffee})
    assert goes_out_at(policy, "marketing", _at("09:55")) == _at("10:10")
    assert goes_out_at(policy, "marketing", _at("09:48")) == _at("09:59:59.999999")


def test_where_hours_never_come_a_notice_is_sent_all_the_same() -> None:
    never = Calendar("default", ZoneInfo("UTC"), ((),) * 7)
    policy = replace(POLICY, calendars={**POLICY.calendars, "default": never})
    assert goes_out_at(policy, "marketing", WEEKDAY) == WEEKDAY + TOGETHER


def test_what_was_held_long_enough_goes_out_at_once_in_hours_only() -> None:
    at_once = timedelta(0)
    assert goes_out_at(POLICY, "ann", _at("09:00"), at_once) == _at("09:00")
    assert goes_out_at(POLICY, "ann", _at("11:30"), at_once) == _at("12:00")


@pytest.mark.parametrize(
    ("recipient", "told"),
    [
        pytest.param("ann", ("ann",), id="who is there is told"),
        pytest.param("bob", ("bob", "ann"), id="while he is away his backup is told too"),
        pytest.param("cat", ("cat",), id="who is away without a backup reads it later"),
        pytest.param("dan", ("mia",), id="of who left the manager is told"),
        pytest.param("eve", ("top@desk",), id="or the top where he had none"),
        pytest.param("marketing", ("marketing",), id="a mailbox is told"),
    ],
)
def test_who_gets_what_is_meant_for_somebody(recipient: str, told: tuple[str, ...]) -> None:
    away = (Leave(date(2026, 3, 2), date(2026, 3, 6), "ann"),)
    reps = {
        "ann": REP,
        "bob": replace(REP, rep_id="bob", leave=away),
        "cat": replace(REP, rep_id="cat", leave=(replace(away[0], backup=None),)),
        "dan": replace(REP, rep_id="dan", active=False, manager="mia"),
        "eve": replace(REP, rep_id="eve", active=False),
        "mia": replace(REP, rep_id="mia"),
    }
    lifecycle = replace(POLICY.lifecycle, escalation_contact="top@desk")
    policy = replace(POLICY, reps=reps, lifecycle=lifecycle)
    assert addressees(policy, recipient, _at("09:00")) == told


def _at(text: str) -> datetime:
    """A time of that day in UTC; `+1` is the next one."""
    clock, _, later = text.partition(" +")
    hour = time.fromisoformat(clock)
    return datetime.combine(WEEKDAY.date(), hour, UTC) + timedelta(days=int(later or 0))
