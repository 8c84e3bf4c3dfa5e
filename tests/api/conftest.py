"""Values with everything set, so that nothing can be left behind on the way to the wire."""

from datetime import UTC, datetime, timedelta

import pytest

from scoring_service.policy.explaining.explained import Explained
from scoring_service.policy.explaining.reps import RepSeen
from scoring_service.policy.explaining.tried import Tried, TriedRoute
from scoring_service.values.account import Account, AccountMatch, MatchedBy, NamedAccount
from scoring_service.values.decision import Cause, Considered, Decision, Draw, Passed, RouteError
from scoring_service.values.facts import Facts, MemberFacts, PoolFacts
from scoring_service.values.instant import micros
from scoring_service.values.lead import Lead
from scoring_service.values.owner import RepOwner
from scoring_service.values.score import (
    Bar,
    Contribution,
    Dimension,
    ModelContribution,
    Quadrant,
    Score,
    WinProbability,
)
from scoring_service.values.stage import Stage
from scoring_service.workflows.replay import Replay, Verdict
from scoring_service.workflows.requests import Activation, AssignmentView, DecisionRecord

NOW = datetime(2026, 3, 2, 10, 0, 0, 123_456, tzinfo=UTC)
LATER = NOW + timedelta(hours=4)


@pytest.fixture
def score() -> Score:
    return Score(
        fit=60.0,
        behaviour=0.1 + 0.2,
        fit_grade="B",
        behaviour_level=2,
        quadrant=Quadrant.NURTURE,
        mql_ready=True,
        bars=(Bar("fit", 60.0, 40.0, met=True), Bar("behaviour", 0.3, 35.0, met=False)),
        contributions=(
            Contribution(Dimension.FIT, "size", 60.0),
            Contribution(Dimension.BEHAVIOUR, "visit", 0.3, micros(NOW), 0.5),
            Contribution(Dimension.BEHAVIOUR, "call", 0.0, count=3),
        ),
        as_of=NOW,
        policy_revision="r1",
        qualified_until=LATER,
        win_probability=WinProbability(0.12, 0.0001, 0.9999),
        sql_ready=False,
        model_version="m1",
        model_contributions=(ModelContribution("base", -2.0),),
        arms={"bar": "lower"},
    )


@pytest.fixture
def account() -> Account:
    return Account(
        "acme", "Acme", ("acme.de", "acme.com"), "DE", "holding", "ann", {"tier": "gold"}
    )


@pytest.fixture
def match(account: Account) -> AccountMatch:
    named = NamedAccount("acme", "acme", 0.9, ("acme",), ("europe",), ("group",))
    return AccountMatch(
        account, MatchedBy.NAME, "ann", "holding", ("acme", "b"), note="odd", named=(named,)
    )


@pytest.fixture
def view(score: Score, match: AccountMatch) -> AssignmentView:
    return AssignmentView(
        lead_id="l-1",
        owner=RepOwner("bob"),
        cause=Cause.ROUTED,
        score=score,
        assigned_at=NOW,
        policy_revision="r1",
        stage=Stage.MQL,
        assignment_id="as-1",
        decision_id="de-1",
        pool="west",
        route="everybody",
        row=3,
        considered=(
            Considered("ann", Passed.ON_LEAVE, "away until Friday", "west"),
            Considered("bob", Passed.CHOSEN, "", "west"),
        ),
        account=match,
        bars_missed=("behaviour",),
        stood_in_for="ann",
        sla="hot",
        enqueued_at=NOW - timedelta(hours=1),
        respond_by=LATER,
        note="odd",
        replayed=True,
        arms={"bar": "lower"},
    )


@pytest.fixture
def record(score: Score, match: AccountMatch) -> DecisionRecord:
    made = Decision(
        owner=RepOwner("bob"),
        cause=Cause.QUALIFIED,
        score=score,
        stage=Stage.MQL,
        route="everybody",
        row=3,
        pool="west",
        considered=(Considered("bob", Passed.CHOSEN, "", "west"),),
        bars_missed=("behaviour",),
        stood_in_for="ann",
        sla="hot",
        respond_by=LATER,
        enqueued_at=NOW,
        draw=Draw("west", 7, "bob", (("ann", 1), ("bob", 2)), 3),
        errors=(RouteError("small firms", "employees is unknown"),),
        note="odd",
    )
    facts = Facts(
        lead=Lead("l-1", email="ann@example.org"),
        now=NOW,
        policy_revision="r1",
        stage=Stage.KNOWN,
        account=match,
        pools=(PoolFacts("west", (MemberFacts("bob", 5, 2),), 7),),
        arms={"bar": "lower"},
    )
    return DecisionRecord(
        decision_id="de-1",
        lead_id="l-1",
        at=NOW,
        actor_id="web-form",
        policy_revision="r1",
        model_version="m1",
        semantics_version=1,
        facts=facts,
        decision=made,
        sentences=("it was bob's turn", "ann is away"),
        assignment_id="as-1",
        explained=Explained(
            (TriedRoute("everybody", 3, "t.csv:4", "true", Tried.MATCHED),),
            (RepSeen("bob", Passed.CHOSEN, "", "west"),),
            2,
        ),
        replay=Replay(Verdict.DIFFERENT, ("owner",), note="odd"),
        activation=Activation(4, "r1", NOW, "reload", True, (("team.yaml", "ab12"),)),
    )
