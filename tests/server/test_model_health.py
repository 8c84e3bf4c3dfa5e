"""The hourly look at the model: shown as metrics, alarms in the log, calls never kept waiting."""

import asyncio
import io
import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from scoring_service.domain.calibration.baseline import MISSING, SCORE, Baseline, Shares
from scoring_service.domain.calibration.health import Check, Finding, Health, Level
from scoring_service.domain.calibration.scorecard import (
    Cell,
    NumberTerm,
    Scorecard,
    TextTerm,
    version_of,
)
from scoring_service.domain.policy import Policy
from scoring_service.domain.schema import AttributeType
from scoring_service.policy.load import load
from scoring_service.policy.source import source_of
from scoring_service.registry.adding import add_version, hashes
from scoring_service.registry.current import promote
from scoring_service.server.logs import open_log
from scoring_service.server.metrics import Metrics
from scoring_service.server.model_health import ModelHealth
from scoring_service.values.lead import Lead

FOLDER = Path(__file__).parents[2] / "rules"
FILES = {path.name: path.read_bytes() for path in FOLDER.iterdir()}
NONE = Cell(0.0, (0.1,))
SCORECARD = msgspec.json.encode(
    Scorecard(
        intercept=Cell(-1.0, (0.1,)),
        terms=(
            NumberTerm("employees", AttributeType.INTEGER, (50.0,), (NONE, NONE), NONE),
            TextTerm("source", AttributeType.TEXT, {"web": Cell(0.5, (0.1,))}, NONE, NONE),
        ),
        base_rate=0.3,
        rows=1_000,
        won=300,
        horizon_days=30.0,
    )
)
VERSION = version_of(SCORECARD)
BASELINE = Baseline(
    rows=1_000,
    base_rate=0.3,
    features=(
        Shares("employees", "number", {"< 50": 0.5, ">= 50": 0.4, MISSING: 0.1}),
        Shares("source", "text", {"=web": 0.9, MISSING: 0.1}),
    ),
    score_edges=(0.3,),
    score=Shares(SCORE, SCORE, {"< 0.3": 0.5, ">= 0.3": 0.5}),
)


def _publish(models: Path, **files: bytes) -> Path:
    named = {"scorecard.json": SCORECARD} | {f"{name}.json": text for name, text in files.items()}
    manifest = {"version": VERSION, "files": hashes(named)}
    add_version(models, named, msgspec.json.encode(manifest))
    promote(models, VERSION)
    return models


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return _publish(tmp_path / "models", health=msgspec.json.encode(BASELINE))


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load(source_of(FILES, SCORECARD))


class Looking:
    """A model's health with its metrics and its log."""

    def __init__(self, models: Path | None, desk: Any, page: int = 200) -> None:
        self.metrics, self.said = Metrics(), io.BytesIO()
        log = open_log(desk.clock, stream=self.said).logger
        self.health = ModelHealth(models, desk.store, self.metrics, log, desk.clock, page)

    def shown(self) -> dict[str, float]:
        """Samples about the model's health by name and labels."""
        found = re.findall(r"^(leadscoring_model_\S+) (\S+)$", self.exposition, re.MULTILINE)
        return {name: float(value) for name, value in found if value != "NaN"}

    @property
    def exposition(self) -> str:
        return self.metrics.exposition().decode()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.said.getvalue().splitlines()]


Look = Callable[..., Looking]


async def _stored(open_desk: Any, policy: Policy, leads: int, **fields: Any) -> Any:
    desk = open_desk("desk", policy)
    for number in range(leads):
        await desk.route(Lead(f"lead-{number:04}", country="DE", **fields))
    return desk


async def test_what_was_found_is_shown(open_desk: Any, policy: Policy, models: Path) -> None:
    desk = await _stored(open_desk, policy, 220, source="podcast")
    looking = Looking(models, desk)
    await looking.health.look()
    shown = looking.shown()
    assert shown["leadscoring_model_health_leads"] == 220
    assert shown['leadscoring_model_psi{feature="source"}'] > 0.25
    assert shown['leadscoring_model_missing{feature="employees"}'] == 1
    assert shown['leadscoring_model_missing{feature="source"}'] == 0
    assert shown['leadscoring_model_alarms{check="drift"}'] >= 1
    assert shown['leadscoring_model_alarms{check="calibration"}'] == 0


