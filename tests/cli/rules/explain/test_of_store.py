"""`leadscoring rules explain LEAD`: who got a stored lead and why, from a store or its server."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from click.testing import CliRunner

from scoring_service.cli.main import cli
from tests.cli.conftest import Started

RULES = Path(__file__).parents[4] / "rules"
LEADS: list[dict[str, Any]] = [
    {"lead_id": "big", "email": "kim@meyer.example", "country": "DE", "employees": 1200},
    {"lead_id": "tiny", "email": "jo@tiny.example", "country": "FR", "employees": 4},
    {"lead_id": "odd \a\u202e", "email": "odd@tiny.example", "country": "FR", "employees": 4},
    {"lead_id": "owned", "email": "x@acme.example", "country": "US", "account_id": "acme"},
]
ACCOUNT = {"account_id": "acme", "name": "Acme", "domains": ["acme.example"], "owner_rep_id": "ivy"}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A server by which three leads were routed, one of them to the owner of its account."""
    folder = tmp_path_factory.mktemp("running")
    (folder / "accounts.jsonl").write_text(json.dumps(ACCOUNT))
    leads = (json.dumps({"source": "web", **lead}) for lead in LEADS)
    (folder / "leads.jsonl").write_text("\n".join(leads))
    with Started("--rules", RULES, "--store", f"sqlite:///{folder / 'served.db'}") as server:
        for words in (["import", "accounts", "accounts.jsonl"], ["route", "leads.jsonl"]):
            asked = [*words[:-1], str(folder / words[-1]), "--server", server.address]
            done = CliRunner().invoke(cli, asked)
            assert done.exit_code == 0, done.output
        yield server


