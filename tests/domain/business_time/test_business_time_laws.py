from datetime import datetime, timedelta
from itertools import islice, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject, SearchStrategy

from scoring_service.domain.business_time.calendar import Calendar
from scoring_service.domain.business_time.deadline import deadline, elapsed
from scoring_service.domain.business_time.duration import BusinessDays, BusinessHours
from scoring_service.domain.business_time.windows import is_open, next_open
from tests.domain.business_time.merged_windows import windows

Calendars = SearchStrategy[tuple[Calendar, datetime]]
SPANS = st.timedeltas(timedelta(0), timedelta(hours=60))
ZERO = timedelta(0)


@settings(max_examples=150)
@given(st.data(), SPANS)
def test_what_passes_until_a_deadline_is_its_duration(
    calendars: Calendars, data: DataObject, span: timedelta
) -> None:
    """`elapsed(start, deadline(start, d)) = d`."""
    calendar, start = data.draw(calendars)
    due = deadline(calendar, start, BusinessHours(span))
    assert due >= start
    assert elapsed(calendar, start, due) == span


@settings(max_examples=100)
@given(st.data(), SPANS, SPANS)
def test_a_longer_duration_ends_later(
    calendars: Calendars, data: DataObject, one: timedelta, other: timedelta
) -> None:
    calendar, start = data.draw(calendars)
    first, second = sorted([one, other])
    assert deadline(calendar, start, BusinessHours(first)) <= deadline(
        calendar, start, BusinessHours(second)
    )


@settings(max_examples=100)
@given(st.data(), SPANS, SPANS)
def test_open_time_adds_up(
    calendars: Calendars, data: DataObject, first: timedelta, second: timedelta
) -> None:
    calendar, start = data.draw(calendars)
    middle, end = start + first, start + first + second
    whole = elapsed(calendar, start, end)
    assert whole == elapsed(calendar, start, middle) + elapsed(calendar, middle, end)
    assert ZERO <= whole <= end - start


@settings(max_examples=100)
@given(st.data(), SPANS)
def test_the_next_opening_is_open_and_nothing_before_it_is(
    calendars: Calendars, data: DataObject, later: timedelta
) -> None:
    calendar, start = data.draw(calendars)
    at = start + later
    opens = next_open(calendar, at)
    assert is_open(calendar, opens)
    assert is_open(calendar, at) == (opens == at)
    assert elapsed(calendar, at, opens) == ZERO
    assert deadline(calendar, at, BusinessHours(ZERO)) == opens


@settings(max_examples=100)
@given(st.data(), SPANS)
def test_windows_follow_one_another_and_are_what_is_open(
    calendars: Calendars, data: DataObject, later: timedelta
) -> None:
    calendar, start = data.draw(calendars)
    found = list(islice(windows(calendar, start), 6))
    for (opens, closes), (then, _) in pairwise(found):
        assert opens < closes < then, "windows that touch are one"
    at = start + later
    if at < found[-1][1]:
        assert is_open(calendar, at) == any(opens <= at < closes for opens, closes in found)
    for opens, closes in found:
        assert is_open(calendar, opens)
        if closes - opens < timedelta(days=390):
            assert not is_open(calendar, closes)


@settings(max_examples=100)
@given(st.data(), st.integers(0, 5))
def test_a_business_day_ends_in_open_time_or_on_a_close(
    calendars: Calendars, data: DataObject, days: int
) -> None:
    calendar, start = data.draw(calendars)
    due = deadline(calendar, start, BusinessDays(days))
    moment = timedelta(microseconds=1)
    assert is_open(calendar, due) or is_open(calendar, due - moment)
    assert due >= next_open(calendar, start)
    assert due <= deadline(calendar, start, BusinessDays(days + 1))
