"""What a request may say of a lead: declared attributes, known activity types, past dates."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from operator import attrgetter

import msgspec

from scoring_service.domain.schema import Attribute, AttributeType, Schema
from scoring_service.domain.scoring.scoring import Scoring
from scoring_service.values.activity import Activity, Dated, columns
from scoring_service.values.instant import MICROSECOND, instant
from scoring_service.values.lead import AttributeValue, Lead

AHEAD_MAX = timedelta(minutes=5)
"""How far ahead of our clock a sender's may be; what is dated up to here counts as now."""

_AHEAD_MICROS = AHEAD_MAX // MICROSECOND
_happened = attrgetter("occurred_at")
_type = attrgetter("type")
_dated = attrgetter("type", "occurred_at")
_LISTED_MAX = 8
_SHOWN_MAX = 60
_NAMES = {
    AttributeType.TEXT: "a text",
    AttributeType.INTEGER: "a whole number",
    AttributeType.NUMBER: "a number",
    AttributeType.BOOLEAN: "yes or no (boolean)",
    AttributeType.DATE: "a date like 2026-03-31",
    AttributeType.TEXTS: "a list of texts",
}

Violation = tuple[str, str]
"""A field path and a remedy."""


def violations(
    schema: Schema, scoring: Scoring, lead: Lead, activities: Sequence[Activity], now: datetime
) -> tuple[Violation, ...]:
    """Everything wrong with a lead and its activities under a policy at `now`.

    The attributes wrong are told in the order of their names: a message's map comes in any.
    """
    found = _of_lead(schema, lead)
    latest = now + AHEAD_MAX
    types = set(map(_type, activities))
    if not types <= scoring.activities.keys() or (
        activities and max(map(_happened, activities)) > latest
    ):
        found += _of_activities(scoring, map(_dated, activities), latest)
    return tuple(found)


def violations_dated(
    schema: Schema, scoring: Scoring, lead: Lead, did: Dated, now: int
) -> tuple[Violation, ...]:
    """`violations`, of activities in columns; `now` is in microseconds since 1970."""
    found = _of_lead(schema, lead)
    known = did.by_type.keys() <= scoring.activities.keys()
    latest = now + _AHEAD_MICROS
    if not known or did.latest > latest:
        each = zip(did.types, map(instant, did.instants), strict=True)
        found += _of_activities(scoring, each, instant(latest))
    return tuple(found)


def clamped(activities: Sequence[Activity], now: datetime) -> tuple[Activity, ...]:
    """The activities with none dated after `now`: clocks that run ahead are set back to it."""
    if not activities or max(map(_happened, activities)) <= now:
        return tuple(activities)
    return tuple(
        activity
        if activity.occurred_at <= now
        else msgspec.structs.replace(activity, occurred_at=now)
        for activity in activities
    )


def clamped_dated(did: Dated, now: int) -> Dated:
    """`clamped`, of activities in columns; `now` is in microseconds since 1970."""
    if did.latest <= now:
        return did
    return columns(did.types, [min(at, now) for at in did.instants])


def _of_lead(schema: Schema, lead: Lead) -> list[Violation]:
    found: list[Violation] = []
    for attribute in schema.values():
        if attribute.narrowed and attribute.typed:
            value = getattr(lead, attribute.name)
            if value is not None and value != ():
                found += _of_value(f"lead.{attribute.name}", attribute, value)
    if lead.attributes:
        found += sorted(_of_attributes(schema, lead.attributes))
    return found


def _of_attributes(schema: Schema, attributes: dict[str, AttributeValue]) -> Iterator[Violation]:
    for name, value in attributes.items():
        attribute = schema.get(name)
        if attribute is None:
            remedy = f"is not declared in attributes.yaml; {_meant(name, schema)}"
            yield f"lead.attributes[{_short(name)}]", remedy
        elif attribute.typed:
            yield f"lead.attributes[{name}]", f"is a field of every lead; send it as lead.{name}"
        else:
            yield from _of_value(f"lead.attributes[{name}]", attribute, value)