@pytest.fixture(scope="module")
def used(running: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the store of that server, which no server holds."""
    path = tmp_path_factory.mktemp("used") / "used.db"
    served = running.store.removeprefix("sqlite:///")
    with closing(sqlite3.connect(served)) as old, closing(sqlite3.connect(path)) as new:
        old.backup(new)
    return path


@pytest.fixture
def explain(run: Any, used: Path) -> Callable[..., Any]:
    """Runs the command on that store."""
    return lambda *words, **env: run(
        "rules", "explain", *words, "--store", f"sqlite:///{used}", **env
    )


@pytest.fixture
def row(explain: Callable[..., Any]) -> Callable[..., dict[str, Any]]:
    """What it says for machines."""
    return lambda *words: json.loads(explain(*words, "--json").stdout)


def sections(text: str) -> dict[str, list[str]]:
    """The sections by title; what is above the first under ""."""
    found: dict[str, list[str]] = {"": []}
    title = ""
    for line in text.splitlines():
        if line and not line.startswith(" "):
            title = line if found[""] and line[-1] != "." else title
        found.setdefault(title, []).append(line)
    return found


def test_a_lead_is_explained_in_sections(explain: Callable[..., Any]) -> None:
    done = explain("tiny")
    assert done.exit_code == 0, done.output
    found = sections(done.stdout)
    assert found[""][0] == "Lead tiny went to the track self-serve by the route 'self-serve'."
    route = found["Why this route"]
    assert "  'self-serve' (routing.yaml:22) matched: employees is 4." in route
    assert (
        "    'asked for a demo' (routing.yaml:10) did not match:"
        " activity.demo_request.days_since <= 2 could not be evaluated, there was no demo_request."
    ) in route
    assert any("The bar fit was missed: 0 of 40." in line for line in found["What it was worth"])
    assert any(
        "Decided again from what was known then, by these rules, it comes out the same." in line
        for line in found["The rules that decided"]
    )


def test_each_route_is_told_with_what_in_it_failed(row: Callable[..., Any]) -> None:
    routes = row("tiny")["routes"]
    assert [route["outcome"] for route in routes] == ["not_matched", "error", "error", "matched"]
    assert routes[1]["failed"]["condition"] == "activity.demo_request.days_since <= 2"
    assert routes[1]["failed"]["values"] == [
        {"symbol": "activity.demo_request.days_since", "value": "null"}
    ]


def test_an_owner_of_an_account_is_told_with_the_evidence(explain: Callable[..., Any]) -> None:
    found = sections(explain("owned").stdout)
    assert found["Who was looked at"][1:3] == [
        "  Before any pool:",
        "    ivy owns the account acme.",
    ]
    assert (
        "  It belongs to the account acme (by its account id), owned by ivy."
        in (found["Its account"])
    )


def test_a_lead_is_found_by_its_address(row: Callable[..., Any]) -> None:
    assert row("X@acme.example")["lead_id"] == "owned"


def test_a_decision_is_found_by_its_id(row: Callable[..., Any]) -> None:
    first = row("big")
    assert row("--decision", first["decision_id"]) == first


def test_machines_are_told_all_of_it(row: Callable[..., Any]) -> None:
    told = row("big")
    assert {"routes", "reps", "account", "score", "activation", "replay", "git"} <= told.keys()
    assert told["replay"] == {"verdict": "equal", "differing": [], "note": ""}
    assert (told["activation"]["actor_id"], told["activation"]["active"]) == ("serve", True)
    assert told["activation"]["revision"] == told["policy_revision"]
    assert told["git"] is None


@pytest.mark.parametrize("words", [["owned"], ["x@acme.example"], ["tiny"]], ids=" ".join)
def test_a_running_server_says_the_same_as_its_store(
    running: Any, run: Any, row: Callable[..., Any], words: list[str]
) -> None:
    done = run("rules", "explain", *words, "--store", running.store, "--json")
    assert json.loads(done.stdout) == row(*words)


def test_a_server_that_is_named_is_asked(run: Any, running: Any, row: Callable[..., Any]) -> None:
    known = row("big")
    asked = ("rules", "explain", "--server", running.address)
    done = run(*asked, "--decision", known["decision_id"], "--json")
    assert json.loads(done.stdout) == known
    missing = run(*asked, "nobody")
    assert missing.exit_code == 2
    assert "no lead 'nobody' is stored; look at its id" in missing.stderr
    by_address = run(*asked, "x@acme.example")
    assert by_address.exit_code == 2
    assert "looked for in a store: give the id, or --store and no --server" in by_address.stderr


def test_an_id_that_would_steer_a_terminal_is_shown(explain: Callable[..., Any]) -> None:
    done = explain("odd@tiny.example")
    assert done.exit_code == 0
    assert done.stdout.startswith("Lead odd \\x07\\u202e went to the track self-serve")


def test_a_record_that_was_changed_is_said_first_and_loudly(
    run: Any, used: Path, tmp_path: Path
) -> None:
    changed = copy(used, tmp_path / "changed.db")
    with closing(sqlite3.connect(changed, isolation_level=None)) as connection:
        connection.execute(
            "update decisions set decision = replace(decision, 'self-serve', 'elsewhere')"
            " where lead_id = 'tiny'"
        )
    done = run("rules", "explain", "tiny", "--store", f"sqlite:///{changed}")
    assert done.exit_code == 1
    assert done.stdout.startswith("WARNING: decided again from what was known then")
    assert "(owner, route)" in done.stdout.splitlines()[0]
    other = run("rules", "explain", "big", "--store", f"sqlite:///{changed}")
    assert (other.exit_code, "WARNING" in other.stdout) == (0, False)


def test_one_whose_owner_came_with_an_import_was_given_to_nobody(
    run: Any, used: Path, tmp_path: Path
) -> None:
    imported = copy(used, tmp_path / "imported.db")
    with closing(sqlite3.connect(imported, isolation_level=None)) as connection:
        connection.execute("update assignments set decision_id = '' where lead_id = 'big'")
    done = run("rules", "explain", "big", "--store", f"sqlite:///{imported}")
    assert done.exit_code == 2
    assert "lead 'big': no decision gave it to anybody yet" in " ".join(done.stderr.split())


def test_nothing_is_changed_by_reading(explain: Callable[..., Any], used: Path) -> None:
    with closing(sqlite3.connect(used)) as connection:
        before = list(connection.iterdump())
    explain("big")
    with closing(sqlite3.connect(used)) as connection:
        assert list(connection.iterdump()) == before


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param(["nobody"], "no lead 'nobody' is stored; look at its id, name its store",
                     id="an unknown lead"),
        pytest.param(["--decision", "d9"], "no decision 'd9' is stored; look at its id",
                     id="an unknown decision"),
        pytest.param([], "name a stored LEAD, a --decision ID, or a folder DIR", id="nothing"),
        pytest.param([RULES], "is a folder: say which lead its rules are to explain with --lead",
                     id="a folder without a lead"),
        pytest.param(["big", "--decision", "d9"], "two questions: ask one", id="two questions"),
        pytest.param(["gone", "--lead", RULES / "routing_test.yaml"],
                     "there is no rules folder at gone", id="a folder that is not there"),
        pytest.param(["--lead", RULES / "routing_test.yaml"], "name the folder of rule files: DIR",
                     id="a file without a folder"),
        pytest.param([RULES, "--lead", RULES / "routing_test.yaml", "--decision", "d9"],
                     "two questions: ask one", id="a file and a decision"),
    ],
)  # fmt: skip
def test_what_cannot_be_explained_is_said_with_its_remedy(
    explain: Callable[..., Any], words: list[object], says: str
) -> None:
    done = explain(*words)
    assert done.exit_code == 2
    assert says in " ".join(done.stderr.split())


def test_a_store_that_is_not_there_is_said(run: Any) -> None:
    done = run("rules", "explain", "big", "--store", "sqlite:///none.db")
    assert done.exit_code == 2
    assert "there is no store at sqlite:///none.db; name it with --store" in done.stderr


def _lines(text: str) -> Iterator[str]:
    return (line.strip() for line in text.splitlines())


def test_where_rules_are_in_no_repository_it_is_said_and_nothing_fails(
    explain: Callable[..., Any], tmp_path: Path
) -> None:
    folder = tmp_path / "loose"
    folder.mkdir()
    done = explain("big", "--rules", folder, GIT_CEILING_DIRECTORIES=str(tmp_path))
    assert done.exit_code == 0
    told = list(_lines(done.stdout))
    why = f"{folder} is in no git repository that can be read"
    assert f"Who wrote the rules is not known: {why}." in told
