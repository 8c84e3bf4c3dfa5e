"""When the intake makes a decision that is recorded, and what its answer says of it."""

from typing import Any

import pytest

from scoring_service.values.decision import Cause
from scoring_service.values.lead import Lead
from scoring_service.values.owner import QueueOwner, RepOwner
from scoring_service.values.stage import Stage
from scoring_service.workflows.lifecycle_requests import InitialState
from scoring_service.workflows.replay import decision_in


async def made(front: Any) -> list[Any]:
    """Every decision record, in order."""
    return list(await front.desk.store.read(lambda reader: reader.decisions()))


async def causes(front: Any) -> list[Cause]:
    return [decision_in(record).cause for record in await made(front)]


async def test_a_new_lead_is_decided_on_and_the_answer_names_the_decision(
    front: Any, large: Any
) -> None:
    view = await front.takes(large("a"))
    [record] = await made(front)
    assert (record.decision_id, record.lead_id) == (view.decision_id, "a")
    assert record.assignment_id == view.assignment_id


@pytest.mark.parametrize(
    ("fields", "did"),
    [
        pytest.param({"phone": "+1"}, [], id="another field below the bars"),
        pytest.param({}, ["pricing_page_view"], id="an activity below the bars"),
        pytest.param({"company_name": "A & Co"}, ["unsubscribe"], id="or both"),
    ],
)
async def test_what_leaves_a_lead_where_it_is_is_no_decision(
    front: Any, large: Any, fields: dict[str, Any], did: list[str]
) -> None:
    """One that stays where it is leaves no record: nothing was decided."""
    await front.takes(large("a"))
    view = await front.takes(Lead("a", **fields), *map(front.did, did))
    assert view.decision_id == ""
    assert len(await made(front)) == 1


async def test_crossing_the_bars_is_one_and_what_sales_has_is_none_any_more(
    front: Any, large: Any
) -> None:
    await front.takes(large("a"))
    crossed = await front.records("a", front.did("demo_request"))
    again = await front.records("a", front.did("demo_request"))
    assert [bool(view.decision_id) for view in (crossed, again)] == [True, False]
    assert await causes(front) == [Cause.ROUTED, Cause.QUALIFIED]


async def test_who_waits_keeps_his_place_without_a_decision(
    front: Any, large: Any, small: Any
) -> None:
    await front.desk.activate(small(open_leads_max=0))
    first = await front.takes(large("a"), front.did("demo_request"))
    later = await front.records("a", front.did("pricing_page_view"))
    assert (first.owner, later.owner) == (QueueOwner("west"), QueueOwner("west"))
    assert (bool(first.decision_id), later.decision_id) == (True, "")


async def test_what_is_imported_of_a_stored_lead_decides_nothing(front: Any, large: Any) -> None:
    await front.takes(large("a"))
    view = await front.records("a", front.did("demo_request"), batch_id="b")
    assert (view.stage, view.decision_id) == (Stage.NURTURE, "")
    assert len(await made(front)) == 1


async def test_one_that_is_said_where_it_begins_was_decided_elsewhere(
    front: Any, large: Any
) -> None:
    initial = InitialState(Stage.SAL, RepOwner("bob"))
    view = await front.takes(large("a"), batch_id="b", initial=initial, actor_id="olu")
    assert (bool(view.assignment_id), view.decision_id) == (True, "")
    assert await made(front) == []


async def test_the_decision_on_a_cycle_is_the_new_leads(front: Any, large: Any) -> None:
    await front.takes(large("a"), front.did("demo_request"))
    await front.gives("a", Stage.CUSTOMER, RepOwner("bob"))
    front.clock.advance(days=1)
    view = await front.records("a", front.did("demo_request"))
    *_, record = await made(front)
    assert (record.decision_id, record.lead_id) == (view.decision_id, view.lead.lead_id)
    assert view.lead.lead_id != "a"


async def test_a_merge_that_qualifies_is_decided_on_and_one_that_does_not_is_not(
    front: Any, large: Any
) -> None:
    await front.takes(large("a"))
    await front.takes(large("b", employees=50), front.did("demo_request"))
    await front.takes(large("c", employees=50))
    before = len(await made(front))
    quiet = await front.merges("b", "c")
    assert (quiet.decision_id, len(await made(front))) == ("", before)
    qualified = await front.merges("a", "b")
    assert (qualified.stage, bool(qualified.decision_id)) == (Stage.MQL, True)
    assert (await causes(front))[before:] == [Cause.QUALIFIED]
    await front.is_whole()
