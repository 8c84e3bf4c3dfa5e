"""What conditions may name: every symbol with its type, and the library's typed context of them."""

import hashlib
import operator
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC
from typing import Any

import msgspec
import rule_engine
from rule_engine import DataType

from scoring_service.domain.schema import Attribute, AttributeType, Schema
from scoring_service.values.condition import Symbols
from scoring_service.values.score import Quadrant
from scoring_service.values.stage import Stage

_TEXT, _NUMBER, _INTEGER = AttributeType.TEXT, AttributeType.NUMBER, AttributeType.INTEGER
_DERIVED = ("email_domain", "website_domain")
_OF_ACCOUNT = ("account_id", "name", "country", "owner", "parent")
_OF_SCORE = (
    Attribute("score.fit", _NUMBER),
    Attribute("score.behaviour", _NUMBER),
    Attribute("score.quadrant", _TEXT, values=frozenset(Quadrant)),
    Attribute("score.win_probability", _NUMBER),
    Attribute("score.fit_grade", _TEXT, values=frozenset("ABCD")),
    Attribute("score.behaviour_level", _INTEGER),
)
_STAGE = Attribute("stage", _TEXT, values=frozenset(Stage))

ROUTES_ONLY = frozenset({"score", "activity", "stage"})
"""What fit and disqualify criteria do not see."""


def fit_symbols(schema: Schema) -> dict[str, Attribute]:
    """A lead's symbols and its account's, dotted ones under their dotted names."""
    derived = (Attribute(name, _TEXT) for name in _DERIVED)
    own = {name: replace(attribute, name=name) for name, attribute in schema.items()}
    of_account = {f"account.{name}": attribute for name, attribute in schema.items()}
    of_account |= {f"account.{name}": Attribute(name, _TEXT) for name in _OF_ACCOUNT}
    dotted = (replace(attribute, name=name) for name, attribute in of_account.items())
    return own | {attribute.name: attribute for attribute in (*derived, *dotted)}


def table_symbols(schema: Schema, activity_types: Collection[str]) -> dict[str, Attribute]:
    """Every symbol of routes, and so of the columns of a decision table."""
    return fit_symbols(schema) | {
        attribute.name: attribute for attribute in (*_OF_SCORE, *_of(activity_types), _STAGE)
    }


def _of(activity_types: Collection[str]) -> Iterable[Attribute]:
    for name in activity_types:
        yield Attribute(f"activity.{name}.count", _INTEGER)
        yield Attribute(f"activity.{name}.days_since", _NUMBER)


@dataclass(frozen=True, slots=True)
class Scope:
    """What one kind of condition sees. `digest` names it: a compiled condition fits its own.

    `getters` keeps how each symbol is read, so that conditions share it.
    """

    symbols: Mapping[str, Attribute]
    context: rule_engine.Context
    digest: str
    getters: dict[str, Callable[[Symbols], Any]] = field(default_factory=dict, repr=False)


def scope(symbols: Mapping[str, Attribute]) -> Scope:
    """The scope of these symbols, with a context of its own."""
    said = [msgspec.to_builtins(symbols[name], order="deterministic") for name in sorted(symbols)]
    digest = hashlib.sha256(msgspec.json.encode(said)).hexdigest()[:16]
    return Scope(symbols, _context(symbols), digest)


def _context(symbols: Mapping[str, Attribute]) -> rule_engine.Context:
    """Missing symbols are null, naive instants UTC; only what is declared can be named."""
    nested: dict[str, Any] = {}
    for name, attribute in symbols.items():
        *steps, last = name.split(".")
        inside = nested
        for step in steps:
            inside = inside.setdefault(step, {})
        inside[last] = _TYPES[attribute.type]
    return rule_engine.Context(
        type_resolver={name: _typed(name, inside) for name, inside in nested.items()},
        default_timezone=UTC,
        default_value=None,
        mapping_attribute_lookup=False,
    )


def _typed(name: str, inside: Any) -> Any:
    """A type as it is, a map of types as an object whose attributes are items of a dict."""
    if not isinstance(inside, dict):
        return inside
    attributes = {key: _typed(f"{name}.{key}", value) for key, value in inside.items()}
    return DataType.OBJECT(name, attributes=attributes, accessor=operator.getitem)


_TYPES: Mapping[AttributeType, Any] = {
    AttributeType.TEXT: DataType.STRING,
    AttributeType.INTEGER: DataType.FLOAT,
    AttributeType.NUMBER: DataType.FLOAT,
    AttributeType.BOOLEAN: DataType.BOOLEAN,
    AttributeType.DATE: DataType.DATETIME,
    AttributeType.TEXTS: DataType.ARRAY(DataType.STRING),
}
