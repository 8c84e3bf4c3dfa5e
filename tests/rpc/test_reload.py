"""Editing rules under a running server: all or nothing, and no acknowledged call is forgotten."""

import asyncio
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest
from leadscoring.v1 import types_pb2

SECONDS_MAX = 20.0


def with_points(wire: Any, points: int) -> dict[str, Any]:
    """scoring.yaml in which the company's size gives so many points."""
    fit = [{"name": "company size", "when": "employees >= 200", "points": points}]
    return {**wire.RULES["scoring"], "fit": fit}


async def fit(rpc: Any, wire: Any) -> float:
    reply = await rpc.scoring.Score(wire.score_request())
    return float(reply.score.fit)


async def until(rpc: Any, condition: Any) -> None:
    async with asyncio.timeout(SECONDS_MAX):
        while not await condition():
            await asyncio.sleep(0.05)


async def test_an_edited_file_takes_effect_without_a_restart(serve: Any, wire: Any) -> None:
    async with serve(watch=True) as rpc:
        assert await fit(rpc, wire) == 50
        before = (await rpc.routing.Route(wire.route_request())).assignment.policy_revision
        await asyncio.sleep(0.3)  # until the watch has begun
        wire.write_rules(rpc.rules, scoring=with_points(wire, 60))

        async def changed() -> bool:
            return await fit(rpc, wire) == 60

        await until(rpc, changed)
        after = (await rpc.routing.Route(wire.route_request())).assignment.policy_revision
    assert before != after


async def test_a_broken_edit_changes_nothing_and_is_named(serve: Any, wire: Any) -> None:
    async with serve(watch=True) as rpc:
        revision = rpc.server.store.policies.revision
        await asyncio.sleep(0.3)
        broken = with_points(wire, 60)
        broken["fit"][0]["when"] = "employes >= 200"
        wire.write_rules(rpc.rules, scoring=broken)

        async def told() -> bool:
            return bool(rpc.server.reloader.detail)

        await until(rpc, told)
        assert await fit(rpc, wire) == 50
        assert rpc.server.store.policies.revision == revision
        assert "scoring.yaml:" in rpc.server.reloader.detail
        assert "employes" in rpc.server.reloader.detail
        [line] = rpc.logged("policy_refused")
        assert any("scoring.yaml:" in mistake for mistake in line["mistakes"])
        assert metric(rpc, "leadscoring_policy_reload_failed") == 1
        assert b"employes" in rpc.server.readiness.readyz().body


async def test_mending_a_broken_edit_clears_the_complaint(serve: Any, wire: Any) -> None:
    async with serve() as rpc:
        (rpc.rules / "team.yaml").write_text("reps: [")
        await rpc.server.reloader.reload()
        assert rpc.server.reloader.detail
        wire.write_rules(rpc.rules)
        await rpc.server.reloader.reload()
        assert rpc.server.reloader.detail == ""
        assert metric(rpc, "leadscoring_policy_reload_failed") == 0
        assert metric(rpc, "leadscoring_policy_reload_failures_total") == 1
        await rpc.alive()


async def test_an_edit_whose_own_tests_fail_is_refused(serve: Any, wire: Any) -> None:
    test = {"it": "big firms go west", "lead": {"employees": 500}, "expect": {"queue": "triage"}}
    async with serve() as rpc:
        wire.write_rules(rpc.rules, routing_test=[test], scoring=with_points(wire, 60))
        await rpc.server.reloader.reload()
        assert "big firms go west" in rpc.server.reloader.detail
        assert await fit(rpc, wire) == 50


async def test_an_edit_that_leaves_leads_without_owner_is_refused(serve: Any, wire: Any) -> None:
    async with serve() as rpc:
        small = wire.route_request(lead=wire.lead(employees=3), activities=[wire.activity()])
        made = (await rpc.routing.Route(small)).assignment
        assert made.queue == "triage"
        routing = {**wire.RULES["routing"], "otherwise": {"queue": "inbox", "owner": "sales-ops"}}
        wire.write_rules(rpc.rules, routing=routing)
        await rpc.server.reloader.reload()
        assert "triage" in rpc.server.reloader.detail
        again = (
            await rpc.routing.Route(wire.route_request(lead=wire.lead(employees=3)))
        ).assignment
        assert again.queue == "triage"


