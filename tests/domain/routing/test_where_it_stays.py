"""Where a lead stays, and where it goes when it cannot stay: tracks, queues that are gone, managers
above, and what the sentences of a decision say of it.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from scoring_service.domain.routing.explain import sentences
from scoring_service.domain.routing.routes import ToAccountOwner, ToPool, ToQueue, ToTrack
from scoring_service.values.account import Account, AccountMatch
from scoring_service.values.decision import Cause, Passed
from scoring_service.values.facts import Asked
from scoring_service.values.lead import Lead
from scoring_service.values.owner import Owner, QueueOwner, RepOwner, TrackOwner
from scoring_service.values.stage import Stage
from scoring_service.values.team import Hours, Leave, Pool, Rep

NewOffice = Callable[..., Any]
NewPool = Callable[..., Pool]
MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
EARLIER = MONDAY - timedelta(hours=3)
BIG = Lead("l1", email="x@acme.de", source="web", employees=500)
WEEK = (Leave(date(2026, 3, 1), date(2026, 3, 6)),)


@pytest.mark.parametrize(
    ("lead", "stage", "owner", "goes_to", "becomes", "cause"),
    [
        pytest.param(BIG, Stage.NURTURE, TrackOwner("welcome"), TrackOwner("news"), Stage.NURTURE,
                     Cause.ROUTED, id="another track takes a lead of nurture over"),
        pytest.param(BIG, Stage.NURTURE, TrackOwner("news"), TrackOwner("news"), Stage.NURTURE,
                     Cause.KEPT, id="its own track keeps it"),
        pytest.param(BIG, Stage.KNOWN, QueueOwner("intake"), TrackOwner("news"), Stage.NURTURE,
                     Cause.ROUTED, id="once it has contact and source it is nurtured"),
        pytest.param(Lead("l1", email="x@a.de"), Stage.KNOWN, QueueOwner("intake"),
                     QueueOwner("intake"), Stage.KNOWN, Cause.KEPT,
                     id="without a source intake keeps it"),
        pytest.param(Lead("l1", email="x@a.de"), Stage.ANONYMOUS, TrackOwner("welcome"),
                     QueueOwner("intake"), Stage.KNOWN, Cause.ROUTED,
                     id="who can be reached now is known, and intake's"),
        pytest.param(Lead("l1"), Stage.ANONYMOUS, TrackOwner("welcome"), TrackOwner("welcome"),
                     Stage.ANONYMOUS, Cause.KEPT, id="nobody stays with the default track"),
        pytest.param(Lead("l1"), Stage.NURTURE, TrackOwner("welcome"), TrackOwner("news"),
                     Stage.NURTURE, Cause.ROUTED,
                     id="who was nurtured is not taken back for what is missing now"),
    ],
)  # fmt: skip
def test_a_route_to_a_track_of_a_lead_that_marketing_has(
    new_office: NewOffice,
    lead: Lead,
    stage: Stage,
    owner: Owner,
    goes_to: Owner,
    becomes: Stage,
    cause: Cause,
) -> None:
    decision = new_office(otherwise=ToTrack("news")).decide(
        lead, stage=stage, owner=owner, is_new=False
    )
    assert (decision.owner, decision.stage, decision.cause) == (goes_to, becomes, cause)
    assert (decision.draw, decision.respond_by) == (None, None), "a track has no clock to respond"
    assert (decision.pool, decision.enqueued_at) == ("", None), "and nobody waits there"


@pytest.mark.parametrize(
    ("lead", "said"),
    [
        pytest.param(BIG, "Lead l1 went to the track news by the route 'otherwise'.",
                     id="a track needs no reason"),
        pytest.param(Lead("l1", email="x@a.de"),
                     "Lead l1 went to the queue intake by the route 'otherwise':"
                     " its contact or its source is missing.",
                     id="what is missing is said"),
        pytest.param(Lead("l1"),
                     "Lead l1 went to the track welcome by the route 'otherwise':"
                     " nobody can be reached yet.",
                     id="that nobody can be reached is said"),
    ],
)  # fmt: skip
def test_why_a_new_lead_is_where_it_is(new_office: NewOffice, lead: Lead, said: str) -> None:
    office = new_office(otherwise=ToTrack("news"))
    assert sentences(office.decide(lead), office.facts(lead))[0] == said


def taken_away(office: Any, stage: Stage, **fields: Any) -> Any:
    """What a reassignment makes of a lead of sales."""
    given = {"owner": RepOwner("a"), "excluded": ("a",), "last_pool": "p", "is_new": False}
    decision = office.decide(BIG, asked=Asked.REASSIGN, stage=stage, **{**given, **fields})
    assert decision.stage is stage, "a reassignment or reroute never changes the stage"
    return decision


@pytest.mark.parametrize(
    ("reps", "previous", "answers"),
    [
        pytest.param([Rep("a", manager="m"), Rep("m")], "a", RepOwner("m"),
                     id="the manager above its last owner"),
        pytest.param([Rep("a", manager="m"), Rep("m")], None, QueueOwner("intake"),
                     id="that nobody had goes to intake"),
        pytest.param([Rep("a", manager="m"), Rep("m", active=False, manager="n"), Rep("n")], "a",
                     RepOwner("n"), id="the nearest who is active"),
        pytest.param([Rep("a", manager="m"), Rep("m", active=False)], "a", QueueOwner("intake"),
                     id="with nobody active above intake has it"),
        pytest.param([Rep("a")], "a", QueueOwner("intake"), id="nor with nobody above"),
    ],
)  # fmt: skip
def test_a_lead_in_a_queue_that_is_gone_goes_to_the_manager_of_its_last_owner(
    new_office: NewOffice,
    new_pool: NewPool,
    reps: list[Rep],
    previous: str | None,
    answers: Owner,
) -> None:
    """Never in a queue that is gone: it goes to the nearest active manager above, else (an mql) to
    the intake queue.
    """
    office = new_office(
        new_pool("p", "x"), reps=[Rep("x", active=False), *reps], otherwise=ToPool("p")
    )
    decision = taken_away(
        office,
        Stage.MQL,
        owner=QueueOwner("old"),
        waiting_in="old",
        enqueued_at=EARLIER,
        previous_owner=previous,
        excluded=(),
    )
    assert decision.owner == answers


def test_a_queue_that_only_has_the_name_of_one_that_is_gone_is_none(
    new_office: NewOffice, new_pool: NewPool
) -> None:
    """A pool's own queue goes with its pool, though a route names one alike for people."""
    office = new_office(
        new_pool("p", "x"),
        reps=[Rep("x", active=False)],
        routes=[("never", lambda _: False, ToQueue("old-queue", "ops"))],
        otherwise=ToPool("p"),
    )
    waits = {"waiting_in": "old", "enqueued_at": EARLIER, "excluded": ()}
    gone = taken_away(office, Stage.MQL, owner=QueueOwner("old-queue"), **waits)
    assert gone.owner == QueueOwner("intake")
    by_hand = taken_away(office, Stage.MQL, owner=QueueOwner("old-queue"), excluded=())
    assert (by_hand.owner, by_hand.cause) == (QueueOwner("old-queue"), Cause.KEPT)
    there = {**waits, "waiting_in": "p"}
    of_pool = taken_away(office, Stage.MQL, owner=QueueOwner("p-queue"), **there)
    assert (of_pool.owner, of_pool.cause) == (QueueOwner("p-queue"), Cause.KEPT)


