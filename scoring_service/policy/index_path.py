"""Where a symbol's value is found: at the top, or in nested maps for a dotted one."""

from typing import Any

from scoring_service.values.condition import Symbols

Path = tuple[str, ...]


def path_of(symbol: str) -> Path | None:
    """The steps of a dotted symbol; None for one at the top, which needs no steps.

    >>> path_of("activity.demo_request.count"), path_of("country")
    (('activity', 'demo_request', 'count'), None)
    """
    path = tuple(symbol.split("."))
    return path if len(path) > 1 else None


def value_at(symbols: Symbols, path: Path) -> Any:
    """The value; AttributeError where something on the way is missing or no map.

    >>> value_at({"account": {"owner": "anna"}}, ("account", "owner"))
    'anna'
    """
    value: Any = symbols
    for name in path:
        value = value.get(name)
    return value
