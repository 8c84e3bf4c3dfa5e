"""A training becomes a version in the models folder: immutable, whole or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from scoring_service.calibration.problem import CalibrationProblem
from scoring_service.calibration.results import Training
from scoring_service.domain.scoring.scoring import Scoring


@dataclass(frozen=True, slots=True)
class Published:
    """A version and its folder; `new` is False where the same scorecard was there already."""

    version: str
    folder: Path
    new: bool


@dataclass(frozen=True, slots=True)
class Context:
    """What a report tells beside the training itself.

    `now` is the instant of the report; `scoring` the points written by hand (None: no rules);
    `thresholds` what was chosen on P; `settings` how the command was called, by option.
    """

    now: datetime
    scoring: Scoring | None = None
    thresholds: Sequence[Any] = ()
    settings: Mapping[str, str] = field(default_factory=dict)


def publish(training: Training, models: Path, context: Context) -> Published:
    """Write models/<version>/ and have models/CURRENT name it.

    Raises CalibrationProblem where the training was refused, or the folder cannot be written.
    """
    raise CalibrationProblem(f"{models} cannot be published into yet: {training.gate.why}")


def write_report(training: Training, folder: Path, context: Context) -> Path:
    """Write card.md, report.html and the plots into a folder, of a refused training too.

    Gives the path of report.html. Raises CalibrationProblem where the folder cannot be written.
    """
    raise CalibrationProblem(f"{folder} cannot be written yet: {training.gate.why}")
