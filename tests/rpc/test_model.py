"""A published model under a running server: followed when it is whole, refused when it is not."""

import asyncio
from collections.abc import Callable
from math import exp
from pathlib import Path
from typing import Any

import msgspec
import pytest
from leadscoring.v1 import routing_pb2, scoring_pb2

from scoring_service.domain.calibration.scorecard import version_of
from scoring_service.registry.adding import add_version, hashes
from scoring_service.registry.current import promote, rollback
from scoring_service.registry.manifest import Manifest
from scoring_service.server.start_problem import StartProblem

Publish = Callable[..., str]
SECONDS_MAX = 20.0


@pytest.fixture
def models(tmp_path: Path) -> Path:
    folder = tmp_path / "models"
    folder.mkdir()
    return folder


@pytest.fixture
def publish(models: Path, scorecard_json: Callable[..., bytes]) -> Publish:
    """Publishes a scorecard of another base and makes it current; gives its version."""

    def published(base: float = -2.0) -> str:
        files = {"scorecard.json": scorecard_json(base=base)}
        manifest = Manifest(version_of(files["scorecard.json"]), hashes(files))
        version, _ = add_version(models, files, msgspec.json.encode(manifest))
        promote(models, version)
        return version

    return published


async def score(rpc: Any, wire: Any) -> Any:
    return (await rpc.scoring.Score(wire.score_request())).score


async def test_score_has_p_with_its_interval_and_what_it_is_made_of(
    serve: Any, wire: Any, models: Path, publish: Publish
) -> None:
    version = publish()
    async with serve(models=models) as rpc:
        found = await score(rpc, wire)
    eta = sum(c.log_odds for c in found.model_contributions)
    assert found.win_probability == pytest.approx(1 / (1 + exp(-eta)), abs=1e-9)
    assert found.win_probability_low < found.win_probability < found.win_probability_high
    assert found.model_contributions[0].name == "base"
    assert found.model_version == version
    assert f'leadscoring_model_active{{version="{version}"}} 1.0' in exposed(rpc)


async def test_without_a_model_p_is_absent_never_0(serve: Any, wire: Any, models: Path) -> None:
    async with serve(models=models) as rpc:
        found = await score(rpc, wire)
    assert not found.HasField("win_probability")
    assert not found.HasField("sql_ready")
    assert (found.model_version, list(found.model_contributions)) == ("", [])


def exposed(rpc: Any) -> str:
    return str(rpc.server.metrics.exposition().decode())


async def test_route_and_its_decision_tell_the_same_p(
    serve: Any, wire: Any, models: Path, publish: Publish
) -> None:
    version = publish()
    async with serve(models=models) as rpc:
        made = (await rpc.routing.Route(wire.route_request())).assignment
        request = routing_pb2.GetDecisionRequest(decision_id=made.decision_id)
        record = (await rpc.routing.GetDecision(request)).decision
    assert made.score.win_probability > 0
    assert record.score.win_probability == made.score.win_probability
    assert record.model_version == made.score.model_version == version


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(SECONDS_MAX):
        while not await condition():
            await asyncio.sleep(0.05)


async def test_a_model_that_is_published_is_served_without_a_restart(
    serve: Any, wire: Any, models: Path, publish: Publish
) -> None:
    async with serve(models=models, watch=True) as rpc:
        assert not (await score(rpc, wire)).HasField("win_probability")
        await asyncio.sleep(0.3)  # until the watch has begun
        version = publish()

        async def served() -> bool:
            return bool((await score(rpc, wire)).model_version == version)

        await until(served)


async def test_another_model_then_the_way_back(
    serve: Any, wire: Any, models: Path, publish: Publish
) -> None:
    first = publish()
    async with serve(models=models) as rpc:
        before = await score(rpc, wire)
        publish(-1.0)
        await rpc.server.reloader.reload()
        between = await score(rpc, wire)
        rollback(models)
        await rpc.server.reloader.reload()
        after = await score(rpc, wire)
    assert between.win_probability > before.win_probability == after.win_probability
    assert after.model_version == first
    assert after.policy_revision == before.policy_revision != between.policy_revision


