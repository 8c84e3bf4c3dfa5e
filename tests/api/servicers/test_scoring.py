"""Scores of sent and of stored leads: alone, at the same time, and in a batch, always the same."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from google.rpc.code_pb2 import Code
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo
from leadscoring.v1 import scoring_pb2, types_pb2

from scoring_service.values.errors import InvalidArgument, NotFound


def visit(at: datetime, **fields: Any) -> types_pb2.Activity:
    made = types_pb2.Activity(**{"type": "pricing_page_view", "activity_id": "v-1", **fields})
    made.occurred_at.FromDatetime(at)
    return made


def sent(number: int, at: datetime) -> scoring_pb2.ScoreRequest:
    """A lead, each a little different from the next."""
    lead = types_pb2.Lead(employees=number * 40, country=("DE", "FR", "US")[number % 3])
    if number % 4 == 0:
        lead.attributes["plan"].text = "enterprise"
    activities = [visit(at - timedelta(days=d), activity_id=str(d)) for d in range(number % 5)]
    return scoring_pb2.ScoreRequest(lead=lead, activities=activities)


def known(lead_id: str, *activities: types_pb2.Activity) -> scoring_pb2.ScoreRequest:
    return scoring_pb2.ScoreRequest(lead_id=lead_id, activities=activities)


def fields_of(message: Any) -> dict[str, Any]:
    """What a message holds, to be sent as another one."""
    return {field.name: value for field, value in message.ListFields()}


def reasons(status: Any) -> tuple[str, list[str]]:
    """The reason of a status, and the fields it names."""
    info, bad = ErrorInfo(), BadRequest()
    for packed in status.details:
        packed.Unpack(info) or packed.Unpack(bad)
    return info.reason, [violation.field for violation in bad.field_violations]


async def test_a_batch_gives_what_each_call_would_have_given(calls: Any) -> None:
    await calls.mql("l-1")
    now = calls.clock.now
    asked = [sent(number, now) for number in range(20)]
    asked.insert(7, known("l-1"))
    asked.insert(3, known("l-1", visit(now)))
    alone = [(await calls("Score", **fields_of(one))).score for one in asked]
    batch = await calls("BatchScore", requests=asked)
    assert [result.score for result in batch.results] == alone
    assert len({score.SerializeToString() for score in alone}) > 10, "they are not all the same"


async def test_calls_at_the_same_time_have_each_its_own_answer(calls: Any) -> None:
    asked = [sent(number, calls.clock.now) for number in range(30)]
    alone = [await calls("Score", **fields_of(one)) for one in asked]
    together = await asyncio.gather(*(calls("Score", **fields_of(one)) for one in asked))
    assert list(together) == alone


WRONG: list[Any] = [
    pytest.param(scoring_pb2.ScoreRequest(), "INVALID", ["lead"], id="no-lead"),
    pytest.param(known(""), "INVALID", ["lead_id"], id="an-empty-id"),
    pytest.param(known("who"), "LEAD_NOT_FOUND", [], id="a-lead-that-nobody-knows"),
    pytest.param(
        scoring_pb2.ScoreRequest(
            lead=types_pb2.Lead(country="UK", currency="euro", employees=-1, email="a@b")
        ),
        "INVALID",
        ["lead.email", "lead.country", "lead.currency", "lead.employees"],
        id="all-that-is-wrong-with-a-lead",
    ),
    pytest.param(
        scoring_pb2.ScoreRequest(
            lead=types_pb2.Lead(country="UK"), activities=[types_pb2.Activity(type="dance")]
        ),
        "INVALID",
        ["lead.country", "activities[0].occurred_at", "activities[0].type"],
        id="what-the-rules-refuse-beside-what-has-no-shape",
    ),
]


@pytest.mark.parametrize(("wrong", "reason", "fields"), WRONG)
@pytest.mark.parametrize("place", [0, 1, 9])
async def test_what_is_wrong_with_an_item_is_its_own(
    calls: Any, wrong: Any, reason: str, fields: list[str], place: int
) -> None:
    asked = [sent(number, calls.clock.now) for number in range(9)]
    asked.insert(place, wrong)
    results = (await calls("BatchScore", requests=asked)).results
    assert [one.WhichOneof("result") for one in results] == [
        "error" if n == place else "score" for n in range(10)
    ]
    assert reasons(results[place].error) == (reason, fields)
    code = Code.NOT_FOUND if reason == "LEAD_NOT_FOUND" else Code.INVALID_ARGUMENT
    assert results[place].error.code == code


@pytest.mark.parametrize(("wrong", "reason", "fields"), WRONG)
async def test_what_is_wrong_with_a_call_is_refused_with_the_same_fields(
    calls: Any, wrong: Any, reason: str, fields: list[str]
) -> None:
    with pytest.raises((InvalidArgument, NotFound)) as refused:
        await calls("Score", **fields_of(wrong))
    assert refused.value.reason == reason
    violations = getattr(refused.value, "violations", ())
    assert [field for field, _ in violations] == fields


async def test_no_leads_are_no_scores(calls: Any) -> None:
    assert list((await calls("BatchScore")).results) == []


@pytest.mark.parametrize(("many", "fine"), [(1000, True), (1001, False)])
async def test_a_batch_has_its_limit(calls: Any, many: int, fine: bool) -> None:
    asked = [scoring_pb2.ScoreRequest()] * many
    if fine:
        assert len((await calls("BatchScore", requests=asked)).results) == many
    else:
        remedy = "1001 items; send at most 1000 at once"
        assert await calls.refused("BatchScore", requests=asked) == {"requests": remedy}


async def test_a_score_is_of_now_unless_another_time_is_asked_for(
    calls: Any, at: Callable[[Any], datetime]
) -> None:
    did = [visit(calls.clock.now - timedelta(days=7))]
    now = (await calls("Score", lead=types_pb2.Lead(employees=500), activities=did)).score
    asked = scoring_pb2.ScoreRequest(lead=types_pb2.Lead(employees=500), activities=did)
    asked.as_of.FromDatetime(calls.clock.now + timedelta(days=7))
    later = (await calls("Score", **fields_of(asked))).score
    assert at(now.as_of) == calls.clock.now
    assert at(later.as_of) == calls.clock.now + timedelta(days=7)
    assert (now.behaviour, later.behaviour) == (pytest.approx(7.5), pytest.approx(3.75))
    assert now.fit == later.fit == 50


async def test_a_score_keeps_nothing(calls: Any) -> None:
    await calls.mql("l-1")
    before = await calls.desk.dump()
    await calls("Score", lead_id="l-1", activities=[visit(calls.clock.now)])
    await calls("Score", lead=types_pb2.Lead(lead_id="l-9", employees=5))
    await calls("BatchScore", requests=[known("l-1"), sent(3, calls.clock.now)])
    assert await calls.desk.dump() == before


async def test_what_is_sent_with_a_stored_lead_counts_beside_what_is_known(calls: Any) -> None:
    stored = (await calls.mql("l-1")).score
    more = (await calls("Score", lead_id="l-1", activities=[visit(calls.clock.now)])).score
    assert more.behaviour == pytest.approx(stored.behaviour + 15)
    assert sum(one.points for one in more.contributions) == pytest.approx(more.fit + more.behaviour)
