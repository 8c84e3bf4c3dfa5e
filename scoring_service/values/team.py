"""Reps, their leave, and the pools in which they share turns."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from scoring_service.values.condition import Condition


@dataclass(frozen=True, slots=True)
class Leave:
    """Whole days away, both included, in the rep's zone."""

    first: date
    last: date
    backup: str | None = None


@dataclass(frozen=True, slots=True)
class Rep:
    """A sales rep. Limits are None where there is none; a limit of 5 refuses the sixth, 0 takes
    none.
    """

    rep_id: str
    name: str = ""
    email: str = ""
    role: str = ""
    team: str = ""
    zone: str = "UTC"
    calendar: str = "always"
    manager: str | None = None
    active: bool = True
    open_leads_max: int | None = None
    per_day_max: int | None = None
    per_week_max: int | None = None
    leave: tuple[Leave, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """A rep in a pool. `condition` None takes any lead; `condition_text` is for explanations."""

    rep_id: str
    weight: int = 1
    priority: int = 2
    condition: Condition | None = None
    condition_text: str = ""


class Hours(StrEnum):
    """When a pool's members are eligible: at any hour, or inside their working hours."""

    ANY = "any"
    WORKING = "working"


class Order(StrEnum):
    """Who leaves a queue first."""

    OLDEST = "oldest"
    WIN_PROBABILITY = "win_probability"


class Counts(StrEnum):
    """Which assignments cost a turn: those drawn, or manual and account-based ones too."""

    DRAWN = "drawn"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Queue:
    """Where leads wait for a pool, and who answers for them meanwhile."""

    name: str
    owner: str
    calendar: str = "always"


@dataclass(frozen=True, slots=True)
class Pool:
    """Reps sharing turns. Every pool has a queue: its own, or one of the pool's name."""

    name: str
    members: tuple[Member, ...]
    queue: Queue
    hours: Hours = Hours.ANY
    order: Order = Order.OLDEST
    counts: Counts = Counts.DRAWN
    fallback: tuple[str, ...] = ()
