"""Rows of a file as messages of the wire: leads with their activities, and accounts."""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.json_format import ParseDict, ParseError
from google.protobuf.message import Message
from leadscoring.v1 import types_pb2

from scoring_service.cli.files.lifecycle_messages import activity_of
from scoring_service.cli.files.rows import BadRow, Row, shown
from scoring_service.domain.schema import AttributeType

Types = Mapping[str, AttributeType]
"""The type of each declared attribute; of those not in it the cell's look decides."""

M = TypeVar("M", bound=Message)

KEYS = {
    AttributeType.TEXT: "text",
    AttributeType.INTEGER: "integer",
    AttributeType.NUMBER: "number",
    AttributeType.BOOLEAN: "boolean",
    AttributeType.DATE: "date",
    AttributeType.TEXTS: "texts",
}
BESIDE = ("activities", "request_id", "requestId")
"""What a row may say beside the lead itself."""

LISTS = ("technologies", "domains")
TRUTH = {"true": True, "false": False, "yes": True, "no": False}
WRONG = (ParseError, ValueError, TypeError, AttributeError)
"""What protobuf raises of values that do not fit."""

REMEDIES: Mapping[int, str] = {
    FieldDescriptor.CPPTYPE_STRING: "no text; put it in quotes",
    FieldDescriptor.CPPTYPE_INT64: "no whole number; write it like 1200",
    FieldDescriptor.CPPTYPE_DOUBLE: "no number; write it like 1200000.50",
    FieldDescriptor.CPPTYPE_BOOL: "neither true nor false",
}
A_LIST = 'no list of texts; write it like ["a", "b"]'
A_VALUE = "no value of an attribute; give a text, a number, true, false or a list of texts"

_ACTIVITY: Mapping[str, str] = {
    str(f.json_name): str(f.name) for f in types_pb2.Activity.DESCRIPTOR.fields
}


def lead_of(row: Mapping[str, Any], types: Types) -> types_pb2.Lead:
    """The lead of a row: its fields by name, every other column a declared attribute."""
    return _parsed({k: v for k, v in row.items() if k not in BESIDE}, types_pb2.Lead(), types)


def request_id_of(row: Mapping[str, Any]) -> str:
    """The row's own `request_id`, empty where it has none."""
    return str(row.get("request_id") or row.get("requestId") or "")


def account_of(row: Mapping[str, Any], types: Types) -> types_pb2.Account:
    """The account of a row, in the same manner."""
    return _parsed(row, types_pb2.Account(), types)


def activities_of(row: Mapping[str, Any]) -> list[types_pb2.Activity]:
    """The row's `activities`: a list, or in a CSV cell the JSON of one."""
    found = row.get("activities")
    try:
        listed = json.loads(found) if isinstance(found, str) else found
    except (ValueError, RecursionError) as error:
        raise BadRow(f"activities: not JSON ({error}); give a JSON list of activities") from error
    if listed is None:
        return []
    if not isinstance(listed, list):
        raise BadRow(f"activities: {shown(listed)} is no list; give a JSON list of activities")
    return [_activity(number, given) for number, given in enumerate(listed)]


def _activity(number: int, given: Any) -> types_pb2.Activity:
    if not isinstance(given, Mapping):
        raise BadRow(f"activities[{number}]: {shown(given)} is no activity; give an object")
    row = {_ACTIVITY.get(name, name): value for name, value in given.items()}
    try:
        return activity_of(row, beside=())
    except BadRow as bad:
        raise BadRow(f"activities[{number}].{bad}") from None


def _parsed(row: Mapping[str, Any], message: M, types: Types) -> M:
    """The message of a row; what is null is absent."""
    fields = {f.name: f for f in message.DESCRIPTOR.fields}
    by_name = fields | {f.json_name: f for f in message.DESCRIPTOR.fields}
    known: Row = {}
    loose: Row = {}
    for name, value in row.items():
        if value is None:
            continue
        if name not in by_name:
            loose[name] = value
        elif (field := by_name[name]).name in known:
            raise BadRow(f"{name}: stands twice in the row, as {field.name} too")
        else:
            known[field.name] = _field(field, name, value)
    given = _attributes(known, loose)
    attributes = {k: _attribute(k, v, types.get(k)) for k, v in given.items() if v is not None}
    try:
        return ParseDict(known | {"attributes": attributes}, message)
    except WRONG:
        for name, value in known.items():
            remedy = A_LIST if name in LISTS else REMEDIES.get(fields[name].cpp_type, "")
            _taken(message, name, value, {name: value}, remedy)
        for name, value in attributes.items():
            kind = types.get(name)
            remedy = f"no {kind}; attributes.yaml says what it is" if kind else A_VALUE
            _taken(message, name, given[name], {"attributes": {name: value}}, remedy)
        raise


def _taken(message: Message, name: str, value: object, alone: Row, remedy: str) -> None:
    """BadRow where a part of a row does not fit by itself."""
    try:
        ParseDict(alone, type(message)())
    except WRONG:
        raise BadRow(f"{name}: {shown(value)} is {remedy}") from None


def _attributes(known: Row, loose: Row) -> Row:
    """Those that stand together under `attributes`, and those with a column of their own."""
    together = known.pop("attributes", {})
    if not isinstance(together, Mapping):
        raise BadRow(
            f"attributes: {shown(together)} is no object; give each attribute a column of its own"
        )
    return {**together, **loose}


def _field(field: Any, name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if name in LISTS:
        return [part.strip() for part in value.split("|")]
    if field.cpp_type == FieldDescriptor.CPPTYPE_BOOL:
        return TRUTH.get(value.strip().lower(), value)
    if field.cpp_type not in NUMBERS:
        return value
    try:
        return NUMBERS[field.cpp_type](value)
    except ValueError:
        raise BadRow(f"{name}: {shown(value)} is {REMEDIES[field.cpp_type]}") from None


def _attribute(name: str, value: Any, declared: AttributeType | None) -> Any:
    """The AttributeValue of a JSON value or cell; an object is taken as one already."""
    if isinstance(value, dict):
        return value
    if declared is AttributeType.TEXTS or isinstance(value, list):
        return {"texts": {"values": value.split("|") if isinstance(value, str) else value}}
    if declared is None:
        return _by_look(value)
    return {KEYS[declared]: _of_cell(name, value, declared) if isinstance(value, str) else value}


def _of_cell(name: str, cell: str, declared: AttributeType) -> Any:
    if declared not in CELLS:
        return cell
    try:
        return CELLS[declared](cell.strip())
    except (ValueError, KeyError):
        remedy = f"no {declared}; attributes.yaml says what it is"
        raise BadRow(f"{name}: {shown(cell)} is {remedy}") from None


def _whole(cell: str) -> int:
    """Tables with gaps write whole numbers as 300.0."""
    whole, _, rest = cell.partition(".")
    if rest.strip("0 "):
        raise ValueError(cell)
    return int(whole)


def _truth(cell: str) -> bool:
    return TRUTH[cell.lower()]


CELLS: Mapping[AttributeType, Callable[[str], Any]] = {
    AttributeType.INTEGER: _whole,
    AttributeType.NUMBER: float,
    AttributeType.BOOLEAN: _truth,
}


NUMBERS: Mapping[int, Callable[[str], Any]] = {
    FieldDescriptor.CPPTYPE_INT64: _whole,
    FieldDescriptor.CPPTYPE_DOUBLE: float,
}
"""How the text of a number is read."""


def _by_look(value: Any) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"boolean": value}
    if isinstance(value, int):
        return {"integer": value}
    if isinstance(value, float):
        return {"number": value}
    return {"text": str(value)}
