"""A training becomes a version in the models folder: immutable, whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from scoring_service.calibration.apply import predictions
from scoring_service.calibration.baseline import baseline
from scoring_service.calibration.manifest import manifest, sha256
from scoring_service.calibration.problem import CalibrationProblem
from scoring_service.calibration.report import PAGE, report
from scoring_service.calibration.report_context import Context
from scoring_service.calibration.results import Fitted, Training
from scoring_service.calibration.version_folder import make_current, write_folder

__all__ = ["Context", "Published", "publish", "write_report"]

SCORECARD, MODEL = "scorecard.json", "model.skops"
MANIFEST, HEALTH = "manifest.json", "health.json"
VERSION_DIGITS = 12


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
    scorecard = msgspec.json.encode(fitted.scorecard)
    version = sha256(scorecard)[:VERSION_DIGITS]
    folder = models / version
    with _told(models):
        new = not folder.is_dir() and write_folder(
            folder, version_files(training, fitted, context, version)
        )
        make_current(models, version)
    return Published(version, folder, new)


def version_files(
    training: Training, fitted: Fitted, context: Context, version: str
) -> dict[str, bytes]:
    """All files of a version by name, the manifest last: it holds the hashes of the others."""
    import skops.io

    p = predictions(fitted.scorecard, training.table).p
    files = {
        SCORECARD: msgspec.json.encode(fitted.scorecard),
        MODEL: skops.io.dumps(fitted.pipeline),
        HEALTH: indented(baseline(training.table, p, fitted.scorecard)),
        **report(training, context, version),
    }
    return files | {MANIFEST: indented(manifest(training, context, version, files))}


def indented(value: msgspec.Struct) -> bytes:
    """A value as JSON that people can read; ends with a newline."""
    return msgspec.json.format(msgspec.json.encode(value)) + b"\n"


def write_report(training: Training, folder: Path, context: Context) -> Path:
    """Write card.md, report.html and the pictures into a folder, of a refused training too.

    Gives the path of report.html. Raises CalibrationProblem where the folder cannot be written.
    """
    with _told(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in report(training, context).items():
            (folder / name).write_bytes(content)
    return folder / PAGE


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """What the system refuses, as a problem that names the place."""
    try:
        yield
    except OSError as error:
        place = error.filename or folder
        raise CalibrationProblem(
            f"cannot write into {folder}: {error.strerror} ({place}); nothing was published there"
        ) from error
