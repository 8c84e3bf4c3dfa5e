"""Leave, beside a twin that looks at every half hour: who is away for a lead, from when, till when.

Leave is whole days, both included, in the rep's zone, looked at when the rep's calendar is next
open *and* at the deadline. It begins at the first opening of his calendar inside it, at once if
entered later.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.domain.business_time.windows import is_open
from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.leave import about_to_leave, away_until, midnight, on_leave
from scoring_service.domain.routing.leave_begins import leave_begins, leave_ends
from scoring_service.values.team import Leave, Pool, Rep

NewOffice = Callable[..., Any]
NewPool = Callable[..., Pool]
SEEDS = st.integers(0, 2**32)
SUNDAY = datetime(2026, 3, 1, tzinfo=UTC)
HALF = timedelta(minutes=30)
DAY = timedelta(days=1)
ZONES = ("UTC", "America/New_York", "Asia/Kolkata", "Pacific/Auckland")
CALENDARS = ("always", "office", "new-york")


class Story(NamedTuple):
    """A rep with some leaves, and an instant at which he is asked about."""

    policy: Policy
    rep: Rep
    now: datetime

    def is_open(self, at: datetime) -> bool:
        return is_open(self.policy.calendars[self.rep.calendar], at)

    def day(self, at: datetime) -> date:
        """The date on his wall."""
        return at.astimezone(ZoneInfo(self.rep.zone)).date()

    def is_away(self, day: date) -> bool:
        return any(leave.first <= day <= leave.last for leave in self.rep.leave)

    def opening(self) -> datetime:
        """When his calendar is next open."""
        return next(at for at in half_hours(self.now) if self.is_open(at))

    def begins(self, leave: Leave) -> datetime | None:
        """The first opening on a day of the leave; None for one in which he would not work."""
        start = datetime.combine(leave.first - DAY, time(), tzinfo=UTC)
        inside = (
            at
            for at in half_hours(start, 24 * 2 * ((leave.last - leave.first).days + 4))
            if leave.first <= self.day(at) <= leave.last
        )
        return next((at for at in inside if self.is_open(at)), None)


def half_hours(start: datetime, count: int = 24 * 2 * 14) -> Iterator[datetime]:
    return (start + i * HALF for i in range(count))


@pytest.fixture(scope="module")
def story(new_office: NewOffice, new_pool: NewPool) -> Callable[[int], Story]:
    """Drawn from a number: a rep of some zone and calendar, with up to three leaves."""

    def made(seed: int) -> Story:
        rng = Random(seed)
        leaves = []
        for _ in range(rng.randint(0, 3)):
            first = SUNDAY.date() + timedelta(days=rng.randint(0, 12))
            leaves.append(Leave(first, first + timedelta(days=rng.randint(0, 5))))
        rep = Rep("a", zone=rng.choice(ZONES), calendar=rng.choice(CALENDARS), leave=tuple(leaves))
        policy: Policy = new_office(new_pool("p", "a"), reps=[rep]).policy
        return Story(policy, rep, SUNDAY + rng.randint(0, 14 * 48) * HALF)

    return made


@settings(max_examples=200)
@given(seed=SEEDS)
def test_who_is_away_for_a_lead(story: Callable[[int], Story], seed: int) -> None:
    """On the day of his next opening, or on that of the deadline, four hours from now."""
    it = story(seed)
    found = on_leave(it.policy, it.rep, it.now, "soon")
    days = it.day(it.opening()), it.day(it.now + timedelta(hours=4))
    assert (found is not None) is any(map(it.is_away, days))
    if found is not None:
        assert found in it.rep.leave
        assert any(found.first <= day <= found.last for day in days)


@settings(max_examples=150)
@given(seed=SEEDS)
def test_one_who_is_there_at_his_next_opening_may_be_about_to_leave(
    story: Callable[[int], Story], seed: int
) -> None:
    it = story(seed)
    assert about_to_leave(it.policy, it.rep, it.now) is not it.is_away(it.day(it.opening()))


@settings(max_examples=150)
@given(seed=SEEDS)
def test_when_the_next_leave_begins_and_those_that_began_end(
    story: Callable[[int], Story], seed: int
) -> None:
    """At the first opening inside it, at once where that has passed; it ends with its last day."""
    it = story(seed)
    spans = [
        (begins, midnight(it.rep, leave.last + DAY))
        for leave in it.rep.leave
        if (begins := it.begins(leave)) is not None
    ]
    to_come = [max(begins, it.now) for begins, ends in spans if it.now < ends]
    under_way = [ends for begins, ends in spans if begins <= it.now < ends]
    assert leave_begins(it.policy, it.rep, it.now) == min(to_come, default=None)
    assert leave_ends(it.policy, it.rep, it.now) == max(under_way, default=None)


@settings(max_examples=150)
@given(seed=SEEDS)
def test_who_goes_from_one_leave_into_the_next_is_away_until_the_last_day(
    story: Callable[[int], Story], seed: int
) -> None:
    it = story(seed)
    for leave in it.rep.leave:
        last = leave.last
        while it.is_away(last + DAY):
            last += DAY
        assert away_until(it.rep, leave) == last


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("day", ["2026-03-08", "2026-03-29", "2026-04-05", "2026-10-25"])
def test_a_day_begins_at_midnight_on_the_reps_wall(zone: str, day: str) -> None:
    """On the days of clock changes too, which are none at midnight in these zones."""
    begins = midnight(Rep("a", zone=zone), date.fromisoformat(day))
    on_wall = begins.astimezone(ZoneInfo(zone))
    assert (on_wall.date().isoformat(), on_wall.time()) == (day, time())
    before = (begins - timedelta(microseconds=1)).astimezone(ZoneInfo(zone))
    assert before.date() == date.fromisoformat(day) - DAY
