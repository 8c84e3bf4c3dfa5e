"""routing.yaml as values: where a route sends a lead, and how the first match is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from scoring_service.values.condition import Condition, Symbols
from scoring_service.values.decision import RouteError


@dataclass(frozen=True, slots=True)
class ToPool:
    """Draw from this pool, then its fallbacks, else wait in its queue."""

    pool: str


@dataclass(frozen=True, slots=True)
class ToAccountOwner:
    """The matched account's owner, else his backup, else `backup_pool`, else the next route."""

    backup_pool: str | None = None


@dataclass(frozen=True, slots=True)
class ToTrack:
    """A marketing track."""

    track: str


@dataclass(frozen=True, slots=True)
class ToQueue:
    """A queue that people empty by hand."""

    queue: str
    owner: str


Assign = ToPool | ToAccountOwner | ToTrack | ToQueue


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a decision table that is not blank: its column, its text as written, and whether a
    lead is as it says. Equal cells of a column are one.
    """

    column: str
    text: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class Route:
    """One routing rule as written, or one row of a decision table (`row` counts data rows from 1).

    `position` is its place among all routes and rows, from 0: the order in which they are tried.
    `during` names a calendar that must be open at the decision instant. `place` is `file:line` for
    people. The condition of a row is that of its `cells`, asked from the left.
    """

    position: int
    name: str
    text: str
    assign: Assign
    condition: Condition
    sla: str = "accept"
    during: str | None = None
    below_bar: bool = False
    row: int | None = None
    place: str = ""
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class RouteMatch:
    """The first route that matched, and the errors met before it (those that the index did not have
    to skip).
    """

    route: Route
    errors: tuple[RouteError, ...] = ()


class RouteTable(Protocol):
    """Routes in file order. Indexed for serving; unindexed (the twin) for tests and explaining."""

    @property
    def routes(self) -> Sequence[Route]:
        """Every route in order; the last is the `otherwise`, which always matches."""

    def first(self, symbols: Symbols, now: datetime, start: int = 0) -> RouteMatch:
        """The first match at or after position `start`; there is always one."""
