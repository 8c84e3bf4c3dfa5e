"""Which model is current, and the way back."""

import os
import resource
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from scoring_service.registry.current import (
    current,
    current_version,
    history,
    previous,
    promote,
    rollback,
)
from scoring_service.registry.problem import RegistryProblem

Add = Callable[..., str]


def test_at_first_no_model_is_current(models: Path, add: Add) -> None:
    add()
    assert current_version(models) == ""
    assert current(models) is None
    assert history(models) == ()


def test_a_promoted_version_is_current(models: Path, add: Add) -> None:
    version = add()
    promote(models, version)
    found = current(models)
    assert found is not None
    assert found.version == version
    assert history(models) == ("", version)


def test_promoting_what_is_current_changes_nothing(models: Path, add: Add) -> None:
    version = add()
    promote(models, version)
    promote(models, version)
    assert history(models) == ("", version)


def test_the_way_back_goes_step_by_step_to_no_model(models: Path, add: Add) -> None:
    first, second = add(), add(-1.0)
    promote(models, first)
    promote(models, second)
    assert previous(models) == first
    assert rollback(models) == first
    assert current_version(models) == first
    assert rollback(models) == ""
    assert current(models) is None
    with pytest.raises(RegistryProblem, match="there is no way back"):
        rollback(models)


def test_after_a_rollback_another_may_be_promoted(models: Path, add: Add) -> None:
    first, second, third = add(), add(-1.0), add(-0.5)
    promote(models, first)
    promote(models, second)
    rollback(models)
    promote(models, third)
    assert rollback(models) == first


def test_a_rollback_to_a_broken_version_is_refused(models: Path, add: Add) -> None:
    first, second = add(), add(-1.0)
    promote(models, first)
    promote(models, second)
    (models / first / "scorecard.json").write_bytes(b"{}")
    with pytest.raises(RegistryProblem, match="has changed since"):
        rollback(models)
    assert current_version(models) == second


def test_a_broken_version_is_not_promoted(models: Path, add: Add) -> None:
    first, second = add(), add(-1.0)
    promote(models, first)
    (models / second / "scorecard.json").write_bytes(b"{}")
    with pytest.raises(RegistryProblem, match="has changed since"):
        promote(models, second)
    assert current_version(models) == first
    assert history(models) == ("", first)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"../../etc/passwd", id="a way out"),
        pytest.param(b"newest", id="a word"),
        pytest.param(b"", id="nothing"),
        pytest.param("modèle".encode(), id="no ASCII"),
    ],
)
def test_a_current_that_names_no_version_is_told(models: Path, add: Add, content: bytes) -> None:
    add()
    (models / "CURRENT").write_bytes(content)
    with pytest.raises(RegistryProblem, match="CURRENT"):
        current(models)


def test_a_folder_in_place_of_current_is_told_and_nothing_is_written(
    models: Path, add: Add
) -> None:
    version = add()
    (models / "CURRENT").mkdir()
    with pytest.raises(RegistryProblem, match="it is a folder; move it away"):
        promote(models, version)
    assert {path.name for path in models.iterdir()} == {version, "CURRENT"}


def test_on_a_full_disk_what_was_current_stays_and_nothing_is_left(models: Path, add: Add) -> None:
    first, second = add(), add(-1.0)
    promote(models, first)
    before = sorted(models.iterdir())
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
    try:
        with pytest.raises(RegistryProblem, match="HISTORY cannot be written"):
            promote(models, second)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert current_version(models) == first
    assert sorted(models.iterdir()) == before


def test_no_temporary_file_stays(models: Path, add: Add) -> None:
    version = add()
    promote(models, version)
    assert {path.name for path in models.iterdir()} == {version, "CURRENT", "HISTORY"}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"nowhere\n", id="a name that no version has"),
        pytest.param(b"", id="nothing, as after a full disk"),
        pytest.param(b"\xff\xfe", id="no text"),
    ],
)
@pytest.mark.parametrize(
    "again", [pytest.param(True, id="the same"), pytest.param(False, id="other")]
)
def test_promoting_mends_a_broken_current(
    models: Path, add: Add, content: bytes, again: bool
) -> None:
    first, second = add(), add(-1.0)
    promote(models, first)
    (models / "CURRENT").write_bytes(content)
    version = first if again else second
    promote(models, version)
    assert current_version(models) == version
    assert history(models) == (("", first) if again else ("", first, second))


