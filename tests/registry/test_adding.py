"""A version is added whole, once, and readable by everybody; or nothing of it is left."""

import os
import resource
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from scoring_service.domain.calibration.scorecard import version_of
from scoring_service.registry.adding import add_version, hashes
from scoring_service.registry.manifest import Manifest
from scoring_service.registry.problem import RegistryProblem
from scoring_service.registry.versions import read_version, versions

Card = Callable[..., bytes]
CARD_MD = b"# a card"


def told(content: dict[str, bytes], **changes: object) -> bytes:
    """The manifest of these files, or one that says something else."""
    manifest = Manifest(version_of(content["scorecard.json"]), hashes(content))
    return msgspec.json.encode(msgspec.structs.replace(manifest, **changes))


@pytest.fixture
def files(scorecard_json: Card) -> dict[str, bytes]:
    """What a version consists of, beside its manifest."""
    return {"scorecard.json": scorecard_json(), "card.md": CARD_MD}


def test_it_is_said_whether_a_version_is_new(models: Path, files: dict[str, bytes]) -> None:
    version = version_of(files["scorecard.json"])
    assert add_version(models, files, told(files)) == (version, True)
    assert add_version(models, files, told(files)) == (version, False)
    assert versions(models) == (version,)


def test_the_folder_of_models_is_made_with_those_above_it(
    tmp_path: Path, files: dict[str, bytes]
) -> None:
    deep = tmp_path / "a" / "b" / "models"
    version, _ = add_version(deep, files, told(files))
    assert read_version(deep, version).folder == deep / version


def test_everybody_may_read_a_version_and_only_its_owner_may_change_it(
    models: Path, files: dict[str, bytes]
) -> None:
    before = os.umask(0o022)
    try:
        version, _ = add_version(models, files, told(files))
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (models / version).iterdir()}
    assert stat.S_IMODE((models / version).stat().st_mode) == 0o755
    assert modes == {"scorecard.json": 0o644, "card.md": 0o644, "manifest.json": 0o644}


def test_a_version_has_its_files_and_its_manifest_and_nothing_else(
    models: Path, files: dict[str, bytes]
) -> None:
    manifest = told(files)
    version, _ = add_version(models, files, manifest)
    written = {path.name: path.read_bytes() for path in (models / version).iterdir()}
    assert written == {**files, "manifest.json": manifest}
    assert [path.name for path in models.iterdir()] == [version]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"version": "0" * 16}, "is of version '0000000000000000'", id="another name"),
        pytest.param({"files": {}}, "names no scorecard.json", id="no scorecard"),
        pytest.param(
            {"files": {"scorecard.json": "00"}}, "scorecard.json has changed", id="another hash"
        ),
        pytest.param(
            {"files": {"../x": "00", "scorecard.json": "00"}},
            "no file of its folder",
            id="a way out",
        ),
    ],
)
def test_what_is_not_as_its_manifest_says_is_not_added(
    models: Path, files: dict[str, bytes], changes: dict[str, object], said: str
) -> None:
    with pytest.raises(RegistryProblem, match=said):
        add_version(models, files, told(files, **changes))
    assert list(models.iterdir()) == []
    assert add_version(models, files, told(files))[1], "it may be added once that is mended"


def test_a_manifest_that_is_none_is_not_added(models: Path, files: dict[str, bytes]) -> None:
    with pytest.raises(RegistryProblem, match="is no manifest"):
        add_version(models, files, b"{")
    assert list(models.iterdir()) == []


def test_a_version_that_is_there_and_broken_is_told_and_left_as_it_is(
    models: Path, files: dict[str, bytes]
) -> None:
    version, _ = add_version(models, files, told(files))
    (models / version / "card.md").write_bytes(b"another")
    with pytest.raises(RegistryProblem, match=r"card\.md has changed since it was published"):
        add_version(models, files, told(files))
    assert (models / version / "card.md").read_bytes() == b"another"


def test_a_file_in_the_place_of_a_version_is_not_overwritten(
    models: Path, files: dict[str, bytes]
) -> None:
    models.mkdir()
    place = models / version_of(files["scorecard.json"])
    place.write_text("in the way")
    with pytest.raises(RegistryProblem, match="there is no version"):
        add_version(models, files, told(files))
    assert place.read_text() == "in the way"


@contextmanager
def full_disk(size: int) -> Iterator[None]:
    """No file can be larger than so many bytes."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@pytest.mark.parametrize(
    "room",
    [
        pytest.param(0, id="for nothing"),
        pytest.param(len(CARD_MD), id="for the smallest file"),
        pytest.param(len(CARD_MD) - 1, id="for a part of one"),
    ],
)
def test_on_a_full_disk_nothing_of_it_is_left(
    models: Path, files: dict[str, bytes], room: int
) -> None:
    with full_disk(room), pytest.raises(RegistryProblem, match="models cannot be written: File"):
        add_version(models, files, told(files))
    assert list(models.iterdir()) == []
    assert add_version(models, files, told(files))[1]
