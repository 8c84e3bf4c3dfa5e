"""Route calls that come at the same time: converted and told in a row, each as if it were alone."""

import asyncio
from time import monotonic
from typing import Any

import pytest
from leadscoring.v1 import routing_pb2, scoring_pb2, types_pb2

from scoring_service.api.routes import AT_ONCE, Routes
from scoring_service.api.surround import Call
from scoring_service.values.errors import (
    DeadlineExceeded,
    InvalidArgument,
    NotFound,
    Unavailable,
)


async def route(calls: Any, lead_id: str, **fields: Any) -> Any:
    lead = types_pb2.Lead(lead_id=lead_id, email=f"{lead_id}@firm.example")
    return (await calls("Route", lead=lead, **fields)).assignment


async def at_once(*asked: Any) -> list[Any]:
    return list(await asyncio.gather(*asked, return_exceptions=True))


@pytest.mark.parametrize("count", [1, 2, AT_ONCE, AT_ONCE + 1])
async def test_each_has_its_own_answer_and_they_are_decided_on_as_they_came(
    calls: Any, count: int
) -> None:
    leads = [f"l-{i:03}" for i in range(count)]
    made = await at_once(*(route(calls, lead) for lead in leads))
    assert [one.lead_id for one in made] == leads
    assert len({one.assignment_id for one in made}) == count
    turns = [one.rep_id for one in made]
    assert turns == (turns[:3] * count)[:count], "the pool's turns, one after the other"


async def test_one_that_is_wrong_fails_alone(calls: Any) -> None:
    bad = types_pb2.Lead(lead_id="l-2", email="nobody")
    first, wrong, missing, last = await at_once(
        route(calls, "l-1"), calls("Route", lead=bad), calls("Route", lead_id="who"),
        route(calls, "l-3"),
    )  # fmt: skip
    assert (first.lead_id, last.lead_id) == ("l-1", "l-3")
    assert isinstance(wrong, InvalidArgument)
    assert [field for field, _ in wrong.violations] == ["lead.email"]
    assert isinstance(missing, NotFound)


async def test_one_sent_twice_at_the_same_time_is_answered_once(calls: Any) -> None:
    name = "00000000-0000-0000-0000-0000000000aa"
    first, again = await at_once(*(route(calls, "l-1", request_id=name) for _ in range(2)))
    assert (first.replayed, again.replayed) == (False, True)
    again.replayed = False
    assert again == first


async def test_one_that_cannot_be_read_at_all_fails_alone(calls: Any) -> None:
    routes, call = Routes(calls.store.writer), Call(monotonic() + 60, 60.0)
    request = routing_pb2.RouteRequest(
        request_id="00000000-0000-0000-0000-0000000000ab", lead=types_pb2.Lead(lead_id="l-1")
    )
    strange: Any = scoring_pb2.ScoreRequest()
    failed, made = await at_once(routes.answer(strange, call), routes.answer(request, call))
    assert isinstance(failed, AttributeError)
    assert routing_pb2.RouteResponse.FromString(made).assignment.lead_id == "l-1"


async def test_who_went_away_has_his_lead_not_routed(calls: Any) -> None:
    gone = asyncio.create_task(route(calls, "l-1"))
    await asyncio.sleep(0)
    gone.cancel()
    assert (await route(calls, "l-2")).lead_id == "l-2"
    assert gone.cancelled()
    with pytest.raises(NotFound):
        await calls("Route", lead_id="l-1", dry_run=True, request_id="")


async def test_what_comes_after_its_deadline_is_not_begun(calls: Any) -> None:
    routes = Routes(calls.store.writer)
    request = routing_pb2.RouteRequest(
        request_id="00000000-0000-0000-0000-0000000000ac", lead=types_pb2.Lead(lead_id="l-1")
    )
    with pytest.raises(DeadlineExceeded):
        await routes.answer(request, Call(monotonic() - 1, 60.0))


async def test_a_writer_that_ends_refuses_each(calls: Any) -> None:
    await calls.store.writer.close()
    refused = await at_once(*(route(calls, f"l-{i}") for i in range(3)))
    assert [type(one) for one in refused] == [Unavailable] * 3
    assert {one.reason for one in refused} == {"STOPPING"}
