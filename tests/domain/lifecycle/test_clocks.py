"""One clock: what is used is taken off, the rest is laid; a breach stays one."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject, SearchStrategy

from scoring_service.domain.business_time.calendar import Calendar, Window
from scoring_service.domain.business_time.deadline import deadline, elapsed
from scoring_service.domain.business_time.duration import (
    BusinessDays,
    BusinessHours,
    Duration,
    Elapsed,
)
from scoring_service.domain.business_time.shares import after_days, days_used
from scoring_service.domain.business_time.windows import next_open
from scoring_service.domain.lifecycle.clocks import (
    breached,
    laid_on,
    left_of,
    met,
    paused,
    relaid,
    rest_of,
    resumed,
)
from scoring_service.values.clock import Clock, ClockName, Left, Unit

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
MICROSECOND = timedelta(microseconds=1)


def week(opens: int, closes: int, zone: str = "UTC", closed: tuple[datetime, ...] = ()) -> Calendar:
    days = ((Window(opens * 60, closes * 60),),) * 5 + ((),) * 2
    return Calendar("week", ZoneInfo(zone), days, frozenset(at.date() for at in closed))


OFFICE, SHORT = week(9, 17), week(9, 13)
ALL = (
    OFFICE,
    SHORT,
    week(13, 19),
    week(9, 17, "America/New_York"),
    week(22, 30, "Europe/Berlin"),
    week(9, 17, closed=(MONDAY + timedelta(days=1), MONDAY + timedelta(days=4))),
)


def clock(span: Duration, calendar: Calendar = OFFICE, now: datetime = MONDAY) -> Clock:
    due = deadline(calendar, now, span)
    return Clock(ClockName.ACCEPT, now, now, left_of(span), calendar.name, "r1", due)


def hours(count: float) -> BusinessHours:
    return BusinessHours(timedelta(hours=count))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("span", "new", "now", "due"),
    [
        pytest.param(hours(4), SHORT, "2026-03-02T11:00", "2026-03-03T10:00",
                     id="one of four hours is used, two are left today and one tomorrow"),
        pytest.param(hours(4), ALL[5], "2026-03-02T11:00", "2026-03-02T14:00",
                     id="a holiday after the deadline changes nothing"),
        pytest.param(hours(8), ALL[5], "2026-03-02T11:00", "2026-03-04T10:00",
                     id="a holiday before it spares the clock"),
        pytest.param(hours(4), SHORT, "2026-03-02T14:00:01", "2026-03-02T14:00",
                     id="a deadline that has passed is not moved"),
        pytest.param(BusinessDays(2), SHORT, "2026-03-03T17:00", "2026-03-04T09:30",
                     id="an eighth of a date is an eighth of a shorter one"),
        pytest.param(BusinessDays(1), SHORT, "2026-03-02T17:00", "2026-03-03T09:30",
                     id="from the next opening where the day is over"),
        pytest.param(BusinessDays(3), ALL[5], "2026-03-02T10:00", "2026-03-09T10:00",
                     id="a date that is closed now is none"),
        pytest.param(Elapsed(4 * HOUR), SHORT, "2026-03-02T11:00", "2026-03-02T14:00",
                     id="elapsed time knows no calendar"),
    ],
)  # fmt: skip
def test_the_rest_is_laid_on_the_new_calendar(
    span: Duration, new: Calendar, now: str, due: str
) -> None:
    found = relaid(clock(span), OFFICE, new, utc(now), "r2")
    assert found.due_at == utc(due)
    assert (found.revision, found.started_at) == ("r2", MONDAY)


def test_a_pause_keeps_what_was_left() -> None:
    until = utc("2026-03-09T09:00")
    stopped = paused(clock(hours(4)), OFFICE, until, MONDAY + HOUR)
    assert (stopped.due_at, stopped.resumes_at) == (None, until)
    assert stopped.left == left_of(hours(3))
    assert stopped.wakes_at == until
    on = resumed(stopped, OFFICE, until, "r2")
    assert (on.due_at, on.resumes_at) == (utc("2026-03-09T12:00"), None)
    done = met(stopped, MONDAY + 2 * HOUR)
    assert (done.met_at, done.breached_at, done.wakes_at) == (MONDAY + 2 * HOUR, None, None)


def test_a_pause_may_be_moved_and_takes_nothing_off() -> None:
    stopped = paused(clock(hours(4)), OFFICE, utc("2026-03-09"), MONDAY + HOUR)
    later = paused(stopped, OFFICE, utc("2026-03-16"), MONDAY + 2 * HOUR)
    assert later == msgspec.structs.replace(stopped, resumes_at=utc("2026-03-16"))


def test_what_is_over_is_neither_paused_nor_resumed() -> None:
    late = MONDAY + 5 * HOUR
    running = clock(hours(4))
    assert paused(running, OFFICE, utc("2026-03-09"), late) == running
    done = met(running, MONDAY)
    assert paused(done, OFFICE, utc("2026-03-09"), MONDAY) == done
    assert resumed(running, OFFICE, late, "r2") == running


@pytest.mark.parametrize("span", [hours(4), BusinessDays(1), Elapsed(4 * HOUR)])
def test_of_what_was_used_up_nothing_is_left(span: Duration) -> None:
    left = left_of(span)
    later = rest_of(left, OFFICE, MONDAY, MONDAY + 50 * HOUR)
    assert (later.amount, later.share) == (0, 0.0)
    assert rest_of(left, OFFICE, MONDAY, MONDAY - HOUR) == left


@pytest.mark.parametrize(
    ("done", "met_at", "breached_at"),
    [
        pytest.param("2026-03-02T12:00", "2026-03-02T12:00", None, id="in time"),
        pytest.param("2026-03-02T14:00", "2026-03-02T14:00", None,
                     id="at the deadline instant"),
        pytest.param("2026-03-02T14:00:01", "2026-03-02T14:00:01", "2026-03-02T14:00",
                     id="late"),
        pytest.param("2026-03-01", "2026-03-02T10:00", None,
                     id="dated before the clock counts as at its beginning"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("told", [False, True])
def test_a_breach_stays_one_with_both_instants(
    done: str, met_at: str, breached_at: str | None, told: bool
) -> None:
    running = clock(hours(4))
    found = met(breached(running) if told else running, utc(done))
    assert found.met_at == utc(met_at)
    assert found.breached_at == (utc(breached_at) if breached_at else None)
    assert found.wakes_at is None
    assert met(found, MONDAY + 9 * HOUR) == found, "it is done once"


def test_a_breach_dates_from_the_first_deadline() -> None:
    running = clock(hours(4))
    again = breached(msgspec.structs.replace(breached(running), due_at=MONDAY + 9 * HOUR))
    assert again.breached_at == running.due_at


COUNTS = st.integers(0, 12)
SPANS: SearchStrategy[Duration] = (
    COUNTS.map(hours) | COUNTS.map(BusinessDays) | COUNTS.map(lambda count: Elapsed(count * HOUR))
)
STEPS = st.lists(
    st.tuples(st.integers(0, 4_000), st.sampled_from(("owner", "pause", "resume"))), max_size=8
)


def used(unit: Unit, calendar: Calendar, since: datetime, now: datetime) -> Fraction:
    """What passed, counted here: in microseconds, or in dates."""
    if unit is Unit.DAYS:
        return days_used(calendar, since, now)
    passed = elapsed(calendar, since, now) if unit is Unit.HOURS else now - since
    return Fraction(passed // MICROSECOND)


def stepped(what: str, clock: Clock, old: Calendar, new: Calendar, now: datetime) -> Clock:
    if what == "owner":
        return relaid(clock, old, new, now, "r")
    if what == "pause":
        return paused(clock, old, now + HOUR, now)
    return resumed(clock, old, now, "r")


def amount(left: Left) -> Fraction:
    return left.amount + Fraction(left.share)


@settings(max_examples=200)
@given(SPANS, STEPS, st.sampled_from(ALL), st.data())
def test_what_was_used_and_what_is_left_are_the_span(
    span: Duration, steps: list[tuple[int, str]], calendar: Calendar, data: DataObject
) -> None:
    """Under any sequence of pauses, ends of pauses and other owners."""
    running, now, total = clock(span, calendar), MONDAY, Fraction(0)
    for minutes, what in steps:
        later = now + minutes * MINUTE
        if running.due_at is not None and later > running.due_at:
            break
        if running.resumes_at is None:
            total += used(running.left.unit, calendar, now, later)
        now, old = later, calendar
        calendar = data.draw(st.sampled_from(ALL)) if what == "owner" else old
        running = stepped(what, running, old, calendar, now)
    left = running.left
    if running.resumes_at is None:
        left = rest_of(left, calendar, running.since, now)
    if amount(left) > 0:
        assert abs(total + amount(left) - amount(left_of(span))) < Fraction(1, 10**9)
    if running.due_at is not None and left.unit is Unit.HOURS:
        assert running.due_at >= now
        assert elapsed(calendar, now, running.due_at) == left.amount * MICROSECOND


@settings(max_examples=150)
@given(SPANS, st.sampled_from(ALL), st.integers(0, 20_000))
def test_laid_anew_on_the_same_windows_a_clock_does_not_change(
    span: Duration, calendar: Calendar, minutes: int
) -> None:
    running = clock(span, calendar)
    same = Calendar(calendar.name, calendar.zone, calendar.weekly, calendar.closed)
    now = MONDAY + minutes * MINUTE
    assert relaid(running, calendar, same, now, "r1") == running
    assert running.due_at is not None
    # A holiday behind the deadline is another calendar, but not other windows before it.
    after = running.due_at.date() + timedelta(days=3)
    other = Calendar(calendar.name, calendar.zone, calendar.weekly, calendar.closed | {after})
    assert relaid(running, calendar, other, now, "r1") == running


@settings(max_examples=150)
@given(st.data(), st.integers(0, 4), st.fractions(0, 1, max_denominator=96))
def test_a_share_laid_is_the_share_that_passes(
    data: DataObject, days: int, share: Fraction
) -> None:
    calendar = data.draw(st.sampled_from(ALL))
    start = MONDAY + data.draw(st.integers(0, 10_000)) * MINUTE
    whole = deadline(calendar, start, BusinessDays(days))
    due = after_days(calendar, start, days, share)
    assert due >= whole
    assert abs(days_used(calendar, whole, due) - share) <= Fraction(1, 10**9)


def test_dates_add_up() -> None:
    friday = utc("2026-03-06T13:00")
    for calendar in ALL:
        one = days_used(calendar, MONDAY, MONDAY + 30 * HOUR)
        other = days_used(calendar, MONDAY + 30 * HOUR, friday)
        assert one + other == days_used(calendar, MONDAY, friday)
        assert days_used(calendar, friday, MONDAY) == 0


@settings(max_examples=100)
@given(SPANS, st.sampled_from(ALL), st.integers(0, 10_000))
def test_a_whole_span_is_laid_as_a_deadline(
    span: Duration, calendar: Calendar, minutes: int
) -> None:
    now = MONDAY + minutes * MINUTE
    assert laid_on(calendar, now, left_of(span)) == deadline(calendar, now, span)
    if isinstance(span, BusinessHours) and not span.span:
        assert laid_on(calendar, now, left_of(span)) == next_open(calendar, now)
