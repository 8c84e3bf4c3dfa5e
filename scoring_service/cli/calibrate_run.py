"""The way of a calibration: read, train, judge, publish, tell."""

import os
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec
from rich.console import Console

from scoring_service.calibration.evaluate import evaluate
from scoring_service.calibration.mapping import mapping_of
from scoring_service.calibration.publish import Context, publish
from scoring_service.calibration.read_file import read_file
from scoring_service.calibration.results import Training
from scoring_service.calibration.table import Readings
from scoring_service.calibration.training import TrainingOptions, train
from scoring_service.cli import calibrate_json, calibrate_report
from scoring_service.cli.calibrate_asked import Asked
from scoring_service.cli.calibrate_found import Found
from scoring_service.cli.calibrate_progress import Advance, progress
from scoring_service.cli.problem import Problem
from scoring_service.cli.rule_folder import source_in
from scoring_service.domain.calibration.scorecard import Scorecard
from scoring_service.domain.policy import Policy
from scoring_service.policy.load import load
from scoring_service.policy.mistake import Mistakes
from scoring_service.registry.current import current
from scoring_service.registry.versions import Version


def run(asked: Asked) -> int:
    """Do what was asked and tell it; the exit code: 1 where nothing was published."""
    found = _found(asked)
    if asked.as_json:
        click.echo(calibrate_json.said(found))
    else:
        console = Console()
        console.width = max(console.width, calibrate_report.WIDTH_MIN)
        calibrate_report.told(console, found)
    return 0 if found.version else 1


def _found(asked: Asked) -> Found:
    _writable(asked.models)
    policy = None if asked.rules is None else _policy(asked.rules, asked.models)
    scoring = None if policy is None else policy.scoring
    before, now = current(asked.models), datetime.now(UTC)
    with progress() as advance:
        readings = _readings(asked, policy)
        training = _trained(readings, asked, before, advance)
        advance("publishing", 0.95)
        version = _published(training, asked.models, Context(now, scoring, settings=asked.settings))
    return Found(
        training,
        asked.models,
        version,
        compared_with=None if before is None else before.version,
        sentences=evaluate(training, scoring).sentences,
    )


def _trained(
    readings: Readings, asked: Asked, before: Version | None, advance: Advance
) -> Training:
    kept = frozenset(asked.allow)
    unknown = sorted(kept - {column.name for column in readings.table.columns})
    if unknown:
        raise Problem(f"--allow {unknown[0]}: there is no such column to learn from")
    options = TrainingOptions(asked.window, asked.seed, kept)
    scorecard = None
    if before is not None:
        scorecard = msgspec.json.decode(before.scorecard, type=Scorecard)
    return train(readings.table, options, current=scorecard, progress=advance)


def _published(training: Training, models: Path, context: Context) -> str | None:
    if training.gate.refused is not None:
        return None
    return publish(training, models, context).version


def _readings(asked: Asked, policy: Policy | None) -> Readings:
    assert asked.file is not None
    assert asked.outcome is not None
    return read_file(
        asked.file,
        outcome=asked.outcome,
        mapping=None if asked.mapping is None else mapping_of(asked.mapping),
        activities=asked.activities,
        ordered=asked.ordered,
        policy=policy,
        horizon=asked.horizon,
    )


def _policy(folder: Path, models: Path) -> Policy:
    try:
        return load(source_in(folder, models))
    except Mistakes as wrong:
        raise Problem(f"{folder} does not load: {wrong}") from wrong


def _writable(models: Path) -> None:
    """A Problem before the long work, where the models folder could not be written after it."""
    there = next(place for place in (models, *models.absolute().parents) if place.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        raise Problem(f"the models folder {models} cannot be written: {there} is in the way")
