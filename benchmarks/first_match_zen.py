"""The first match beside zen-engine's, on the same 10,000 rows of countries, names and ranges.

    python benchmarks/first_match_zen.py [VERSION ...]

Each version is installed by pip into an environment of its own and asked in a process of its
own (first_match_zen_side.py), after both have given the same answers for every lead. zen-engine
gets what its table needs of a lead as one flat map; our side builds all of a lead's symbols first.
CPU time, medians of five interleaved rounds. The exit code is 1 where the promise is missed.
"""

import json
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from statistics import median
from time import process_time
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

import first_match

from scoring_service.domain.routing.routes import Route, ToPool
from scoring_service.policy.decision_table import TableRow, read_table
from scoring_service.policy.decision_table_cell import CellTest
from scoring_service.policy.index import IndexedRoutes
from scoring_service.policy.necessary import OneOf
from scoring_service.values.lead import Lead

VERSIONS = ("2.1.3", "0.53.0")
"""The newest, which indexes its tables, and the last before those."""

COLUMNS = ("country", "industry", "region", "employees")
SIDE = Path(__file__).with_name("first_match_zen_side.py")
ROWS, LEADS, ROUNDS = 10_000, 1_000, 5
PROMISE = 50

Answers = list[str | None]
Ask = Callable[[str], Any]


def cell(test: CellTest) -> str:
    """A cell of zen-engine's table.

    >>> cell(OneOf("country", frozenset({"DE", "AT"})))
    '"AT", "DE"'
    """
    if isinstance(test, OneOf):
        return ", ".join(json.dumps(value) for value in sorted(test.values))
    assert test.low_included, "the generated rows include their bounds"
    assert test.high_included, "the generated rows include their bounds"
    return f">= {test.low}" if test.high is None else f"[{test.low}..{test.high}]"


def node(kind: str, **content: object) -> dict[str, object]:
    place = {"x": 0, "y": 0}
    return {"id": kind, "name": kind, "type": f"{kind}Node", "position": place, "content": content}


def decision(rows: Sequence[TableRow]) -> dict[str, object]:
    """The rows as a decision table of the JSON decision model, whose first match counts."""
    rules = []
    for row in rows:
        cells = {test.symbol: cell(test) for test in row.tests}
        blank = dict.fromkeys(COLUMNS, "")
        rules.append(
            {"_id": str(row.number), **blank, **cells, "pool": json.dumps(row.results["pool"])}
        )
    inputs = [{"id": name, "name": name, "field": name} for name in COLUMNS]
    outputs = [{"id": "pool", "name": "pool", "field": "pool"}]
    table = node("decisionTable", hitPolicy="first", inputs=inputs, outputs=outputs, rules=rules)
    edges = [
        {"id": "1", "type": "edge", "sourceId": "input", "targetId": "decisionTable"},
        {"id": "2", "type": "edge", "sourceId": "decisionTable", "targetId": "output"},
    ]
    return {"nodes": [node("input"), table, node("output")], "edges": edges}


def installed(folder: Path, version: str) -> Path:
    """The Python of a new environment that has this version of zen-engine."""
    environment = folder / version
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    subprocess.run((python, "-m", "pip", "install", "-q", f"zen-engine=={version}"), check=True)
    return python


@contextmanager
def asked(python: Path, table: Path, leads: Path) -> Iterator[Ask]:
    """What the other side answers to a line."""
    with subprocess.Popen(
        (python, SIDE, table, leads), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as side:

        def ask(line: str) -> Any:
            assert side.stdin is not None
            assert side.stdout is not None
            print(line, file=side.stdin, flush=True)
            return json.loads(side.stdout.readline())

        try:
            yield ask
        finally:
            side.terminate()


def pool_of(route: Route) -> str | None:
    return route.assign.pool if isinstance(route.assign, ToPool) else None


def ours(routes: IndexedRoutes, leads: Sequence[Lead]) -> float:
    """CPU seconds a lead, symbols included."""
    began = process_time()
    for lead in leads:
        first_match.first_of(routes, lead)
    return (process_time() - began) / len(leads)


def compared(routes: IndexedRoutes, leads: Sequence[Lead], ask: Ask) -> Mapping[str, float]:
    """CPU seconds a lead of either side, by the way it was asked."""
    expected: Answers = [
        pool_of(routes.first(first_match.symbols_of(lead), first_match.NOW).route) for lead in leads
    ]
    assert ask("answers") == expected, "zen-engine gives other answers"
    rounds = [{"ours": ours(routes, leads), **ask("round")} for _ in range(ROUNDS)]
    return {name: median(found[name] for found in rounds) for name in rounds[0]}


def main(*versions: str) -> int:
    rng = Random(8)
    content = first_match.table(rng, ROWS)
    rows = read_table("territories.csv", content, ("pool",), first_match.SCHEMA)
    routes, leads = first_match.indexed(rows), first_match.leads(rng, LEADS)
    slowest = []
    with tempfile.TemporaryDirectory(prefix="leadscoring-zen-") as name:
        folder = Path(name)
        (folder / "table").write_text(json.dumps(decision(rows)))
        sent = [{column: getattr(lead, column) for column in COLUMNS} for lead in leads]
        (folder / "leads").write_text(json.dumps(sent))
        for version in versions or VERSIONS:
            with asked(installed(folder, version), folder / "table", folder / "leads") as ask:
                found = compared(routes, leads, ask)
            mine = found["ours"]
            for way, took in found.items():
                print(f"{version:8} {way:24} {took * 1e6:9.1f} us {took / mine:8.1f} x ours")
            slowest.append(min(took for way, took in found.items() if way != "ours") / mine)
    print(f"at least {min(slowest):.1f} x as fast as zen-engine (promise: {PROMISE})")
    return 0 if min(slowest) >= PROMISE else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
