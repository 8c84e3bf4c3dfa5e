"""Routes that were tried, in sentences; of a long table the rows that came nearest."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby

from scoring_service.policy.explaining.tried import Tried, TriedRoute
from scoring_service.policy.failed.finding import Finding
from scoring_service.policy.failed.sentences import said, values_said

NEAREST_MAX = 10
"""Rows of one table that are told one by one."""


def route_said(route: TriedRoute) -> str:
    """A route and what became of it, without a full stop."""
    row = "" if route.row is None else f", row {route.row}"
    return f"'{route.name}'{row} ({route.place}) {_became(route)}"


def _became(route: TriedRoute) -> str:
    match route.outcome:
        case Tried.MATCHED:
            return f"matched: {values_said(route.saw) or 'it takes every lead'}"
        case Tried.WENT_ON:
            return f"matched, but {route.why}, so the next ones were tried"
        case Tried.CLOSED:
            opens = f"; it opens at {_at(route.opens_at)}" if route.opens_at else ""
            return f"matched, but the calendar '{route.during}' was closed{opens}"
    why = said(route.failed) if route.failed else route.error
    return f"did not match{why and f': {why}'}"


def passed_over(routes: Iterable[TriedRoute]) -> Iterator[str]:
    """A sentence for each route before the last; rows of a table that did not match share one."""
    for one in gathered(tuple(routes)[:-1]):
        yield f"{one if isinstance(one, str) else route_said(one)}."


def gathered(routes: Sequence[TriedRoute]) -> Iterator[TriedRoute | str]:
    """The routes as they are; of several that did not match, one after the other, rows of a table
    or written ones of which a single value is told, a sentence without a full stop.
    """
    for kind, group in groupby(routes, key=_kind):
        found = tuple(group)
        if not kind or len(found) == 1:
            yield from found
        elif kind == _UNTOLD:
            yield f"{_written(found)} did not match: too many to tell why of each"
        else:
            yield _rows(found)


_BY_VALUE, _UNTOLD = "by value", "untold"


def _kind(route: TriedRoute) -> str | tuple[str, str]:
    """What may share a sentence: rows of one table, written routes by value; "" for any other."""
    if route.outcome not in (Tried.NOT_MATCHED, Tried.ERROR):
        return ""
    if route.row is not None:
        return (route.name, "rows") if route.failed is not None else ""
    if route.failed is None:
        return _UNTOLD
    return _BY_VALUE if route.failed.column else ""


def _rows(rows: Sequence[TriedRoute]) -> str:
    columns: dict[tuple[str, str], int] = {}
    for row in rows:
        (value,) = _failed(row).values
        columns[value] = columns.get(value, 0) + 1
    told = ", ".join(
        f"{'all' if count == len(rows) else count} because {values_said([value])}"
        for value, count in columns.items()
    )
    near = nearest(rows, 1)[0]
    which = f"'{near.name}'" if near.row is None else f"row {near.row}"
    nearest_one = f"; nearest was {which}: {said(_failed(near))}" if _held(near) else ""
    return f"{_named(rows)} did not match: {told}{nearest_one}"


def _named(routes: Sequence[TriedRoute]) -> str:
    first, last = routes[0], routes[-1]
    if first.row is None:
        return _written(routes)
    return f"'{first.name}', rows {first.row} to {last.row} ({first.place} on)"


def _written(routes: Sequence[TriedRoute]) -> str:
    first, last = routes[0], routes[-1]
    return f"{len(routes):,} routes from '{first.name}' to '{last.name}' ({first.place} on)"


def nearest(rows: Sequence[TriedRoute], at_most: int = NEAREST_MAX) -> tuple[TriedRoute, ...]:
    """The rows of which most cells held before one failed, in their order."""
    best = sorted(enumerate(rows), key=lambda one: (-_held(one[1]), one[0]))[:at_most]
    return tuple(row for _, row in sorted(best, key=lambda one: one[0]))


def shortened(routes: Sequence[TriedRoute], at_most: int) -> tuple[TriedRoute, ...]:
    """At most so many routes, in order: of each table's unmatched rows the nearest, and of what is
    left the last ones.
    """
    if len(routes) <= at_most:
        return tuple(routes)
    kept: list[TriedRoute] = []
    for kind, group in groupby(routes, key=_kind):
        found = tuple(group)
        if kind == _UNTOLD:
            kept += found[-NEAREST_MAX:]
        else:
            kept += nearest(found) if kind else found
    return tuple(kept[-at_most:])


def _held(row: TriedRoute) -> int:
    """How many cells held before the one that failed."""
    return [column for column, _ in row.saw].index(_failed(row).column)


def _failed(row: TriedRoute) -> Finding:
    assert row.failed is not None, "only rows that did not match are counted"
    return row.failed


def _at(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC"