@pytest.mark.parametrize("stage", [Stage.SAL, Stage.SQL, Stage.OPPORTUNITY])
def test_with_everybody_else_away_and_nobody_above_the_owner_keeps_it(
    new_office: NewOffice, new_pool: NewPool, stage: Stage
) -> None:
    """Drawn without regard to hours and limits, else to the manager above; else it stays."""
    office = new_office(
        new_pool("p", "a b"),
        new_pool("q", "c"),
        reps=[Rep("b", leave=WEEK)],
        routes=[("first", lambda _: True, ToPool("p"))],
        otherwise=ToPool("q"),
    )
    decision = taken_away(office, stage)
    assert (decision.owner, decision.cause) == (RepOwner("a"), Cause.KEPT), (
        "no other route is tried"
    )
    assert [(one.rep_id, one.outcome) for one in decision.considered] == [
        ("a", Passed.EXCLUDED),
        ("b", Passed.ON_LEAVE),
    ]
    assert decision.respond_by is None, "who keeps it has no new clock"


@pytest.mark.parametrize("stage", [Stage.SAL, Stage.SQL, Stage.OPPORTUNITY])
def test_the_manager_above_is_passed_over_where_he_had_it_in_this_visit(
    new_office: NewOffice, new_pool: NewPool, stage: Stage
) -> None:
    office = new_office(
        new_pool("p", "a b"),
        reps=[Rep("a", manager="m"), Rep("b", leave=WEEK), Rep("m", manager="n"), Rep("n")],
        otherwise=ToPool("p"),
    )
    assert taken_away(office, stage, excluded=("a", "m")).owner == RepOwner("n")
    said = taken_away(office, stage).considered[-1]
    assert (said.rep_id, said.outcome, said.reason) == (
        "m",
        Passed.CHOSEN,
        "is the nearest active manager above a",
    )


