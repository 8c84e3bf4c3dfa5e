"""One writing process a file: it holds a lock beside it, and says there where it can be reached."""

import fcntl
import os
from pathlib import Path

from scoring_service.store.problems import StoreProblem


class Lock:
    """The lock of a database file. It ends with the process, however that ends."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._path = lock_path(database)
        self._file: int | None = None

    def take(self) -> None:
        """Take it, unless we hold it. Raises StoreProblem where another process does."""
        if self._file is not None:
            return
        file = _open(self._path, self._database)
        if not _locked(file):
            os.close(file)
            raise StoreProblem(
                f"{self._database} is being written by another process"
                " (one writes at a time; stop it, or use another --store)."
            )
        self._file = file
        self.write_address("")

    @property
    def is_held(self) -> bool:
        """Whether we hold it."""
        return self._file is not None

    def write_address(self, address: str) -> None:
        """Say where the process that holds it can be reached."""
        assert self._file is not None, "the lock is not held"
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, address.encode(), 0)

    def release(self) -> None:
        """Let another process have it."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def lock_path(database: Path) -> Path:
    """The file that is locked."""
    return database.with_name(database.name + ".lock")


def read_address(database: Path) -> str | None:
    """Where the process that writes the file can be reached: "" where it has not said; None where
    there is none.
    """
    try:
        file = os.open(lock_path(database), os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        return None if _locked(file) else os.pread(file, 4096, 0).decode()
    finally:
        os.close(file)


def _open(path: Path, database: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        why = (error.strerror or "unknown error").lower()
        raise StoreProblem(f"{database} cannot be written: {why}.") from None


def _locked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