def _of_value(path: str, attribute: Attribute, value: AttributeValue) -> Iterator[Violation]:
    if not has_type(attribute.type, value):
        yield path, f"{_shown(value)} is not {_NAMES[attribute.type]}; send {attribute.type}"
        return
    if attribute.values:
        yield from _of_listed(path, attribute.values, value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        if attribute.min is not None and value < attribute.min:
            yield path, f"{value} is below {attribute.min:.15g}, the least attributes.yaml allows"
        if attribute.max is not None and value > attribute.max:
            yield path, f"{value} is above {attribute.max:.15g}, the most attributes.yaml allows"


def _of_listed(path: str, values: frozenset[str], value: AttributeValue) -> Iterator[Violation]:
    for text in value if isinstance(value, tuple) else (value,):
        if text not in values:
            yield path, f"{_shown(text)} is not listed; {_suggestion(str(text), values)}"


def has_type(declared: AttributeType, value: AttributeValue) -> bool:
    """Whether a value is of a declared type; a whole float is good for an integer.

    >>> has_type(AttributeType.INTEGER, 5.0), has_type(AttributeType.INTEGER, True)
    (True, False)
    """
    match declared:
        case AttributeType.TEXT:
            return isinstance(value, str)
        case AttributeType.INTEGER:
            return type(value) is int or (type(value) is float and value.is_integer())
        case AttributeType.NUMBER:
            return type(value) is float or type(value) is int
        case AttributeType.BOOLEAN:
            return isinstance(value, bool)
        case AttributeType.DATE:
            return isinstance(value, str) and is_date(value)
        case AttributeType.TEXTS:
            return isinstance(value, tuple)


def is_date(text: str) -> bool:
    """Whether a text is a date like 2026-03-31.

    >>> is_date("2026-03-31"), is_date("2026-02-30"), is_date("20260331")
    (True, False, False)
    """
    try:
        return len(text) == 10 and date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _of_activities(
    scoring: Scoring, each: Iterable[tuple[str, datetime]], latest: datetime
) -> list[Violation]:
    known = scoring.activities
    found: list[Violation] = []
    for i, (type_, at) in enumerate(each):
        if type_ not in known:
            found.append(
                (
                    f"activities[{i}].type",
                    f"{_shown(type_)} is no activity type of scoring.yaml;"
                    f" {_suggestion(type_, known)}",
                )
            )
        if at > latest:
            found.append(
                (
                    f"activities[{i}].occurred_at",
                    f"{at.isoformat()} is more than 5 minutes ahead; send what"
                    " has happened, and check the sender's clock",
                )
            )
    return found


_NEAR = 0.7
"""How like a field a name must be: `owner` is no slip in `phone`."""


def _meant(name: str, schema: Schema) -> str:
    """What a name that no attribute has may stand for: the nearest, a field too."""
    names, short = sorted(schema), name[:_SHOWN_MAX]
    as_written, lower = (get_close_matches(t, names, 1, _NEAR) for t in (short, short.lower()))
    if near := as_written or lower:
        return f"did you mean {'the field ' if schema[near[0]].typed else ''}{near[0]!r}?"
    return _suggestion(name, (known.name for known in schema.values() if not known.typed))


def _suggestion(name: str, known: Iterable[str]) -> str:
    names = sorted(known)
    near = get_close_matches(name[:_SHOWN_MAX], names, n=1)
    if near:
        return f"did you mean {near[0]!r}?"
    if not names:
        return "none is known"
    more = f" and {len(names) - _LISTED_MAX} more" if len(names) > _LISTED_MAX else ""
    return f"known: {', '.join(names[:_LISTED_MAX])}{more}"


def _shown(value: object) -> str:
    return _short(repr(value))


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN_MAX else f"{text[:_SHOWN_MAX]}..."