async def test_an_alarm_is_a_line_of_the_log(open_desk: Any, policy: Policy, models: Path) -> None:
    looking = Looking(models, await _stored(open_desk, policy, 210, source="podcast"))
    await looking.health.look()
    alarms = [line for line in looking.lines if line["event"] == "model_alarm"]
    assert {(line["check"], line["subject"]) for line in alarms} >= {("drift", "source")}
    assert {line["level"] for line in alarms} == {"warning"}
    assert {line["model"] for line in alarms} == {VERSION}


async def test_few_leads_raise_nothing(open_desk: Any, policy: Policy, models: Path) -> None:
    looking = Looking(models, await _stored(open_desk, policy, 3, source="podcast"))
    await looking.health.look()
    shown = looking.shown()
    assert shown["leadscoring_model_health_leads"] == 3
    assert not any("psi" in name for name in shown)
    assert looking.lines == []


@pytest.mark.parametrize("leads", [20, 21, 22])
async def test_every_page_is_counted_once(
    open_desk: Any, policy: Policy, models: Path, leads: int
) -> None:
    looking = Looking(models, await _stored(open_desk, policy, leads), page=7)
    await looking.health.look()
    assert looking.shown()["leadscoring_model_health_leads"] == leads


async def test_wins_are_held_to_what_was_expected(
    open_desk: Any, policy: Policy, models: Path, clock: Any
) -> None:
    desk = await _stored(open_desk, policy, 220)
    clock.advance(days=45)
    looking = Looking(models, desk)
    await looking.health.look()
    assert looking.shown()["leadscoring_model_won_to_expected"] == 0, "nobody of them was won"
    assert looking.shown()['leadscoring_model_alarms{check="calibration"}'] == 1


@pytest.mark.parametrize("kept", ["no folder", "no shares", "no version"])
async def test_a_model_that_cannot_be_judged_is_told_and_not_shown(
    open_desk: Any, policy: Policy, tmp_path: Path, kept: str
) -> None:
    models = None if kept == "no folder" else tmp_path / "bare"
    if kept == "no shares" and models is not None:
        _publish(models)
    looking = Looking(models, await _stored(open_desk, policy, 1))
    await looking.health.look()
    events = [line["event"] for line in looking.lines]
    assert events == ([] if kept == "no folder" else ["model_health_unknown"])
    assert looking.shown() == {"leadscoring_model_health_leads": 0}


async def test_without_a_model_nothing_is_shown(open_desk: Any, models: Path) -> None:
    looking = Looking(models, await _stored(open_desk, load(source_of(FILES)), 1))
    await looking.health.look()
    assert looking.shown() == {"leadscoring_model_health_leads": 0}
    assert looking.lines == []


async def test_a_look_that_fails_is_told_and_the_next_one_comes(
    open_desk: Any, policy: Policy, models: Path
) -> None:
    """No policy is active yet at the first look."""
    desk = open_desk("desk", policy)
    looking = Looking(models, desk)
    task = asyncio.create_task(looking.health.keep_looking(first=0.0, every=0.01))
    async with asyncio.timeout(60):
        while not looking.lines:
            await asyncio.sleep(0.005)
        assert looking.lines[0]["event"] == "model_health_failed"
        await desk.route(Lead("lead-1", country="DE"))
        while looking.shown().get("leadscoring_model_health_leads") != 1:
            await asyncio.sleep(0.005)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_another_model_s_figures_are_forgotten() -> None:
    metrics = Metrics()
    drift = Finding(Check.DRIFT, "source", Level.ALARM, 0.4, 0.0, 200, "source: PSI .4")
    accepted = Finding(Check.ACCEPTANCE, "mql", Level.FINE, 0.7, 0.75, 200, "accepted")
    metrics.health.show(Health("v1", 200, (drift, accepted)))
    said = metrics.exposition().decode()
    assert 'leadscoring_model_psi{feature="source"} 0.4' in said
    assert "leadscoring_model_mqls_accepted 0.7" in said
    metrics.health.show(Health("v2", 10, ()))
    said = metrics.exposition().decode()
    assert "source" not in said
    assert "leadscoring_model_mqls_accepted NaN" in said


def test_it_looks_soon_and_then_every_hour() -> None:
    from scoring_service.server.model_health import EVERY_SECONDS, FIRST_SECONDS

    assert timedelta(seconds=EVERY_SECONDS) == timedelta(hours=1)
    assert FIRST_SECONDS < EVERY_SECONDS
