"""Which schema a store has, and what is to be done where it is not the one needed."""

from pathlib import Path

import pytest

from scoring_service.store.migrate import versions
from scoring_service.store.problems import StoreProblem
from scoring_service.store.schema_version import check_known, check_version


@pytest.fixture
def migrations(tmp_path: Path) -> Path:
    """Three versions, and files that are none."""
    folder = tmp_path / "versions"
    folder.mkdir()
    for name in ("v002_more", "v001_first", "v010_last", "vx_draft", "env", "x003_other"):
        (folder / f"{name}.py").touch()
    (folder / "v004_notes.txt").touch()
    return tmp_path


def test_versions_are_told_oldest_first(migrations: Path) -> None:
    assert versions(migrations) == ("001", "002", "010")


def test_our_own_versions_are_numbered_without_a_gap() -> None:
    found = versions()
    assert [int(version) for version in found] == list(range(1, len(found) + 1))
    assert len({len(version) for version in found}) == 1


@pytest.mark.parametrize(
    ("version", "said"),
    [
        pytest.param(None, "there is no store yet; start the server, or run leadscoring migrate.",
                     id="an empty store"),
        pytest.param("001", "the store has schema 001 and this program needs 010;"
                     " run leadscoring migrate.", id="the first schema"),
        pytest.param("002", "the store has schema 002 and this program needs 010;"
                     " run leadscoring migrate.", id="the one before"),
        pytest.param("011", "the store has schema 011, which is newer than this program (010);"
                     " install a newer leadscoring.", id="one of a later program"),
        pytest.param("003", "the store has schema 003, which is newer than this program (010);"
                     " install a newer leadscoring.", id="one that nobody knows"),
    ],
)  # fmt: skip
def test_a_store_of_another_schema_is_refused_with_what_to_do(
    migrations: Path, version: str | None, said: str
) -> None:
    with pytest.raises(StoreProblem) as problem:
        check_version(version, migrations)
    assert str(problem.value) == said


def test_the_latest_schema_is_good(migrations: Path) -> None:
    check_version("010", migrations)


@pytest.mark.parametrize("version", [None, "001", "002", "010"])
def test_a_store_may_be_migrated_from_any_schema_that_is_known(
    migrations: Path, version: str | None
) -> None:
    check_known(version, migrations)
    with pytest.raises(StoreProblem, match="newer than this program"):
        check_known("011", migrations)
