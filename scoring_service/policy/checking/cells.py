"""Cells of tables that look like patterns, and are compared as they stand."""

from collections.abc import Iterator

from scoring_service.policy.checking.places import at_route, limited
from scoring_service.policy.load import Folder
from scoring_service.policy.mistake import Finding
from scoring_service.policy.necessary import OneOf

_ANY = "*"


def cells_findings(folder: Folder) -> Iterator[Finding]:
    """Where a star begins or ends the text of a cell: it stands for nothing but itself."""
    yield from limited(_stars(folder))


def _stars(folder: Folder) -> Iterator[Finding]:
    assert folder.routing is not None
    for route, tests in zip(folder.routing.routes, folder.routing.necessary, strict=True):
        asked = tests if route.row is not None else ()
        stars = {
            (test.symbol, value)
            for test in asked
            if isinstance(test, OneOf)
            for value in test.values
            if isinstance(value, str) and _ANY in (value[:1], value[-1:])
        }
        for symbol, value in sorted(stars):
            what = f"{symbol} is compared with '{value[:40]}' as it stands: a cell is no pattern"
            yield at_route(route, what, _remedy(symbol, value))


def _remedy(symbol: str, value: str) -> str:
    if value == _ANY:
        return "leave the cell empty where any will do"
    return f"list the values, or write a route of its own with a regular expression on {symbol}"
