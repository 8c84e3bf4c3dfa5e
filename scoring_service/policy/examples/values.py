"""Values that meet what is asked of a symbol, for examples of what rules do."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from math import ceil, floor
from typing import Any

from scoring_service.domain.schema import Attribute, AttributeType
from scoring_service.policy.necessary import Between, IsNull, Necessary, OneOf
from scoring_service.policy.necessary_logic import within

VALUES_MAX = 6
_NAMED: Mapping[str, tuple[str, ...]] = {
    "country": ("DE", "FR"),
    "currency": ("EUR", "USD"),
    "email": ("somebody@example.com",),
    "email_domain": ("example.com",),
    "website_domain": ("example.com",),
    "company_domain": ("example.com",),
}
"""Values of texts that are not just any text."""

_SOME: dict[AttributeType, Any] = {
    AttributeType.TEXT: "example",
    AttributeType.INTEGER: 1,
    AttributeType.NUMBER: 1,
    AttributeType.BOOLEAN: True,
    AttributeType.DATE: datetime(2025, 1, 15, tzinfo=UTC),
    AttributeType.TEXTS: ("example",),
}


def meets(value: object, test: Necessary) -> bool:
    """Whether a symbol of this value meets the test.

    >>> meets(None, IsNull("plan")), meets(7, Between("seats", 1, 5))
    (True, False)
    """
    match test:
        case OneOf():
            return any(type(one) is type(value) and one == value for one in test.values) or (
                _is_number(value) and any(_is_number(one) and one == value for one in test.values)
            )
        case Between():
            return within(value, test)
        case IsNull():
            return (value is None) is not test.negated


def values_for(tests: Iterable[Necessary], attribute: Attribute) -> tuple[Any, ...]:
    """At most six values that meet all tests of a symbol, as its attribute allows them; () where
    none was found.
    """
    return tuple(dict.fromkeys(_meeting(tuple(tests), attribute)))[:VALUES_MAX]


def value_for(test: Necessary, attribute: Attribute) -> Any:
    """The first of them; None where none was found, as where only null meets it."""
    return next(_meeting((test,), attribute), None)


def _meeting(tests: tuple[Necessary, ...], attribute: Attribute) -> Iterator[Any]:
    for value in _tried(tests, attribute):
        if _allowed(value, attribute) and all(meets(value, test) for test in tests):
            yield value


def some(attribute: Attribute) -> tuple[Any, ...]:
    """Any value of the attribute's type."""
    return _NAMED.get(attribute.name.removeprefix("account."), (_SOME[attribute.type],))


def values_beside(
    tests: Iterable[Necessary], avoided: Necessary, attribute: Attribute
) -> tuple[Any, ...]:
    """Values that meet the tests and not the one to avoid."""
    asked = tuple(tests)
    tried = (*values_for(asked, attribute), *_beside(avoided, attribute), None)
    return tuple(
        value
        for value in dict.fromkeys(tried)
        if not meets(value, avoided)
        and all(meets(value, test) for test in asked)
        and (value is None or _allowed(value, attribute))
    )[:VALUES_MAX]


def _tried(tests: tuple[Necessary, ...], attribute: Attribute) -> Iterator[Any]:
    for test in tests:
        match test:
            case OneOf():
                yield from sorted(test.values, key=repr)
            case Between():
                yield from _inside(test, attribute)
            case IsNull(negated=False):
                yield None
            case IsNull():
                yield from sorted(attribute.values)[:VALUES_MAX]
                yield from some(attribute)
                yield from (bound for bound in (attribute.min, attribute.max) if bound is not None)


def _inside(test: Between, attribute: Attribute) -> Iterator[float]:
    """Numbers inside a range, whole ones first: the bounds, their neighbours and the middle."""
    low, high = test.low, test.high
    bounds = [bound for bound in (low, high) if bound is not None]
    if low is not None and high is not None:
        yield from (low, ceil(low), (low + high) // 2, (low + high) / 2, floor(high), high)
    for bound in bounds:
        yield from _around(bound)
    if attribute.type is AttributeType.NUMBER:
        yield from (moved for bound in bounds for moved in (bound + 0.01, bound - 0.01))


def _around(bound: float) -> tuple[float, ...]:
    return bound, floor(bound) + 1, ceil(bound) - 1


def _beside(avoided: Necessary, attribute: Attribute) -> Iterator[Any]:
    """Values that are likely not to meet a test."""
    yield from sorted(attribute.values)
    if isinstance(avoided, Between):
        for bound in (avoided.low, avoided.high):
            yield from () if bound is None else _around(bound)
    yield from some(attribute)
    if attribute.type is AttributeType.BOOLEAN:
        yield False


def _allowed(value: Any, attribute: Attribute) -> bool:
    """Whether intake takes it: a whole number for an integer, what attributes.yaml narrows."""
    if value is None:
        return True
    if attribute.values and value not in attribute.values:
        return False
    if not _is_number(value):
        return True
    if attribute.type is AttributeType.INTEGER and value != floor(value):
        return False
    low, high = attribute.min, attribute.max
    return (low is None or low <= value) and (high is None or value <= high)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