async def test_a_changed_byte_is_refused_and_the_old_model_serves(
    serve: Any, wire: Any, models: Path, publish: Publish
) -> None:
    first = publish()
    async with serve(models=models) as rpc:
        second = publish(-1.0)
        path = models / second / "scorecard.json"
        path.write_bytes(path.read_bytes().replace(b"-1.0", b"-1.5"))
        await rpc.server.reloader.reload()
        assert "has changed since it was published" in rpc.server.reloader.detail
        assert (await score(rpc, wire)).model_version == first
        assert b"has changed since" in rpc.server.readiness.readyz().body
        (line,) = rpc.logged("policy_refused")
        assert any(second in mistake for mistake in line["mistakes"])


async def test_a_rollback_to_no_model_under_a_bar_on_p_is_refused(
    serve: Any, wire: Any, models: Path, publish: Publish
) -> None:
    version = publish()
    async with serve(models=models) as rpc:
        mql = {"fit_min": 40, "behaviour_min": 40, "win_probability_min": 0.05}
        wire.write_rules(rpc.rules, scoring={**wire.RULES["scoring"], "mql": mql})
        await rpc.server.reloader.reload()
        found = await score(rpc, wire)
        assert [bar.name for bar in found.bars] == ["fit", "behaviour", "win_probability"]
        rollback(models)
        await rpc.server.reloader.reload()
        assert "needs a model, and there is none" in rpc.server.reloader.detail
        assert (await score(rpc, wire)).model_version == version


async def test_a_model_of_attributes_that_the_rules_lack_is_refused(
    serve: Any, wire: Any, models: Path, publish: Publish
) -> None:
    publish()
    async with serve(models=models) as rpc:
        before = await score(rpc, wire)
        scoring = {**wire.RULES["scoring"], "fit": wire.RULES["scoring"]["fit"][:1]}
        wire.write_rules(rpc.rules, attributes={"seats": {"type": "integer"}}, scoring=scoring)
        await rpc.server.reloader.reload()
        assert "the model reads 'plan' (text), which no lead may carry" in (
            rpc.server.reloader.detail
        )
        assert (await score(rpc, wire)).policy_revision == before.policy_revision


async def test_a_broken_model_and_no_earlier_policy_is_one_sentence(
    serve: Any, models: Path, publish: Publish
) -> None:
    version = publish()
    (models / version / "manifest.json").unlink()
    with pytest.raises(StartProblem, match=r"manifest\.json cannot be read"):
        async with serve(models=models):
            pass


async def test_with_an_earlier_policy_a_broken_model_leaves_that_deciding(
    serve: Any, wire: Any, models: Path, publish: Publish
) -> None:
    first = publish()
    async with serve(models=models) as rpc:
        made = (await rpc.routing.Route(wire.route_request())).assignment
    second = publish(-1.0)
    (models / second / "manifest.json").unlink()
    async with serve(models=models) as rpc:
        assert (await score(rpc, wire)).model_version == first
        assert second in rpc.server.reloader.detail
        again = (
            await rpc.routing.Route(wire.route_request(lead=wire.lead(employees=20)))
        ).assignment
    assert again.score.model_version == made.score.model_version == first


async def test_an_acknowledged_answer_keeps_its_p_under_another_model(
    serve: Any, wire: Any, models: Path, publish: Publish
) -> None:
    publish()
    async with serve(models=models) as rpc:
        request = wire.route_request()
        first = (await rpc.routing.Route(request)).assignment
        publish(-1.0)
        await rpc.server.reloader.reload()
        again = (await rpc.routing.Route(request)).assignment
    assert again.replayed
    again.replayed = False
    assert again == first


async def test_p_is_the_same_in_a_batch(
    serve: Any, wire: Any, models: Path, publish: Publish
) -> None:
    publish()
    async with serve(models=models) as rpc:
        alone = await score(rpc, wire)
        batch = scoring_pb2.BatchScoreRequest(requests=[wire.score_request()] * 3)
        reply = await rpc.scoring.BatchScore(batch)
    assert {result.score.win_probability for result in reply.results} == {alone.win_probability}


async def test_calls_go_on_being_answered_while_a_model_is_loaded(
    serve: Any, wire: Any, models: Path, publish: Publish
) -> None:
    publish()
    async with serve(models=models) as rpc:
        publish(-1.0)
        reload = asyncio.create_task(rpc.server.reloader.reload())
        answered = 0
        while not reload.done():
            assert (await score(rpc, wire)).win_probability > 0
            answered += 1
        await reload
    assert answered > 0
