"""The same server on PostgreSQL: what it promises on SQLite it keeps there, also beside another."""

import asyncio
import json
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Any

import grpc
import msgspec
import pytest
import pytest_asyncio
from leadscoring.v1 import lifecycle_pb2, routing_pb2, scoring_pb2, types_pb2

from scoring_service.domain.calibration.scorecard import version_of
from scoring_service.registry.adding import add_version, hashes
from scoring_service.registry.current import promote
from scoring_service.registry.manifest import Manifest

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def url(new_postgres_url: Callable[[], str]) -> str:
    """Where the store of these tests is; what one leaves there must not matter to the next."""
    return new_postgres_url()


@pytest.fixture
def serving(serve: Any, url: str) -> Callable[..., Any]:
    """Starts servers of that store, whose rules decide though an earlier test had others."""
    return partial(serve, store=url, activate=True)


@pytest_asyncio.fixture
async def rpc(serving: Any) -> AsyncIterator[Any]:
    """One of them, and a client."""
    async with serving() as running:
        yield running


async def route(rpc: Any, request: Any) -> Any:
    return (await rpc.routing.Route(request)).assignment


def demo(wire: Any) -> Any:
    """A demo request that no earlier test has stored."""
    return wire.activity(activity_id=str(uuid.uuid4()))


async def test_a_lead_gets_one_owner_and_a_record_of_why(rpc: Any, wire: Any) -> None:
    request = wire.route_request(actor_id="web-form", activities=[demo(wire)])
    made = await route(rpc, request)
    asked = routing_pb2.GetDecisionRequest(decision_id=made.decision_id)
    record = (await rpc.routing.GetDecision(asked)).decision
    assert rpc.server.store.engine == "postgresql"
    assert made.cause == routing_pb2.CAUSE_QUALIFIED
    assert (record.rep_id, record.actor_id) == (made.rep_id, "web-form")
    assert record.draw.winner == made.rep_id
    assert json.loads(record.facts_json)["lead"]["employees"] == 500


async def test_a_retry_has_the_first_answer_after_a_restart_too(serving: Any, wire: Any) -> None:
    request = wire.route_request()
    async with serving() as one:
        first = await route(one, request)
        again = await route(one, request)
    async with serving() as other:
        later = await route(other, request)
        request.lead.employees = 7
        refusal = await wire.refused(other.routing.Route(request))
    assert (first.replayed, again.replayed, later.replayed) == (False, True, True)
    first.replayed = True
    assert first == again == later
    assert (refusal.code, refusal.reason) == (
        grpc.StatusCode.ALREADY_EXISTS,
        "IDEMPOTENCY_KEY_REUSED",
    )


async def test_a_request_sent_many_times_at_once_takes_one_turn(rpc: Any, wire: Any) -> None:
    request, before = wire.route_request(), await rpc.stored_leads()
    made = await asyncio.gather(*(route(rpc, request) for _ in range(20)))
    assert len({one.assignment_id for one in made}) == 1
    assert Counter(one.replayed for one in made) == {False: 1, True: 19}
    assert await rpc.stored_leads() == before + 1


async def test_two_servers_at_once_share_the_turns_of_a_pool(serving: Any, wire: Any) -> None:
    async with AsyncExitStack() as running:
        servers = [await running.enter_async_context(serving()) for _ in range(2)]
        calls = (route(servers[n % 2], wire.route_request()) for n in range(40))
        made = await asyncio.gather(*calls)
    assert Counter(one.rep_id for one in made) == {"ann": 20, "bob": 20}


async def test_a_stored_lead_is_scored_with_what_it_did(rpc: Any, wire: Any) -> None:
    made = await route(rpc, wire.route_request(activities=[demo(wire)]))
    stored = scoring_pb2.ScoreRequest(lead_id=made.lead_id)
    score = (await rpc.scoring.Score(stored)).score
    assert score.fit == made.score.fit == 50
    assert 0 < score.behaviour <= made.score.behaviour <= 60
    assert score.policy_revision == made.policy_revision
    unknown = scoring_pb2.ScoreRequest(lead_id=str(uuid.uuid4()))
    assert (await wire.refused(rpc.scoring.Score(unknown))).code == grpc.StatusCode.NOT_FOUND


