"""Whatever stands in a models folder, it is refused in a sentence and nothing is made of it."""

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.domain.calibration.baseline import HEALTH, SCORE, Baseline, Shares
from scoring_service.registry.adding import hashes
from scoring_service.registry.baselines import baseline_of
from scoring_service.registry.manifest import Manifest, manifest_in
from scoring_service.registry.problem import RegistryProblem
from scoring_service.registry.skops_types import ALLOWED, SCHEMA_BYTES_MAX, check_skops, types_in
from scoring_service.registry.versions import BYTES_MAX, is_version, read_version, versions

FEW = settings(max_examples=25)
"""Enough to meet each branch: the tables have the edges."""

Add = Callable[..., str]
DEEP = b"[" * 100_000 + b"]" * 100_000


def zipped(content: bytes, how: int = zipfile.ZIP_STORED) -> bytearray:
    """A zip file with a schema in it."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", how) as archive:
        archive.writestr("schema.json", content)
    return bytearray(file.getvalue())


def with_field(archive: bytearray, local: int, central: int, form: str, value: int) -> bytes:
    """The archive with another number in the header of its file and in the table of its files."""
    struct.pack_into(form, archive, local, value)
    struct.pack_into(form, archive, archive.find(b"PK\x01\x02") + central, value)
    return bytes(archive)


def damaged() -> bytes:
    """A packed file of which some bytes are others."""
    archive = zipped(bytes(range(256)) * 20, zipfile.ZIP_DEFLATED)
    for place in range(44, 60):
        archive[place] ^= 0xFF
    return bytes(archive)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(bytes(zipped(DEEP)), id="a schema nested deeper than anything"),
        pytest.param(damaged(), id="packed bytes that are damaged"),
        pytest.param(with_field(zipped(b"{}"), 6, 8, "<H", 1), id="a file that is encrypted"),
        pytest.param(with_field(zipped(b"{}"), 8, 10, "<H", 99), id="packed in an unknown way"),
        pytest.param(bytes(zipped(b"\xff\xfe")), id="a schema that is no text"),
        pytest.param(
            with_field(zipped(b"{}" + b" " * 10**6, zipfile.ZIP_DEFLATED), 22, 24, "<I", 2),
            id="a schema that is said to be smaller than it is",
        ),
        pytest.param(bytes(zipped(b"{")), id="a schema that is half JSON"),
    ],
)
def test_a_model_file_that_cannot_be_read_is_no_skops_file(content: bytes) -> None:
    with pytest.raises(RegistryProblem, match=r"^m\.skops is no skops file: it was not loaded$"):
        types_in(content, "m.skops")


@FEW
@given(st.binary(max_size=60), st.integers(0, 200))
def test_whatever_bytes_are_in_it_a_model_file_has_types_or_is_refused(
    bytes_: bytes, place: int
) -> None:
    archive = zipped(b'{"__module__": "os", "__class__": "system"}', zipfile.ZIP_DEFLATED)
    archive[place : place + len(bytes_)] = bytes_
    try:
        found = types_in(bytes(archive), "m.skops")
    except RegistryProblem:
        return
    assert isinstance(found, frozenset)


def test_a_schema_of_the_largest_size_is_read_and_a_larger_one_is_not() -> None:
    largest = b" " * (SCHEMA_BYTES_MAX - 2) + b"{}"
    assert types_in(bytes(zipped(largest, zipfile.ZIP_DEFLATED)), "m") == frozenset()
    with pytest.raises(RegistryProblem, match="m has a schema of over 16 MiB"):
        types_in(bytes(zipped(b" " + largest, zipfile.ZIP_DEFLATED)), "m")


@pytest.mark.parametrize("half", ["__class__", "__module__"])
def test_half_a_name_is_a_foreign_type(half: str) -> None:
    archive = bytes(zipped(msgspec.json.encode({half: "list"})))
    (found,) = types_in(archive, "m")
    assert found not in ALLOWED
    with pytest.raises(RegistryProblem, match="m holds types that no model of ours has"):
        check_skops(archive, "m")


def test_foreign_types_are_told_by_name_in_order_and_within_500_letters() -> None:
    nodes = [{"__module__": f"m{n:03}", "__class__": "C" * 20} for n in reversed(range(100))]
    with pytest.raises(RegistryProblem) as refused:
        check_skops(bytes(zipped(msgspec.json.encode(nodes))), "m")
    told = str(refused.value)
    assert told.startswith(f"m holds types that no model of ours has: m000.{'C' * 20}, m001.")
    assert len(told) < 600


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b'{"x":' + DEEP + b"}", "is no manifest", id="nested too deep"),
        pytest.param(
            b'{"version":"a","files":{"scorecard.json":5}}', "is no manifest", id="a hash"
        ),
        pytest.param(b'{"files":{"scorecard.json":"a"}}', "is no manifest", id="no version"),
        pytest.param(b'{"version":"\xff"}', "is no manifest", id="no text"),
        pytest.param(b'{"version":"a","files":{}}', "names no scorecard.json", id="no scorecard"),
    ],
)
def test_a_manifest_that_is_none_is_told(content: bytes, said: str) -> None:
    with pytest.raises(RegistryProblem, match=rf"^here {said}.*; publish it anew$"):
        manifest_in(content, "here")


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("", id="no name"),
        pytest.param(".", id="the folder"),
        pytest.param("..", id="the folder above"),
        pytest.param("a/b", id="a file further down"),
        pytest.param("/etc/passwd", id="a file elsewhere"),
        pytest.param("card\0.md", id="a name that no file can have"),
    ],
)
def test_a_name_that_is_no_file_of_the_folder_is_not_opened(
    models: Path, add: Add, name: str
) -> None:
    version = add()
    path = models / version / "manifest.json"
    manifest = manifest_in(path.read_bytes(), "it")
    files = {**manifest.files, name: "00"}
    path.write_bytes(msgspec.json.encode(Manifest(version, files)))
    with pytest.raises(RegistryProblem, match="which is no file of its folder"):
        read_version(models, version)


def test_a_file_of_the_largest_size_is_read_and_a_larger_one_is_not(models: Path, add: Add) -> None:
    version = add(card_md=b"# a card")
    for size, said in ((BYTES_MAX, "has changed since"), (BYTES_MAX + 1, "over 64 MiB")):
        with (models / version / "card.md").open("wb") as file:
            file.truncate(size)
        with pytest.raises(RegistryProblem, match=said):
            read_version(models, version)


def test_a_folder_where_a_file_is_meant_is_told(models: Path, add: Add) -> None:
    version = add(card_md=b"# a card")
    (models / version / "card.md").unlink()
    (models / version / "card.md").mkdir()
    with pytest.raises(RegistryProblem, match=r"card\.md cannot be read: Is a directory"):
        read_version(models, version)


BASELINE = Baseline(100, 0.2, (), (0.5,), Shares(SCORE, SCORE, {"< 0.5": 1.0}))


def test_a_version_has_the_baseline_that_it_was_published_with(models: Path, add: Add) -> None:
    version = add(health_json=msgspec.json.encode(BASELINE))
    assert baseline_of(read_version(models, version)) == BASELINE
    assert baseline_of(read_version(models, add(-1.0, card_md=b"#"))) is None


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"{}", id="another value"),
        pytest.param(b"{", id="half of one"),
        pytest.param(b'"\xff"', id="no text"),
        pytest.param(b'{"x":' + DEEP + b"}", id="nested too deep"),
    ],
)
def test_a_file_that_holds_no_baseline_is_told(models: Path, add: Add, content: bytes) -> None:
    found = read_version(models, add(health_json=content))
    with pytest.raises(RegistryProblem, match=r"health\.json holds no baseline: .*publish it anew"):
        baseline_of(found)


def test_a_baseline_that_is_gone_since_is_told(models: Path, add: Add) -> None:
    version = add(health_json=msgspec.json.encode(BASELINE))
    found = read_version(models, version)
    (models / version / HEALTH).unlink()
    with pytest.raises(RegistryProblem, match="holds no baseline"):
        baseline_of(found)


@FEW
@given(st.text(max_size=20))
def test_a_version_is_sixteen_hex_digits_and_nothing_else(name: str) -> None:
    slow = len(name) == 16 and all(sign in "0123456789abcdef" for sign in name)
    assert is_version(name) == slow


@FEW
@given(st.dictionaries(st.text(max_size=5), st.binary(max_size=5), max_size=4))
def test_hashes_are_told_by_name_whatever_the_order(files: dict[str, bytes]) -> None:
    forth, back = hashes(files), hashes(dict(reversed(files.items())))
    assert list(forth) == list(back) == sorted(files)
    assert forth == back
    assert all(len(digest) == 64 for digest in forth.values())


def test_versions_are_told_by_name_and_files_are_read_up_to_64_mib(models: Path, add: Add) -> None:
    added = {add(base / 8) for base in range(6)}
    assert versions(models) == tuple(sorted(added))
    assert len(added) == 6
    assert BYTES_MAX == 64 * 2**20
