"""The shape of routing.yaml."""

import re
from decimal import Decimal
from typing import Annotated, Literal

import msgspec

from scoring_service.policy.files.reading import Name, Shape

GUARD_LEADS = 500
"""Leads that a guard looks at where the file does not say how many."""

GUARD_LEADS_MAX = 5_000
"""More would be replayed for longer than somebody who saves a file waits for it."""

GuardLeads = Annotated[int, msgspec.Meta(ge=1, le=GUARD_LEADS_MAX)]

_PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,3})?) ?%")


class AccountOwnerEntry(Shape, frozen=True):
    """The owner of the lead's account, else somebody of the backup pool."""

    backup_pool: str | None = None


class AssignEntry(Shape, frozen=True):
    """Where a route sends a lead: exactly one place. A queue is given with its owner."""

    pool: Name | None = None
    account_owner: AccountOwnerEntry | None = None
    track: Name | None = None
    queue: Name | None = None
    owner: Name | None = None

    def __post_init__(self) -> None:
        places = (self.pool, self.account_owner, self.track, self.queue)
        if sum(place is not None for place in places) != 1:
            raise ValueError(
                "a lead goes to exactly one place; give one of pool, account_owner, track, queue"
            )
        if (self.queue is None) != (self.owner is None):
            raise ValueError(
                "a queue is given with the owner who answers for it, and only a queue is; "
                "write {queue: triage, owner: sales-ops}"
            )


class RouteEntry(Shape, frozen=True):
    """One route: a condition or a decision table, and where it sends the lead."""

    name: Name
    assign: AssignEntry
    when: str | None = None
    table: str | None = None
    sla: str = "accept"
    during: str | None = None
    below_bar: bool = False

    def __post_init__(self) -> None:
        if (self.when is None) == (self.table is None):
            raise ValueError("a route has a condition or a table; give it either when: or table:")


class OtherwiseEntry(AssignEntry, frozen=True):
    """What happens where no route matches: a track, a pool, or a queue with its owner."""

    def __post_init__(self) -> None:
        AssignEntry.__post_init__(self)
        if self.account_owner is not None:
            raise ValueError(
                "an account owner may be missing, and otherwise must always hold; "
                "give a track, or a queue with its owner"
            )


class GuardEntry(Shape, frozen=True):
    """How many of the last leads a change of the rules may give another owner."""

    owners_changed_max: str
    leads: GuardLeads = GUARD_LEADS
    swaps: Literal["counted", "ignored"] = "counted"

    def __post_init__(self) -> None:
        self.share()

    def share(self) -> float:
        """What `owners_changed_max` says, from 0 to 1; ValueError where it is no share."""
        found = _PERCENT.fullmatch(self.owners_changed_max)
        if found is None or float(found[1]) > 100:
            raise ValueError(
                f"owners_changed_max {self.owners_changed_max!r} is no share of the leads; "
                "write a percentage from 0% to 100%, as 20%"
            )
        return float(Decimal(found[1]) / 100)


class RoutingFile(Shape, frozen=True):
    """The whole file."""

    routes: tuple[RouteEntry, ...]
    otherwise: OtherwiseEntry
    guard: GuardEntry | None = None
