"""The first answer to a request is its answer for ever, and its id is good for nothing else."""

from typing import Any

import msgspec
import pytest

from scoring_service.values.account import Account
from scoring_service.values.errors import AlreadyExists
from scoring_service.values.lead import Lead

LEAD = Lead(lead_id="l1", email="l1@firm.example", employees=500)


async def test_a_retry_is_the_first_answer_marked_as_such(desk: Any) -> None:
    request = desk.request(LEAD)
    first = await desk.ask(request)
    desk.clock.advance(days=400)
    again = await desk.ask(request)
    assert again == msgspec.structs.replace(first, replayed=True)


async def test_a_retry_changes_no_row(desk: Any) -> None:
    request = desk.request(LEAD)
    await desk.ask(request)
    before = await desk.dump()
    desk.clock.advance(minutes=59)  # within the hour: then old facts are looked for
    await desk.ask(request)
    assert await desk.dump() == before


async def test_retries_in_one_batch_have_one_first(desk: Any) -> None:
    request = desk.request(LEAD)
    answers = await desk.together(request, request, request)
    assert [answer.replayed for answer in answers] == [False, True, True]
    assert len({answer.assignment_id for answer in answers}) == 1


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"digest": "another"}, id="another content"),
        pytest.param({"digest": ""}, id="no content at all"),
    ],
)
async def test_an_id_with_other_content_is_refused(desk: Any, change: dict[str, str]) -> None:
    request = desk.request(LEAD)
    await desk.ask(request)
    before = await desk.dump()
    with pytest.raises(AlreadyExists, match="was used for another request") as refused:
        await desk.ask(msgspec.structs.replace(request, **change))
    assert refused.value.reason == "IDEMPOTENCY_KEY_REUSED"
    assert request.request_id in refused.value.message
    assert await desk.dump() == before


async def test_an_id_is_one_over_all_methods(desk: Any) -> None:
    request = desk.request(LEAD)
    await desk.ask(request)
    with pytest.raises(AlreadyExists):
        await desk.upsert(Account("acme"), request_id=request.request_id)
    await desk.upsert(Account("acme"), request_id="of accounts")
    with pytest.raises(AlreadyExists):
        await desk.ask(msgspec.structs.replace(request, request_id="of accounts"))


async def test_a_retried_upsert_has_its_first_answer(desk: Any) -> None:
    first = await desk.upsert(Account("acme", "Acme"), request_id="q")
    again = await desk.upsert(Account("acme", "Acme"), request_id="q")
    assert (first.replayed, again.replayed) == (False, True)
    assert msgspec.structs.replace(again, replayed=False) == first


async def test_a_refused_request_keeps_no_answer(desk: Any) -> None:
    wrong = desk.request(None, lead_id="nobody")
    for _ in range(2):
        [refusal] = await desk.settle(wrong)
        assert isinstance(refusal, Exception)
        assert not isinstance(refusal, AlreadyExists)
    good = msgspec.structs.replace(wrong, lead=LEAD, lead_id="")
    assert not (await desk.ask(good)).replayed
