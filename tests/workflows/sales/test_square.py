"""Every act in every stage: what it leads to, or why it is refused."""

from typing import Any

import pytest

from scoring_service.values.errors import FailedPrecondition
from scoring_service.values.stage import FINISHED, Stage
from scoring_service.workflows.lifecycle_requests import (
    AcceptLead,
    AssignLead,
    CloseLost,
    CloseWon,
    DisqualifyLead,
    LeadAct,
    LogContact,
    OpenOpportunity,
    QualifyLead,
    RecycleLead,
    RejectLead,
)

S = Stage
MOVES: dict[type[LeadAct], dict[Stage, Stage]] = {
    AcceptLead: {S.MQL: S.SAL},
    RejectLead: {S.MQL: S.RECYCLED},
    QualifyLead: {S.MQL: S.MQL, S.SAL: S.SQL, S.SQL: S.SQL, S.OPPORTUNITY: S.OPPORTUNITY},
    OpenOpportunity: {S.SQL: S.OPPORTUNITY},
    CloseWon: {S.OPPORTUNITY: S.CUSTOMER},
    CloseLost: {S.OPPORTUNITY: S.CLOSED_LOST},
    DisqualifyLead: dict.fromkeys((S.MQL, S.SAL, S.SQL, S.CLOSED_LOST), S.DISQUALIFIED),
    RecycleLead: dict.fromkeys((S.SAL, S.SQL, S.CLOSED_LOST), S.RECYCLED),
    LogContact: {stage: stage for stage in S if stage not in FINISHED},
    AssignLead: {
        stage: S.MQL if stage in (S.ANONYMOUS, S.KNOWN, S.NURTURE, S.RECYCLED) else stage
        for stage in S
        if stage not in FINISHED
    },
}
TO = {AcceptLead: S.SAL, OpenOpportunity: S.OPPORTUNITY, CloseWon: S.CUSTOMER} | {
    CloseLost: S.CLOSED_LOST,
    DisqualifyLead: S.DISQUALIFIED,
    RecycleLead: S.RECYCLED,
}
SQUARE = [(act, stage) for act in MOVES for stage in Stage]


def reason(act: type[LeadAct], stage: Stage) -> str:
    """Why an act is refused in a stage."""
    if TO.get(act) is stage:
        return "ALREADY_THERE"
    return "FINISHED" if stage in FINISHED else "MOVE_NOT_ALLOWED"


def fields(act: type[LeadAct]) -> dict[str, Any]:
    """What an operator says for an act."""
    return {"rep_id": "cat", "reason": "her region"} if act is AssignLead else {}


@pytest.mark.parametrize(
    ("act", "stage"), [pytest.param(a, s, id=f"{a.__name__} in {s}") for a, s in SQUARE]
)
async def test_an_act_moves_the_lead_or_says_what_may_be_done(
    sales: Any, act: type[LeadAct], stage: Stage
) -> None:
    lead = await sales.at(stage)
    to = MOVES[act].get(stage)
    if to is not None:
        view = await sales.act(act, "sales-ops", **fields(act))
        after = await sales.lead()
        assert (view.stage, after.stage) == (to, to)
        assert after.visit == lead.visit + (to is not stage)
    else:
        with pytest.raises(FailedPrecondition) as refused:
            await sales.act(act, "sales-ops", **fields(act))
        assert refused.value.reason == reason(act, stage)
        assert "'l1'" in refused.value.message
        assert await sales.lead() == lead
    assert await sales.findings() == []


@pytest.mark.parametrize(
    ("stage", "moves"),
    [
        (S.MQL, "disqualified, recycled, sal"),
        (S.SAL, "disqualified, recycled, sql"),
        (S.SQL, "disqualified, opportunity, recycled"),
        (S.NURTURE, "none"),
    ],
)
async def test_closing_an_unopened_opportunity_names_the_moves_there_are(
    sales: Any, stage: Stage, moves: str
) -> None:
    await sales.at(stage)
    with pytest.raises(FailedPrecondition, match=f"may move it to: {moves}") as refused:
        await sales.act(CloseWon, "sales-ops")
    assert refused.value.reason == "MOVE_NOT_ALLOWED"