def test_a_broken_current_is_mended_though_nothing_was_before(models: Path, add: Add) -> None:
    version = add()
    (models / "CURRENT").write_bytes(b"nowhere\n")
    promote(models, version)
    assert current_version(models) == version
    assert history(models) == ("", version)


def test_of_a_broken_current_it_is_the_last_of_the_past_that_is_come_back_to(
    models: Path, add: Add
) -> None:
    first, second, third = add(), add(-1.0), add(-0.5)
    promote(models, first)
    promote(models, second)
    (models / "CURRENT").write_bytes(b"nowhere\n")
    promote(models, third)
    assert history(models) == ("", first, second, third)
    assert rollback(models) == second


def test_promoting_what_is_current_writes_nothing(models: Path, add: Add) -> None:
    version = add()
    promote(models, version)
    before = {path: path.stat().st_ino for path in models.iterdir()}
    promote(models, version)
    assert {path: path.stat().st_ino for path in models.iterdir()} == before


def test_everybody_may_read_what_is_current(models: Path, add: Add) -> None:
    first, second = add(), add(-1.0)
    promote(models, first)
    promote(models, second)
    rollback(models)
    modes = [stat.S_IMODE((models / name).stat().st_mode) for name in ("CURRENT", "HISTORY")]
    assert modes == [0o644, 0o644]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param("newest\n", "says 'newest', which is no version", id="a word"),
        pytest.param("x" * 200, f"says '{'x' * 80}', which", id="of a long text the beginning"),
        pytest.param("0123456789ABCDEF", "says '0123456789ABCDEF'", id="digits in upper case"),
    ],
)
def test_what_current_says_instead_of_a_version_is_told(
    models: Path, add: Add, content: str, said: str
) -> None:
    add()
    (models / "CURRENT").write_text(content)
    with pytest.raises(RegistryProblem, match=said) as refused:
        current_version(models)
    assert str(refused.value).endswith("; promote one")


def test_blanks_around_what_is_current_do_not_matter(models: Path, add: Add) -> None:
    version = add()
    promote(models, version)
    (models / "CURRENT").write_text(f"  {version}\r\n\n")
    assert current_version(models) == version


def test_a_folder_in_place_of_current_stays_on_the_way_back(models: Path, add: Add) -> None:
    first, second = add(), add(-1.0)
    promote(models, first)
    promote(models, second)
    (models / "CURRENT").unlink()
    (models / "CURRENT").mkdir()
    with pytest.raises(RegistryProblem, match="CURRENT cannot be written: Is a directory"):
        rollback(models)
    assert {path.name for path in models.iterdir()} == {first, second, "CURRENT", "HISTORY"}


def test_no_model_cannot_come_back_over_a_folder_in_place_of_current(
    models: Path, add: Add
) -> None:
    promote(models, add())
    (models / "CURRENT").unlink()
    (models / "CURRENT").mkdir()
    with pytest.raises(RegistryProblem, match="CURRENT cannot be removed"):
        rollback(models)


def test_a_folder_in_place_of_the_past_is_told(models: Path, add: Add) -> None:
    version = add()
    (models / "HISTORY").mkdir()
    with pytest.raises(RegistryProblem, match="HISTORY cannot be read"):
        promote(models, version)
    assert current_version(models) == ""


def test_no_model_comes_back_though_current_is_broken(models: Path, add: Add) -> None:
    promote(models, add())
    (models / "CURRENT").write_bytes(b"nowhere\n")
    assert rollback(models) == ""
    assert current_version(models) == ""
    assert history(models) == ("",)


def test_nothing_stays_open(models: Path, add: Add) -> None:
    versions = [add(), add(-1.0)]
    promote(models, versions[0])
    before = len(os.listdir("/proc/self/fd"))
    for version in versions * 3:
        promote(models, version)
    rollback(models)
    assert len(os.listdir("/proc/self/fd")) == before
