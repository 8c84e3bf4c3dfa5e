"""One lead, one owner: turns, retries, stickiness, what is refused."""

from collections.abc import Callable
from typing import Any

import pytest

from scoring_service.domain.policy import Policy
from scoring_service.values.decision import Cause
from scoring_service.values.errors import AlreadyExists, FailedPrecondition, NotFound
from scoring_service.values.lead import Lead
from scoring_service.values.owner import SUPPRESSED, QueueOwner, RepOwner, TrackOwner
from scoring_service.values.stage import Stage

WARM = Lead(employees=500, country="DE", source="web")


def numbered(i: int, **fields: Any) -> Lead:
    return Lead(lead_id=f"l{i}", email=f"p{i}@firm{i}.example", **fields)


async def test_weights_5_1_1_give_a_a_b_a_c_a_a(desk: Any) -> None:
    views = [await desk.route(numbered(i, employees=500)) for i in range(7)]
    assert [v.owner.id for v in views] == ["ann", "ann", "bob", "ann", "cat", "ann", "ann"]
    assert {v.route for v in views} == {"everybody"}
    assert {v.pool for v in views} == {"west"}


async def test_a_lead_below_the_bars_is_routed_with_the_bars_it_missed(desk: Any) -> None:
    view = await desk.route(numbered(1, employees=500))
    assert view.cause is Cause.ROUTED
    assert view.bars_missed == ("behaviour",)
    assert view.stage is Stage.MQL


async def test_a_lead_over_every_bar_is_qualified(desk: Any, demo_request: Any) -> None:
    view = await desk.route(numbered(1, employees=500), activities=(demo_request("a1"),))
    assert (view.cause, view.bars_missed) == (Cause.QUALIFIED, ())
    assert view.score.mql_ready


async def test_a_retry_gets_the_first_answer_but_for_replayed(desk: Any) -> None:
    first = await desk.route(numbered(1, employees=500), request_id="r")
    again = await desk.route(numbered(1, employees=500), request_id="r")
    assert not first.replayed
    assert again.replayed
    assert (again.assignment_id, again.decision_id) == (first.assignment_id, first.decision_id)
    assert again.score == first.score


async def test_a_retry_takes_no_turn(desk: Any) -> None:
    for _ in range(3):
        await desk.route(numbered(1, employees=500), request_id="r")
    following = [await desk.route(numbered(i, employees=500)) for i in range(2, 4)]
    assert [v.owner.id for v in following] == ["ann", "bob"]


async def test_a_request_id_used_for_other_content_is_refused(desk: Any) -> None:
    await desk.route(numbered(1, employees=500), request_id="r")
    with pytest.raises(AlreadyExists) as refusal:
        await desk.route(numbered(1, employees=501), request_id="r")
    assert refusal.value.reason == "IDEMPOTENCY_KEY_REUSED"


async def test_a_retry_after_a_reload_gets_its_first_answer(
    desk: Any, policy_of: Callable[..., Policy], scoring_without_attributes: Any
) -> None:
    lead = numbered(1, employees=500, attributes={"plan": "pro"})
    first = await desk.route(lead, request_id="r")
    await desk.activate(policy_of(attributes={}, scoring=scoring_without_attributes))
    again = await desk.route(lead, request_id="r")
    assert again.replayed
    assert again.policy_revision == first.policy_revision


async def test_an_owner_keeps_his_lead_without_turn_or_new_clock(desk: Any) -> None:
    first = await desk.route(numbered(1, employees=500))
    desk.clock.advance(hours=1)
    kept = await desk.route(numbered(1, employees=600))
    assert (kept.owner, kept.cause) == (RepOwner("ann"), Cause.KEPT)
    assert kept.assignment_id == first.assignment_id
    assert (kept.assigned_at, kept.respond_by) == (first.assigned_at, first.respond_by)
    assert kept.decision_id != first.decision_id
    following = [await desk.route(numbered(i, employees=500)) for i in range(2, 4)]
    assert [v.owner.id for v in following] == ["ann", "bob"]


