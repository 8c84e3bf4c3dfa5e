"""UpsertLead and RecordActivities route an anonymous, known or nurture lead that is MQL-ready;
below the bars only routes to a track and those marked below_bar are tried, else the default track.
One that Recycling brings back, or that opens a cycle, tries all routes. Every decision is replayed.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from scoring_service.domain.routing.routes import Assign, ToPool, ToTrack
from scoring_service.values.activity import BehaviourState
from scoring_service.values.decision import Cause
from scoring_service.values.facts import Asked
from scoring_service.values.lead import Lead
from scoring_service.values.owner import SUPPRESSED, Owner, QueueOwner, RepOwner, TrackOwner
from scoring_service.values.stage import Stage
from scoring_service.values.team import Rep

MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
BIG = Lead("l1", email="x@acme.de", source="web", employees=500)
DEMO = (BehaviourState("demo", 60.0, MONDAY, 1, MONDAY, "v1"),)
NEWS, WELCOME = TrackOwner("news"), TrackOwner("welcome")
MARKETINGS = (Stage.ANONYMOUS, Stage.KNOWN, Stage.NURTURE)


@pytest.fixture
def office(new_office: Callable[..., Any], new_pool: Callable[..., Any]) -> Any:
    """Routes of every kind, by the lead's region."""

    def route(name: str, assign: Assign) -> tuple[str, Any, Assign]:
        return name, lambda symbols: symbols["region"] == name, assign

    return new_office(
        new_pool("p", "a b"),
        routes=[
            route("pool", ToPool("p")),
            route("marked", ToPool("p")),
            route("track", ToTrack("news")),
        ],
        otherwise=ToPool("p"),
        below_bar=["marked"],
        reps=[Rep("own"), Rep("gone", active=False)],
    )


def of(region: str, **fields: Any) -> Lead:
    return Lead("l1", **{"email": "x@acme.de", "source": "web", "region": region, **fields})


@pytest.mark.parametrize(
    ("lead", "behaviour", "owner", "stage", "route"),
    [
        pytest.param(of("pool"), (), WELCOME, "nurture", "", id="below: no route to a pool"),
        pytest.param(of("marked"), (), RepOwner("a"), "mql", "marked", id="below: one marked so"),
        pytest.param(of("track"), (), NEWS, "nurture", "track", id="below: one to a track"),
        pytest.param(of("none"), (), WELCOME, "nurture", "", id="below: not the otherwise"),
        pytest.param(
            of("track", source=None), (), QueueOwner("intake"), "known", "track", id="below: known"
        ),
        pytest.param(
            of("pool", employees=500), DEMO, RepOwner("a"), "mql", "pool", id="ready: any route"
        ),
        pytest.param(
            of("none", employees=500), DEMO, RepOwner("a"), "mql", "otherwise", id="ready: the last"
        ),
        pytest.param(
            of("pool", company_domain="r.co"), DEMO, SUPPRESSED, "disqualified", "", id="a rule"
        ),
    ],
)
def test_a_new_lead_that_is_evaluated(
    office: Any, lead: Lead, behaviour: Any, owner: Owner, stage: str, route: str
) -> None:
    decision = office.decide(lead, asked=Asked.EVALUATE, behaviour=behaviour)
    assert (decision.owner, decision.stage, decision.route) == (owner, stage, route)
    assert not (decision.reason and decision.bars_missed), "a rule ended it, not the bars"


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in MARKETINGS])
def test_an_evaluation_moves_nothing_that_is_not_marketings(office: Any, stage: Stage) -> None:
    owner = RepOwner("own")
    decision = office.decide(BIG, asked=Asked.EVALUATE, behaviour=DEMO, stage=stage, owner=owner)
    assert (decision.owner, decision.stage, decision.cause) == (owner, stage, Cause.KEPT)
    assert decision.draw is None


def test_an_mql_that_people_hand_out_is_left_to_them(office: Any) -> None:
    """It meets every bar and a route would draw for it: it was routed once."""
    queue = {"owner": QueueOwner("by-hand"), "is_new": False, "behaviour": DEMO}
    there = office.decide(BIG, asked=Asked.EVALUATE, stage=Stage.MQL, **queue)
    assert (there.owner, there.cause) == (QueueOwner("by-hand"), Cause.KEPT)


