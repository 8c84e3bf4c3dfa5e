"""Rule files written back, each whole or not at all, and only where something changes."""

import difflib
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from scoring_service.cli.problem import Problem


def rewritten(folder: Path, files: Mapping[str, bytes], read: Mapping[str, bytes]) -> None:
    """Put new contents in the place of files of a folder that were `read` before. Raises Problem,
    before anything is written, where one is a symbolic link, may not be written, or is no longer
    what was read.
    """
    for name in files:
        _writable(folder / name)
        _as_read(folder / name, read[name])
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


def _as_read(path: Path, content: bytes) -> None:
    if path.read_bytes() != content:
        raise Problem(f"{path} was saved meanwhile, so nothing was written; run it again")


def _replaced(path: Path, content: bytes) -> None:
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        before = path.stat()
        with suppress(PermissionError):  # who is not root writes files of his own
            os.chown(temporary, before.st_uid, before.st_gid)
        os.chmod(temporary, before.st_mode)
        os.replace(temporary, path)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise Problem(f"{path} cannot be written: {error.strerror or error}") from error
