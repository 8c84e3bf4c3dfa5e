"""An answer to Route is kept by what it recorded, and told again as it was."""

from datetime import datetime
from typing import Any

import msgspec
import pytest

from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.account import Account, MatchedBy
from scoring_service.values.decision import Cause
from scoring_service.values.lead import Lead
from scoring_service.values.owner import QueueOwner, RepOwner, TrackOwner
from scoring_service.values.stored import Answer
from scoring_service.workflows.requests import AssignmentView, RouteLead

BIG = Lead(lead_id="l1", email="l1@firm.example", employees=500)


def again(first: AssignmentView) -> AssignmentView:
    return msgspec.structs.replace(first, replayed=True)


@pytest.mark.parametrize(
    ("lead", "owner"),
    [
        pytest.param(BIG, RepOwner, id="given-to-a-rep"),
        pytest.param(Lead(lead_id="l1", employees=3), TrackOwner, id="enrolled-in-a-track"),
        pytest.param(Lead(lead_id="l1", do_not_contact=True), TrackOwner, id="suppressed"),
        pytest.param(Lead(lead_id="l1"), QueueOwner, id="no-route-takes-it"),
    ],
)
async def test_a_retry_is_told_what_was_told_first(desk: Any, lead: Lead, owner: type) -> None:
    request = desk.request(lead, actor_id="form")
    first = await desk.ask(request)
    assert isinstance(first.owner, owner)
    assert await desk.ask(request) == again(first)


async def test_one_that_waits_is_told_since_when(desk: Any, small: Any) -> None:
    await desk.activate(small(open_leads_max=0))
    request = desk.request(BIG)
    first = await desk.ask(request)
    assert (first.owner, first.enqueued_at) == (QueueOwner("west"), desk.clock.now)
    desk.clock.advance(hours=1)
    assert await desk.ask(request) == again(first)


async def test_one_that_was_kept_is_told_with_the_assignment_that_stood_then(desk: Any) -> None:
    first = await desk.route(BIG)
    desk.clock.advance(hours=1)
    asked = desk.request(BIG)
    kept = await desk.ask(asked)
    assert (kept.cause, kept.assigned_at) == (Cause.KEPT, first.assigned_at)
    assert kept.decision_id != first.decision_id
    moved = await desk.route(BIG, actor_id="sales-ops", reassign_reason="on the wrong desk")
    assert moved.assignment_id != kept.assignment_id
    assert await desk.ask(asked) == again(kept)


async def test_the_account_is_told_though_the_facts_are_dropped_and_it_changed(desk: Any) -> None:
    await desk.upsert(Account("acme", "Acme", ("firm.example",), owner_rep_id="bob"))
    request = desk.request(BIG)
    first = await desk.ask(request)
    assert (first.owner, first.account.matched_by) == (RepOwner("bob"), MatchedBy.DOMAIN)
    await desk.upsert(Account("acme", "Acme & Sons", ()))
    desk.clock.advance(days=401)
    await desk.drain()
    assert not [one for one in await desk.decisions() if one.facts]
    assert await desk.ask(request) == again(first)


async def test_retries_in_the_batch_of_the_first_are_told_the_same(desk: Any) -> None:
    request, other = desk.request(BIG), desk.request(Lead(lead_id="l2", employees=500))
    first, _, second = await desk.together(request, other, request)
    assert second == again(first)


async def test_what_the_decision_says_is_stored_once(desk: Any) -> None:
    await desk.route(BIG)
    ((_, _, _, _, body),) = (await desk.dump())["requests"]
    assert set(msgspec.json.decode(body)) == {"decision_id", "assignment_id", "account"}


async def test_an_answer_that_an_earlier_version_kept_whole_is_told(desk: Any) -> None:
    first = await desk.route(BIG)
    request: RouteLead = desk.request(BIG)
    body = msgspec.json.encode(msgspec.structs.replace(first, note="as it was told then"))

    def keep(tx: Transaction, policy: Policy, now: datetime) -> None:
        tx.keep_answer(Answer(request.request_id, "Route", request.digest, body, now))

    await desk.run(keep)
    assert await desk.ask(request) == msgspec.structs.replace(
        first, note="as it was told then", replayed=True
    )
