"""Whatever may free a rep (a lead leaving his hands, hours, end of leave, midnight of a limit, a
reload) drains at once, or by the pool's one drain timer set to the earliest such instant.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.domain.routing.leave import back_at, local_date, on_leave
from scoring_service.domain.routing.routes import ToPool
from scoring_service.domain.routing.waiting import drain_at
from scoring_service.values.facts import MemberFacts, PoolFacts
from scoring_service.values.lead import Lead
from scoring_service.values.owner import RepOwner
from scoring_service.values.team import Hours, Leave, Pool, Rep

NewOffice = Callable[..., Any]
NewPool = Callable[..., Pool]
MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
EVENING = datetime(2026, 3, 2, 20, tzinfo=UTC)
FRIDAY_EVENING = datetime(2026, 3, 6, 19, tzinfo=UTC)
BIG = Lead("l1", employees=500)
BUSY: dict[str, Any] = {"open_leads": 9, "taken_today": 9, "taken_this_week": 9}
TODAY = Leave(date(2026, 3, 2), date(2026, 3, 2))


def next_drain(
    office: Any, now: datetime = MONDAY, unfit: str = "", **known: Any
) -> datetime | None:
    """When the pool p of the office is drained next."""
    pools = {name: office.pool_facts(name, **known) for name in office.policy.pools}
    return drain_at(office.policy, "p", pools.__getitem__, now, frozenset(unfit))


@pytest.mark.parametrize(
    ("rep", "now", "due"),
    [
        pytest.param({"per_day_max": 9}, MONDAY, "2026-03-03T00:00", id="midnight-of-a-limit"),
        pytest.param(
            {"per_day_max": 9, "zone": "America/New_York"},
            MONDAY,
            "2026-03-03T05:00",
            id="midnight-in-the-reps-zone",
        ),
        pytest.param(
            {"per_day_max": 9, "zone": "Asia/Kolkata"},
            EVENING,
            "2026-03-03T18:30",
            id="where-the-date-is-already-tomorrows",
        ),
        pytest.param({"per_week_max": 9}, MONDAY, "2026-03-09T00:00", id="monday-of-an-iso-week"),
        pytest.param(
            {"per_week_max": 9, "zone": "Europe/Berlin"},
            datetime(2026, 3, 26, 12, tzinfo=UTC),
            "2026-03-29T22:00",
            id="the-week-in-which-the-clocks-change",
        ),
        pytest.param({"calendar": "office"}, EVENING, "2026-03-03T09:00", id="opening-hours"),
        pytest.param(
            {"calendar": "office", "per_day_max": 9},
            EVENING,
            "2026-03-03T09:00",
            id="the-later-where-two-things-keep-him",
        ),
        pytest.param(
            {"calendar": "office", "leave": (TODAY,)},
            MONDAY,
            "2026-03-02T17:00",
            id="end-of-leave-once-his-last-day-has-closed",
        ),
        pytest.param(
            {"leave": (TODAY,)}, MONDAY, "2026-03-03T00:00", id="end-of-leave-at-midnight"
        ),
        pytest.param(
            {"leave": (TODAY,), "zone": "America/New_York"},
            MONDAY,
            "2026-03-03T05:00",
            id="midnight-of-leave-in-his-zone",
        ),
        pytest.param({"open_leads_max": 9}, MONDAY, None, id="a-lead-leaving-is-an-event"),
        pytest.param({"per_day_max": 0}, MONDAY, None, id="a-limit-of-0-never-ends"),
        pytest.param(
            {"active": False, "calendar": "office"}, EVENING, None, id="gone-until-a-reload"
        ),
        pytest.param({}, MONDAY, None, id="he-is-free-and-nobody-who-waits-is-for-him"),
    ],
)
def test_drain_at(
    new_office: NewOffice, new_pool: NewPool, rep: Any, now: datetime, due: str | None
) -> None:
    office = new_office(new_pool("p", "a", hours=Hours.WORKING), reps=[Rep("a", **rep)])
    expected = datetime.fromisoformat(due).replace(tzinfo=UTC) if due else None
    assert next_drain(office, now, a=BUSY) == expected


def test_the_earliest_of_the_pool_and_its_fallbacks(
    new_office: NewOffice, new_pool: NewPool
) -> None:
    reps = [Rep("a", per_week_max=9), Rep("b", per_day_max=9), Rep("c", per_day_max=9)]
    pools = (new_pool("p", "a", fallback=("q",)), new_pool("q", "b"), new_pool("r", "c"))
    office = new_office(*pools, reps=reps)
    assert next_drain(office, a=BUSY, b=BUSY) == datetime(2026, 3, 3, tzinfo=UTC)
    assert next_drain(office, unfit="b", a=BUSY, b=BUSY) == datetime(2026, 3, 9, tzinfo=UTC)


def test_a_leave_that_matters_to_a_long_sla_only_is_watched(
    new_office: NewOffice, new_pool: NewPool
) -> None:
    """A lead whose response is due on Tuesday does not go to one who is away then: his return is
    waited for, though a lead that is due today could have him now.
    """
    leave = (Leave(date(2026, 3, 3), date(2026, 3, 4)),)
    reps = [Rep("a", calendar="office", leave=leave)]
    office = new_office(new_pool("p", "a"), reps=reps)
    assert next_drain(office, MONDAY) == datetime(2026, 3, 4, 17, tzinfo=UTC)


LEAVE = st.builds(
    lambda start, length: Leave(
        date(2026, 3, 1) + timedelta(days=start), date(2026, 3, 1) + timedelta(days=start + length)
    ),
    st.integers(0, 12),
    st.integers(0, 6),
)
REP = st.builds(
    Rep,
    st.just("a"),
    zone=st.sampled_from(["UTC", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"]),
    calendar=st.sampled_from(["always", "office", "new-york"]),
    per_day_max=st.sampled_from([None, 2]),
    per_week_max=st.sampled_from([None, 5]),
    leave=st.lists(LEAVE, max_size=2).map(tuple),
)
NOW = st.integers(0, 14 * 96).map(lambda quarters: MONDAY + timedelta(minutes=15 * quarters))
STEP = timedelta(minutes=30)


def at(known: MemberFacts, rep: Rep, now: datetime, then: datetime) -> MemberFacts:
    """The counts at a later instant if nothing happens: a new day and a new week begin at 0."""
    then_date, now_date = local_date(rep, then), local_date(rep, now)
    today = known.taken_today if then_date == now_date else 0
    same_week = then_date.isocalendar()[:2] == now_date.isocalendar()[:2]
    week = known.taken_this_week if same_week else 0
    return MemberFacts("a", taken_today=today, taken_this_week=week)


@given(rep=REP, now=NOW, taken=st.sampled_from([0, 2, 5]))
def test_nobody_becomes_eligible_before_the_drain(
    new_office: NewOffice, new_pool: NewPool, rep: Rep, now: datetime, taken: int
) -> None:
    """Whoever cannot be drawn now cannot until the timer, and somebody who only has to wait for
    time to pass is waited for.
    """
    office = new_office(new_pool("p", "a", hours=Hours.WORKING), reps=[rep], otherwise=ToPool("p"))
    known = MemberFacts("a", taken_today=taken, taken_this_week=taken)

    def free(then: datetime) -> bool:
        pools = [PoolFacts("p", (at(known, rep, now, then),), 1)]
        return bool(office.decide(BIG, then, pools=pools).owner == RepOwner("a"))

    if free(now):
        return
    due = drain_at(office.policy, "p", lambda _: PoolFacts("p", (known,), 1), now)
    assert due is not None
    assert due > now, "or the writer would drain for ever"
    then = now + STEP
    while then < due:
        assert not free(then), f"free at {then}, drained at {due}"
        then += STEP


@given(rep=REP, now=NOW, sla=st.sampled_from(["accept", "hot", "soon", "open_opportunity"]))
def test_back_at_is_when_the_leave_no_longer_keeps_leads_from_him(
    new_office: NewOffice, new_pool: NewPool, rep: Rep, now: datetime, sla: str
) -> None:
    policy = new_office(new_pool("p", "a"), reps=[rep]).policy
    leave = on_leave(policy, rep, now, sla)
    if leave is None:
        return
    back = back_at(policy, rep, leave, now, sla)
    assert back > now
    then = now + STEP
    while then < back:
        assert on_leave(policy, rep, then, sla) is not None
        then += STEP


def test_every_drain_brings_a_rep_who_returns_nearer(
    new_office: NewOffice, new_pool: NewPool
) -> None:
    """Following the timer from one drain to the next ends at somebody eligible."""
    leaves = (Leave(date(2026, 3, 2), date(2026, 3, 6)), Leave(date(2026, 3, 9), date(2026, 3, 13)))
    rep = Rep("a", calendar="new-york", zone="America/New_York", leave=leaves, per_day_max=1)
    office = new_office(new_pool("p", "a", hours=Hours.WORKING), reps=[rep], otherwise=ToPool("p"))
    drains, now = 0, MONDAY
    while office.decide(BIG, now).owner != RepOwner("a"):
        due = drain_at(office.policy, "p", office.pool_facts, now)
        assert due is not None
        drains, now = drains + 1, due
    assert now == datetime(2026, 3, 16, 13, tzinfo=UTC)
    assert drains < 10
