"""The shape of team.yaml."""

from datetime import date
from typing import Annotated

import msgspec

from scoring_service.policy.files.reading import Name, Shape
from scoring_service.values.team import Counts, Hours, Order

Limit = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]


class LeaveEntry(Shape, frozen=True, rename={"first": "from", "last": "to"}):
    """Whole days away, both included."""

    first: date
    last: date
    backup: str | None = None

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"the leave ends on {self.last}, before it begins; exchange the dates")


class RepEntry(Shape, frozen=True):
    """A sales rep; without a zone, that of the calendar."""

    name: str = ""
    email: str = ""
    role: str = ""
    team: str = ""
    zone: str | None = None
    calendar: str = "default"
    manager: str | None = None
    active: bool = True
    open_leads_max: Limit | None = None
    per_day_max: Limit | None = None
    per_week_max: Limit | None = None
    leave: tuple[LeaveEntry, ...] = ()


class MemberEntry(Shape, frozen=True):
    """A rep in a pool."""

    rep: str
    weight: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 1
    priority: Annotated[int, msgspec.Meta(ge=0, le=4)] = 2
    when: str | None = None


class QueueEntry(Shape, frozen=True):
    """Where leads wait for the pool."""

    name: Name
    owner: Name
    calendar: str = "default"


class PoolEntry(Shape, frozen=True):
    """Reps by name, or everybody of a role or a team."""

    members: tuple[MemberEntry, ...] | None = None
    role: Name | None = None
    team: Name | None = None
    hours: Hours = Hours.ANY
    order: Order = Order.OLDEST
    counts: Counts = Counts.DRAWN
    fallback: tuple[str, ...] = ()
    queue: QueueEntry | None = None

    def __post_init__(self) -> None:
        if (self.members is None) == (self.role is None and self.team is None):
            raise ValueError(
                "a pool is either a list of members or everybody of a role or team; "
                "give it members:, or role: and team:"
            )


class TeamFile(Shape, frozen=True):
    """The whole file."""

    reps: dict[Name, RepEntry]
    pools: dict[Name, PoolEntry]
    operators: tuple[Name, ...] = ()
