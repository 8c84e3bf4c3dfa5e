"""A stored lead as it is answered: its score, its assignment, and who answers for a merged one."""

from typing import Any

import msgspec
import pytest

from scoring_service.values.errors import NotFound
from scoring_service.workflows.lead_view import answering, score_of, view_of_lead


async def test_a_lead_is_answered_with_its_score_its_owner_and_its_assignment(
    desk: Any, big: Any, demo_request: Any
) -> None:
    assigned = await desk.route(big(1), activities=(demo_request("a1"),))
    lead = await desk.lead("b1")
    view = await desk.run(lambda tx, policy, now: view_of_lead(tx, policy, lead, now))
    assert (view.lead, view.owner, view.stage) == (lead.lead, assigned.owner, lead.stage)
    assert (view.assignment_id, view.decision_id) == (assigned.assignment_id, "")
    assert (view.respond_by, view.clocks) == (assigned.respond_by, lead.clocks)
    assert view.score.fit + view.score.behaviour == pytest.approx(
        assigned.score.fit + assigned.score.behaviour
    )
    assert view.asked_for == ""


async def test_the_score_decays_like_that_of_the_events(
    desk: Any, clock: Any, big: Any, demo_request: Any
) -> None:
    await desk.route(big(1), activities=(demo_request("a1", 3),))
    clock.advance(days=9)
    lead = await desk.lead("b1")
    score = await desk.run(lambda tx, policy, now: score_of(tx, policy, lead, now))
    assert score.behaviour == pytest.approx((await desk.score("b1")).behaviour)


async def test_readers_answer_the_same(desk: Any, big: Any, demo_request: Any) -> None:
    await desk.route(big(1), activities=(demo_request("a1"),))
    lead = await desk.lead("b1")
    written = await desk.run(lambda tx, policy, now: view_of_lead(tx, policy, lead, now))
    read = await desk.store.read(
        lambda reader: view_of_lead(reader, desk.policy, lead, desk.clock.now)
    )
    assert read == written


async def test_the_survivor_answers_for_a_merged_lead_and_says_so(desk: Any, big: Any) -> None:
    for i in range(3):
        await desk.route(big(i))

    def merge(tx: Any, policy: Any, now: Any) -> Any:
        for ended, into in (("b0", "b1"), ("b1", "b2")):
            merged = msgspec.structs.replace(tx.lead(ended), merged_into=into)
            tx.save_lead(merged)
        lead = answering(tx, "b0")
        return view_of_lead(tx, policy, lead, now, asked_for="b0", likely_duplicates=("b9",))

    view = await desk.run(merge)
    assert (view.lead.lead_id, view.asked_for, view.likely_duplicates) == ("b2", "b0", ("b9",))


async def test_a_lead_that_is_not_stored_is_refused_by_name(desk: Any) -> None:
    with pytest.raises(NotFound, match="no lead 'who' is stored") as refused:
        await desk.run(lambda tx, policy, now: answering(tx, "who"))
    assert refused.value.reason == "LEAD_NOT_FOUND"
