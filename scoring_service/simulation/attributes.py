"""Values of the attributes that the rules declare, drawn so that the rules take them."""

from datetime import date
from random import Random

from scoring_service.domain.schema import TYPED_FIELDS, Attribute, AttributeType, Schema
from scoring_service.values.lead import AttributeValue

KNOWN_SHARE = 0.5
"""The share of declared attributes that are known of a lead when it comes."""

_WIDE = 100.0


def some(chance: Random, schema: Schema, day: date) -> dict[str, AttributeValue]:
    """Some of the declared attributes; the typed fields are drawn elsewhere."""
    declared = [each for each in schema.values() if each.name not in TYPED_FIELDS]
    known = [each for each in declared if chance.random() < KNOWN_SHARE]
    return {each.name: value_of(chance, each, day) for each in known}


def value_of(chance: Random, attribute: Attribute, day: date) -> AttributeValue:
    """A value that an attribute may have."""
    low = attribute.min if attribute.min is not None else 0.0
    high = attribute.max if attribute.max is not None else low + _WIDE
    match attribute.type:
        case AttributeType.BOOLEAN:
            return chance.random() < 0.5
        case AttributeType.INTEGER:
            return chance.randint(int(low), int(high))
        case AttributeType.NUMBER:
            return round(chance.uniform(low, high), 2)
        case AttributeType.DATE:
            return day.isoformat()
        case AttributeType.TEXTS:
            return (_text(chance, attribute),)
        case AttributeType.TEXT:
            return _text(chance, attribute)


def _text(chance: Random, attribute: Attribute) -> str:
    return chance.choice(sorted(attribute.values)) if attribute.values else "something"
