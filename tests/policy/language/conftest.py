"""Conditions over a lead with a flag, a date and the activity types demo and web."""

from collections.abc import Callable
from typing import Any

import pytest

from scoring_service.domain.schema import TYPED_FIELDS, Attribute, AttributeType, Schema
from scoring_service.policy.conditions import Compiled, compile_condition
from scoring_service.policy.language.oracle import oracle
from scoring_service.policy.language.refusal import Refused
from scoring_service.policy.language.symbols import Scope, scope, table_symbols
from scoring_service.values.condition import ConditionError

INDUSTRIES = frozenset({"software", "finance", "health"})


@pytest.fixture(scope="session")
def schema() -> Schema:
    """Every typed field, three industries, a flag, a date and a number."""
    fields = {name: Attribute(name, kind, typed=True) for name, kind in TYPED_FIELDS.items()}
    return fields | {
        "industry": Attribute("industry", AttributeType.TEXT, values=INDUSTRIES, typed=True),
        "vip": Attribute("vip", AttributeType.BOOLEAN),
        "since": Attribute("since", AttributeType.DATE),
        "seats": Attribute("seats", AttributeType.INTEGER),
    }


@pytest.fixture(scope="session")
def seen(schema: Schema) -> Scope:
    """What routes see."""
    return scope(table_symbols(schema, ["demo", "web"]))


@pytest.fixture(scope="session")
def compiled(seen: Scope) -> Callable[[str], Compiled]:
    """A condition of a route."""
    return lambda text: compile_condition(text, seen)


@pytest.fixture(scope="session")
def says(seen: Scope) -> Callable[..., bool | None]:
    """What a condition says of a lead's symbols, None where it cannot be evaluated; never another
    thing than the library says.
    """

    def of(text: str, **symbols: Any) -> bool | None:
        found = [
            _outcome(condition, symbols)
            for condition in (compile_condition(text, seen).condition, oracle(text, seen))
        ]
        assert found[0] is found[1], f"{text}: ours {found[0]}, the library's {found[1]}"
        return found[0]

    return of


def _outcome(condition: Callable[[Any], bool], symbols: Any) -> bool | None:
    try:
        return condition(symbols)
    except ConditionError:
        return None


@pytest.fixture(scope="session")
def refused(seen: Scope) -> Callable[[str], str]:
    """What a condition is refused with and the remedy; empty where it is accepted."""

    def of(text: str) -> str:
        try:
            compile_condition(text, seen)
        except Refused as found:
            return str(found)
        return ""

    return of
