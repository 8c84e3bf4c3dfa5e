"""A score of an inline lead is judged by the bars, one of a stored lead by what it has met too."""

from datetime import timedelta
from typing import Any

import pytest

from scoring_service.domain.policy import Policy
from scoring_service.values.account import Account
from scoring_service.values.activity import dated
from scoring_service.values.errors import InvalidArgument, NotFound
from scoring_service.values.lead import Lead
from scoring_service.workflows.requests import ScoreLead
from scoring_service.workflows.scoring import scores_inline
from tests.workflows.no_accounts import NoAccounts

LEAD = Lead(lead_id="l1", email="ann@acme.example", employees=500)


def inline(policy: Policy, desk: Any, **fields: Any) -> Any:
    did = dated(fields.pop("activities", ()))
    return scores_inline(policy, NoAccounts(), [ScoreLead(**fields, did=did)], desk.clock.now)[0]


def test_contributions_sum_to_the_score(policy: Policy, desk: Any, demo_request: Any) -> None:
    score = inline(policy, desk, lead=LEAD, activities=(demo_request("a"), demo_request("b")))
    points = sum(c.points for c in score.contributions)
    assert points == pytest.approx(score.fit + score.behaviour)
    assert (score.fit, score.behaviour) == (50, pytest.approx(60))


def test_as_of_an_instant_nothing_later_is_known(
    policy: Policy, desk: Any, demo_request: Any
) -> None:
    before = desk.clock.now - timedelta(days=1)
    score = inline(policy, desk, lead=LEAD, activities=(demo_request("a"),), as_of=before)
    assert (score.behaviour, score.as_of) == (0, before)


def test_every_violation_is_reported(policy: Policy, desk: Any, demo_request: Any) -> None:
    with pytest.raises(InvalidArgument) as refusal:
        inline(
            policy,
            desk,
            lead=Lead(attributes={"plam": "pro"}),
            activities=(demo_request("a"),),
            violations=(("lead.email", "is no e-mail address"),),
        )
    assert len(refusal.value.violations) == 2


async def test_a_stored_lead_keeps_a_bar_it_has_met(desk: Any, demo_request: Any) -> None:
    await desk.route(LEAD, activities=(demo_request("a1"),))
    desk.clock.advance(days=13)
    stored = await desk.score("l1")
    fresh = inline(desk.policy, desk, lead=LEAD, activities=(demo_request("a1", days_ago=13),))
    assert stored.behaviour == pytest.approx(fresh.behaviour)
    assert 35 < stored.behaviour < 40
    assert (stored.mql_ready, fresh.mql_ready) == (True, False)


async def test_activities_of_the_request_count_beside_the_stored_ones_each_once(
    desk: Any, demo_request: Any
) -> None:
    await desk.route(LEAD, activities=(demo_request("a1"),))
    view = demo_request("a2")
    score = await desk.score("l1", activities=(demo_request("a1"), view))
    assert [c.undecayed for c in score.contributions if c.undecayed] == [60, 60]


async def test_an_unknown_lead_is_not_found(desk: Any) -> None:
    with pytest.raises(NotFound):
        await desk.score("who")


async def test_the_account_is_part_of_a_score(desk: Any) -> None:
    await desk.upsert(Account("acme", "Acme", ("acme.example",), owner_rep_id="ann"))
    view = await desk.route(LEAD)
    assert (await desk.score("l1")).fit == view.score.fit
