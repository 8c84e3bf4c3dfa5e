"""A row is what its rendered text says: rows against the rule library itself, on dirty leads."""

from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
import rule_engine

from scoring_service.domain.routing.routes import Route, ToPool, ToTrack
from scoring_service.domain.schema import Attribute, AttributeType
from scoring_service.policy.decision_table import read_table, render
from scoring_service.policy.index import IndexedRoutes

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
SYMBOLS = {
    "country": AttributeType.TEXT,
    "company_name": AttributeType.TEXT,
    "employees": AttributeType.INTEGER,
    "annual_revenue": AttributeType.NUMBER,
    "vip": AttributeType.BOOLEAN,
    "since": AttributeType.DATE,
}
CELLS = {
    "country": ["DE", "AT", "DE|AT|CH", "1", "true"],
    "company_name": [
        '"""a|b"""',
        '"say ""hi"""',
        "back\\slash",
        "1.0",
        "é|ß",
        '"""""""quoted"""""""',
    ],
    "employees": ["0", "1", "200..999", ">=1000", "<10", "1|2|3", "-5..-1", "<=999999999999999"],
    "annual_revenue": ["0.1", "0.1..0.3", ">0.3", "1000000", "<0.00001", "0.1|0.7"],
    "vip": ["true", "FALSE", "true|false"],
    "since": ["2026-03-31", "2026-03-31|2026-04-01"],
}
VALUES: dict[str, list[Any]] = {
    "country": ["DE", "AT", "CH", "de", "1", "true", "", "DE|AT|CH"],
    "company_name": ["a|b", 'say "hi"', "back\\slash", "1.0", "ß", '"quoted"', "a"],
    "employees": [0, 1, 2, 199, 200, 999, 1000, 9, 10, -1, -6, 10**15, 1.0, 199.5, 2**60],
    "annual_revenue": [0.1, 0.2, 0.3, 0.30000000000000004, 0.7, 1e6, 1000000, 1e-6, 0.0, -0.0],
    "vip": [True, False],
    "since": [datetime(2026, day, 1, tzinfo=UTC) for day in (3, 4)]
    + [datetime(2026, 3, 31, tzinfo=UTC)],
}
WRONG: list[Any] = [None, None, True, 1, 1.0, "1", "true", (), ("DE",), {}, NOON]
KINDS = {
    AttributeType.TEXT: rule_engine.DataType.STRING,
    AttributeType.INTEGER: rule_engine.DataType.FLOAT,
    AttributeType.NUMBER: rule_engine.DataType.FLOAT,
    AttributeType.BOOLEAN: rule_engine.DataType.BOOLEAN,
    AttributeType.DATE: rule_engine.DataType.DATETIME,
}


def library() -> rule_engine.Context:
    types = {name: KINDS[kind] for name, kind in SYMBOLS.items()}
    return rule_engine.Context(
        type_resolver=rule_engine.type_resolver_from_dict(types), default_value=None
    )


def matches(rule: rule_engine.Rule, lead: dict[str, Any]) -> bool:
    """What cannot be evaluated does not match."""
    try:
        return bool(rule.matches(lead))
    except rule_engine.errors.EngineError:
        return False


def random_table(rng: Random, count: int) -> bytes:
    lines = [",".join([*SYMBOLS, "pool"])]
    for number in range(count):
        cells = [rng.choice(CELLS[name]) if rng.random() < 0.4 else "" for name in SYMBOLS]
        lines.append(",".join([*cells, f"p{number}"]))
    return "\n".join(lines).encode()


def random_lead(rng: Random) -> dict[str, Any]:
    lead = {
        name: rng.choice(WRONG) if rng.random() < 0.15 else rng.choice(VALUES[name])
        for name in SYMBOLS
    }
    return {name: value for name, value in lead.items() if rng.random() < 0.9}


@pytest.mark.parametrize("seed", range(8))
def test_a_row_matches_where_its_text_does_in_the_library(seed: int) -> None:
    rng = Random(seed)
    schema = {name: Attribute(name, kind) for name, kind in SYMBOLS.items()}
    rows = read_table("territories.csv", random_table(rng, 40), ("pool",), schema)
    context = library()
    rules = [rule_engine.Rule(render(row), context=context) for row in rows]
    routes = [Route(at, "", "", ToPool("p"), row.condition) for at, row in enumerate(rows)]
    table = IndexedRoutes(
        [*routes, Route(40, "otherwise", "", ToTrack("t"), lambda symbols: True)],
        [*(row.tests for row in rows), ()],
        [True] * 41,
        lambda calendar, at: True,
    )
    for _ in range(50):
        lead = random_lead(rng)
        by_library = [matches(rule, lead) for rule in rules]
        assert [row.condition(lead) for row in rows] == by_library, lead
        assert table.first(lead, NOON).route.position == [*by_library, True].index(True)