async def test_edited_rules_decide_and_broken_ones_change_nothing(rpc: Any, wire: Any) -> None:
    fit = [{"name": "company size", "when": "employees >= 200", "points": 60}]
    wire.write_rules(rpc.rules, scoring={**wire.RULES["scoring"], "fit": fit})
    await rpc.server.reloader.reload()
    assert (await rpc.scoring.Score(wire.score_request())).score.fit == 60
    decided_by = (await route(rpc, wire.route_request())).policy_revision
    (rpc.rules / "team.yaml").write_text("reps: [")
    await rpc.server.reloader.reload()
    assert "team.yaml" in rpc.server.reloader.detail
    assert (await route(rpc, wire.route_request())).policy_revision == decided_by


async def test_rules_that_one_server_loads_decide_on_the_other(serving: Any, wire: Any) -> None:
    async with AsyncExitStack() as running:
        one, other = [await running.enter_async_context(serving()) for _ in range(2)]
        before = (await route(other, wire.route_request())).policy_revision
        fit = [{"name": "company size", "when": "employees >= 200", "points": 60}]
        wire.write_rules(one.rules, scoring={**wire.RULES["scoring"], "fit": fit})
        await one.server.reloader.reload()
        made = await route(other, wire.route_request())
        await other.server.reloader.look()
        said = other.server.reloader.detail
    assert made.score.fit == 60
    assert made.policy_revision != before
    assert f"{made.policy_revision} decides, from elsewhere" in said


async def test_an_account_s_owner_gets_its_leads(rpc: Any, wire: Any) -> None:
    acme = types_pb2.Account(account_id="acme", domains=["acme.de"], owner_rep_id="bob")
    request = routing_pb2.UpsertAccountsRequest(request_id=str(uuid.uuid4()), accounts=[acme])
    await rpc.routing.UpsertAccounts(request)
    lead = wire.lead(email="ann@acme.de")
    made = await asyncio.gather(*(route(rpc, wire.route_request(lead=lead)) for _ in range(3)))
    assert {one.rep_id for one in made} == {"bob"}
    assert {one.route for one in made} <= {"known account", ""}


async def test_p_is_that_of_the_current_model_and_stands_in_the_record(
    serving: Any, wire: Any, tmp_path: Path, scorecard_json: Callable[..., bytes]
) -> None:
    models = tmp_path / "models"
    models.mkdir()
    files = {"scorecard.json": scorecard_json(base=-2.0)}
    manifest = Manifest(version_of(files["scorecard.json"]), hashes(files))
    version, _ = add_version(models, files, msgspec.json.encode(manifest))
    promote(models, version)
    async with serving(models=models) as rpc:
        made = await route(rpc, wire.route_request())
        asked = routing_pb2.GetDecisionRequest(decision_id=made.decision_id)
        record = (await rpc.routing.GetDecision(asked)).decision
        stored = scoring_pb2.ScoreRequest(lead_id=made.lead_id)
        score = (await rpc.scoring.Score(stored)).score
    assert 0 < made.score.win_probability < 1
    assert record.score.win_probability == made.score.win_probability == score.win_probability
    assert record.model_version == score.model_version == version


async def test_a_watcher_hears_what_another_server_commits(serving: Any, wire: Any) -> None:
    async with serving() as one, serving() as other:
        first = (await route(one, wire.route_request())).lead_id
        stream = one.lifecycle.WatchEvents(lifecycle_pb2.WatchEventsRequest())
        heard = ""
        while heard != first:
            heard = (await asyncio.wait_for(stream.read(), 20)).event.lead_id
        second = (await route(other, wire.route_request())).lead_id
        told = (await asyncio.wait_for(stream.read(), 20)).event
        stream.cancel()
    assert told.lead_id == second


async def test_leads_are_listed_and_told_of_as_on_sqlite(rpc: Any, wire: Any) -> None:
    fields = {"lead_id": f"listed-{uuid.uuid4()}", "account_id": f"acme-{uuid.uuid4()}"}
    made = await route(rpc, wire.route_request(lead=wire.lead(**fields), activities=[demo(wire)]))
    asked = lifecycle_pb2.ListLeadsRequest(
        rep_id=made.rep_id, stage=types_pb2.STAGE_MQL, account_id=fields["account_id"]
    )
    (listed,) = (await rpc.lifecycle.ListLeads(asked)).states
    everybody = await rpc.lifecycle.ListLeads(lifecycle_pb2.ListLeadsRequest(page_size=1))
    history = lifecycle_pb2.GetHistoryRequest(lead_id=fields["lead_id"])
    told = await rpc.lifecycle.GetHistory(history)
    assert listed.assignment_id == made.assignment_id
    assert len(everybody.states) == 1
    assert [entry.stage_to for entry in told.stages] == [types_pb2.STAGE_MQL]
