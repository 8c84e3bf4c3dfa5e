"""The named statements of the .sql files, with their parameters by position."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import Any

import aiosql

SQL = Path(__file__).parent / "sql"
_PARAMETER = re.compile(r"(?<![:\w]):(\w+)")

Arguments = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a driver: `sql` takes its parameters by position.

    `placed` puts arguments, given in declared order, where they occur; None where that is the
    same.
    """

    name: str
    sql: str
    parameters: tuple[str, ...]
    placed: Callable[[Arguments], Arguments] | None


@cache
def statements(engine: str, placeholder: str) -> Mapping[str, Statement]:
    """Every statement of an engine by name: the common ones and its own."""
    files = sorted([*SQL.glob("*.sql"), *(SQL / engine).glob("*.sql")])
    found = [_statement(query, placeholder) for file in files for query in _queries(file)]
    named = {statement.name: statement for statement in found}
    assert len(named) == len(found), "two statements of one name"
    return named


def _queries(file: Path) -> list[Any]:
    queries = aiosql.from_path(file, "sqlite3")
    names = (name for name in queries.available_queries if not name.endswith("_cursor"))
    return [getattr(queries, name) for name in names]


def _statement(query: Any, placeholder: str) -> Statement:
    declared = tuple(query.parameters)
    occurring = tuple(_PARAMETER.findall(query.sql))
    assert set(occurring) == set(declared), (query.__name__, declared, occurring)
    sql = _PARAMETER.sub(placeholder, query.sql)
    return Statement(query.__name__, sql, declared, _placing(declared, occurring))


def _placing(
    declared: tuple[str, ...], occurring: tuple[str, ...]
) -> Callable[[Arguments], Arguments] | None:
    if declared == occurring:
        return None
    return itemgetter(*(declared.index(name) for name in occurring))
