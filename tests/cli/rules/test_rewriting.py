"""Rule files written back: by whom they are, and never over what somebody saved meanwhile."""

import os
from contextlib import suppress
from pathlib import Path

import pytest

from scoring_service.cli.problem import Problem
from scoring_service.cli.rules.rewriting import rewritten


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_bytes(b"a:  1\n")
    return tmp_path


NEW, READ = {"a.yaml": b"a: 1\n", "b.yaml": b"a: 1\n"}, {"a.yaml": b"a:  1\n", "b.yaml": b"a:  1\n"}


def test_what_was_saved_after_it_was_read_is_not_written_over(folder: Path) -> None:
    (folder / "b.yaml").write_bytes(b"a: 2\n")
    with pytest.raises(Problem, match=r"b\.yaml was saved meanwhile, so nothing was written"):
        rewritten(folder, NEW, READ)
    assert (folder / "a.yaml").read_bytes() == READ["a.yaml"]
    assert (folder / "b.yaml").read_bytes() == b"a: 2\n"


def test_a_file_stays_with_whom_it_belongs_to(folder: Path) -> None:
    """Else a server of another user cannot read what root laid out."""
    with suppress(PermissionError):  # only root may give a file away
        os.chown(folder / "a.yaml", 12345, 12345)
    before = (folder / "a.yaml").stat()
    rewritten(folder, NEW, READ)
    after = (folder / "a.yaml").stat()
    assert (folder / "a.yaml").read_bytes() == NEW["a.yaml"]
    assert (after.st_uid, after.st_gid, after.st_mode) == (
        before.st_uid,
        before.st_gid,
        before.st_mode,
    )