@pytest.mark.parametrize("stage", MARKETINGS)
def test_what_marketing_has_is_sales_once_it_meets_every_bar(office: Any, stage: Stage) -> None:
    owned = {"owner": WELCOME, "is_new": False, "behaviour": DEMO}
    decision = office.decide(BIG, asked=Asked.EVALUATE, stage=stage, **owned)
    assert (decision.owner, decision.stage) == (RepOwner("a"), Stage.MQL)
    assert decision.cause is Cause.QUALIFIED


@pytest.mark.parametrize("stage", MARKETINGS)
def test_what_is_where_it_belongs_stays_without_a_turn(office: Any, stage: Stage) -> None:
    fields = {
        "nurture": {},
        "known": {"source": None},
        "anonymous": {"source": None, "email": None},
    }
    owner = QueueOwner("intake") if stage is Stage.KNOWN else WELCOME
    decision = office.decide(
        of("none", **fields[stage]), asked=Asked.EVALUATE, stage=stage, owner=owner, is_new=False
    )
    assert (decision.cause, decision.owner) == (Cause.KEPT, owner)


def test_a_pinned_lead_goes_to_its_rep_by_a_route_that_is_marked_and_not_below(office: Any) -> None:
    pinned = {"asked": Asked.EVALUATE, "pinned_rep": "own"}
    assert office.decide(of("marked"), **pinned).owner == RepOwner("own")
    assert office.decide(of("pool"), **pinned).owner == WELCOME
    assert office.decide(BIG, behaviour=DEMO, **pinned).owner == RepOwner("own")


@pytest.mark.parametrize(
    ("asked", "missed"),
    [
        pytest.param(Asked.RECYCLED, ("fit", "behaviour"), id="one that comes back"),
        pytest.param(Asked.CYCLE, ("fit", "behaviour"), id="a customer's next one"),
    ],
)
def test_all_routes_are_tried_whatever_the_bars(
    office: Any, asked: Asked, missed: tuple[str, ...]
) -> None:
    stage = Stage.RECYCLED if asked is Asked.RECYCLED else Stage.ANONYMOUS
    decision = office.decide(of("pool"), asked=asked, stage=stage)
    assert (decision.owner, decision.stage, decision.route) == (RepOwner("a"), Stage.MQL, "pool")
    assert (decision.cause, decision.bars_missed) == (Cause.ROUTED, missed)


def test_a_track_leaves_a_recycled_lead_where_it_is(office: Any) -> None:
    decision = office.decide(
        of("track"), asked=Asked.RECYCLED, stage=Stage.RECYCLED, owner=WELCOME, is_new=False
    )
    assert (decision.cause, decision.stage, decision.owner) == (Cause.KEPT, Stage.RECYCLED, WELCOME)


@pytest.mark.parametrize("asked", [Asked.RECYCLED, Asked.CYCLE])
@pytest.mark.parametrize(
    ("previous", "owner"),
    [
        pytest.param("own", RepOwner("own"), id="who had it has it again"),
        pytest.param("gone", RepOwner("a"), id="who is gone has not"),
    ],
)
def test_it_is_his_first_who_had_it(office: Any, asked: Asked, previous: str, owner: Owner) -> None:
    stage = Stage.RECYCLED if asked is Asked.RECYCLED else Stage.ANONYMOUS
    decision = office.decide(of("pool"), asked=asked, stage=stage, previous_owner=previous)
    assert decision.owner == owner


@pytest.mark.parametrize(
    ("asked", "held"),
    [(Asked.EVALUATE, True), (Asked.RECYCLED, True), (Asked.CYCLE, True), (Asked.REASSIGN, False)],
)
def test_a_bar_is_held_from_when_something_happened(office: Any, asked: Asked, held: bool) -> None:
    decision = office.decide(BIG, asked=asked, behaviour=DEMO)
    assert bool(decision.held_bars) is held