async def test_a_folder_that_is_gone_is_told_and_changes_nothing(serve: Any, wire: Any) -> None:
    async with serve() as rpc:
        rpc.rules.rename(rpc.rules.with_name("elsewhere"))
        await rpc.server.reloader.reload()
        assert "there is no rules folder" in rpc.server.reloader.detail
        await rpc.alive()


async def test_another_folder_in_the_place_of_the_first_takes_effect(
    serve: Any, wire: Any, tmp_path: Path
) -> None:
    async with serve(watch=True) as rpc:
        await asyncio.sleep(0.3)
        other = tmp_path / "deployed"
        shutil.copytree(rpc.rules, other)
        wire.write_rules(other, scoring=with_points(wire, 70))
        rpc.rules.rename(tmp_path / "replaced")
        other.rename(rpc.rules)

        async def changed() -> bool:
            return await fit(rpc, wire) == 70

        await until(rpc, changed)
        wire.write_rules(rpc.rules, scoring=with_points(wire, 60))

        async def changed_again() -> bool:
            return await fit(rpc, wire) == 60

        await until(rpc, changed_again)
        assert rpc.server.reloader.detail == ""


async def test_a_retry_after_its_attribute_was_removed_has_its_first_answer(
    serve: Any, wire: Any
) -> None:
    lead = wire.lead(attributes={"seats": types_pb2.AttributeValue(integer=5)})
    request = wire.route_request(lead=lead)
    async with serve() as rpc:
        first = (await rpc.routing.Route(request)).assignment
        wire.write_rules(rpc.rules, attributes={"plan": wire.RULES["attributes"]["plan"]})
        await rpc.server.reloader.reload()
        assert rpc.server.reloader.detail == ""
        again = (await rpc.routing.Route(request)).assignment
        refusal = await wire.refused(rpc.routing.Route(wire.route_request(lead=lead)))
    assert again.replayed
    first.replayed = True
    assert again == first
    assert set(refusal.fields) == {"lead.attributes[seats]"}


async def test_calls_are_answered_while_rules_are_loaded(serve: Any, wire: Any) -> None:
    many = [
        {"name": f"rule {i}", "when": f'employees >= {i} and country == "DE"', "points": 1}
        for i in range(300)
    ]
    async with serve() as rpc:
        wire.write_rules(rpc.rules, scoring={**wire.RULES["scoring"], "fit": many})
        reload, answered = asyncio.create_task(rpc.server.reloader.reload()), 0
        while not reload.done():
            await rpc.scoring.Score(wire.score_request())
            answered += 1
        assert rpc.server.reloader.detail == ""
    assert answered > 3


async def test_the_store_keeps_every_revision_that_ever_decided(serve: Any, wire: Any) -> None:
    async with serve() as rpc:
        wire.write_rules(rpc.rules, scoring=with_points(wire, 60))
        await rpc.server.reloader.reload()
        store = rpc.server.store
        activations = await store.read(lambda reader: reader.activations())
        assert [who for _, _, _, who in activations] == ["serve", "reload"]
        for _, revision, _, _ in activations:
            content = await store.read(lambda reader, name=revision: reader.revision_content(name))
            assert content


@pytest.mark.slow
def test_a_hangup_signal_loads_the_rules_anew(process: Any, wire: Any) -> None:
    with process() as running:
        wire.write_rules(running.rules, scoring=with_points(wire, 60))
        running.signal(signal.SIGHUP)
        running.wait_for("policy_activated")
        assert running.score(wire.score_request()).score.fit == 60


def metric(rpc: Any, name: str) -> float:
    """The value of a metric without labels."""
    lines = rpc.server.metrics.exposition().decode().splitlines()
    [value] = [line.split()[1] for line in lines if line.startswith(f"{name} ")]
    return float(value)
