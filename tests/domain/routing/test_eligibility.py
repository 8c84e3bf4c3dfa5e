"""Eligible for a pool = active, meets the member's `when`, inside working hours (`hours: working`;
default any), not on leave, below `open_leads_max` and below `per_day_max` / `per_week_max`.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from scoring_service.domain.routing.routes import ToPool
from scoring_service.values.condition import ConditionError, Symbols
from scoring_service.values.decision import Decision, Passed
from scoring_service.values.lead import Lead
from scoring_service.values.owner import QueueOwner, RepOwner
from scoring_service.values.stage import Stage
from scoring_service.values.team import Hours, Leave, Member, Pool, Rep

NewOffice = Callable[..., Any]
NewPool = Callable[..., Pool]
TUESDAY_EVENING = datetime(2026, 3, 3, 20, tzinfo=UTC)
FRIDAY_EVENING = datetime(2026, 3, 6, 19, tzinfo=UTC)
MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
GERMAN = Lead("l1", country="DE", employees=500)


def german(symbols: Symbols) -> bool:
    return bool(symbols["country"] == "DE")


def broken(symbols: Symbols) -> bool:
    raise ConditionError("seats is missing")


def of_a(decision: Decision) -> tuple[Passed, str]:
    """What became of rep a, and why."""
    return next((c.outcome, c.reason) for c in decision.considered if c.rep_id == "a")


@pytest.mark.parametrize(
    ("rep", "member", "known", "now", "outcome", "reason"),
    [
        pytest.param({}, {}, {}, MONDAY, Passed.CHOSEN, "of 2 eligible", id="nothing-bars-her"),
        pytest.param(
            {"active": False}, {}, {}, MONDAY, Passed.INACTIVE, "no longer active", id="inactive"
        ),
        pytest.param(
            {},
            {"condition": german, "condition_text": "country is DE"},
            {},
            MONDAY,
            Passed.CHOSEN,
            "of 2 eligible",
            id="her-condition-is-met",
        ),
        pytest.param(
            {},
            {"condition": lambda s: not german(s), "condition_text": "country is not DE"},
            {},
            MONDAY,
            Passed.CONDITION,
            "takes only leads where country is not DE",
            id="her-condition-is-not-met",
        ),
        pytest.param(
            {},
            {"condition": broken, "condition_text": "seats > 5"},
            {},
            MONDAY,
            Passed.CONDITION,
            "seats > 5: seats is missing",
            id="a-condition-that-cannot-be-evaluated-does-not-match",
        ),
        pytest.param(
            {"calendar": "office"},
            {},
            {},
            TUESDAY_EVENING,
            Passed.CLOSED,
            "outside working hours (calendar office)",
            id="outside-her-hours",
        ),
        pytest.param(
            {"calendar": "new-york"},
            {},
            {},
            TUESDAY_EVENING,
            Passed.CHOSEN,
            "eligible",
            id="inside-her-hours-in-her-zone",
        ),
        pytest.param(
            {"open_leads_max": 3},
            {},
            {"open_leads": 3},
            MONDAY,
            Passed.OPEN_LEADS_MAX,
            "holds 3 open leads; the limit is 3",
            id="as-many-open-leads-as-her-limit",
        ),
        pytest.param(
            {"open_leads_max": 3},
            {},
            {"open_leads": 2},
            MONDAY,
            Passed.CHOSEN,
            "eligible",
            id="one-below-her-limit",
        ),
        pytest.param(
            {"per_day_max": 5},
            {},
            {"taken_today": 4},
            MONDAY,
            Passed.CHOSEN,
            "eligible",
            id="a-limit-of-5-takes-the-fifth",
        ),
        pytest.param(
            {"per_day_max": 5},
            {},
            {"taken_today": 5},
            MONDAY,
            Passed.PER_DAY_MAX,
            "took 5 today; the limit a day is 5",
            id="a-limit-of-5-refuses-the-sixth",
        ),
        pytest.param(
            {"per_day_max": 0}, {}, {}, MONDAY, Passed.PER_DAY_MAX, "is 0", id="0-takes-none"
        ),
        pytest.param(
            {"per_week_max": 9},
            {},
            {"taken_this_week": 9},
            MONDAY,
            Passed.PER_WEEK_MAX,
            "took 9 this week; the limit a week is 9",
            id="her-week-is-full",
        ),
        pytest.param(
            {"leave": (Leave(date(2026, 3, 2), date(2026, 3, 4)),)},
            {},
            {},
            MONDAY,
            Passed.ON_LEAVE,
            "on leave until 2026-03-04",
            id="on-leave",
        ),
        pytest.param(
            {"leave": (Leave(date(2026, 2, 2), date(2026, 3, 1)),)},
            {},
            {},
            MONDAY,
            Passed.CHOSEN,
            "eligible",
            id="back-from-leave",
        ),
    ],
)
def test_who_is_eligible(
    new_office: NewOffice,
    new_pool: NewPool,
    rep: dict[str, Any],
    member: dict[str, Any],
    known: dict[str, Any],
    now: datetime,
    outcome: Passed,
    reason: str,
) -> None:
    members = [Member("a", **member), Member("z")]
    office = new_office(
        new_pool("p", members, hours=Hours.WORKING), reps=[Rep("a", **rep)], otherwise=ToPool("p")
    )
    facts = office.pool_facts("p", a=known)
    found = of_a(office.decide(GERMAN, now, pools=[facts]))
    assert found[0] is outcome
    assert reason in found[1]


def test_hours_do_not_matter_unless_the_pool_says_so(
    new_office: NewOffice, new_pool: NewPool
) -> None:
    office = new_office(
        new_pool("p", "a"), reps=[Rep("a", calendar="office")], otherwise=ToPool("p")
    )
    assert office.decide(GERMAN, TUESDAY_EVENING).owner == RepOwner("a")


def test_an_excluded_rep_is_passed_over(new_office: NewOffice, new_pool: NewPool) -> None:
    office = new_office(new_pool("p", "a b"), otherwise=ToPool("p"))
    decision = office.decide(GERMAN, excluded=("a",))
    assert (decision.owner, of_a(decision)[0]) == (RepOwner("b"), Passed.EXCLUDED)


@pytest.mark.parametrize(
    ("now", "first", "last", "takes"),
    [
        pytest.param(
            FRIDAY_EVENING,
            date(2026, 3, 9),
            date(2026, 3, 13),
            False,
            id="a-lead-of-late-friday-does-not-go-to-one-who-is-away-from-monday",
        ),
        pytest.param(
            FRIDAY_EVENING - timedelta(hours=4),
            date(2026, 3, 9),
            date(2026, 3, 13),
            False,
            id="nor-one-of-friday-afternoon-that-is-due-on-monday",
        ),
        pytest.param(
            FRIDAY_EVENING - timedelta(hours=8),
            date(2026, 3, 9),
            date(2026, 3, 13),
            True,
            id="one-of-friday-noon-is-due-on-friday",
        ),
        pytest.param(
            FRIDAY_EVENING,
            date(2026, 3, 2),
            date(2026, 3, 6),
            True,
            id="one-of-late-friday-goes-to-one-who-is-back-on-monday",
        ),
        pytest.param(
            FRIDAY_EVENING,
            date(2026, 3, 10),
            date(2026, 3, 10),
            True,
            id="who-leaves-on-tuesday-can-respond-on-monday",
        ),
        pytest.param(
            datetime(2026, 3, 5, 23, 30, tzinfo=UTC),
            date(2026, 3, 6),
            date(2026, 3, 6),
            False,
            id="leave-of-a-single-day-is-included",
        ),
    ],
)
def test_leave_is_looked_at_at_the_next_opening_and_at_the_deadline(
    new_office: NewOffice,
    new_pool: NewPool,
    now: datetime,
    first: date,
    last: date,
    takes: bool,
) -> None:
    """Leave is whole days, both included, in the rep's zone, looked at when the rep's calendar is
    next open *and* at the accept deadline.
    """
    rep = Rep("a", calendar="office", leave=(Leave(first, last),))
    office = new_office(new_pool("p", "a"), reps=[rep], otherwise=ToPool("p"))
    decision = office.decide(GERMAN, now)
    assert isinstance(decision.owner, RepOwner) is takes


def test_leave_is_of_days_in_the_reps_zone(new_office: NewOffice, new_pool: NewPool) -> None:
    leave = (Leave(date(2026, 3, 3), date(2026, 3, 3)),)
    reps = [
        Rep("a", zone="Asia/Tokyo", calendar="always", leave=leave),
        Rep("b", zone="America/New_York", calendar="always", leave=leave),
    ]
    office = new_office(new_pool("p", "a b"), reps=reps, otherwise=ToPool("p"))
    tokyo_morning = datetime(2026, 3, 3, 0, 30, tzinfo=UTC)
    assert office.decide(GERMAN, tokyo_morning).owner == RepOwner("b")
    tokyo_midnight = datetime(2026, 3, 3, 15, tzinfo=UTC)
    assert office.decide(GERMAN, tokyo_midnight).owner == RepOwner("a")


def test_with_nobody_eligible_a_lead_waits_and_everybody_is_told_why(
    new_office: NewOffice, new_pool: NewPool
) -> None:
    reps = [Rep("a", active=False), Rep("b", per_day_max=0)]
    office = new_office(new_pool("p", "a b"), reps=reps, otherwise=ToPool("p"))
    decision = office.decide(GERMAN)
    assert (decision.owner, decision.pool) == (QueueOwner("p-queue"), "p")
    assert (decision.stage, decision.enqueued_at) == (Stage.MQL, MONDAY)
    assert [(c.rep_id, c.outcome) for c in decision.considered] == [
        ("a", Passed.INACTIVE),
        ("b", Passed.PER_DAY_MAX),
    ]
