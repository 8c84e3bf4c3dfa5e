"""A row of a file as a lead with what it did: as `leadscoring route` reads it, only faster.

A plain row is read directly. Whatever is unusual about one goes the way of a request, by which it
is understood or refused in the same words.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC
from math import isfinite
from typing import Any, TypeVar

import msgspec
from leadscoring.v1 import routing_pb2, types_pb2
from msgspec import structs

from scoring_service.api import email_syntax
from scoring_service.api.convert_request import route_lead
from scoring_service.api.limits import ACTIVITIES_MAX, ATTRIBUTES_MAX, EARLIEST, ID_MAX, LATEST
from scoring_service.cli.files.messages import BESIDE, TRUTH, Types, activities_of, lead_of
from scoring_service.cli.files.rows import BadRow
from scoring_service.domain.intake import is_date
from scoring_service.domain.schema import TYPED_FIELDS, AttributeType
from scoring_service.values import countries
from scoring_service.values.activity import Activity
from scoring_service.values.lead import AttributeValue, Lead

T = TypeVar("T")

Found = tuple[Lead, tuple[Activity, ...]]

_PLAIN_MAX = 1_000
"""Characters of a text that is surely within the limit of bytes."""

_FIELDS = frozenset((*TYPED_FIELDS, "lead_id", "do_not_contact"))
_OTHER_NAMES = {field.json_name for field in types_pb2.Lead.DESCRIPTOR.fields} - _FIELDS
_OF_ACTIVITY = frozenset(Activity.__struct_fields__)


_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_PLAIN_ADDRESS = re.compile(
    rf"[a-z0-9](?:[a-z0-9._+-]{{0,62}}[a-z0-9])?@(?:{_LABEL}\.){{1,3}}(?:com|net|org|[a-z]{{2}})"
)
"""An address in which nothing can be wrong, as nearly all are: looked at a hundredth as long."""


class _Unusual(Exception):
    """The row is not read directly."""


_NOT_DIRECTLY = (
    _Unusual,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    msgspec.ValidationError,
)


def found_in(row: Mapping[str, Any], types: Types) -> Found:
    """The lead and the activities of a row. Raises BadRow that names the field and the remedy."""
    try:
        return _read(row, types)
    except _NOT_DIRECTLY:
        return as_requested(row, types)


def as_requested(row: Mapping[str, Any], types: Types) -> Found:
    """The same by way of the request that the row would be sent as. Raises BadRow."""
    asked = route_lead(
        routing_pb2.RouteRequest(
            dry_run=True, lead=lead_of(row, types), activities=activities_of(row)
        )
    )
    if asked.violations:
        raise BadRow("; ".join(f"{field}: {remedy}" for field, remedy in asked.violations))
    return asked.lead or Lead(), asked.activities


def _read(row: Mapping[str, Any], types: Types) -> Found:
    given = {name: value for name, value in row.items() if value is not None}
    fields = {name: _field(name, given[name]) for name in given.keys() & _FIELDS}
    others = given.keys() - _FIELDS - {*BESIDE}
    if others & (_OTHER_NAMES - {"attributes"}):
        raise _Unusual
    if others or "attributes" in given:
        fields["attributes"] = _attributes(given, others - {"attributes"}, types)
    activities = given.get("activities", ())
    if isinstance(activities, str):
        activities = json.loads(activities)
    return Lead(**fields), _activities(activities)


def _field(name: str, value: Any) -> Any:
    """A typed field's value, plainly within its limits."""
    return _READERS[name](value)


def _text(value: Any, most: int = _PLAIN_MAX) -> str:
    if type(value) is not str or len(value) > most or "\0" in value:
        raise _Unusual
    return value


def _id(value: Any) -> str:
    return _text(value, ID_MAX)


def _email(value: Any) -> str:
    text = _text(value)
    if _PLAIN_ADDRESS.fullmatch(text) and ".." not in text and "--" not in text:
        return text
    return _sure(text, bool(text) and email_syntax.mistake(text) is None)


