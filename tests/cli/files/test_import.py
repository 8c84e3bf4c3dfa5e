"""`leadscoring import accounts FILE`: companies in, parents first, a bad row named."""

import json
from pathlib import Path
from typing import Any

import pytest

DEMO_RULES = Path(__file__).parents[3] / "examples" / "demo" / "rules"
ACCOUNTS = """account_id,name,domains,country,parent_id,owner_rep_id,sector
kid,Kid,kid.com|kid.de,DE,mum,,toys
mum,Mum,,US,,anna-snelling,
stray,Stray,,US,,nobody,
x,Excess,,US,,,,,
"""


@pytest.fixture(params=["a running server", "no server"])
def where(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """How the command finds a server with the demo's rules."""
    if request.param == "no server":
        return ("--rules", str(DEMO_RULES))
    return ("--store", request.getfixturevalue("server").store)


def _file(text: str, name: str = "accounts.csv") -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


def test_good_accounts_are_stored_and_bad_rows_named(run: Any, where: tuple[str, ...]) -> None:
    done = run("import", "accounts", _file(ACCOUNTS), *where)
    assert done.exit_code == 1
    assert "accounts.csv:4: owner_rep_id: no rep 'nobody'" in done.stderr
    assert "accounts.csv:5: 9 cells" in done.stderr
    assert "2 stored, 2 left out" in done.stderr


def test_a_child_may_stand_before_its_parent_and_has_its_owner(
    run: Any, where: tuple[str, ...]
) -> None:
    run("import", "accounts", _file(ACCOUNTS), *where)
    (row,) = run("route", "-", *where, stdin='{"account_id": "kid"}\n').stdout.splitlines()
    routed = json.loads(row)
    assert routed["rep_id"] == "anna-snelling"
    assert routed["route"] == "known account"
    assert routed["account"]["owner_account_id"] == "mum"


def test_the_outcome_can_be_read_by_machines(run: Any, where: tuple[str, ...]) -> None:
    said = json.loads(run("import", "accounts", _file(ACCOUNTS), *where, "--json").stdout)
    assert said["stored"] == 2
    assert [bad["line"] for bad in said["left_out"]] == [4, 5]


def test_nothing_wrong_is_exit_0(run: Any, where: tuple[str, ...]) -> None:
    file = _file('{"account_id": "solo", "domains": ["solo.com"]}\n', "accounts.jsonl")
    assert run("import", "accounts", file, *where).exit_code == 0


def test_more_accounts_than_a_request_takes_go_in_slices(run: Any, where: tuple[str, ...]) -> None:
    head = "account_id,parent_id\n"
    file = _file(head + "".join(f"a{n},{f'a{n + 1}' if n % 20 else ''}\n" for n in range(450)))
    done = run("import", "accounts", file, *where)
    assert "a450" in done.stderr, "the parent of the last one is nowhere"
    assert "450" not in done.stdout
    assert done.stderr.strip().endswith("left out")


def test_an_account_may_be_changed_by_what_is_present(run: Any, where: tuple[str, ...]) -> None:
    run("import", "accounts", _file(ACCOUNTS), *where)
    run("import", "accounts", _file("account_id,owner_rep_id\nkid,boris-faz\n"), *where)
    done = run("route", "-", *where, stdin='{"lead_id": "new", "account_id": "kid"}\n')
    assert json.loads(done.stdout)["rep_id"] == "boris-faz"
