"""What must never be there: read from the sources, so that a habit cannot slip."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "scoring_service"
BELOW_MAIN = ("values", "domain", "policy", "store", "workflows", "api")
LINES_MAX = 350

HIDDEN = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns", "sleep", "perf_counter", "monotonic", "localtime", "gmtime"},
    "uuid": {"uuid1", "uuid4", "uuid7"},
    "os": {"environ", "getenv", "urandom"},
}
"""Attributes that read the clock, chance or the environment, by what they are read from."""

CHANCE = {"random", "secrets"}
distributions = cache(packages_distributions)

STORE_MAY = {("time", "monotonic"), ("time", "sleep")}
"""How long to wait before trying again: nothing is dated by it, and nothing decided."""


def sources(*below: str) -> list[Path]:
    """Python files of ours, generated code left out."""
    found = [path for folder in below for path in sorted((ROOT / folder).rglob("*.py"))]
    assert found, below
    return [path for path in found if "_pb2" not in path.name]


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("folder", ["scoring_service", "tests", "benchmarks", "protos"])
def test_no_file_is_longer_than_350_lines(folder: str) -> None:
    lengths = {_name(path): len(path.read_text().splitlines()) for path in sources(folder)}
    assert {name: lines for name, lines in lengths.items() if lines > LINES_MAX} == {}


def _hidden(path: Path) -> Iterator[tuple[str, str]]:
    """Uses of the clock, of chance and of the environment in a file."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.attr in HIDDEN.get(node.value.id, ()):
                yield node.value.id, node.attr
        elif isinstance(node, ast.ImportFrom) and node.module in HIDDEN:
            yield from ((node.module, a.name) for a in node.names if a.name in HIDDEN[node.module])
        elif isinstance(node, ast.Import):
            yield from ((a.name, "") for a in node.names if a.name in CHANCE)
        if isinstance(node, ast.ImportFrom) and node.module in CHANCE:
            yield node.module, ""


@pytest.mark.parametrize("floor", BELOW_MAIN)
def test_no_clock_no_chance_and_no_environment_below_main(floor: str) -> None:
    allowed = STORE_MAY if floor == "store" else set()
    found = {
        f"{_name(path)}: {'.'.join(use)}"
        for path in sources(f"scoring_service/{floor}")
        for use in _hidden(path)
        if use not in allowed
    }
    assert found == set()


def test_the_search_for_clocks_finds_one(tmp_path: Path) -> None:
    file = tmp_path / "slip.py"
    file.write_text(
        "import random\nfrom time import time\nx = datetime.now(UTC), os.environ['A']\n"
    )
    assert {use[0] for use in _hidden(file)} == {"random", "time", "datetime", "os"}


def test_no_file_is_opened_below_the_store_and_main() -> None:
    found = {
        _name(path)
        for floor in ("values", "domain", "policy", "workflows", "api")
        for path in sources(f"scoring_service/{floor}")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name | ast.Attribute)
        and getattr(node.func, "id", getattr(node.func, "attr", ""))
        in {"open", "read_text", "read_bytes", "write_text", "write_bytes"}
    }
    assert found == set()


def test_no_sql_outside_its_files() -> None:
    begins = re.compile(r"\s*(select|insert into|update|delete from|create table)\s", re.IGNORECASE)
    found = {
        f"{_name(path)}: {node.value[:40]}"
        for path in sources("scoring_service")
        if "migrations" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and begins.match(node.value)
        and " " in node.value.strip()
    }
    assert {line for line in found if not _is_docstring(line)} == set()


def _is_docstring(line: str) -> bool:
    """A sentence begins with a capital letter; our statements do not."""
    return line.split(": ", 1)[1].lstrip()[0].isupper()


def test_no_statement_asks_the_database_for_the_time_but_the_one_that_is_the_clock() -> None:
    asks = re.compile(r"\b(now|clock_timestamp|statement_timestamp)\s*\(|\bcurrent_(time|date)")
    files = sorted((PACKAGE / "store").rglob("*.sql"))
    assert len(files) > 10
    asking = [_name(file) for file in files if asks.search(file.read_text().lower())]
    assert asking == ["scoring_service/store/sql/postgresql/session.sql"]


FORBIDDEN_IN_TESTS = re.compile(
    r"pytest\.skip|mark\.skip|skipif|importorskip|xfail|unittest\.mock|MagicMock|monkeypatch\.setattr"
)


def test_no_test_is_skipped_and_nothing_is_mocked() -> None:
    this = Path(__file__)
    found = {
        _name(path)
        for path in sources("tests")
        if path != this and FORBIDDEN_IN_TESTS.search(path.read_text())
    }
    assert found == set()


def test_every_golden_case_is_one_that_is_run() -> None:
    folders = [path for path in (ROOT / "tests" / "golden").glob("*/*") if path.is_dir()]
    assert len(folders) > 20
    bare = [
        _name(folder)
        for folder in folders
        if folder.name != "__pycache__"
        and {"planted.yaml", "expected.txt"} - {file.name for file in folder.iterdir()}
    ]
    assert bare == []


def _requirement(line: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", line)
    assert found is not None, line
    return found[0].lower().replace("_", "-")


def _declared(*extras: str) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = list(project["dependencies"])
    for extra in extras:
        lines += project["optional-dependencies"][extra]
    return {_requirement(line) for line in lines}


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize(
    ("folder", "extras"),
    [
        pytest.param("scoring_service", ("postgres",), id="the program"),
        pytest.param("tests", ("dev",), id="the tests"),
    ],
)
def test_what_is_imported_is_declared(folder: str, extras: tuple[str, ...]) -> None:
    by_import, allowed = distributions(), _comes_with(_declared(*extras))
    ours = {"scoring_service", "leadscoring", "benchmarks", "tests"}
    undeclared = set()
    for path in sources(folder):
        for name in set(_imported(path)) - sys.stdlib_module_names - ours:
            packages = {_requirement(package) for package in by_import.get(name, [name])}
            if not packages & allowed:
                undeclared.add(f"{_name(path)}: {name}")
    assert undeclared == set()


def _comes_with(declared: set[str]) -> set[str]:
    """Alembic is built on SQLAlchemy and says so; its migrations may name it."""
    return declared | ({"sqlalchemy"} if "alembic" in declared else set())


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    """The modules of a process that is about to serve."""
    code = "import sys, scoring_service.server.serve; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    return set(done.stdout.decode().split())


@pytest.mark.parametrize("package", ["sklearn", "alembic", "sqlalchemy", "numpy", "pandas"])
def test_a_server_that_is_loaded_has_not_loaded(loaded: set[str], package: str) -> None:
    assert "scoring_service.server.serve" in loaded
    assert package not in loaded