def _country(value: Any) -> str:
    return _sure(_text(value), value in countries.COUNTRIES)


def _currency(value: Any) -> str:
    text = _text(value)
    return _sure(text, len(text) == 3 and text.isupper())


def _integer(value: Any) -> int:
    number: int = int(value.strip()) if type(value) is str else value
    return _sure(number, type(number) is int and abs(number) < 1 << 63)


def _count(value: Any) -> int:
    return _sure(_integer(value), _integer(value) >= 0)


def _number(value: Any) -> float:
    if type(value) not in (str, int, float):
        raise _Unusual
    return _sure(float(value), isfinite(float(value)))


def _truth(value: Any) -> bool:
    return _sure(value is True, type(value) is bool)


def _cell_truth(value: Any) -> bool:
    return TRUTH[value.strip().lower()] if type(value) is str else _truth(value)


def _date(value: Any) -> str:
    text = _text(value)
    return _sure(text, is_date(text))


def _list(value: Any) -> tuple[str, ...]:
    parts = [part.strip() for part in value.split("|")] if type(value) is str else value
    return _texts(parts)


def _texts(value: Any) -> tuple[str, ...]:
    parts = value.split("|") if type(value) is str else value
    if type(parts) is not list or len(parts) > ATTRIBUTES_MAX:
        raise _Unusual
    return tuple([_text(part) for part in parts])


def _sure(value: T, plainly: bool) -> T:
    if not plainly:
        raise _Unusual
    return value


_READERS: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(_FIELDS, _text),
    "lead_id": _id,
    "account_id": _id,
    "email": _email,
    "country": _country,
    "currency": _currency,
    "employees": _count,
    "annual_revenue": _number,
    "technologies": _list,
    "do_not_contact": _truth,
}
_DECLARED: Mapping[AttributeType, Callable[[Any], AttributeValue]] = {
    AttributeType.TEXT: _text,
    AttributeType.INTEGER: _integer,
    AttributeType.NUMBER: _number,
    AttributeType.BOOLEAN: _cell_truth,
    AttributeType.DATE: _date,
    AttributeType.TEXTS: _texts,
}
_BY_LOOK: Mapping[type, Callable[[Any], AttributeValue]] = {
    str: _text,
    bool: _truth,
    int: _integer,
    float: _number,
    list: _texts,
}


def _attributes(
    given: Mapping[str, Any], others: set[str], types: Types
) -> dict[str, AttributeValue]:
    named: dict[str, Any] = {**given.get("attributes", {})}
    named |= {name: value for name, value in given.items() if name in others}
    if len(named) > ATTRIBUTES_MAX:
        raise _Unusual
    return {
        _text(name): _attribute(value, types.get(name))
        for name, value in named.items()
        if value is not None
    }


def _attribute(value: Any, declared: AttributeType | None) -> AttributeValue:
    if declared is None:
        return _BY_LOOK[type(value)](value)
    return _DECLARED[declared](value)


def _activities(given: Sequence[Any]) -> tuple[Activity, ...]:
    if len(given) > ACTIVITIES_MAX:
        raise _Unusual
    if not all(item.keys() <= _OF_ACTIVITY and item["occurred_at"][10] == "T" for item in given):
        raise _Unusual
    return tuple(map(_plain, msgspec.convert(given, list[Activity])))


def _plain(done: Activity) -> Activity:
    """The activity, its instant in UTC and what is empty absent."""
    texts = (done.activity_id, done.source, done.medium, done.campaign, done.channel)
    if not done.type or "" in texts[1:]:
        raise _Unusual
    for text in (done.type, *texts):
        if text is not None:
            _id(text)
    at = done.occurred_at
    if at.tzinfo is None or not EARLIEST <= at < LATEST:
        raise _Unusual
    return done if at.tzinfo is UTC else structs.replace(done, occurred_at=at.astimezone(UTC))