async def test_a_lead_is_found_by_its_email_whatever_its_case(desk: Any) -> None:
    first = await desk.route(Lead(email="Ann@Acme.example", employees=500))
    again = await desk.route(Lead(email="ann@acme.EXAMPLE", employees=500))
    assert first.lead_id
    assert again.lead_id == first.lead_id
    assert again.cause is Cause.KEPT


async def test_a_lead_without_id_or_email_is_a_new_one_each_time(desk: Any) -> None:
    one, other = [await desk.route(WARM) for _ in range(2)]
    assert one.lead_id != other.lead_id


async def test_an_id_and_an_email_of_two_leads_are_a_conflict(desk: Any) -> None:
    await desk.route(Lead(lead_id="l1", email="one@firm.example", employees=500))
    await desk.route(Lead(lead_id="l2", email="two@firm.example", employees=500))
    with pytest.raises(FailedPrecondition) as refusal:
        await desk.route(Lead(lead_id="l1", email="two@firm.example"))
    assert refusal.value.reason == "LEAD_CONFLICT"


async def test_an_unknown_lead_id_is_not_found(desk: Any) -> None:
    with pytest.raises(NotFound) as refusal:
        await desk.route(lead_id="who")
    assert refusal.value.reason == "LEAD_NOT_FOUND"


async def test_a_stored_lead_is_routed_by_its_id_alone(desk: Any) -> None:
    first = await desk.route(numbered(1, employees=500))
    again = await desk.route(lead_id="l1")
    assert (again.owner, again.cause) == (first.owner, Cause.KEPT)


async def test_who_may_not_be_contacted_goes_to_nobody(desk: Any) -> None:
    view = await desk.route(numbered(1, employees=500, do_not_contact=True))
    assert (view.owner, view.stage) == (SUPPRESSED, Stage.DISQUALIFIED)


async def test_do_not_contact_takes_the_lead_from_its_rep_and_stays(desk: Any) -> None:
    await desk.route(numbered(1, employees=500))
    taken = await desk.route(numbered(1, do_not_contact=True))
    assert (taken.owner, taken.stage) == (SUPPRESSED, Stage.DISQUALIFIED)
    still = await desk.route(numbered(1, do_not_contact=False))
    assert still.owner == SUPPRESSED


async def test_a_rival_is_disqualified_by_rule(desk: Any) -> None:
    view = await desk.route(numbered(1, employees=500, company_domain="rival.com"))
    assert (view.owner, view.stage) == (SUPPRESSED, Stage.DISQUALIFIED)


@pytest.mark.parametrize(
    ("fields", "owner", "stage"),
    [
        pytest.param(
            {"employees": 5, "source": "web"},
            TrackOwner("newsletter"),
            Stage.NURTURE,
            id="contact-and-source-are-known",
        ),
        pytest.param({"employees": 5}, QueueOwner("intake"), Stage.KNOWN, id="without-a-source"),
    ],
)
async def test_a_route_to_a_track(desk: Any, fields: Any, owner: Any, stage: Stage) -> None:
    view = await desk.route(Lead(lead_id="l1", email="p@firm.example", **fields))
    assert (view.owner, view.stage) == (owner, stage)


async def test_a_route_to_a_queue_that_people_empty(desk: Any) -> None:
    view = await desk.route(Lead(lead_id="l1", email="p@firm.example"))
    assert (view.owner, view.stage) == (QueueOwner("triage"), Stage.MQL)


async def test_a_dry_run_says_what_would_be_and_keeps_nothing(desk: Any) -> None:
    lead = numbered(1, employees=500)
    tried = await desk.route(lead, dry_run=True, request_id="")
    assert (tried.owner, tried.assignment_id, tried.decision_id) == (RepOwner("ann"), "", "")
    with pytest.raises(NotFound):
        await desk.route(lead_id="l1")
    views = [await desk.route(numbered(i, employees=500)) for i in range(3)]
    assert [v.owner.id for v in views] == ["ann", "ann", "bob"]


async def test_a_dry_run_of_a_stored_lead_shows_where_it_stands(desk: Any) -> None:
    first = await desk.route(numbered(1, employees=500))
    tried = await desk.route(numbered(1, employees=900), dry_run=True)
    assert (tried.cause, tried.assignment_id) == (Cause.KEPT, first.assignment_id)
    assert tried.decision_id == ""
