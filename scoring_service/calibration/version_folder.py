"""Files that appear together or not at all."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

CURRENT = "CURRENT"


def write_folder(folder: Path, files: Mapping[str, bytes]) -> bool:
    """Make a folder of these files; False where it is there already, and then nothing is changed.

    The files are written and synced beside it, then the folder is renamed: a crash leaves it whole
    or absent. OSError where it cannot be written.
    """
    if folder.is_dir():
        return False
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".unfinished-"))
    try:
        for name, content in files.items():
            _write(beside / name, content)
        beside.chmod(0o755)
        return _renamed(beside, folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def make_current(models: Path, version: str) -> None:
    """Have CURRENT name a version, by one rename. OSError where it cannot be written."""
    handle, beside = tempfile.mkstemp(dir=models, prefix=".unfinished-")
    os.close(handle)
    try:
        _write(Path(beside), f"{version}\n".encode())
        Path(beside).chmod(0o644)
        Path(beside).replace(models / CURRENT)
    finally:
        Path(beside).unlink(missing_ok=True)
    _sync_folder(models)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _renamed(beside: Path, folder: Path) -> bool:
    _sync_folder(beside)
    try:
        beside.rename(folder)
    except OSError:
        if folder.is_dir():  # somebody else was faster with the same content
            return False
        raise
    _sync_folder(folder.parent)
    return True


def _sync_folder(folder: Path) -> None:
    place = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)
