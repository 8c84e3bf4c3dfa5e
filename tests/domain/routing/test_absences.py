"""The union with team.yaml holds: an absence that people enter counts like leave that stands there,
and a decision is replayed with those who were entered as away.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.domain.routing.absences import (
    earliest_day,
    not_over,
    under_way,
    with_absences,
    without_days,
)
from scoring_service.domain.routing.decide import decide
from scoring_service.domain.routing.routes import ToPool
from scoring_service.values.absence import Absence, EnteredAbsence
from scoring_service.values.facts import Asked
from scoring_service.values.lead import Lead
from scoring_service.values.owner import QueueOwner, RepOwner
from scoring_service.values.team import Leave, Rep

NewOffice = Callable[..., Any]
MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
FRIDAY_EVENING = datetime(2026, 3, 6, 19, tzinfo=UTC)
BIG = Lead("l1", employees=500)
FIRST = date(2026, 3, 1)


def day(number: int) -> date:
    """A day of March."""
    return FIRST + timedelta(days=number - 1)


def away(rep: str, first: int, last: int, backup: str | None = None) -> Absence:
    """A rep is away on these days of March."""
    return Absence(rep, day(first), day(last), backup)


def entered(*absences: Absence) -> tuple[EnteredAbsence, ...]:
    """Absences as somebody entered them."""
    return tuple(EnteredAbsence(one, MONDAY, "mia") for one in absences)


def of_team(new_office: NewOffice, new_pool: Any, members: str = "a b", *reps: Rep) -> Any:
    """An office whose leads of large companies go to its one pool."""
    routes = [("big", lambda s: s["employees"] == 500, ToPool("p"))]
    return new_office(new_pool("p", members), reps=reps, routes=routes)


@pytest.mark.parametrize(
    ("absence", "now", "owner"),
    [
        pytest.param(away("a", 2, 2), MONDAY, "b", id="away-today"),
        pytest.param(away("a", 3, 6), MONDAY, "a", id="away-from-tomorrow-after-the-deadline"),
        pytest.param(away("a", 1, 1), MONDAY, "a", id="back-since-today"),
        pytest.param(away("b", 2, 2), MONDAY, "a", id="another-is-away"),
        pytest.param(away("who", 2, 2), MONDAY, "a", id="one-who-is-no-rep-any-more"),
    ],
)
def test_a_lead_skips_who_is_entered_as_away(
    new_office: NewOffice, new_pool: Any, absence: Absence, now: datetime, owner: str
) -> None:
    office = of_team(new_office, new_pool)
    assert office.decide(BIG, now, away=(absence,)).owner == RepOwner(owner)


def test_friday_evenings_lead_skips_one_who_is_entered_as_away_from_monday(
    new_office: NewOffice, new_pool: Any
) -> None:
    team = [Rep("a", calendar="office"), Rep("b", calendar="office")]
    office = of_team(new_office, new_pool, "a b", *team)
    assert office.decide(BIG, FRIDAY_EVENING).owner == RepOwner("a")
    monday = (away("a", 9, 9),)
    assert office.decide(BIG, FRIDAY_EVENING, away=monday).owner == RepOwner("b")


def test_leave_of_the_team_and_what_is_entered_hold_both(
    new_office: NewOffice, new_pool: Any
) -> None:
    team = Rep("a", leave=(Leave(day(2), day(2)),))
    office = of_team(new_office, new_pool, "a", team)
    for now in (MONDAY, MONDAY + timedelta(days=1)):
        assert office.decide(BIG, now, away=(away("a", 3, 3),)).owner == QueueOwner("p-queue")
    office.decide(BIG, MONDAY + timedelta(days=2), away=(away("a", 3, 3),))


@pytest.mark.parametrize(
    ("by_team", "by_people", "backup"),
    [
        pytest.param(None, "b", "b", id="the-one-that-names-a-backup"),
        pytest.param("b", None, "b", id="as-well-where-the-team-names-it"),
        pytest.param("b", "c", "c", id="the-later-word-where-both-do"),
    ],
)
def test_of_two_leaves_on_a_day_counts(
    new_office: NewOffice,
    new_pool: Any,
    by_team: str | None,
    by_people: str | None,
    backup: str,
) -> None:
    team = Rep("a", leave=(Leave(day(2), day(2), by_team),))
    office = of_team(new_office, new_pool, "a b c", team)
    facts = {"previous_owner": "a", "away": (away("a", 2, 2, by_people),)}
    lead = Lead("l1", employees=500)
    decision = office.decide(lead, asked=Asked.RECYCLED, **facts)
    assert (decision.owner, decision.stood_in_for) == (RepOwner(backup), "a")


def test_who_is_away_for_two_leaves_on_end_is_away_until_the_last_day(
    new_office: NewOffice, new_pool: Any
) -> None:
    team = Rep("a", leave=(Leave(day(2), day(3)),))
    office = of_team(new_office, new_pool, "a", team)
    (passed,) = office.decide(BIG, away=(away("a", 4, 5, "b"), away("a", 7, 7))).considered
    assert passed.reason == "on leave until 2026-03-05"


def test_a_policy_that_has_the_absences_is_left_as_it_is(
    new_office: NewOffice, new_pool: Any
) -> None:
    policy = of_team(new_office, new_pool).policy
    once = with_absences(policy, (away("a", 2, 2),))
    assert with_absences(policy, ()) is policy
    assert with_absences(once, (away("a", 2, 2),)) is once
    assert with_absences(once, ()) is policy
    assert with_absences(once, (away("b", 2, 2),)).reps["a"].leave == ()
    assert once.reps["a"].leave == (Leave(day(2), day(2)),)


def test_a_live_decision_and_its_replay_by_the_files_alone_are_the_same(
    new_office: NewOffice, new_pool: Any
) -> None:
    policy = of_team(new_office, new_pool).policy
    office = of_team(new_office, new_pool)
    absences = (away("a", 2, 2, "b"),)
    facts = office.facts(BIG, away=absences)
    live = decide(with_absences(policy, absences), facts)
    assert live == decide(policy, msgspec.json.decode(msgspec.json.encode(facts), type=type(facts)))
    assert live.owner == RepOwner("b")


def test_nobody_away_is_not_written_into_the_facts(new_office: NewOffice, new_pool: Any) -> None:
    facts = of_team(new_office, new_pool).facts(BIG)
    assert b"away" not in msgspec.json.encode(facts)


@pytest.mark.parametrize(
    ("now", "day"),
    [
        pytest.param("2026-03-06T12:00", "2026-03-06", id="noon"),
        pytest.param("2026-03-06T11:59", "2026-03-05", id="yesterday-somewhere"),
    ],
)
def test_the_earliest_day_on_any_wall(now: str, day: str) -> None:
    assert earliest_day(datetime.fromisoformat(now).replace(tzinfo=UTC)).isoformat() == day


def test_what_is_over_is_left_out() -> None:
    all_of_them = entered(away("b", 4, 5), away("a", 1, 1), away("a", 2, 2))
    left = not_over(all_of_them, datetime(2026, 3, 3, 11, tzinfo=UTC))
    assert [one.absence for one in left] == [away("a", 2, 2), away("b", 4, 5)]


@pytest.mark.parametrize(
    ("days", "left"),
    [
        pytest.param((1, 3), [(5, 9)], id="days-before-it"),
        pytest.param((1, 5), [(6, 9)], id="its-first-day"),
        pytest.param((9, 12), [(5, 8)], id="its-last-day"),
        pytest.param((6, 7), [(5, 5), (8, 9)], id="days-amid-it"),
        pytest.param((5, 9), [], id="all-of-it"),
    ],
)
def test_days_are_taken_out_of_an_absence(
    days: tuple[int, int], left: list[tuple[int, int]]
) -> None:
    parts = without_days(entered(away("a", 5, 9, "b")), day(days[0]), day(days[1]))
    assert [one.absence for one in parts] == [away("a", *each, "b") for each in left]


@pytest.mark.parametrize(
    ("today", "span"),
    [
        pytest.param(4, None, id="he-is-there"),
        pytest.param(5, (5, 8), id="on-its-first-day-with-what-follows-without-a-gap"),
        pytest.param(8, (5, 8), id="on-its-last"),
        pytest.param(9, None, id="between-two"),
        pytest.param(10, (10, 11), id="in-the-next-one"),
        pytest.param(12, None, id="after-all-of-them"),
    ],
)
def test_the_absence_that_is_under_way(today: int, span: tuple[int, int] | None) -> None:
    found = under_way(entered(away("a", 7, 8), away("a", 5, 6), away("a", 10, 11)), day(today))
    assert found == (span and (day(span[0]), day(span[1])))


@given(
    absences=st.lists(st.tuples(st.integers(1, 20), st.integers(0, 5)), max_size=4),
    cut=st.tuples(st.integers(1, 20), st.integers(0, 9)),
)
def test_taking_days_out_takes_just_these(
    absences: list[tuple[int, int]], cut: tuple[int, int]
) -> None:
    """A day is still away exactly where it was away and is not among those taken out."""
    kept = entered(*(away("a", first, first + more) for first, more in absences))
    first, last = day(cut[0]), day(cut[0] + cut[1])
    parts = without_days(kept, first, last)
    for at in map(day, range(1, 32)):
        was = any(one.absence.first <= at <= one.absence.last for one in kept)
        now = any(one.absence.first <= at <= one.absence.last for one in parts)
        assert now == (was and not first <= at <= last), at