def test_a_drain_of_a_queue_with_another_name_is_an_assignment_and_no_keeping(
    new_office: NewOffice, new_pool: NewPool
) -> None:
    """The lead has another owner: its place is the same, and the clock to respond begins."""
    office = new_office(new_pool("p", "a"), reps=[Rep("a", per_day_max=0)], otherwise=ToPool("p"))
    waits = {"stage": Stage.MQL, "waiting_in": "p", "enqueued_at": EARLIER, "is_new": False}
    moved = office.decide(BIG, asked=Asked.DRAIN, owner=QueueOwner("old name"), **waits)
    assert (moved.owner, moved.pool, moved.enqueued_at) == (QueueOwner("p-queue"), "p", EARLIER)
    assert moved.cause is not Cause.KEPT
    assert moved.respond_by == MONDAY + timedelta(hours=4)
    stays = office.decide(BIG, asked=Asked.DRAIN, owner=QueueOwner("p-queue"), **waits)
    assert (stays.cause, stays.enqueued_at, stays.respond_by) == (Cause.KEPT, EARLIER, None)


def test_a_queue_that_people_empty_says_no_more_than_that_the_lead_is_there(
    new_office: NewOffice, new_pool: NewPool
) -> None:
    """Nobody draws from it, so nobody is waited for."""
    there = {"stage": Stage.MQL, "owner": QueueOwner("by-hand"), "is_new": False}
    decision = new_office().decide(BIG, **there)
    assert (decision.cause, decision.note) == (Cause.KEPT, "routed to where it is")
    office = new_office(new_pool("p", "a"), reps=[Rep("a", per_day_max=0)], otherwise=ToPool("p"))
    waits = {"asked": Asked.REASSIGN, "waiting_in": "p", "enqueued_at": EARLIER}
    drawn = office.decide(BIG, **{**there, **waits, "owner": QueueOwner("p-queue")})
    assert drawn.note == "nobody can take it yet; it keeps its place"


@pytest.mark.parametrize(
    ("stage", "sla", "due"),
    [
        pytest.param(Stage.MQL, "accept", 4, id="an mql is to be accepted"),
        pytest.param(Stage.SAL, "first_contact", 1, id="a sal to be called"),
        pytest.param(Stage.SQL, "open_opportunity", 48, id="an sql to become an opportunity"),
        pytest.param(Stage.OPPORTUNITY, "", None, id="an opportunity has no such clock"),
        pytest.param(Stage.CLOSED_LOST, "", None, id="nor what was lost"),
        pytest.param(Stage.CUSTOMER, "", None, id="nor a customer"),
    ],
)
def test_who_is_given_a_lead_has_to_respond_as_long_as_its_stage_has_a_clock_for_that(
    new_office: NewOffice, new_pool: NewPool, stage: Stage, sla: str, due: int | None
) -> None:
    office = new_office(new_pool("p", "a b"))
    given = office.decide(
        BIG, asked=Asked.ASSIGN, given_to="b", stage=stage, owner=RepOwner("a"), is_new=False
    )
    assert (given.owner, given.sla) == (RepOwner("b"), sla)
    assert [one.reason for one in given.considered] == ["was given the lead by hand"]
    assert given.respond_by == (None if due is None else MONDAY + timedelta(hours=due))


@pytest.mark.parametrize("stage", [Stage.MQL, Stage.SAL, Stage.SQL])
def test_who_stands_in_is_told_for_whom_whatever_the_hour_he_was_drawn_at(
    new_office: NewOffice, new_pool: NewPool, stage: Stage
) -> None:
    """Ann has the account and is away; of the backup pool Bob is there, though not at this hour."""
    office = new_office(
        new_pool("p", "b", hours=Hours.WORKING),
        reps=[Rep("a", leave=WEEK), Rep("b", calendar="new-york"), Rep("c")],
        otherwise=ToAccountOwner("p"),
    )
    of_ann = AccountMatch(Account("acme"), owner_rep_id="a", owner_account_id="acme")
    decision = taken_away(office, stage, owner=RepOwner("c"), excluded=("c",), account=of_ann)
    waits = stage is Stage.MQL
    assert decision.owner == (QueueOwner("p-queue") if waits else RepOwner("b"))
    assert decision.stood_in_for == "a"


def test_a_drain_gives_who_waits_to_who_is_free(new_office: NewOffice, new_pool: NewPool) -> None:
    """He takes a turn for it, and by that it has an owner who has the time to accept it."""
    office = new_office(new_pool("p", "a b"), reps=[Rep("b", leave=WEEK)], otherwise=ToPool("p"))
    waits = {"stage": Stage.MQL, "waiting_in": "p", "enqueued_at": EARLIER, "is_new": False}
    given = office.decide(BIG, asked=Asked.DRAIN, owner=QueueOwner("p-queue"), **waits)
    assert (given.owner, given.stage) == (RepOwner("a"), Stage.MQL)
    assert given.draw is not None
    assert (given.draw.pool, given.draw.winner) == ("p", "a")
    assert given.cause is not Cause.KEPT
    assert given.respond_by == MONDAY + timedelta(hours=4)
