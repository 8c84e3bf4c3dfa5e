"""Folders that come with the program, and the files of a rules folder."""

from contextlib import suppress
from pathlib import Path

from scoring_service.policy.files.folder import belongs
from scoring_service.server.start_problem import StartProblem

FILE_BYTES_MAX = 64 * 1024 * 1024

_PACKAGE = Path(__file__).resolve().parent.parent


def shipped(name: str) -> Path:
    """A folder that comes with the program, such as `rules`: in the package, else beside it.

    Never one of the working directory.
    """
    in_package = _PACKAGE / "_data" / name
    found = in_package if in_package.is_dir() else _PACKAGE.parent / name
    if not found.is_dir():
        raise StartProblem(f"the {name} folder that comes with leadscoring is gone; install anew")
    return found


def rule_files(folder: Path) -> dict[str, bytes]:
    """The rule files of a folder by name; StartProblem where it cannot be read."""
    if not folder.is_dir():
        raise StartProblem(f"there is no rules folder at {folder}; name one that is there")
    try:
        named = {path.name: path for path in folder.iterdir() if path.is_file()}
        return {name: _read(path) for name, path in sorted(named.items()) if belongs(name)}
    except OSError as error:
        raise StartProblem(f"cannot read the rules folder {folder}: {error.strerror}") from error


def files_below(folder: Path) -> tuple[str, ...]:
    """The rule files in folders directly below, by their names from `folder`: nothing reads them.

    Hidden folders are left out, and those that cannot be read.
    """
    found: list[str] = []
    for below in sorted(folder.iterdir()):
        if below.is_dir() and not below.name.startswith("."):
            with suppress(OSError):
                names = [path.name for path in below.iterdir() if path.is_file()]
                found += [f"{below.name}/{name}" for name in sorted(names) if belongs(name)]
    return tuple(found)


def _read(path: Path) -> bytes:
    """The file's content; of one over the limit no more than loading needs to refuse it."""
    with path.open("rb") as file:
        return file.read(FILE_BYTES_MAX + 1)
