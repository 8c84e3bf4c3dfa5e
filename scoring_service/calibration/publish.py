"""A training becomes a version in the models folder: immutable, whole or not at all."""

from dataclasses import dataclass
from pathlib import Path

from scoring_service.calibration.problem import CalibrationProblem
from scoring_service.calibration.report_context import Context
from scoring_service.calibration.results import Training

__all__ = ["Context", "Published", "publish", "write_report"]


@dataclass(frozen=True, slots=True)
class Published:
    """A version and its folder; `new` is False where the same scorecard was there already."""

    version: str
    folder: Path
    new: bool


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
