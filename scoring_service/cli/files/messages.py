"""Rows of a file as messages of the wire: leads with their activities, and accounts."""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.json_format import ParseDict, ParseError
from google.protobuf.message import Message
from leadscoring.v1 import types_pb2

from scoring_service.cli.files.rows import BadRow
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
    found = row.get("activities", [])
    try:
        listed = json.loads(found) if isinstance(found, str) else found
        return [ParseDict(a, types_pb2.Activity()) for a in listed]
    except WRONG as error:
        raise BadRow(f"activities: {error}; give a JSON list of activities") from error


def _parsed(row: Mapping[str, Any], message: M, types: Types) -> M:
    """The message of a row; what is null is absent."""
    fields = {f.name: f for f in message.DESCRIPTOR.fields}
    fields |= {f.json_name: f for f in message.DESCRIPTOR.fields}
    known = {k: _field(fields[k], k, v) for k, v in row.items() if k in fields and v is not None}
    loose = {k: v for k, v in row.items() if k not in fields}
    try:
        given = known.get("attributes", {}) | loose
        known["attributes"] = {
            k: _attribute(k, v, types.get(k)) for k, v in given.items() if v is not None
        }
        return ParseDict(known, message)
    except WRONG as error:
        raise BadRow(str(error).rstrip(".")) from error


def _field(field: Any, name: str, value: Any) -> Any:
    if not isinstance(value, str):
        if field.cpp_type == FieldDescriptor.CPPTYPE_STRING and name not in LISTS:
            raise BadRow(f"{name}: {value!r} is no text; put it in quotes")
        return value
    if name in LISTS:
        return [part.strip() for part in value.split("|")]
    if field.cpp_type == FieldDescriptor.CPPTYPE_BOOL:
        return TRUTH.get(value.lower(), value)
    return _number(name, value, *NUMBERS[field.cpp_type]) if field.cpp_type in NUMBERS else value


def _number(name: str, cell: str, read: Callable[[str], Any], remedy: str) -> Any:
    try:
        return read(cell)
    except ValueError:
        raise BadRow(f"{name}: {cell[:60]!r} is {remedy}") from None


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
        raise BadRow(
            f"{name}: {cell!r} is no {declared}; attributes.yaml says what it is"
        ) from None


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


NUMBERS: Mapping[int, tuple[Callable[[str], Any], str]] = {
    FieldDescriptor.CPPTYPE_INT64: (_whole, "no whole number; write it like 1200"),
    FieldDescriptor.CPPTYPE_DOUBLE: (float, "no number; write it like 1200000.50"),
}
"""How the text of a number is read, and what is said where it cannot be."""


def _by_look(value: Any) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"boolean": value}
    if isinstance(value, int):
        return {"integer": value}
    if isinstance(value, float):
        return {"number": value}
    return {"text": str(value)}
