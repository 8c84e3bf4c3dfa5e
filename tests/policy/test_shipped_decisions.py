"""Under the rules that come with the program every lead has exactly one accountable owner."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.decide import decide
from scoring_service.domain.scoring.state import fold
from scoring_service.policy.explaining.explain import passed_over, routes_tried
from scoring_service.policy.load import load
from scoring_service.policy.source import source_of
from scoring_service.values.account import Account, AccountMatch
from scoring_service.values.activity import Activity
from scoring_service.values.decision import Decision
from scoring_service.values.facts import Facts, MemberFacts, PoolFacts
from scoring_service.values.lead import Lead
from scoring_service.values.owner import SUPPRESSED, QueueOwner, RepOwner, TrackOwner
from scoring_service.values.stage import Stage

ROOT = Path(__file__).parent.parent.parent
TUESDAY = datetime(2025, 1, 14, tzinfo=UTC)


def policy_in(folder: str) -> Policy:
    files = {path.name: path.read_bytes() for path in (ROOT / folder).iterdir()}
    return load(source_of(files))


@pytest.fixture(scope="module", params=["rules", "examples/demo/rules"])
def policy(request: pytest.FixtureRequest) -> Policy:
    return policy_in(request.param)


def lead(rng: Random, policy: Policy) -> Lead:
    """Somebody of whom this and that is known."""
    attributes: dict[str, Any] = {}
    for name, declared in policy.schema.items():
        if not declared.typed and declared.values and rng.random() < 0.5:
            attributes[name] = rng.choice(sorted(declared.values))
    return Lead(
        lead_id="x",
        email=rng.choice((None, "jo@firm.example", "jo@gmail.com", "spy@rival.example")),
        country=rng.choice((None, "DE", "US", "JP")),
        employees=rng.choice((None, 3, 60, 300, 5000)),
        industry=rng.choice((None, "software", "retail")),
        product_interest=rng.choice((None, "GTX Pro", "MG Special", "nothing of ours")),
        source=rng.choice((None, "web")),
        do_not_contact=rng.choice((None, None, None, True)),
        attributes=attributes,
    )


def facts(rng: Random, policy: Policy) -> Facts:
    now = TUESDAY + timedelta(minutes=rng.randrange(7 * 24 * 60))
    kinds = sorted(policy.scoring.activities)
    done = [
        Activity(rng.choice(kinds), now - timedelta(hours=rng.randrange(2000)))
        for _ in range(rng.choice((0, 0, 1, 3, 8)))
    ]
    owner = rng.choice((None, None, None, *sorted(policy.reps), "gone"))
    account = Account("acme", owner_rep_id=owner)
    pools = tuple(
        PoolFacts(name, tuple(MemberFacts(one.rep_id) for one in pool.members), next_draw=1)
        for name, pool in policy.pools.items()
    )
    known = lead(rng, policy)
    return Facts(
        lead=known,
        now=now,
        do_not_contact=bool(known.do_not_contact),
        policy_revision=policy.revision,
        behaviour=fold(policy.scoring, (), done, now),
        account=AccountMatch(account, owner_rep_id=owner) if owner else AccountMatch(),
        pools=pools,
    )


def is_accountable(policy: Policy, decision: Decision) -> bool:
    """Whether the owner is an active rep, or a track or a queue that the rules know."""
    life = policy.lifecycle
    match decision.owner:
        case RepOwner(rep):
            return policy.reps[rep].active
        case TrackOwner(track):
            return decision.owner == SUPPRESSED or track in life.tracks
        case QueueOwner(queue):
            of_pools = {pool.queue.name for pool in policy.pools.values()}
            return queue in {*of_pools, life.intake_queue, "triage"}


def decided(policy: Policy, count: int = 300) -> Iterator[tuple[Facts, Decision]]:
    for seed in range(count):
        known = facts(Random(seed), policy)
        yield known, decide(policy, known)


def test_whoever_comes_has_one_accountable_owner(policy: Policy) -> None:
    for _, decision in decided(policy):
        assert is_accountable(policy, decision), decision


def test_a_rep_has_a_time_by_which_to_respond(policy: Policy) -> None:
    given = [(f, d) for f, d in decided(policy) if isinstance(d.owner, RepOwner)]
    assert len(given) > 30, "the leads of this test are too poor"
    for known, decision in given:
        assert decision.stage is Stage.MQL
        assert decision.respond_by is not None
        assert decision.respond_by > known.now


def test_whoever_is_given_to_nobody_is_disqualified_with_a_reason(policy: Policy) -> None:
    ended = [decision for _, decision in decided(policy) if decision.owner == SUPPRESSED]
    assert ended
    assert {decision.stage for decision in ended} == {Stage.DISQUALIFIED}
    assert all(decision.reason in policy.lifecycle.reasons for decision in ended)


def test_every_decision_can_be_told_route_by_route(policy: Policy) -> None:
    for known, decision in decided(policy, 100):
        told = routes_tried(policy, known, decision)
        assert bool(told) == bool(decision.route)
        if told:
            assert (told[-1].name, told[-1].row) == (decision.route, decision.row)
        said = list(passed_over(told))
        assert len(said) <= len(told)
        assert all(sentence.endswith(".") for sentence in said)


def test_every_route_decides_for_somebody(policy: Policy) -> None:
    reached = {decision.route for _, decision in decided(policy, 2000)}
    written = {route.name for route in policy.routes.routes}
    assert len(reached & written) >= len(written) - 2


def test_the_points_of_a_decision_are_its_contributions(policy: Policy) -> None:
    for _, decision in decided(policy, 100):
        score = decision.score
        total = sum(part.points for part in score.contributions)
        assert total == pytest.approx(score.fit + score.behaviour, abs=1e-9)


@pytest.fixture(scope="module")
def starter() -> Policy:
    return policy_in("rules")


def at(policy: Policy, hour: int, kind: str) -> Decision:
    now = TUESDAY + timedelta(hours=hour)
    known = Facts(
        Lead(lead_id="x", email="jo@firm.example", country="FR", source="web"),
        now,
        policy.revision,
        behaviour=fold(policy.scoring, (), [Activity(kind, now)], now),
        pools=tuple(
            PoolFacts(name, tuple(MemberFacts(one.rep_id) for one in pool.members), next_draw=1)
            for name, pool in policy.pools.items()
        ),
    )
    return decide(policy, known)


@pytest.mark.parametrize(
    ("hour", "owner"),
    [
        pytest.param(3, QueueOwner("inbound-waiting"), id="at night nobody is at work"),
        pytest.param(8, RepOwner("anna"), id="at nine in Berlin only Anna is"),
        pytest.param(17, RepOwner("ben"), id="at six in Berlin Anna has gone, Ben is there"),
        pytest.param(20, RepOwner("dana"), id="in the evening Dana is, in New York"),
    ],
)
@pytest.mark.parametrize("kind", ["demo_request", "contact_request"])
def test_whoever_asks_is_answered_by_somebody_who_is_at_work(
    starter: Policy, hour: int, owner: object, kind: str
) -> None:
    decision = at(starter, hour, kind)
    assert decision.owner == owner
    assert decision.pool == "inbound"


def test_somebody_who_is_at_work_answers_within_a_quarter_of_an_hour(starter: Policy) -> None:
    decision = at(starter, 10, "demo_request")
    assert decision.sla == "hot"
    assert decision.respond_by == TUESDAY + timedelta(hours=10, minutes=15)


def test_a_page_view_gives_nobody_to_call(starter: Policy) -> None:
    assert at(starter, 10, "page_view").owner == TrackOwner("welcome-nurture")
