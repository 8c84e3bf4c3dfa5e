"""Score and BatchScore over the wire."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import pytest
from google.rpc.code_pb2 import Code
from leadscoring.v1 import scoring_pb2, types_pb2


async def test_a_score_is_the_sum_of_its_contributions(serve: Any, wire: Any) -> None:
    async with serve() as rpc:
        request = wire.score_request(activities=[wire.activity(), wire.activity(1)])
        score = (await rpc.scoring.Score(request)).score
    sums = {types_pb2.DIMENSION_FIT: score.fit, types_pb2.DIMENSION_BEHAVIOUR: score.behaviour}
    for dimension, whole in sums.items():
        parts = [c.points for c in score.contributions if c.dimension == dimension]
        assert sum(parts) == pytest.approx(whole, abs=1e-9)
    assert score.policy_revision == rpc.server.store.policies.revision
    assert not score.HasField("win_probability")


async def test_as_of_an_instant_nothing_later_is_known(serve: Any, wire: Any) -> None:
    request = wire.score_request(activities=[wire.activity()])
    request.as_of.FromDatetime(datetime.now(UTC) - timedelta(days=1))
    async with serve() as rpc:
        score = (await rpc.scoring.Score(request)).score
    assert score.behaviour == 0
    assert score.as_of == request.as_of


async def test_a_stored_lead_is_scored_with_what_it_did(serve: Any, wire: Any) -> None:
    async with serve() as rpc:
        routed = wire.route_request(lead=wire.lead(lead_id="l-1"), activities=[wire.activity()])
        await rpc.routing.Route(routed)
        request = scoring_pb2.ScoreRequest(lead_id="l-1", activities=[wire.activity(2)])
        score = (await rpc.scoring.Score(request)).score
        activities = [c for c in score.contributions if c.HasField("occurred_at")]
    assert len(activities) == 2
    assert score.mql_ready


async def test_calls_at_the_same_time_have_each_its_own_answer(serve: Any, wire: Any) -> None:
    """However they are gathered, and whoever among them is refused."""
    at = datetime.now(UTC)
    requests = [
        wire.score_request(activities=[wire.activity(hours) for hours in range(i % 5)])
        for i in range(40)
    ]
    for i, request in enumerate(requests):
        request.as_of.FromDatetime(at - timedelta(hours=i))
        request.lead.country = "UK" if i % 7 == 3 else "DE"
    async with serve() as rpc:
        calls = [rpc.scoring.Score(request) for request in requests]
        together = await asyncio.gather(*calls, return_exceptions=True)
        for i, (request, found) in enumerate(zip(requests, together, strict=True)):
            if i % 7 == 3:
                assert isinstance(found, grpc.aio.AioRpcError)
                assert found.code() == grpc.StatusCode.INVALID_ARGUMENT
            else:
                assert found == await rpc.scoring.Score(request)


async def test_a_lead_that_nobody_stored_is_not_found(serve: Any, wire: Any) -> None:
    async with serve() as rpc:
        refusal = await wire.refused(rpc.scoring.Score(scoring_pb2.ScoreRequest(lead_id="no")))
        assert refusal.code == grpc.StatusCode.NOT_FOUND
        assert refusal.reason == "LEAD_NOT_FOUND"


async def test_scoring_stores_nothing(serve: Any, wire: Any) -> None:
    async with serve() as rpc:
        await rpc.scoring.Score(wire.score_request(lead=wire.lead(lead_id="l-1")))
        refusal = await wire.refused(rpc.scoring.Score(scoring_pb2.ScoreRequest(lead_id="l-1")))
        assert refusal.reason == "LEAD_NOT_FOUND"
        assert await rpc.stored_leads() == 0


async def test_a_bad_item_of_a_batch_fails_no_neighbour(serve: Any, wire: Any) -> None:
    bad = wire.score_request(lead=wire.lead(country="UK"))
    missing = scoring_pb2.ScoreRequest(lead_id="nobody")
    request = scoring_pb2.BatchScoreRequest(
        requests=[
            wire.score_request(),
            bad,
            missing,
            scoring_pb2.ScoreRequest(),
            wire.score_request(),
        ]
    )
    async with serve() as rpc:
        results = (await rpc.scoring.BatchScore(request)).results
    assert [r.WhichOneof("result") for r in results] == ["score", *["error"] * 3, "score"]
    assert [r.error.code for r in results[1:4]] == [
        Code.INVALID_ARGUMENT,
        Code.NOT_FOUND,
        Code.INVALID_ARGUMENT,
    ]
    assert "lead.country" in results[1].error.message


async def test_a_batch_gives_each_lead_the_score_it_has_alone(serve: Any, wire: Any) -> None:
    requests = [wire.score_request(lead=wire.lead(employees=i)) for i in range(1, 400)]
    for request in requests:
        request.as_of.FromDatetime(datetime.now(UTC))
    async with serve() as rpc:
        batch = scoring_pb2.BatchScoreRequest(requests=requests)
        together = [r.score for r in (await rpc.scoring.BatchScore(batch)).results]
        for request, score in list(zip(requests, together, strict=True))[::40]:
            assert (await rpc.scoring.Score(request)).score == score
    assert [score.fit for score in together] == [50 if i >= 200 else 0 for i in range(1, 400)]


async def test_an_empty_batch_has_an_empty_answer(serve: Any) -> None:
    async with serve() as rpc:
        reply = await rpc.scoring.BatchScore(scoring_pb2.BatchScoreRequest())
    assert len(reply.results) == 0


async def test_a_batch_of_1001_is_refused_with_the_limit(serve: Any, wire: Any) -> None:
    many = scoring_pb2.BatchScoreRequest(requests=[scoring_pb2.ScoreRequest(lead_id="x")] * 1001)
    async with serve() as rpc:
        refusal = await wire.refused(rpc.scoring.BatchScore(many))
    assert refusal.fields == {"requests": "1001 items; send at most 1000 at once"}


async def test_a_score_sees_the_account_of_the_lead(serve: Any, wire: Any, tmp_path: Any) -> None:
    from leadscoring.v1 import routing_pb2

    known = {"name": "known", "when": 'account.name == "Acme"', "points": 20}
    scoring = {**wire.RULES["scoring"], "fit": [*wire.RULES["scoring"]["fit"], known]}
    wire.write_rules(tmp_path / "rules", scoring=scoring)
    account = types_pb2.Account(account_id="acme", name="Acme", domains=["acme.de"])
    async with serve() as rpc:
        await rpc.routing.UpsertAccounts(
            routing_pb2.UpsertAccountsRequest(
                request_id="11111111-1111-1111-1111-111111111111", accounts=[account]
            )
        )
        request = wire.score_request(lead=wire.lead(email="ann@mail.acme.de"))
        score = (await rpc.scoring.Score(request)).score
    assert [c.name for c in score.contributions] == ["company size", "known"]
