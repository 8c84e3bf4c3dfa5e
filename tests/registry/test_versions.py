"""A version is read whole and unchanged, or not at all."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from scoring_service.domain.calibration.scorecard import version_of
from scoring_service.registry.adding import add_version, hashes
from scoring_service.registry.manifest import Manifest
from scoring_service.registry.problem import RegistryProblem
from scoring_service.registry.versions import read_version, versions

Add = Callable[..., str]


def test_what_was_added_is_read(
    models: Path, add: Add, scorecard_json: Callable[..., bytes]
) -> None:
    version = add(card_md=b"# a card")
    found = read_version(models, version)
    assert found.version == version == version_of(scorecard_json())
    assert found.scorecard == scorecard_json()
    assert set(found.manifest.files) == {"scorecard.json", "card.md"}
    assert versions(models) == (version,)


def test_without_a_folder_there_are_no_versions(models: Path) -> None:
    assert versions(models) == ()


def test_what_is_no_version_is_not_listed(models: Path, add: Add) -> None:
    version = add()
    (models / "notes").mkdir()
    (models / "0123456789abcdef").write_text("a file")
    assert versions(models) == (version,)


def test_a_version_that_is_there_is_never_overwritten(models: Path, add: Add) -> None:
    version = add(card_md=b"first")
    before = {path.name: path.stat().st_mtime_ns for path in (models / version).iterdir()}
    assert add(card_md=b"second") == version
    assert {p.name: p.stat().st_mtime_ns for p in (models / version).iterdir()} == before
    assert (models / version / "card.md").read_bytes() == b"first"


def changed_byte(folder: Path) -> None:
    path = folder / "scorecard.json"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def other_card(folder: Path) -> None:
    (folder / "card.md").write_bytes(b"another")


def gone(folder: Path) -> None:
    (folder / "card.md").unlink()


def no_manifest(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def no_json(folder: Path) -> None:
    (folder / "manifest.json").write_bytes(b"{")


def manifest_of(folder: Path, **changes: object) -> None:
    path = folder / "manifest.json"
    path.write_bytes(msgspec.json.encode(msgspec.json.decode(path.read_bytes()) | changes))


def another_version(folder: Path) -> None:
    manifest_of(folder, version="0123456789abcdef")


def without_scorecard(folder: Path) -> None:
    manifest_of(folder, files={})


def another_scorecard(folder: Path) -> None:
    """Whole and as the manifest says, but of another version."""
    content = (folder / "scorecard.json").read_bytes() + b" "
    (folder / "scorecard.json").write_bytes(content)
    manifest_of(folder, files=hashes({"scorecard.json": content}))


def out_of_the_folder(folder: Path) -> None:
    files = msgspec.json.decode((folder / "manifest.json").read_bytes())["files"]
    manifest_of(folder, files=files | {"../../secret": "00"})


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        pytest.param(changed_byte, "scorecard.json has changed since", id="a changed byte"),
        pytest.param(other_card, "card.md has changed since", id="another card"),
        pytest.param(gone, "card.md cannot be read", id="a file that is gone"),
        pytest.param(no_manifest, "manifest.json cannot be read", id="no manifest"),
        pytest.param(no_json, "manifest.json is no manifest", id="a manifest that is no JSON"),
        pytest.param(another_version, "is of version '0123456789abcdef'", id="another's manifest"),
        pytest.param(without_scorecard, "names no scorecard.json", id="no scorecard in it"),
        pytest.param(another_scorecard, "is not the one of version", id="another's scorecard"),
        pytest.param(out_of_the_folder, "is no file of its folder", id="a way out of the folder"),
    ],
)
def test_a_version_that_is_not_as_it_was_is_refused(
    models: Path, add: Add, harm: Callable[[Path], None], said: str
) -> None:
    version = add(card_md=b"# a card")
    harm(models / version)
    with pytest.raises(RegistryProblem, match=said):
        read_version(models, version)


@pytest.mark.parametrize("name", ["", "..", "../../etc", "0123456789ABCDEF", "0123"])
def test_what_is_no_version_leads_nowhere(models: Path, add: Add, name: str) -> None:
    add()
    with pytest.raises(RegistryProblem, match="is no version"):
        read_version(models, name)


def test_a_version_that_nobody_published_is_named(models: Path, add: Add) -> None:
    add()
    with pytest.raises(RegistryProblem, match="there is no version 0123456789abcdef"):
        read_version(models, "0123456789abcdef")


def test_a_folder_that_cannot_be_written_keeps_no_half_version(
    tmp_path: Path, scorecard_json: Callable[..., bytes]
) -> None:
    place = tmp_path / "file"
    place.write_text("in the way")
    files = {"scorecard.json": scorecard_json()}
    manifest = msgspec.json.encode(Manifest(version_of(files["scorecard.json"]), hashes(files)))
    with pytest.raises(RegistryProblem, match="cannot be written"):
        add_version(place, files, manifest)
    assert place.read_text() == "in the way"


def test_a_file_of_an_impossible_name_leaves_nothing_behind(
    models: Path, scorecard_json: Callable[..., bytes]
) -> None:
    files = {"scorecard.json": scorecard_json(), "x" * 300: b"too long a name"}
    manifest = msgspec.json.encode(Manifest(version_of(files["scorecard.json"]), hashes(files)))
    with pytest.raises(RegistryProblem, match="cannot be written"):
        add_version(models, files, manifest)
    assert list(models.iterdir()) == []
