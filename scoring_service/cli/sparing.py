"""Results are never written over what they are made from."""

from collections.abc import Iterator
from pathlib import Path

from scoring_service.cli.problem import Problem
from scoring_service.cli.serving.running import sqlite_file
from scoring_service.policy.files.folder import belongs


def spare(option: str, out: Path | str | None, *read: Path | str | None) -> None:
    """Raises Problem where the file that `option` names for results is one that is read, by
    whatever name.

    `read` are files, folders of rule files, and URLs of stores; None and what is not there are
    passed over.
    """
    if out is None or not Path(out).is_file():
        return
    for source in read:
        if source is not None and any(map(Path(out).samefile, _files(source))):
            raise Problem(f"{option} {out} is a file that is read; name another")


def _files(source: Path | str) -> Iterator[Path]:
    path = sqlite_file(source) if isinstance(source, str) and "://" in source else Path(source)
    if path is None:
        return
    if path.is_dir():
        yield from (file for file in path.iterdir() if belongs(file.name) and file.is_file())
    elif path.exists():
        yield path
