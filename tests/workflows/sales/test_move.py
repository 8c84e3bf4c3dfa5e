"""Moving a lead by hand: who may, where to, what it needs there, and what cannot be undone."""

from typing import Any

import pytest

from scoring_service.values.errors import FailedPrecondition, InvalidArgument, PermissionDenied
from scoring_service.values.happening import Win
from scoring_service.values.lead import Lead
from scoring_service.values.owner import QueueOwner, RepOwner, TrackOwner
from scoring_service.values.stage import Stage
from scoring_service.workflows.lifecycle_requests import CloseLost, MoveLead
from scoring_service.workflows.replay import Verdict, decision_in, replay

S = Stage
LISTED = {S.RECYCLED: "timing", S.DISQUALIFIED: "no_need", S.CLOSED_LOST: "budget"}
MARKETINGS: dict[Stage, Any] = {
    S.ANONYMOUS: TrackOwner("welcome-nurture"),
    S.KNOWN: QueueOwner("intake"),
    S.NURTURE: TrackOwner("welcome-nurture"),
}
NEEDS_REP = {True: {S.SAL, S.SQL, S.OPPORTUNITY, S.CUSTOMER, S.CLOSED_LOST}, False: {S.CLOSED_LOST}}
"""Where nobody can be found for a lead: the routes know only a track for those of marketing."""
SQUARE = [(one, to) for one in Stage for to in Stage if one is not to]


def why(to: Stage) -> dict[str, Any]:
    """A move for a reason: of the list where the stage needs one."""
    return {"stage": to, "reason": LISTED.get(to, "asked by the board"), "note": "minutes of May"}


@pytest.mark.parametrize(
    ("stage", "to"), [pytest.param(a, b, id=f"from {a} to {b}") for a, b in SQUARE]
)
async def test_who_may_moves_a_lead_to_any_stage(sales: Any, stage: Stage, to: Stage) -> None:
    lead = await sales.at(stage)
    if not isinstance(lead.owner, RepOwner) and to in NEEDS_REP[stage in MARKETINGS]:
        with pytest.raises(FailedPrecondition, match=r"AssignLead|no rep has") as refused:
            await sales.act(MoveLead, "sales-ops", **why(to))
        assert refused.value.reason == "NO_OWNER"
        return
    view = await sales.act(MoveLead, "sales-ops", **why(to))
    assert (view.stage, view.visit) == (to, lead.visit + 1)
    [*_, entry] = await sales.entries()
    assert (entry.stage_from, entry.stage_to) == (stage.value, to.value)
    assert (entry.cause, entry.actor, entry.note) == ("manual", "sales-ops", "minutes of May")
    assert entry.reason == why(to)["reason"]
    if to in MARKETINGS:
        assert view.owner == MARKETINGS[to]
    elif to not in LISTED and isinstance(lead.owner, RepOwner):
        assert view.owner == lead.owner
    [*_, told] = await sales.events("lead.stage_changed")
    assert (told["stage_to"], told["actor"]) == (to.value, "sales-ops")
    assert await sales.findings() == []


@pytest.mark.parametrize("actor", ["ann", "bob", "", "stranger", "marketing"])
@pytest.mark.parametrize(
    ("stage", "to", "moves"),
    [
        (S.SAL, S.MQL, "disqualified, recycled, sql"),
        (S.NURTURE, S.SQL, "none"),
        (S.DISQUALIFIED, S.MQL, "none"),
        (S.OPPORTUNITY, S.SAL, "closed_lost, customer"),
    ],
)
async def test_who_may_not_is_told_the_moves_there_are(
    sales: Any, actor: str, stage: Stage, to: Stage, moves: str
) -> None:
    lead = await sales.at(stage)
    with pytest.raises(PermissionDenied, match=f"acts may lead to: {moves}") as refused:
        await sales.act(MoveLead, actor, **why(to))
    assert refused.value.reason == "MAY_NOT_MOVE"
    assert await sales.lead() == lead


@pytest.mark.parametrize("stage", list(Stage))
async def test_a_move_to_where_it_is_logs_nothing(sales: Any, stage: Stage) -> None:
    await sales.at(stage)
    before = await sales.desk.dump()
    with pytest.raises(FailedPrecondition, match="already") as refused:
        await sales.act(MoveLead, "sales-ops", **why(stage))
    assert refused.value.reason == "ALREADY_THERE"
    assert await sales.desk.dump() == before


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        pytest.param({"stage": None, "reason": "asked"}, "stage", id="to nowhere"),
        pytest.param({"stage": S.MQL, "reason": " "}, "reason", id="for no reason"),
        pytest.param({"stage": S.RECYCLED, "reason": "asked"}, "reason", id="one of no list"),
        pytest.param({"stage": S.DISQUALIFIED, "reason": ""}, "reason", id="none of the list"),
    ],
)
async def test_a_move_says_where_to_and_why(sales: Any, fields: Any, field: str) -> None:
    await sales.at(S.SAL)
    with pytest.raises(InvalidArgument) as refused:
        await sales.act(MoveLead, "sales-ops", **fields)
    assert [where for where, _ in refused.value.violations] == [field]


