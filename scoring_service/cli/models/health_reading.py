"""What `leadscoring models health` looks at: the store, or a file of later leads."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from scoring_service.cli.problem import Problem
from scoring_service.cli.rules.folder import source_in
from scoring_service.cli.upkeep.active_rules import active_source
from scoring_service.cli.upkeep.reading import REMEDY, reading, require_store
from scoring_service.domain.calibration.baseline import Baseline
from scoring_service.domain.calibration.health import Health
from scoring_service.domain.calibration.health_checks import health
from scoring_service.domain.calibration.scorecard import Scorecard
from scoring_service.domain.policy import Policy
from scoring_service.policy.load import load
from scoring_service.policy.mistake import Mistakes
from scoring_service.policy.source import Source
from scoring_service.registry.baselines import baseline_of
from scoring_service.registry.current import current
from scoring_service.registry.versions import Version
from scoring_service.server.folders import shipped
from scoring_service.server.loading import told
from scoring_service.workflows.model_health import judged, observing, pages


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of the command."""

    file: Path | None
    outcome: str | None
    mapping: Path | None
    activities: Path | None
    ordered: bool
    models: Path
    store: str
    rules: Path | None


def judge(asked: Asked) -> Health:
    """The health of the current model by a file, else by the store.

    Raises Problem, RegistryProblem or StoreProblem where it cannot be judged.
    """
    found = current(asked.models)
    if found is None:
        raise Problem(f"no model is current in {asked.models}; publish one with calibrate")
    baseline = baseline_of(found)
    if baseline is None:
        raise Problem(f"{found.folder} keeps no shares of its training; publish the model anew")
    if asked.file is None:
        return _by_store(asked, found, baseline)
    return _by_file(asked, asked.file, found, baseline)


def _by_store(asked: Asked, found: Version, baseline: Baseline) -> Health:
    require_store(asked.store, f"{REMEDY}, or give a FILE")
    source = source_in(asked.rules) if asked.rules else active_source(asked.store)
    policy = _policy(source or source_in(shipped("rules")), found)
    counted = observing(policy, baseline, datetime.now(UTC))
    with reading(asked.store) as reader:
        for _ in pages(counted, reader):
            pass
    return judged(counted)


def _policy(source: Source, found: Version) -> Policy:
    try:
        return load(replace(source, model=found.scorecard))
    except Mistakes as wrong:
        raise Problem(f"the rules do not load with model {found.version}: {told(wrong)}") from wrong


def _by_file(asked: Asked, file: Path, found: Version, baseline: Baseline) -> Health:
    from scoring_service.calibration.problem import CalibrationProblem
    from scoring_service.calibration.reporting.file_health import observed_in
    from scoring_service.calibration.rows.mapping import mapping_of
    from scoring_service.calibration.rows.read_file import read_file

    if asked.outcome is None:
        raise click.UsageError("--outcome names the column that says how a lead of FILE ended")
    scorecard = msgspec.json.decode(found.scorecard, type=Scorecard)
    try:
        readings = read_file(
            file,
            outcome=asked.outcome,
            mapping=None if asked.mapping is None else mapping_of(asked.mapping),
            activities=asked.activities,
            ordered=asked.ordered,
            policy=_policy(source_in(asked.rules), found) if asked.rules else None,
        )
    except CalibrationProblem as problem:
        raise Problem(str(problem)) from problem
    return health(found.version, baseline, observed_in(readings.table, scorecard, baseline))
