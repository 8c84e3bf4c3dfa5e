"""SQL stands in .sql files, in the common dialect, and asks no clock."""

import ast
import re
from pathlib import Path

import pytest

import scoring_service.store
from scoring_service.store import migrations
from scoring_service.store.statements import SQL, statements

STORE = Path(scoring_service.store.__file__).parent
MIGRATIONS = Path(migrations.__file__).parent
FILES = sorted([*SQL.rglob("*.sql"), *MIGRATIONS.rglob("*.sql")])
MODULES = sorted(
    path for path in STORE.parent.rglob("*.py") if "_data" not in path.parts
)  # fmt: skip
BEGINS = re.compile(
    r"\s*(select|insert|update|delete|create|drop|alter|with|begin|commit|rollback|pragma)\s"
    r"(?=.*\b(from|into|set|table|index|immediate|as)\b|\w+ *[=(])",
    re.IGNORECASE | re.DOTALL,
)
CLOCKS = ("now", "current_timestamp", "current_time", "current_date", "strftime", "datetime")


def without_prose(sql: str) -> str:
    return re.sub(r"--.*", "", sql)


def test_there_are_files_to_look_at() -> None:
    assert len(FILES) > 10
    assert len(MODULES) > 50


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_statement_asks_a_clock_or_uses_what_only_one_engine_has(path: Path) -> None:
    sql = without_prose(path.read_text(encoding="utf-8"))
    assert not re.search(rf"\b({'|'.join(CLOCKS)})\b", sql, re.IGNORECASE)
    assert "%" not in sql
    assert "::" not in sql


@pytest.mark.parametrize("name", ["clock_timestamp", "autoincrement", "serial", "json_extract"])
def test_words_of_one_engine_stand_in_its_own_files(name: str) -> None:
    own = {path for path in FILES if name in path.read_text(encoding="utf-8")}
    assert {path.parent.name for path in own} <= {"postgresql", "sqlite"}


def test_no_sql_stands_in_a_module() -> None:
    found = [
        f"{path.name}:{node.lineno}: {node.value[:40]}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if BEGINS.match(node.value)
    ]
    assert found == []


@pytest.mark.parametrize(
    "sql",
    [
        "select 1 from leads",
        "insert into leads values (1)",
        "begin immediate",
        "pragma foreign_keys = on",
        "update leads set cycle = 1",
    ],
)
def test_this_search_finds_sql(sql: str) -> None:
    assert BEGINS.match(sql)


def test_every_statement_that_is_called_exists_and_every_one_is_called() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in STORE.glob("*.py"))
    words = set(re.findall(r"\"(\w+)\"", source))
    called = set(re.findall(r"\b(?:rows|many)\(\s*\"(\w+)\"", source))
    called |= set(re.findall(r"\byield \(?\s*\"(\w+)\"", source))
    sqlite, postgresql = set(statements("sqlite", "?")), set(statements("postgresql", "?"))
    assert called - (sqlite | postgresql) == set()
    assert (sqlite | postgresql) - words == set()


def test_both_engines_have_the_same_statements_but_for_the_session() -> None:
    one, other = statements("sqlite", "?"), statements("postgresql", "?")
    common = {path.stem for path in SQL.glob("*.sql")}
    assert common >= {"leads", "assignments", "requests"}
    differing = {name for name in one.keys() & other.keys() if one[name].sql != other[name].sql}
    assert differing == {"begin", "has_schema", "not_durable"}


def test_arguments_are_placed_where_their_parameters_occur() -> None:
    statement = statements("sqlite", "?")["assignments_of_rep"]
    assert statement.parameters == ("rep_id", "lead_id", "before_at", "before_id", "at_most")
    assert statement.placed is not None
    assert statement.placed((1, 2, 3, 4, 5)) == (1, 2, 2, 3, 4, 5)
    assert statement.sql.count("?") == 6
    assert ":" not in statement.sql


def test_names_of_parameters_become_the_drivers_placeholder() -> None:
    assert "%s" in statements("postgresql", "%s")["timer"].sql
    assert "?" in statements("sqlite", "?")["timer"].sql
