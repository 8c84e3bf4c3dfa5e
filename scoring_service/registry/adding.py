"""A new version: written beside, synced, renamed; there whole or not at all, and never again."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from scoring_service.domain.calibration.scorecard import version_of
from scoring_service.registry.current import sync_folder
from scoring_service.registry.manifest import MANIFEST, SCORECARD
from scoring_service.registry.problem import RegistryProblem
from scoring_service.registry.versions import read_folder, read_version


def hashes(files: Mapping[str, bytes]) -> dict[str, str]:
    """The SHA-256 (hex) of each file, as a manifest has them."""
    return {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}


def add_version(models: Path, files: Mapping[str, bytes], manifest: bytes) -> tuple[str, bool]:
    """The version of these files, and whether it is new: what is there is never overwritten.

    `files` hold scorecard.json, `manifest` their hashes. Raises RegistryProblem where the folder
    cannot be written, what was written is not what the manifest says, or a version that is there is
    broken.
    """
    version = version_of(files[SCORECARD])
    if (models / version).exists():
        read_version(models, version)
        return version, False
    try:
        models.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=".new-", dir=models))
    except OSError as error:
        raise RegistryProblem(f"{models} cannot be written: {error.strerror or error}") from error
    try:
        for name, content in {**files, MANIFEST: manifest}.items():
            _write(beside / name, content)
        beside.chmod(0o755)
        sync_folder(beside)
        read_folder(beside, version)
        os.rename(beside, models / version)
        sync_folder(models)
    except OSError as error:
        raise RegistryProblem(f"{models} cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return version, True


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
