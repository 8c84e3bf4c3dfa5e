"""The parts of a policy that a test can exercise, each with its name and place."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from scoring_service.domain.policy import Policy
from scoring_service.policy.document import Document, Path, compose
from scoring_service.policy.files.routing import OTHERWISE
from scoring_service.policy.source import Source


class Kind(StrEnum):
    """What a part is; the value is how people and `--cover-min` name it."""

    ROUTES = "routes"
    ROWS = "rows"
    FIT = "fit"
    DISQUALIFY = "disqualify"
    MEMBERS = "members"
    FALLBACKS = "fallbacks"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Part:
    """One part: `name` tells it from others of its kind, `place` is `file:line`.

    `table` and `row` are those of a decision table, the row from 1.
    """

    kind: Kind
    name: str
    place: str
    table: str = ""
    row: int | None = None

    @property
    def key(self) -> tuple[Kind, str]:
        """What it is known by."""
        return self.kind, self.name


def row_name(route: str, row: int) -> str:
    """How a row of a table is named: two routes may use one table.

    >>> row_name("by territory", 3)
    'by territory, row 3'
    """
    return f"{route}, row {row}"


def fallback_name(pool: str, fallback: str) -> str:
    """How a fallback of a pool is named."""
    return f"{pool} -> {fallback}"


def member_name(pool: str, rep_id: str) -> str:
    """How the condition of a member of a pool is named."""
    return f"{rep_id} in {pool}"


def parts(policy: Policy, source: Source) -> Iterator[Part]:
    """Every part, by kind, in the order of the files. `source` is what the policy was loaded from:
    its files are known to be right.
    """
    yield from _routes(compose("routing.yaml", source.files["routing.yaml"]))
    yield from _rows(policy)
    yield from _criteria(compose("scoring.yaml", source.files["scoring.yaml"]))
    yield from _pools(compose("team.yaml", source.files["team.yaml"]))


def _routes(document: Document) -> Iterator[Part]:
    for index, entry in enumerate(document.value["routes"]):
        yield Part(Kind.ROUTES, entry["name"], _place(document, ("routes", index)))
    yield Part(Kind.ROUTES, OTHERWISE, _place(document, (OTHERWISE,)))


def _rows(policy: Policy) -> Iterator[Part]:
    for route in policy.routes_unindexed.routes:
        if route.row is not None:
            table = route.place.rpartition(":")[0]
            name = row_name(route.name, route.row)
            yield Part(Kind.ROWS, name, route.place, table, route.row)


def _criteria(document: Document) -> Iterator[Part]:
    for kind in (Kind.FIT, Kind.DISQUALIFY):
        for index, entry in enumerate(document.value.get(kind.value) or ()):
            yield Part(kind, entry["name"], _place(document, (kind.value, index)))


def _pools(document: Document) -> Iterator[Part]:
    pools: dict[str, dict[str, Any]] = document.value["pools"] or {}
    for pool, entry in pools.items():
        for index, member in enumerate(entry.get("members") or ()):
            if member.get("when") is not None:
                place = _place(document, ("pools", pool, "members", index))
                yield Part(Kind.MEMBERS, member_name(pool, member["rep"]), place)
    for pool, entry in pools.items():
        for index, fallback in enumerate(entry.get("fallback") or ()):
            place = _place(document, ("pools", pool, "fallback", index))
            yield Part(Kind.FALLBACKS, fallback_name(pool, fallback), place)


def _place(document: Document, path: Path) -> str:
    return f"{document.file}:{document.line(path)}"
