"""Published versions: read whole and checked, or refused whole."""

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path

from scoring_service.domain.calibration.scorecard import version_of
from scoring_service.registry.manifest import MANIFEST, SCORECARD, Manifest, manifest_in
from scoring_service.registry.problem import RegistryProblem

VERSION = re.compile(r"[0-9a-f]{16}")
BYTES_MAX = 64 * 1024 * 1024
"""The largest file of a version that is read."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version whose every file is as it was published. `manifest_json` is the whole manifest."""

    version: str
    folder: Path
    manifest: Manifest
    manifest_json: bytes = field(repr=False)
    scorecard: bytes = field(repr=False)


def versions(models: Path) -> tuple[str, ...]:
    """The versions in the folder, by name; broken ones too."""
    if not models.is_dir():
        return ()
    return tuple(sorted(p.name for p in models.iterdir() if p.is_dir() and is_version(p.name)))


def is_version(name: str) -> bool:
    """Whether a name is one that a version can have: no path leads out of the folder by it.

    >>> is_version("0123456789abcdef"), is_version("../0123456789abc")
    (True, False)
    """
    return VERSION.fullmatch(name) is not None


def read_version(models: Path, version: str) -> Version:
    """The version, every file of it held against its hash. Raises RegistryProblem."""
    if not is_version(version):
        raise RegistryProblem(f"{version!r} is no version: it has 16 hex digits; see `models list`")
    if not (models / version).is_dir():
        raise RegistryProblem(f"there is no version {version} in {models}; see `models list`")
    return read_folder(models / version, version)


def read_folder(folder: Path, version: str) -> Version:
    """The version in a folder of any name. Raises RegistryProblem."""
    content = _read(folder / MANIFEST)
    manifest = manifest_in(content, str(folder / MANIFEST))
    if manifest.version != version:
        raise RegistryProblem(
            f"{folder / MANIFEST} is of version {manifest.version!r}; publish it anew"
        )
    files = {name: _checked(folder, name, digest) for name, digest in manifest.files.items()}
    scorecard = files[SCORECARD]
    if version_of(scorecard) != version:
        raise RegistryProblem(
            f"{folder / SCORECARD} is not the one of version {version}; publish it anew"
        )
    return Version(version, folder, manifest, content, scorecard)


def _checked(folder: Path, name: str, digest: str) -> bytes:
    if name != Path(name).name or name in ("", ".", "..") or "\0" in name:
        raise RegistryProblem(f"{folder / MANIFEST} names {name!r}, which is no file of its folder")
    content = _read(folder / name)
    if hashlib.sha256(content).hexdigest() != digest:
        raise RegistryProblem(
            f"{folder / name} has changed since it was published; have another version be current,"
            " or publish it anew"
        )
    return content


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > BYTES_MAX:
            raise RegistryProblem(f"{path} has over {BYTES_MAX >> 20} MiB, more than is read")
        return path.read_bytes()
    except OSError as error:
        raise RegistryProblem(
            f"{path} cannot be read: {error.strerror or error}; have another version be current, or"
            " publish it anew"
        ) from error
