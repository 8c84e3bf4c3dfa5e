"""Before the routes, in order: do_not_contact (before opportunity) or disqualified -> the built-in
track `suppressed`, never a rep; a customer keeps its owner; a pinned lead its rep; a lead whose
owner is an active rep keeps it; a lead waiting in a pool's queue keeps its place and enqueued_at
likewise; a re-qualifying lead goes to its previous owner; an exclusion beats every preference.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from scoring_service.domain.routing.rotation import TURN
from scoring_service.domain.routing.routes import ToPool, ToTrack
from scoring_service.values.activity import BehaviourState
from scoring_service.values.decision import Cause, Decision, Passed
from scoring_service.values.facts import Asked
from scoring_service.values.lead import Lead
from scoring_service.values.owner import SUPPRESSED, QueueOwner, RepOwner, TrackOwner
from scoring_service.values.stage import Stage
from scoring_service.values.team import Counts, Leave, Pool, Rep

NewOffice = Callable[..., Any]
NewPool = Callable[..., Pool]
MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
BIG = Lead("l1", email="x@acme.de", source="web", employees=500)
ASKED_FOR_A_DEMO = (BehaviourState("demo", 60.0, MONDAY, 1, MONDAY, "v1"),)
ON_LEAVE = Leave(date(2026, 3, 1), date(2026, 3, 6), backup="b")


@pytest.fixture
def office(new_office: NewOffice, new_pool: NewPool) -> Any:
    return new_office(
        new_pool("p", "a b c"),
        reps=[Rep("gone", active=False, manager="m"), Rep("m"), Rep("away", leave=(ON_LEAVE,))],
        otherwise=ToPool("p"),
    )


def outcomes(decision: Decision) -> dict[str, Passed]:
    return {c.rep_id: c.outcome for c in decision.considered}


@pytest.mark.parametrize(
    "stage",
    [s for s in Stage if s not in (Stage.OPPORTUNITY, Stage.CUSTOMER, Stage.CLOSED_LOST)],
)
def test_who_must_not_be_contacted_goes_to_nobody(office: Any, stage: Stage) -> None:
    decision = office.decide(BIG, do_not_contact=True, stage=stage, owner=RepOwner("a"))
    if stage is Stage.DISQUALIFIED:
        assert decision.cause is Cause.KEPT
        return
    assert (decision.owner, decision.stage) == (SUPPRESSED, Stage.DISQUALIFIED)
    assert (decision.reason, decision.respond_by) == ("do_not_contact", None)


@pytest.mark.parametrize("stage", [Stage.OPPORTUNITY, Stage.CUSTOMER, Stage.CLOSED_LOST])
def test_from_opportunity_on_do_not_contact_stays_a_flag(office: Any, stage: Stage) -> None:
    decision = office.decide(BIG, do_not_contact=True, stage=stage, owner=RepOwner("a"))
    assert (decision.owner, decision.stage, decision.cause) == (RepOwner("a"), stage, Cause.KEPT)


@pytest.mark.parametrize(
    ("stage", "ended"),
    [
        pytest.param(Stage.ANONYMOUS, True, id="a-new-one"),
        pytest.param(Stage.MQL, True, id="up-to-mql"),
        pytest.param(Stage.RECYCLED, True, id="beside-it"),
        pytest.param(Stage.SAL, False, id="later-the-owner-is-told"),
    ],
)
def test_a_disqualify_rule_ends_a_lead_up_to_mql(office: Any, stage: Stage, ended: bool) -> None:
    decision = office.decide(Lead("l1", company_domain="r.co"), stage=stage, owner=RepOwner("a"))
    assert (decision.owner == SUPPRESSED) is ended
    assert decision.reason == ("is_competitor" if ended else "")
    assert (decision.stage is Stage.DISQUALIFIED) is ended


def test_only_a_move_brings_a_disqualified_lead_back(office: Any) -> None:
    decision = office.decide(BIG, stage=Stage.DISQUALIFIED, owner=SUPPRESSED)
    assert (decision.owner, decision.stage) == (SUPPRESSED, Stage.DISQUALIFIED)


@pytest.mark.parametrize("asked", [Asked.ROUTE, Asked.REASSIGN])
def test_a_customer_keeps_its_owner(office: Any, asked: Asked) -> None:
    owner = RepOwner("gone")
    decision = office.decide(BIG, stage=Stage.CUSTOMER, owner=owner, asked=asked)
    assert (decision.owner, decision.cause) == (owner, Cause.KEPT)


def test_a_pinned_lead_goes_to_its_rep_though_another_owns_it(office: Any) -> None:
    decision = office.decide(BIG, stage=Stage.SAL, owner=RepOwner("a"), pinned_rep="c")
    assert (decision.owner, decision.cause) == (RepOwner("c"), Cause.REASSIGNED)
    assert decision.draw is None


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        pytest.param({"pinned_rep": "gone"}, Passed.INACTIVE, id="he-is-gone"),
        pytest.param(
            {"pinned_rep": "away", "excluded": ("away",)},
            Passed.EXCLUDED,
            id="an-exclusion-beats-every-preference",
        ),
    ],
)
def test_a_pin_that_cannot_be_kept_is_told(office: Any, fields: Any, outcome: Passed) -> None:
    decision = office.decide(BIG, **fields)
    assert outcomes(decision)[fields["pinned_rep"]] is outcome
    assert decision.owner == RepOwner("a")


@pytest.mark.parametrize("stage", [Stage.MQL, Stage.SAL, Stage.SQL, Stage.OPPORTUNITY])
def test_an_active_owner_keeps_the_lead(office: Any, stage: Stage) -> None:
    """No turn, no new clock; "kept" is recorded."""
    decision = office.decide(BIG, stage=stage, owner=RepOwner("c"))
    assert (decision.owner, decision.cause, decision.stage) == (RepOwner("c"), Cause.KEPT, stage)
    assert (decision.draw, decision.respond_by, decision.sla) == (None, None, "")
    assert outcomes(decision) == {"c": Passed.CHOSEN}


def test_an_owner_on_leave_keeps_the_lead_that_is_his(office: Any) -> None:
    assert office.decide(BIG, stage=Stage.MQL, owner=RepOwner("away")).cause is Cause.KEPT


def test_an_owner_who_is_gone_does_not(office: Any) -> None:
    decision = office.decide(BIG, stage=Stage.MQL, owner=RepOwner("gone"))
    assert (decision.owner, decision.cause) == (RepOwner("a"), Cause.REASSIGNED)
    assert outcomes(decision)["gone"] is Passed.INACTIVE


def test_an_excluded_owner_does_not(office: Any) -> None:
    decision = office.decide(BIG, stage=Stage.MQL, owner=RepOwner("a"), excluded=("a",))
    assert decision.owner == RepOwner("b")


def test_who_waits_keeps_his_place(office: Any) -> None:
    since = MONDAY - timedelta(hours=3)
    decision = office.decide(
        BIG, stage=Stage.MQL, owner=QueueOwner("p-queue"), waiting_in="p", enqueued_at=since
    )
    assert (decision.owner, decision.cause) == (QueueOwner("p-queue"), Cause.KEPT)
    assert (decision.enqueued_at, decision.pool, decision.draw) == (since, "p", None)


def test_who_waits_for_a_pool_that_is_gone_is_routed(office: Any) -> None:
    decision = office.decide(
        BIG, stage=Stage.MQL, owner=QueueOwner("q"), waiting_in="q", enqueued_at=MONDAY
    )
    assert decision.owner == RepOwner("a")


REQUALIFIES = {
    "stage": Stage.RECYCLED,
    "owner": TrackOwner("welcome"),
    "behaviour": ASKED_FOR_A_DEMO,
}


@pytest.mark.parametrize(
    ("previous", "owner", "stood_in_for"),
    [
        pytest.param("c", "c", "", id="her-previous-owner"),
        pytest.param("gone", "a", "", id="not-one-who-is-gone"),
        pytest.param("away", "b", "away", id="the-backup-of-one-on-leave"),
        pytest.param(None, "a", "", id="nobody-owned-it-before"),
    ],
)
def test_a_requalifying_lead_goes_to_its_previous_owner(
    office: Any, previous: str | None, owner: str, stood_in_for: str
) -> None:
    decision = office.decide(BIG, previous_owner=previous, **REQUALIFIES)
    assert (decision.owner, decision.stage) == (RepOwner(owner), Stage.MQL)
    assert (decision.cause, decision.stood_in_for) == (Cause.QUALIFIED, stood_in_for)


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"behaviour": ()}, id="below-the-bars"),
        pytest.param({"excluded": ("c",)}, id="excluded"),
        pytest.param({"stage": Stage.MQL, "owner": None}, id="it-is-mql-already"),
    ],
)
def test_another_lead_goes_by_the_routes(office: Any, changed: Any) -> None:
    decision = office.decide(BIG, previous_owner="c", **{**REQUALIFIES, **changed})
    assert decision.owner == RepOwner("a")


def test_the_previous_owner_is_not_preferred_unless_the_rules_say_so(
    new_office: NewOffice, new_pool: NewPool
) -> None:
    office = new_office(new_pool("p", "a b c"), otherwise=ToPool("p"), prefer_previous_owner=False)
    assert office.decide(BIG, previous_owner="c", **REQUALIFIES).owner == RepOwner("a")


@pytest.mark.parametrize(
    ("counts", "turns"),
    [pytest.param(Counts.DRAWN, 0, id="drawn"), pytest.param(Counts.ALL, 1, id="all")],
)
def test_an_assignment_without_a_draw_costs_a_turn_where_the_pool_counts_all(
    new_office: NewOffice, new_pool: NewPool, counts: Counts, turns: int
) -> None:
    """A manual or account-based assignment is no draw unless the pool of the lead's queue or last
    assignment says `counts: all`: then it is one whose winner was fixed.
    """
    office = new_office(new_pool("p", "a b", counts=counts), otherwise=ToTrack("news"))
    decision = office.decide(
        BIG, stage=Stage.MQL, owner=RepOwner("a"), pinned_rep="b", last_pool="p"
    )
    draws = [decision.draw] if decision.draw else []
    assert len(draws) == turns
    assert decision.pool == ("p" if turns else "")
    assert [(made.winner, made.pool) for made in draws] == [("b", "p")] * turns


def test_of_a_turn_whose_winner_was_fixed_those_gain_who_could_have_been_drawn(
    new_office: NewOffice, new_pool: NewPool
) -> None:
    """Rotation is over the reps eligible at that draw: who could not be drawn gains nothing."""
    office = new_office(
        new_pool("p", "a b2 c", counts=Counts.ALL),
        reps=[Rep("c", per_day_max=0)],
        otherwise=ToTrack("news"),
    )
    decision = office.decide(
        BIG, stage=Stage.MQL, owner=RepOwner("a"), pinned_rep="c", last_pool="p"
    )
    share = TURN // 3
    assert decision.draw.gains == (("a", share), ("b", 2 * share))
    assert (decision.draw.winner, decision.draw.paid) == ("c", 3 * share)
