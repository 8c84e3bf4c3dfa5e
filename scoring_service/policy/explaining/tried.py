"""What became of a route for one lead, and why."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from scoring_service.policy.failed.finding import Finding


class Tried(StrEnum):
    """What became of a route for one lead. `went_on`: it matched, and the lead was not its."""

    MATCHED = "matched"
    WENT_ON = "went on"
    NOT_MATCHED = "did not match"
    CLOSED = "outside its hours"
    ERROR = "could not be evaluated"


@dataclass(frozen=True, slots=True)
class TriedRoute:
    """A route with what became of it, its place `file:line`, and the values its condition saw.

    `row` is that of a decision table, from 1. `failed` is the first sub-condition that failed, or
    that could not be evaluated (`error` says why); None where the route matched. `during` is the
    calendar that was closed, `opens_at` when it next opens. `why` says why a lead that matched was
    not the route's.
    """

    name: str
    row: int | None
    place: str
    text: str
    outcome: Tried
    error: str = ""
    saw: tuple[tuple[str, str], ...] = ()
    failed: Finding | None = None
    during: str = ""
    opens_at: datetime | None = None
    why: str = ""