@pytest.mark.parametrize("to", [S.MQL, S.SAL, S.SQL, S.OPPORTUNITY, S.CUSTOMER])
async def test_who_has_no_rep_is_routed(sales: Any, to: Stage) -> None:
    await sales.at(S.DISQUALIFIED)
    await sales.desk.route(Lead(lead_id="l1", country="GB"))
    view = await sales.act(MoveLead, "sales-ops", **why(to))
    assert (view.stage, view.owner) == (to, RepOwner("dan"))
    record = await sales.desk.store.read(lambda reader: reader.decision(view.decision_id))
    assert replay(sales.desk.policy, record).verdict is Verdict.EQUAL
    assert decision_in(record).route == "british"
    assert await sales.findings() == []


@pytest.mark.parametrize(
    ("to", "owner"),
    [
        pytest.param(S.MQL, "limited-waiting", id="an mql waits"),
        pytest.param(S.SAL, "eve", id="a sal is drawn whatever the limits"),
    ],
)
async def test_limits_hold_for_an_mql_only(sales: Any, to: Stage, owner: str) -> None:
    for i in range(3):
        await sales.mql(f"full{i}", country="GB")
    await sales.at(S.DISQUALIFIED)
    await sales.desk.route(Lead(lead_id="l1", country="GB"))
    assert (await sales.act(MoveLead, "sales-ops", **why(to))).owner.id == owner
    assert await sales.findings() == []


async def test_nobody_can_have_a_sal_that_no_pool_is_for(sales: Any) -> None:
    """Below ten employees the routes know a track only."""
    await sales.at(S.NURTURE)
    view = await sales.act(MoveLead, "sales-ops", **why(S.MQL))
    assert view.owner == QueueOwner("intake")
    with pytest.raises(FailedPrecondition, match="give it to a rep first") as refused:
        await sales.act(MoveLead, "sales-ops", **why(S.SAL))
    assert refused.value.reason == "NO_OWNER"
    assert await sales.findings() == []


async def test_a_win_that_is_undone_is_none(sales: Any) -> None:
    won = await sales.at(S.CUSTOMER)
    assert won.win is not None
    view = await sales.act(MoveLead, "sales-ops", **why(S.OPPORTUNITY))
    assert (view.win, view.opportunity) == (None, won.opportunity)
    assert (await sales.act(MoveLead, "sales-ops", **why(S.MQL))).opportunity is None


async def test_a_sale_beside_the_way_is_recorded_as_one(sales: Any, clock: Any) -> None:
    await sales.at(S.SAL)
    view = await sales.act(MoveLead, "mia", **why(S.CUSTOMER))
    assert view.win == Win(clock.now)
    assert await sales.happenings(Win) == [Win(clock.now)]


async def test_who_must_not_be_contacted_is_not_brought_back(sales: Any) -> None:
    await sales.mql()
    await sales.desk.route(Lead(lead_id="l1", do_not_contact=True))
    for to in (S.NURTURE, S.MQL, S.SQL, S.RECYCLED):
        with pytest.raises(FailedPrecondition, match="must not be contacted") as refused:
            await sales.act(MoveLead, "sales-ops", **why(to))
        assert refused.value.reason == "DO_NOT_CONTACT"
    assert (await sales.act(MoveLead, "sales-ops", **why(S.CUSTOMER))).do_not_contact


async def test_what_a_rule_disqualifies_is_not_brought_back(sales: Any) -> None:
    await sales.mql(company_domain="rival.com")
    assert (await sales.lead()).stage is S.DISQUALIFIED
    with pytest.raises(FailedPrecondition, match="the rule 'rival' disqualifies") as refused:
        await sales.act(MoveLead, "sales-ops", **why(S.MQL))
    assert refused.value.reason == "DISQUALIFIED_BY_RULE"
    assert (await sales.act(MoveLead, "sales-ops", **why(S.SAL))).stage is S.SAL


async def test_recycling_that_is_exhausted_is_refused_not_turned_into_an_end(sales: Any) -> None:
    await sales.at(S.SAL)
    await sales.moved(S.SQL, recycles=3)
    with pytest.raises(FailedPrecondition, match="move it to nurture or mql") as refused:
        await sales.act(MoveLead, "sales-ops", **why(S.RECYCLED))
    assert refused.value.reason == "RECYCLES_EXHAUSTED"


async def test_a_lost_lead_taken_up_again_needs_no_disposition(sales: Any) -> None:
    await sales.at(S.OPPORTUNITY)
    await sales.act(CloseLost)
    view = await sales.act(MoveLead, "mia", **why(S.SQL))
    assert (view.owner, view.reason) == (RepOwner("ann"), "asked by the board")
    assert "disposition" not in {clock.name for clock in view.clocks}


async def test_what_the_stage_requires_is_asked_for(sales_of: Any) -> None:
    sales = sales_of(attributes={"plan": {"type": "text", "required_by": "sql"}})
    await sales.mql()
    with pytest.raises(FailedPrecondition, match="sql requires plan") as refused:
        await sales.act(MoveLead, "sales-ops", **why(S.SQL))
    assert refused.value.reason == "FIELDS_MISSING"
    assert (await sales.act(MoveLead, "sales-ops", **why(S.SAL))).stage is S.SAL
