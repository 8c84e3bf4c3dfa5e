"""A training becomes a version in the models folder: immutable, whole or not at all."""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from scoring_service.calibration.learning.apply import predictions
from scoring_service.calibration.learning.export import scorecard_bytes
from scoring_service.calibration.problem import CalibrationProblem
from scoring_service.calibration.reporting.baseline import baseline
from scoring_service.calibration.reporting.manifest import manifest
from scoring_service.calibration.reporting.report import PAGE, report
from scoring_service.calibration.reporting.report_context import Context
from scoring_service.calibration.results import Fitted, Training
from scoring_service.domain.calibration.baseline import HEALTH
from scoring_service.domain.calibration.scorecard import version_of
from scoring_service.registry.adding import add_version
from scoring_service.registry.current import promote
from scoring_service.registry.manifest import SCORECARD, SKOPS
from scoring_service.registry.problem import RegistryProblem

__all__ = ["Context", "Published", "publish", "write_report"]


@dataclass(frozen=True, slots=True)
class Published:
    """A version and its folder; `new` is False where the same scorecard was there already."""

    version: str
    folder: Path
    new: bool


def publish(training: Training, models: Path, context: Context) -> Published:
    """Write models/<version>/ and have models/CURRENT name it.

    The version is the hash of the scorecard. Where it is there already nothing in it is changed.
    Raises CalibrationProblem where the training was refused, or the folder cannot be written.
    """
    fitted = training.published
    if training.gate.refused is not None or fitted is None:
        raise CalibrationProblem(f"nothing to publish: {training.gate.why}")
    version = version_of(encoded(fitted))
    try:
        new = not (models / version).is_dir() and _added(training, fitted, models, context, version)
        promote(models, version)
    except RegistryProblem as problem:
        raise CalibrationProblem(str(problem)) from problem
    return Published(version, models / version, new)


def _added(
    training: Training, fitted: Fitted, models: Path, context: Context, version: str
) -> bool:
    files = version_files(training, fitted, context, version)
    told = indented(manifest(training, context, version, files))
    return add_version(models, files, told)[1]


def version_files(
    training: Training, fitted: Fitted, context: Context, version: str
) -> dict[str, bytes]:
    """All files of a version by name but the manifest, which holds their hashes."""
    import skops.io

    p = predictions(fitted.scorecard, training.table).p
    return {
        SCORECARD: encoded(fitted),
        SKOPS: skops.io.dumps(fitted.pipeline),
        HEALTH: indented(baseline(training.table, p, fitted.scorecard)),
        **report(training, context, version),
    }


def encoded(fitted: Fitted) -> bytes:
    """scorecard.json: the same scorecard has the same bytes."""
    return scorecard_bytes(fitted.scorecard)


def indented(value: msgspec.Struct) -> bytes:
    """A value as JSON that people can read; ends with a newline."""
    return msgspec.json.format(msgspec.json.encode(value)) + b"\n"


def write_report(training: Training, folder: Path, context: Context) -> Path:
    """Write card.md, report.html and the pictures into a folder, of a refused training too.

    Gives the path of report.html. Raises CalibrationProblem where the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in report(training, context).items():
            (folder / name).write_bytes(content)
    except OSError as error:
        why = error.strerror or error
        raise CalibrationProblem(f"the report cannot be written into {folder}: {why}") from error
    return folder / PAGE
