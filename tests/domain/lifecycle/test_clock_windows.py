"""When two calendars are the same to a clock: what they say between its beginning and its deadline,
and nothing else. And what is left of a clock at its edges.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.domain.business_time.calendar import Calendar, Window
from scoring_service.domain.business_time.deadline import deadline, elapsed
from scoring_service.domain.business_time.duration import (
    BusinessDays,
    BusinessHours,
    Duration,
    Elapsed,
)
from scoring_service.domain.business_time.windows import is_open
from scoring_service.domain.lifecycle.clocks import (
    breached,
    laid_again,
    laid_on,
    left_of,
    met,
    paused,
    relaid,
    rest_of,
    resumed,
    same_windows,
)
from scoring_service.domain.lifecycle.ladder import climbed
from scoring_service.domain.policy import Policy
from scoring_service.values.clock import Clock, ClockName, Left, Unit
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead

Entered = Callable[..., StoredLead]
MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
HOUR, DAY, MICROSECOND = timedelta(hours=1), timedelta(days=1), timedelta(microseconds=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def week(*windows: tuple[float, float], closed: tuple[str, ...] = ()) -> Calendar:
    """Open in these hours of every day from Monday to Friday."""
    day = tuple(Window(int(opens * 60), int(closes * 60)) for opens, closes in windows)
    dates = frozenset(date.fromisoformat(text) for text in closed)
    return Calendar("week", ZoneInfo("UTC"), (day,) * 5 + ((),) * 2, dates)


def clock(span: Duration, calendar: Calendar, now: datetime = MONDAY) -> Clock:
    due = deadline(calendar, now, span)
    return Clock(ClockName.ACCEPT, now, now, left_of(span), calendar.name, "r1", due)


def hours(count: float) -> BusinessHours:
    return BusinessHours(timedelta(hours=count))


NINE_TO_FIVE = week((9, 17))


@pytest.mark.parametrize(
    ("new", "same"),
    [
        pytest.param(week((9, 17)), True, id="another of the same hours"),
        pytest.param(week((9, 14)), True, id="one that closes at the deadline"),
        pytest.param(week((9, 14.5)), True, id="one that closes after the deadline"),
        pytest.param(week((9, 13.75)), False, id="one that closes before the deadline"),
        pytest.param(week((10, 17)), True, id="one that opens where the clock begins"),
        pytest.param(week((8, 17)), True, id="one that opened long before the clock began"),
        pytest.param(week((10.25, 17)), False, id="one that opens after the clock began"),
        pytest.param(week((9, 12), (12, 17)), True, id="two windows that touch are one"),
        pytest.param(week((9, 12), (12.5, 17)), False, id="a break in between"),
        pytest.param(week((9, 17), closed=("2026-03-03",)), True, id="a holiday the day after"),
        pytest.param(week((9, 17), closed=("2026-03-01",)), True, id="a holiday the day before"),
        pytest.param(week((9, 17), closed=("2026-03-02",)), False, id="a holiday of that day"),
        pytest.param(week((9, 9.5), (10, 17)), True, id="a break before the clock began"),
        pytest.param(week((9, 14), (15, 17)), True, id="a break after the deadline"),
    ],
)
def test_a_clock_of_four_hours_from_ten_does_not_change_on_the_same_windows(
    new: Calendar, same: bool
) -> None:
    """Laid anew on the same open windows between since and deadline, a clock does not change."""
    running = clock(hours(4), NINE_TO_FIVE)
    assert running.due_at == utc("2026-03-02T14:00")
    assert same_windows(NINE_TO_FIVE, new, running.since, running.due_at) is same
    named = msgspec.structs.replace(running, revision="r2")
    assert (relaid(running, NINE_TO_FIVE, new, MONDAY + HOUR, "r2") == named) is same


def test_windows_that_meet_at_midnight_are_one() -> None:
    round_the_clock = week((0, 24))
    night = week((0, 22), (22, 30))
    since, until = MONDAY, MONDAY + 2 * DAY
    assert same_windows(round_the_clock, night, since, until)
    assert not same_windows(round_the_clock, week((0, 23)), since, until)


OPENINGS = st.lists(st.integers(0, 47), min_size=2, max_size=6, unique=True).map(sorted)


def half_hours(marks: list[int]) -> Calendar:
    """Open between the first two marks, the next two and so on."""
    spans = list(zip(marks[::2], marks[1::2], strict=False))
    return week(*[(opens / 2, closes / 2) for opens, closes in spans])


@settings(max_examples=120)
@given(OPENINGS, OPENINGS, st.integers(0, 96), st.integers(1, 96))
def test_the_same_windows_are_those_open_at_the_same_instants(
    one: list[int], other: list[int], starts: int, length: int
) -> None:
    """Beside a twin that looks at every half hour."""
    old, new = half_hours(one), half_hours(other)
    midnight = utc("2026-03-02")
    instants = [midnight + (starts + i) * HOUR / 2 for i in range(length)]
    alike = all(is_open(old, at) == is_open(new, at) for at in instants)
    assert same_windows(old, new, instants[0], instants[-1] + HOUR / 2) is alike


def test_elapsed_time_is_left_as_it_was_by_any_calendar() -> None:
    running = clock(Elapsed(4 * HOUR), NINE_TO_FIVE)
    found = relaid(running, NINE_TO_FIVE, week((12, 13)), MONDAY + HOUR, "r2")
    assert found == msgspec.structs.replace(running, revision="r2")


@pytest.mark.parametrize(
    ("span", "now", "rest"),
    [
        pytest.param(hours(4), "2026-03-02T10:00", Left(Unit.HOURS, 4 * 3_600_000_000),
                     id="at its beginning all of it"),
        pytest.param(hours(4), "2026-03-01T10:00", Left(Unit.HOURS, 4 * 3_600_000_000),
                     id="before its beginning all of it"),
        pytest.param(hours(4), "2026-03-02T14:00", Left(Unit.HOURS, 0), id="at its end nothing"),
        pytest.param(hours(4), "2026-03-05T14:00", Left(Unit.HOURS, 0),
                     id="after its end never less than nothing"),
        pytest.param(hours(9), "2026-03-02T20:00", Left(Unit.HOURS, 2 * 3_600_000_000),
                     id="overnight what is left in the evening"),
        pytest.param(Elapsed(2 * HOUR), "2026-03-02T11:00",
                     Left(Unit.ELAPSED, 3_600_000_000), id="of elapsed time what did not pass"),
        pytest.param(Elapsed(2 * HOUR), "2026-03-07T11:00", Left(Unit.ELAPSED, 0),
                     id="and nothing long after"),
        pytest.param(BusinessDays(2), "2026-03-02T14:00", Left(Unit.DAYS, 1, 0.5),
                     id="of two dates half a one is used by two o'clock"),
        pytest.param(BusinessDays(2), "2026-03-20T10:00", Left(Unit.DAYS, 0),
                     id="of dates nothing long after"),
    ],
)  # fmt: skip
def test_what_is_still_to_pass(span: Duration, now: str, rest: Left) -> None:
    assert rest_of(left_of(span), NINE_TO_FIVE, MONDAY, utc(now)) == rest


def test_a_clock_that_is_to_begin_is_stopped_with_all_of_it_from_then() -> None:
    """One that counts from a date ahead has used nothing when it is stopped before."""
    ahead = MONDAY + 2 * DAY
    to_come = msgspec.structs.replace(clock(hours(4), NINE_TO_FIVE, ahead), started_at=MONDAY)
    stopped = paused(to_come, NINE_TO_FIVE, MONDAY + 7 * DAY, MONDAY)
    assert (stopped.since, stopped.left) == (ahead, left_of(hours(4)))
    moved = relaid(to_come, NINE_TO_FIVE, week((9, 13)), MONDAY, "r2")
    assert (moved.since, moved.left) == (ahead, left_of(hours(4)))
    assert moved.due_at == utc("2026-03-05T10:00")


@pytest.mark.parametrize("late", [0, 1, 3 * 3_600_000_000])
def test_what_is_done_at_the_deadline_is_in_time_and_a_microsecond_later_is_not(late: int) -> None:
    running = clock(hours(4), NINE_TO_FIVE)
    assert running.due_at is not None
    at = running.due_at + late * MICROSECOND
    done = met(running, at)
    assert (done.breached_at is None) is (late == 0)
    assert done.met_at == at


@settings(max_examples=80)
@given(st.integers(0, 30), st.integers(1, 500), st.integers(0, 500))
def test_a_pause_takes_nothing_off_however_long_it_is(span: int, worked: int, stood: int) -> None:
    """Open time before the pause and after it make up the span, to the microsecond."""
    running = clock(hours(span), NINE_TO_FIVE)
    stops = MONDAY + worked * HOUR / 10
    goes_on = stops + stood * HOUR
    stopped = paused(running, NINE_TO_FIVE, goes_on, stops)
    if running.due_at is not None and stops > running.due_at:
        assert stopped == running, "a deadline that has passed is not stopped"
        return
    again = resumed(stopped, NINE_TO_FIVE, goes_on, "r2")
    assert again.due_at is not None
    before = elapsed(NINE_TO_FIVE, MONDAY, stops)
    assert before + elapsed(NINE_TO_FIVE, goes_on, again.due_at) == hours(span).span
    assert again.started_at == MONDAY, "where it began stays known"


def test_a_clock_laid_again_is_at_its_next_step_and_keeps_its_first_breach() -> None:
    running = clock(hours(4), NINE_TO_FIVE)
    first = breached(running)
    assert (first.due_at, first.breached_at) == (None, running.due_at)
    assert running.due_at is not None
    again = laid_again(first, NINE_TO_FIVE, running.due_at, left_of(hours(4)), "r2")
    assert (again.step, again.due_at) == (1, utc("2026-03-03T10:00"))
    assert breached(again).breached_at == running.due_at
    assert laid_on(NINE_TO_FIVE, running.due_at, left_of(hours(4))) == again.due_at


def test_a_rung_is_as_far_from_the_last_as_they_lie_apart_whatever_calendar_that_had(
    policy: Policy, entered: Entered
) -> None:
    """A holiday that is entered before the first rung spares the rungs after it too: what passed
    under the old calendar stays passed, and is not counted again from the assignment.
    """
    lead = entered(Stage.MQL)
    accept = next(each for each in lead.clocks if each.name is ClockName.ACCEPT)
    office = policy.calendars["office"]
    spared = relaid(accept, office, policy.calendars["short"], MONDAY + HOUR, "r2")
    assert spared.due_at == utc("2026-03-03T10:00"), "two of its hours are left over night"
    second = climbed(policy, lead, spared)
    assert second.due_at == utc("2026-03-03T14:00"), "four business hours after the first rung"
    assert climbed(policy, lead, second).due_at == utc("2026-03-05T14:00")
