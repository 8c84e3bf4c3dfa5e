"""What a route makes of a lead: a turn, an account's owner, a track, a queue that people empty."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from scoring_service.domain.routing.routes import ToAccountOwner, ToPool, ToQueue, ToTrack
from scoring_service.values.account import Account, AccountMatch, MatchedBy
from scoring_service.values.activity import BehaviourState
from scoring_service.values.condition import ConditionError, Symbols
from scoring_service.values.decision import Cause, Passed, RouteError
from scoring_service.values.lead import Lead
from scoring_service.values.owner import Owner, QueueOwner, RepOwner, TrackOwner
from scoring_service.values.stage import Stage
from scoring_service.values.team import Leave, Pool, Queue, Rep

NewOffice = Callable[..., Any]
NewPool = Callable[..., Pool]
MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
BIG = Lead("l1", email="x@acme.de", source="web", employees=500)
ASKED_FOR_A_DEMO = (BehaviourState("demo", 60.0, MONDAY, 1, MONDAY, "v1"),)
WEEK = Leave(date(2026, 3, 1), date(2026, 3, 6))
HAND = ToQueue("by-hand", "ops")


def always(symbols: Symbols) -> bool:
    return True


def owned_by(rep_id: str | None) -> AccountMatch:
    account = Account("acme", "Acme", owner_rep_id=rep_id)
    return AccountMatch(account, MatchedBy.DOMAIN, rep_id, "acme" if rep_id else None, ("acme",))


def test_weights_5_1_1_give_a_a_b_a_c_a_a(new_office: NewOffice, new_pool: NewPool) -> None:
    office = new_office(new_pool("p", "a5 b c"), otherwise=ToPool("p"))
    known, owners = office.pool_facts("p"), ""
    for _ in range(14):
        made = office.decide(BIG, pools=[known]).draw
        owners += made.winner
        known = office.after(known, made)
    assert owners == "aabacaa" * 2


@pytest.mark.parametrize(
    ("behaviour", "cause", "missed"),
    [
        pytest.param(ASKED_FOR_A_DEMO, Cause.QUALIFIED, (), id="bars-met-is-qualified"),
        pytest.param((), Cause.ROUTED, ("behaviour",), id="else-routed-with-the-bars-missed"),
    ],
)
def test_a_lead_given_to_a_rep_enters_mql(
    new_office: NewOffice, new_pool: NewPool, behaviour: Any, cause: Cause, missed: Any
) -> None:
    office = new_office(new_pool("p", "a"), otherwise=ToPool("p"))
    decision = office.decide(BIG, behaviour=behaviour)
    assert (decision.stage, decision.cause, decision.bars_missed) == (Stage.MQL, cause, missed)
    assert [bar.name for bar in decision.held_bars] == [
        bar for bar in ("fit", "behaviour") if bar not in missed
    ]


def test_the_response_is_due_by_the_owners_calendar(
    new_office: NewOffice, new_pool: NewPool
) -> None:
    reps = [Rep("a", calendar="new-york")]
    office = new_office(new_pool("p", "a"), reps=reps, otherwise=ToPool("p"))
    decision = office.decide(BIG)
    assert decision.sla == "accept"
    assert decision.respond_by == datetime(2026, 3, 2, 18, tzinfo=UTC)


def test_while_it_waits_it_is_due_by_the_queues_calendar(
    new_office: NewOffice, new_pool: NewPool
) -> None:
    office = new_office(
        new_pool("p", "a"),
        reps=[Rep("a", per_day_max=0)],
        otherwise=ToPool("p"),
        default="office",
    )
    decision = office.decide(BIG, MONDAY + timedelta(hours=5))
    assert decision.owner == QueueOwner("p-queue")
    assert decision.respond_by == datetime(2026, 3, 3, 11, tzinfo=UTC)


def test_first_match_wins_and_errors_before_it_do_not_match(
    new_office: NewOffice, new_pool: NewPool
) -> None:
    def broken(symbols: Symbols) -> bool:
        raise ConditionError("seats is missing")

    office = new_office(
        new_pool("p", "a"),
        routes=[
            ("broken", broken, ToTrack("news")),
            ("no", lambda _: False, ToTrack("news")),
            ("first", always, ToPool("p")),
            ("second", always, ToTrack("news")),
        ],
    )
    decision = office.decide(BIG)
    assert (decision.route, decision.owner) == ("first", RepOwner("a"))
    assert decision.errors == (RouteError("broken", "seats is missing"),)


@pytest.mark.parametrize(
    ("owner", "backup_pool", "chosen", "stood_in_for"),
    [
        pytest.param("o", None, RepOwner("o"), "", id="the-owner-though-he-is-at-his-limits"),
        pytest.param("away", None, RepOwner("b"), "away", id="else-the-backup-of-the-leave"),
        pytest.param("alone", "p", RepOwner("a"), "alone", id="else-the-backup-pool"),
        pytest.param("both", "p", RepOwner("a"), "both", id="a-backup-on-leave-is-none"),
        pytest.param("alone", None, TrackOwner("news"), "", id="else-the-next-route"),
        pytest.param("gone", None, TrackOwner("news"), "", id="the-owner-is-gone"),
        pytest.param("stranger", "p", RepOwner("a"), "stranger", id="a-name-of-nobody"),
        pytest.param(None, "p", RepOwner("a"), "", id="an-account-nobody-owns"),
        pytest.param(None, None, TrackOwner("news"), "", id="nobody-and-no-pool"),
    ],
)
def test_account_owner(
    new_office: NewOffice,
    new_pool: NewPool,
    owner: str | None,
    backup_pool: str | None,
    chosen: Owner,
    stood_in_for: str,
) -> None:
    """Account owner: must be active and not on leave; hours and limits do not apply. Else the
    backup of the leave, else `backup_pool`, else the next route.
    """
    away = Leave(WEEK.first, WEEK.last, backup="b")
    office = new_office(
        new_pool("p", "a b"),
        reps=[
            Rep("o", calendar="new-york", per_day_max=0, open_leads_max=0),
            Rep("away", leave=(away,)),
            Rep("alone", leave=(WEEK,)),
            Rep("both", leave=(Leave(WEEK.first, WEEK.last, backup="alone"),)),
            Rep("gone", active=False),
        ],
        routes=[("known account", always, ToAccountOwner(backup_pool))],
        otherwise=ToTrack("news"),
    )
    decision = office.decide(BIG, account=owned_by(owner))
    assert (decision.owner, decision.stood_in_for) == (chosen, stood_in_for)
    assert (decision.draw is not None) is (chosen == RepOwner("a"))


def test_an_excluded_owner_of_the_account_is_passed_over(
    new_office: NewOffice, new_pool: NewPool
) -> None:
    routes = [("known account", always, ToAccountOwner("p"))]
    office = new_office(new_pool("p", "a"), reps=[Rep("o")], routes=routes)
    decision = office.decide(BIG, account=owned_by("o"), excluded=("o",))
    assert decision.owner == RepOwner("a")
    assert decision.considered[0].outcome is Passed.EXCLUDED


FALLBACKS = {"p": ("q", "r"), "q": ("s",)}


@pytest.mark.parametrize(
    ("full", "drawn", "where"),
    [
        pytest.param("", "a", "p", id="the-pool-itself"),
        pytest.param("a", "b", "q", id="its-first-fallback"),
        pytest.param("ab", "c", "r", id="its-second"),
        pytest.param("abc", None, "p", id="else-its-own-queue-not-a-fallbacks-fallback"),
    ],
)
def test_fallback_pools_in_turn_else_the_queue(
    new_office: NewOffice, new_pool: NewPool, full: str, drawn: str | None, where: str
) -> None:
    members = {"p": "a", "q": "b", "r": "c", "s": "d"}
    pools = [new_pool(n, m, fallback=FALLBACKS.get(n, ())) for n, m in members.items()]
    reps = [Rep(rep, per_day_max=0) for rep in full]
    decision = new_office(*pools, reps=reps, otherwise=ToPool("p")).decide(BIG)
    assert decision.owner == (RepOwner(drawn) if drawn else QueueOwner("p-queue"))
    assert decision.pool == where


@pytest.mark.parametrize(
    ("lead", "owner", "stage"),
    [
        pytest.param(BIG, TrackOwner("news"), Stage.NURTURE, id="contact-and-source"),
        pytest.param(Lead("l", email="x@a.de"), QueueOwner("intake"), Stage.KNOWN, id="no-source"),
        pytest.param(
            Lead("l", company_name="Acme", source="web"),
            QueueOwner("intake"),
            Stage.KNOWN,
            id="no-contact",
        ),
        pytest.param(Lead("l"), TrackOwner("welcome"), Stage.ANONYMOUS, id="nothing"),
    ],
)
def test_a_track_takes_who_can_be_reached(
    new_office: NewOffice, lead: Lead, owner: Owner, stage: Stage
) -> None:
    """One given to a track enters `nurture` if it has contact and source, else anonymous stays with
    the default track and known with the intake queue.
    """
    decision = new_office(otherwise=ToTrack("news")).decide(lead)
    assert (decision.owner, decision.stage, decision.respond_by) == (owner, stage, None)
    assert decision.cause is Cause.ROUTED


def test_a_track_leaves_a_recycled_lead_where_it_is(new_office: NewOffice) -> None:
    office = new_office(otherwise=ToTrack("news"))
    decision = office.decide(BIG, stage=Stage.RECYCLED, owner=TrackOwner("welcome"))
    assert (decision.owner, decision.stage) == (TrackOwner("welcome"), Stage.RECYCLED)
    assert decision.cause is Cause.KEPT


@pytest.mark.parametrize(
    ("assign", "owner", "stage"),
    [
        pytest.param(ToTrack("news"), TrackOwner("news"), Stage.NURTURE, id="its-track"),
        pytest.param(ToQueue("by-hand", "ops"), QueueOwner("by-hand"), Stage.MQL, id="its-queue"),
    ],
)
def test_a_lead_routed_to_where_it_is_stays_without_a_new_assignment(
    new_office: NewOffice, assign: Any, owner: Owner, stage: Stage
) -> None:
    office = new_office(otherwise=assign)
    decision = office.decide(BIG, owner=owner, stage=stage, is_new=False)
    assert (decision.owner, decision.stage, decision.cause) == (owner, stage, Cause.KEPT)


def test_a_queue_that_people_empty_takes_the_lead_to_mql(new_office: NewOffice) -> None:
    decision = new_office(otherwise=ToQueue("by-hand", "ops")).decide(BIG)
    assert (decision.owner, decision.stage) == (QueueOwner("by-hand"), Stage.MQL)
    assert (decision.pool, decision.enqueued_at) == ("", None)
    assert decision.respond_by == MONDAY + timedelta(hours=4)


def test_where_an_account_has_no_owner_the_very_next_route_is_tried(
    new_office: NewOffice, new_pool: NewPool
) -> None:
    known = ("known account", lambda _: True, ToAccountOwner(None))
    routes = [known, ("second", lambda _: True, ToPool("p")), ("third", lambda _: True, HAND)]
    for before in ([], [("never", lambda _: False, HAND)]):
        decision = new_office(new_pool("p", "a"), routes=[*before, *routes]).decide(BIG)
        assert (decision.owner, decision.route) == (RepOwner("a"), "second")


def test_while_it_waits_its_time_is_that_of_the_queue(
    new_office: NewOffice, new_pool: NewPool
) -> None:
    """Until there is a rep the queue's calendar counts: it opens at nine."""
    pool = replace(new_pool("p", "a"), queue=Queue("p-queue", "ops", "office"))
    office = new_office(pool, reps=[Rep("a", per_day_max=0)], otherwise=ToPool("p"))
    decision = office.decide(BIG, MONDAY + timedelta(hours=10))
    assert decision.owner == QueueOwner("p-queue")
    assert decision.respond_by == MONDAY + timedelta(hours=27)
