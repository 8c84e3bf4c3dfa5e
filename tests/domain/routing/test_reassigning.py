"""A reassignment or reroute never changes the stage: where it would end at a track it draws from
the pool of the lead's last assignment, then its fallbacks, instead; a queue takes an mql (with its
exclusions, which drains honour), never a sal or sql: those are drawn without regard to hours and
limits, else they go to the manager above.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from scoring_service.domain.routing.routes import Assign, ToPool, ToQueue, ToTrack
from scoring_service.values.decision import Cause, Passed
from scoring_service.values.facts import Asked, Waiting
from scoring_service.values.lead import Lead
from scoring_service.values.owner import Owner, QueueOwner, RepOwner, TrackOwner
from scoring_service.values.stage import Stage
from scoring_service.values.team import Hours, Leave, Pool, Rep

NewOffice = Callable[..., Any]
NewPool = Callable[..., Pool]
MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
EVENING = datetime(2026, 3, 2, 20, tzinfo=UTC)
BIG = Lead("l1", email="x@acme.de", source="web", employees=500)
TAKEN_FROM_A = {"owner": RepOwner("a"), "excluded": ("a",), "asked": Asked.REASSIGN}
TRACK, BY_HAND = ToTrack("news"), ToQueue("by-hand", "ops")
WEEK = (Leave(date(2026, 3, 1), date(2026, 3, 6)),)


def moved(office: Any, stage: Stage, now: datetime = MONDAY, **fields: Any) -> Any:
    decision = office.decide(BIG, now, stage=stage, last_pool="p", **{**TAKEN_FROM_A, **fields})
    assert decision.stage is stage, "a reassignment or reroute never changes the stage"
    return decision


@pytest.mark.parametrize("stage", [Stage.MQL, Stage.SAL, Stage.SQL, Stage.OPPORTUNITY])
@pytest.mark.parametrize("otherwise", [ToPool("p"), TRACK], ids=["to-the-pool", "to-a-track"])
def test_somebody_else_is_drawn(
    new_office: NewOffice, new_pool: NewPool, stage: Stage, otherwise: Assign
) -> None:
    decision = moved(new_office(new_pool("p", "a b"), otherwise=otherwise), stage)
    assert (decision.owner, decision.cause) == (RepOwner("b"), Cause.REASSIGNED)
    assert decision.considered[0].outcome is Passed.EXCLUDED


@pytest.mark.parametrize(
    ("stage", "sla"),
    [(Stage.MQL, "accept"), (Stage.SAL, "first_contact"), (Stage.SQL, "open_opportunity")],
)
def test_the_new_owners_clock_is_that_of_the_stage(
    new_office: NewOffice, new_pool: NewPool, stage: Stage, sla: str
) -> None:
    decision = moved(new_office(new_pool("p", "a b"), otherwise=ToPool("p")), stage)
    assert decision.sla == sla
    assert decision.respond_by > MONDAY


@pytest.mark.parametrize(
    ("stage", "otherwise", "owner"),
    [
        pytest.param(Stage.MQL, ToPool("p"), QueueOwner("p-queue"), id="an-mql-waits"),
        pytest.param(Stage.MQL, TRACK, QueueOwner("p-queue"), id="in-its-last-pools-queue"),
        pytest.param(Stage.MQL, BY_HAND, QueueOwner("by-hand"), id="or-in-one-emptied-by-hand"),
        pytest.param(Stage.SAL, ToPool("p"), RepOwner("b"), id="a-sal-is-drawn-at-any-hour"),
        pytest.param(Stage.SQL, BY_HAND, RepOwner("b"), id="an-sql-too-from-its-last-pool"),
        pytest.param(Stage.OPPORTUNITY, TRACK, RepOwner("b"), id="and-an-opportunity"),
    ],
)
def test_with_nobody_free_an_mql_waits_and_what_is_further_does_not(
    new_office: NewOffice, new_pool: NewPool, stage: Stage, otherwise: Assign, owner: Owner
) -> None:
    office = new_office(
        new_pool("p", "a b", hours=Hours.WORKING),
        reps=[Rep("b", calendar="office", open_leads_max=0)],
        otherwise=otherwise,
    )
    decision = moved(office, stage, EVENING)
    assert (decision.owner, decision.cause) == (owner, Cause.REASSIGNED)
    assert len({c.rep_id for c in decision.considered}) == len(decision.considered)


@pytest.mark.parametrize(
    ("asked", "stage", "owner", "cause"),
    [
        pytest.param(Asked.REASSIGN, Stage.MQL, QueueOwner("by-hand"), Cause.REASSIGNED,
                     id="an mql that was asked to be moved"),
        pytest.param(Asked.ROUTE, Stage.MQL, QueueOwner("by-hand"), Cause.ROUTED,
                     id="one that only comes again is routed"),
        pytest.param(Asked.ROUTE, Stage.MQL, RepOwner("gone"), Cause.REASSIGNED,
                     id="one whose rep is gone is taken from him"),
        pytest.param(Asked.DRAIN, Stage.MQL, QueueOwner("p-queue"), Cause.ROUTED,
                     id="one that waited is drawn for"),
        pytest.param(Asked.MOVE, Stage.SAL, TrackOwner("news"), Cause.MANUAL,
                     id="one that was moved is somebody's doing"),
        pytest.param(Asked.REASSIGN, Stage.NURTURE, TrackOwner("news"), Cause.ROUTED,
                     id="nothing is taken from marketing"),
    ],
)  # fmt: skip
def test_why_somebody_else_has_it(
    new_office: NewOffice,
    new_pool: NewPool,
    asked: Asked,
    stage: Stage,
    owner: Owner,
    cause: Cause,
) -> None:
    gone = Rep("gone", active=False)
    office = new_office(new_pool("p", "a"), reps=[gone], otherwise=ToPool("p"))
    waits = {"waiting_in": "p", "enqueued_at": MONDAY} if asked is Asked.DRAIN else {}
    decision = office.decide(BIG, asked=asked, stage=stage, owner=owner, is_new=False, **waits)
    assert (decision.owner, decision.cause) == (RepOwner("a"), cause)
    missed = ("behaviour",) if cause is Cause.ROUTED else ()
    assert decision.bars_missed == missed, "told of what was routed below them"


def test_a_sal_waits_for_nobody_who_waits(new_office: NewOffice, new_pool: NewPool) -> None:
    """Drawn without regard to hours and limits, it takes no turn from an mql that has to wait for
    these.
    """
    office = new_office(new_pool("p", "a b"), reps=[Rep("b", per_day_max=0)], otherwise=ToPool("p"))
    waits = office.pool_facts("p", [Waiting("w1", MONDAY)])
    assert moved(office, Stage.SAL, pools=(waits,)).owner == RepOwner("b")
    assert moved(office, Stage.MQL, pools=(waits,)).owner == QueueOwner("p-queue")


@pytest.mark.parametrize(
    ("reps", "owner"),
    [
        pytest.param([], "b", id="whoever-is-there"),
        pytest.param([Rep("b", leave=WEEK), Rep("a", manager="m")], "m", id="else-the-manager"),
        pytest.param(
            [
                Rep("b", leave=WEEK),
                Rep("a", manager="m"),
                Rep("m", active=False, manager="top"),
                Rep("top"),
            ],
            "top",
            id="the-nearest-active-one",
        ),
        pytest.param([Rep("b", leave=WEEK)], "a", id="without-one-it-stays"),
    ],
)
def test_a_sal_goes_to_the_manager_above_where_nobody_is_there(
    new_office: NewOffice, new_pool: NewPool, reps: list[Rep], owner: str
) -> None:
    office = new_office(new_pool("p", "a b"), reps=[Rep("m"), *reps], otherwise=ToPool("p"))
    assert moved(office, Stage.SAL).owner == RepOwner(owner)


@pytest.mark.parametrize("stage", [Stage.MQL, Stage.SAL])
def test_with_nobody_else_whatever_the_hour_the_lead_stays(
    new_office: NewOffice, new_pool: NewPool, stage: Stage
) -> None:
    """Nobody else (no active member of the pool or its fallbacks that is not excluded, whatever the
    hour): the lead stays and the top is told.
    """
    office = new_office(new_pool("p", "a b"), reps=[Rep("b", active=False)], otherwise=ToPool("p"))
    decision = moved(office, stage)
    assert (decision.owner, decision.cause) == (RepOwner("a"), Cause.KEPT)


@pytest.mark.parametrize(
    ("owner", "fields", "answers"),
    [
        pytest.param(RepOwner("g"), {}, RepOwner("m"), id="never-with-one-who-is-gone"),
        pytest.param(RepOwner("h"), {}, QueueOwner("intake"), id="without-a-manager-intake"),
        pytest.param(
            QueueOwner("old"), {"waiting_in": "old"}, QueueOwner("intake"), id="nor-in-a-queue-gone"
        ),
        pytest.param(
            QueueOwner("by-hand"), {}, QueueOwner("by-hand"), id="a-queue-that-is-there-keeps-it"
        ),
    ],
)
def test_never_with_an_inactive_owner_or_in_a_queue_that_is_gone(
    new_office: NewOffice, new_pool: NewPool, owner: Owner, fields: Any, answers: Owner
) -> None:
    """It goes to the nearest active manager above, else (an mql) to the intake queue."""
    office = new_office(
        new_pool("p", "x"),
        reps=[
            Rep("x", active=False),
            Rep("g", active=False, manager="m"),
            Rep("h", active=False),
            Rep("m"),
        ],
        otherwise=ToPool("p"),
        routes=[("never", lambda _: False, BY_HAND)],
    )
    decision = moved(office, Stage.MQL, owner=owner, excluded=(), **fields)
    assert decision.owner == answers


def test_what_waits_and_finds_nobody_again_keeps_its_place(
    new_office: NewOffice, new_pool: NewPool
) -> None:
    office = new_office(new_pool("p", "a"), reps=[Rep("a", per_day_max=0)], otherwise=ToPool("p"))
    since = datetime(2026, 3, 1, tzinfo=UTC)
    queue = QueueOwner("p-queue")
    decision = moved(office, Stage.MQL, owner=queue, excluded=(), waiting_in="p", enqueued_at=since)
    assert (decision.owner, decision.cause) == (queue, Cause.KEPT)
    assert decision.enqueued_at == since


def test_what_marketing_has_is_routed_as_ever(new_office: NewOffice, new_pool: NewPool) -> None:
    office = new_office(new_pool("p", "a"), otherwise=ToPool("p"))
    decision = office.decide(BIG, stage=Stage.NURTURE, asked=Asked.REASSIGN)
    assert (decision.owner, decision.cause) == (RepOwner("a"), Cause.ROUTED)
    assert decision.stage is Stage.MQL
