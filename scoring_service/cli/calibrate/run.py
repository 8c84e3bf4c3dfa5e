"""The way of a calibration: read, train, judge, publish, tell."""

import os
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec
from rich.console import Console

from scoring_service.calibration.reporting.evaluate import evaluate
from scoring_service.calibration.reporting.manifest import learned_until, recorded
from scoring_service.calibration.reporting.publish import Context, Published, publish
from scoring_service.calibration.reporting.report import PAGE, report
from scoring_service.calibration.results import Training
from scoring_service.calibration.table import Readings
from scoring_service.calibration.training import TrainingOptions, train
from scoring_service.cli.calibrate import found_as_json, told
from scoring_service.cli.calibrate.asked import Asked
from scoring_service.cli.calibrate.bars import proposed, written
from scoring_service.cli.calibrate.found import Found
from scoring_service.cli.calibrate.progress import Advance, progress
from scoring_service.cli.calibrate.readings import policy_for, readings
from scoring_service.cli.problem import Problem
from scoring_service.domain.calibration.scorecard import Scorecard
from scoring_service.policy.load import load
from scoring_service.policy.mistake import Mistakes
from scoring_service.policy.source import source_of
from scoring_service.registry.current import current
from scoring_service.registry.manifest import SCORECARD
from scoring_service.registry.versions import Version
from scoring_service.server.folders import rule_files


def run(asked: Asked) -> int:
    """Do what was asked and tell it; the exit code: 1 where nothing was published."""
    found = _found(asked)
    if asked.as_json:
        click.echo(found_as_json.said(found))
    else:
        console = Console()
        console.width = max(console.width, told.WIDTH_MIN)
        told.told(console, found)
    return 0 if found.version else 1


def _found(asked: Asked) -> Found:
    _writable(asked.models)
    for file in (asked.report, asked.points):
        if file is not None:
            _writable_file(file)
    policy = policy_for(asked)
    scoring = None if policy is None else policy.scoring
    before, now = current(asked.models), datetime.now(UTC)
    with progress() as advance:
        read = readings(asked, policy, now)
        training = _trained(read, asked, before, advance)
        advance("choosing bars", 0.9)
        bars = proposed(asked, training, read, policy)
        advance("publishing", 0.95)
        context = Context(now, scoring, None if bars is None else bars.bars, asked.settings)
        made = _published(training, asked.models, context)
        version = None if made is None else made.version
        _reported(training, asked, context, version)
    return Found(
        training,
        asked.models,
        version,
        compared_with=None if before is None else before.version,
        sentences=evaluate(training, scoring).sentences,
        proposed=None if bars is None else written(asked, bars),
        unserved=_unserved(asked, version),
        new=made is None or made.new,
    )


def _trained(read: Readings, asked: Asked, before: Version | None, advance: Advance) -> Training:
    kept = frozenset(asked.allow)
    unknown = sorted(kept - {column.name for column in read.table.columns})
    if unknown:
        raise Problem(f"--allow {unknown[0]}: there is no such column to learn from")
    scorecard = until = measured = None
    if before is not None:
        scorecard = msgspec.json.decode(before.scorecard, type=Scorecard)
        until, measured = learned_until(before.manifest_json), recorded(before.manifest_json)
    options = TrainingOptions(
        asked.window, asked.seed, kept, current_until=until, current_recorded=measured
    )
    return train(read.table, options, current=scorecard, progress=advance)


def _published(training: Training, models: Path, context: Context) -> Published | None:
    if training.gate.refused is not None:
        return None
    return publish(training, models, context)


def _reported(training: Training, asked: Asked, context: Context, version: str | None) -> None:
    """The page of --report: that of the version, or one of a refused training."""
    if asked.report is None:
        return
    if version is None:
        page = report(training, context)[PAGE]
    else:
        page = (asked.models / version / PAGE).read_bytes()
    try:
        asked.report.write_bytes(page)
    except OSError as error:
        raise Problem(f"{asked.report} cannot be written: {error.strerror}") from error


def _unserved(asked: Asked, version: str | None) -> str:
    """Why the rules do not load with the model that was published; "" where they do."""
    if version is None or asked.rules is None:
        return ""
    try:
        load(source_of(rule_files(asked.rules), (asked.models / version / SCORECARD).read_bytes()))
    except Mistakes as wrong:
        return str(wrong.mistakes[0])
    return ""


def _writable_file(file: Path) -> None:
    """A Problem where this file could not be written: its folder is not made for it."""
    if file.is_dir():
        raise Problem(f"{file} is a folder; name a file in it")
    if not file.parent.is_dir():
        raise Problem(f"{file} cannot be written: there is no folder {file.parent}")
    _writable(file.parent)


def _writable(folder: Path) -> None:
    """A Problem before the long work, where a folder could not be written after it."""
    there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        raise Problem(f"the folder {folder} cannot be written: {there} is in the way")
