"""Rule files written back, each whole or not at all, and only where something changes."""

import difflib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from scoring_service.cli.problem import Problem


def rewritten(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put new contents in the place of files of a folder. Raises Problem, before anything is
    written, where one is a symbolic link or may not be written.
    """
    for name in files:
        _writable(folder / name)
    for name, content in files.items():
        _replaced(folder / name, content)


def difference(name: str, before: bytes, after: bytes) -> str:
    """What changes in a file, as a unified diff."""
    old, new = (text.decode("utf-8-sig", "replace") for text in (before, after))
    lines = difflib.unified_diff(
        old.splitlines(keepends=True), new.splitlines(keepends=True), f"a/{name}", f"b/{name}"
    )
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _writable(path: Path) -> None:
    if path.is_symlink():
        raise Problem(
            f"{path} is a symbolic link, so nothing was written; name the folder it points to"
        )
    if not path.stat().st_mode & 0o222 or not os.access(path, os.W_OK):
        raise Problem(f"{path} is read-only, so nothing was written; make it writable first")


def _replaced(path: Path, content: bytes) -> None:
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, path.stat().st_mode)
        os.replace(temporary, path)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise Problem(f"{path} cannot be written: {error.strerror or error}") from error
