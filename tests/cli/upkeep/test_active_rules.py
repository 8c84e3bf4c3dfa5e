"""The rules that decide in a store; where this version cannot read them, a sentence."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from scoring_service.cli.problem import Problem
from scoring_service.cli.rules.folder import source_in
from scoring_service.cli.upkeep.active_rules import active_policy, active_source
from scoring_service.policy.source import Source
from scoring_service.store.database import open_database

RULES = Path(__file__).parents[3] / "rules"
URL = "sqlite:///used.db"
READERS = [("doctor",), ("experiments", "list"), ("experiments", "report")]


def _store(content: bytes | None) -> None:
    """A store in which a revision of this content decides; None for a store without any."""
    database = open_database(URL)
    database.migrate()
    database.close()
    if content is None:
        return
    with closing(sqlite3.connect("used.db", isolation_level=None)) as connection:
        connection.execute("insert into policy_revisions values ('r1', ?, 1)", (content,))
        connection.execute("insert into policy_activations values (1, 'r1', 1, 'serve')")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("place")
def test_they_come_out_as_they_went_in() -> None:
    source = source_in(RULES)
    _store(source.pack())
    assert active_source(URL) == source
    assert active_policy(URL, "start it").revision == source.revision


@pytest.mark.usefixtures("place")
def test_where_none_decided_yet_it_is_said_with_the_remedy() -> None:
    with pytest.raises(Problem, match=f"^no policy was ever active in {URL}; start it$"):
        active_policy(URL, "start it")
    assert active_source(URL) is None
    assert not Path("used.db").exists(), "looking makes no store"
    _store(None)
    assert active_source(URL) is None


def test_a_file_without_a_schema_has_none(place: Path) -> None:
    with closing(sqlite3.connect(place / "used.db")) as connection:
        connection.execute("create table other (x)")
    assert active_source(URL) is None


@pytest.mark.usefixtures("place")
def test_what_is_damaged_is_said() -> None:
    _store(b"\0")
    with pytest.raises(Problem, match=f"^the rules that decide in {URL} are damaged: "):
        active_source(URL)


@pytest.mark.usefixtures("place")
def test_what_does_not_load_is_said_with_the_first_mistake_and_how_many_there_are() -> None:
    _store(Source({}, {}, {}).pack())
    with pytest.raises(Problem) as refused:
        active_policy(URL, "start it")
    said = str(refused.value)
    assert said.startswith(f"the rules that decide in {URL} do not load: ")
    assert said.endswith("add attributes.yaml to the folder (and 3 more mistakes)")


@pytest.mark.parametrize("words", READERS, ids=" ".join)
@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param(b"\0", "are damaged: ", id="damaged"),
        pytest.param(Source({}, {}, {}).pack(), "do not load: ", id="of another version"),
    ],
)
def test_a_command_that_reads_them_ends_in_a_sentence(
    run: Any, words: tuple[str, ...], content: bytes, why: str
) -> None:
    _store(content)
    refused = run(*words, "--store", URL)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr.startswith(f"leadscoring: the rules that decide in {URL} {why}")
    assert len(refused.stderr.splitlines()) == 1
