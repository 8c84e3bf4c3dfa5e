"""Which server a command speaks to, and by which rules it reads a row."""

from pathlib import Path
from typing import Any

import pytest

from scoring_service.cli.problem import Problem
from scoring_service.cli.rules.folder import source_in, types_in
from scoring_service.cli.serving.connection import channel_to, reached
from scoring_service.cli.serving.local import local_server
from scoring_service.cli.serving.running import running_server
from scoring_service.cli.serving.where import Where
from scoring_service.cli.upkeep.active_rules import active_source
from scoring_service.domain.schema import AttributeType
from scoring_service.policy.source import Source
from scoring_service.server.start_problem import StartProblem
from scoring_service.store.problems import StoreProblem
from scoring_service.store.sqlite_lock import Lock

DEMO_RULES = Path(__file__).parents[3] / "examples" / "demo" / "rules"


@pytest.fixture
def store(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'leads.db'}"


def test_the_server_that_holds_a_store_is_found(server: Any) -> None:
    assert running_server(server.store) == server.address


def test_a_new_store_is_held_by_nobody(store: str) -> None:
    assert running_server(store) is None


def test_a_lock_that_nobody_holds_any_more_names_no_server(store: str, tmp_path: Path) -> None:
    (tmp_path / "leads.db.lock").write_text("127.0.0.1:50051\n")
    assert running_server(store) is None


def test_a_holder_that_serves_nobody_is_no_server(store: str, tmp_path: Path) -> None:
    lock = Lock(tmp_path / "leads.db")
    lock.take()
    assert running_server(store) is None
    lock.release()


def test_a_postgresql_store_names_no_server() -> None:
    assert running_server("postgresql://nobody@nowhere/none") is None


def test_what_is_no_store_is_refused() -> None:
    with pytest.raises(StoreProblem, match="sqlite:///"):
        running_server("leads.db")


async def test_a_named_server_comes_before_the_one_that_holds_the_store(server: Any) -> None:
    with pytest.raises(Problem, match=r"127\.0\.0\.1:1;"):
        async with reached(Where(server.store, server="127.0.0.1:1")):
            pass


async def test_a_port_where_nobody_listens_is_a_problem() -> None:
    with pytest.raises(Problem, match="no server answers"):
        async with channel_to("127.0.0.1:1"):
            pass


async def test_a_name_that_nobody_has_is_a_problem_too() -> None:
    with pytest.raises(Problem, match="no server answers"):
        async with channel_to("no-such-host.invalid:50051"):
            pass


@pytest.mark.parametrize(
    ("rules", "by_store", "known"),
    [
        pytest.param(DEMO_RULES, False, True, id="by the rules that are named"),
        pytest.param(None, True, True, id="else by those the store decides by"),
        pytest.param(None, False, False, id="else by their look alone"),
    ],
)
async def test_a_rows_columns_are_read(
    server: Any,
    rules: Path | None,
    by_store: bool,
    known: bool,
    capsys: pytest.CaptureFixture[str],
) -> None:
    where = Where(server.store, None if by_store else server.address, rules)
    async with reached(where) as found:
        assert found.types.get("age") is (AttributeType.INTEGER if known else None)
    told = f"the server at {server.address} decides by its own rules and model; of --rules only"
    assert capsys.readouterr().err.startswith(told) is (rules is not None)


async def test_a_server_says_that_it_decides_by_its_own_model(
    server: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with reached(Where(server.store, models=tmp_path)):
        pass
    assert "decides by its own rules and model" in capsys.readouterr().err


async def test_a_local_server_is_for_its_own_command_only(store: str) -> None:
    async with local_server(store, DEMO_RULES, keeps=True) as local:
        assert local.address
        assert running_server(store) is None
        with pytest.raises(StartProblem, match="another process"):
            async with local_server(store, DEMO_RULES, keeps=True):
                pass


async def test_a_local_server_leaves_the_store_to_the_next(store: str) -> None:
    for _ in range(2):
        async with local_server(store, DEMO_RULES, keeps=True) as local:
            assert local.address


async def test_what_is_not_to_be_kept_is_done_on_a_copy(store: str, tmp_path: Path) -> None:
    async with local_server(store, DEMO_RULES, keeps=False):
        assert running_server(store) is None
    assert list(tmp_path.iterdir()) == []


async def test_a_stores_own_rules_are_found_again(store: str) -> None:
    assert active_source(store) is None
    async with local_server(store, DEMO_RULES, keeps=True):
        pass
    found = active_source(store)
    assert found is not None
    assert found.files == source_in(DEMO_RULES).files


async def test_a_local_server_goes_on_with_the_stores_own_rules(store: str) -> None:
    async with local_server(store, DEMO_RULES, keeps=True) as first:
        pass
    async with local_server(store, None, keeps=True) as second:
        assert second.types == first.types
    assert "job" in second.types


async def test_without_any_rules_the_starter_rules_decide(store: str) -> None:
    async with local_server(store, None, keeps=False) as local:
        assert "seniority" in local.types


async def test_rules_that_do_not_load_do_not_give_way_to_older_ones(
    store: str, tmp_path: Path
) -> None:
    async with local_server(store, DEMO_RULES, keeps=True):
        pass
    broken = tmp_path / "broken"
    broken.mkdir()
    with pytest.raises(Problem, match=r"attributes\.yaml"):
        async with local_server(store, broken, keeps=True):
            pass


def test_types_come_from_the_attributes_that_can_be_read() -> None:
    types = types_in(source_in(DEMO_RULES))
    assert types["age"] is AttributeType.INTEGER
    assert types["housing"] is AttributeType.BOOLEAN
    assert types["employees"] is AttributeType.INTEGER, "a field that every lead has"


def test_attributes_that_cannot_be_read_say_nothing() -> None:
    assert types_in(Source({"attributes.yaml": b"a: ["}, {}, {})) == {}
