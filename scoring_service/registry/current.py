"""Which version is current: models/CURRENT names it, models/HISTORY those that were before it."""

import os
import tempfile
from pathlib import Path

from scoring_service.registry.manifest import SKOPS
from scoring_service.registry.problem import RegistryProblem
from scoring_service.registry.skops_types import check_skops
from scoring_service.registry.versions import Version, is_version, read_version

CURRENT = "CURRENT"
HISTORY = "HISTORY"
NONE = "none"
"""What a line of HISTORY says where no model was current."""


def current_version(models: Path) -> str:
    """The version that CURRENT names, "" where there is none. Raises RegistryProblem."""
    path = models / CURRENT
    try:
        named = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""
    except IsADirectoryError as error:
        raise RegistryProblem(f"{path} cannot be read: it is a folder; move it away") from error
    except (OSError, UnicodeDecodeError) as error:
        raise RegistryProblem(f"{path} cannot be read: {error}") from error
    if not is_version(named):
        raise RegistryProblem(f"{path} says {named[:80]!r}, which is no version; promote one")
    return named


def current(models: Path) -> Version | None:
    """The current version, checked; None where there is none. Raises RegistryProblem."""
    named = current_version(models)
    return read_version(models, named) if named else None


def history(models: Path) -> tuple[str, ...]:
    """What was current, oldest first, "" for no model; the last is what is now."""
    try:
        lines = (models / HISTORY).read_text(encoding="ascii").split()
    except FileNotFoundError:
        lines = []
    except (OSError, UnicodeDecodeError) as error:
        raise RegistryProblem(f"{models / HISTORY} cannot be read: {error}") from error
    return _until_now(models, tuple("" if line == NONE else line for line in lines))


def _until_now(models: Path, past: tuple[str, ...]) -> tuple[str, ...]:
    """Without the last line where the one before it is current: a change that stopped between its
    two files. Of a CURRENT that is broken nothing is known, and a rollback mends it.
    """
    try:
        now = current_version(models)
    except RegistryProblem:
        return past
    return past[:-1] if past[-2:-1] == (now,) else past


def promote(models: Path, version: str) -> None:
    """Have a version be current, once all of it is checked; nothing where it is. Raises
    RegistryProblem.
    """
    _check_types(read_version(models, version))
    before, past = _before(models), history(models)
    if before == version:
        return
    for line in (past[-1] if before is None and past else before or "", version):
        past = past if past[-1:] == (line,) else (*past, line)
    _write(models, HISTORY, "".join(f"{line or NONE}\n" for line in past))
    _write(models, CURRENT, f"{version}\n")


def _before(models: Path) -> str | None:
    """What is current; None where CURRENT is broken, which promoting a version mends, unless a
    folder stands in its place.
    """
    try:
        return current_version(models)
    except RegistryProblem:
        if (models / CURRENT).is_dir():
            raise
        return None


def _check_types(found: Version) -> None:
    """A model file may be handed on to people who load it: of foreign types it goes nowhere."""
    if SKOPS in found.manifest.files:
        path = found.folder / SKOPS
        check_skops(path.read_bytes(), str(path))


def previous(models: Path) -> str:
    """What a rollback would have be current, "" for no model. Raises RegistryProblem where nothing
    was before.
    """
    past = history(models)
    if len(past) < 2:
        raise RegistryProblem(f"nothing was current before in {models}; there is no way back")
    return past[-2]


def rollback(models: Path) -> str:
    """Have what was before be current again, "" for no model; which that is. Raises
    RegistryProblem, also where that version is no longer as it was published.
    """
    before, past = previous(models), history(models)[:-1]
    if before:
        read_version(models, before)
        _write(models, CURRENT, f"{before}\n")
    else:
        _remove(models / CURRENT)
    _write(models, HISTORY, "".join(f"{line or NONE}\n" for line in past))
    return before


def _write(models: Path, name: str, text: str) -> None:
    """The whole new content or the whole old one, whatever stops in between."""
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{name}-", dir=models)
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(temporary, 0o644)
            os.replace(temporary, models / name)
        except OSError:
            os.unlink(temporary)
            raise
        sync_folder(models)
    except OSError as error:
        raise RegistryProblem(f"{models / name} cannot be written: {error.strerror}") from error


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
        sync_folder(path.parent)
    except OSError as error:
        raise RegistryProblem(f"{path} cannot be removed: {error.strerror}") from error


def sync_folder(folder: Path) -> None:
    """Have what was renamed in a folder outlast a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
