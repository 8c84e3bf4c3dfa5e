"""What a replay made of the leads, and what differs between two of them."""

from datetime import datetime
from typing import Generic, TypeVar

import msgspec

from scoring_service.values.owner import Owner

T = TypeVar("T")


class Fate(msgspec.Struct, frozen=True, array_like=True):
    """What became of a lead by the end of the window.

    `route` is that of the assignment that stands, `quadrant` and `won` (P(won), None without a
    model) are of the last decision on something that happened. `mql` is "qualified" where it
    became an MQL with every bar met, "routed" with some missed, None where it became none.
    `outside_hours` is whether its rep's calendar was closed at the first response.
    """

    lead_id: str
    owner: Owner | None
    route: str
    quadrant: str
    mql: str | None = None
    won: float | None = None
    outside_hours: bool = False


class Enrolled(msgspec.Struct, frozen=True):
    """How many leads an experiment would have enrolled, by arm, had it run all the while."""

    experiment: str
    arms: dict[str, int]

    @property
    def leads(self) -> int:
        """All of them."""
        return sum(self.arms.values())


def enrolled_said(found: Enrolled) -> str:
    """What was assumed of an experiment that begins, in a clause.

    >>> enrolled_said(Enrolled("lower-bar", {"control": 204, "lower": 1208}))
    'experiment lower-bar is new and taken to run all the while: 1,412 leads in the arm they would \
get if they came now (control 204, lower 1,208)'
    """
    arms = ", ".join(f"{arm} {count:,}" for arm, count in found.arms.items())
    return (
        f"experiment {found.experiment} is new and taken to run all the while:"
        f" {found.leads:,} leads in the arm they would get if they came now ({arms})"
    )


class Replayed(msgspec.Struct, frozen=True):
    """A window as a policy would have had it.

    `taken` counts the assignments each rep got, `drawn` those made of each pool, `waiting` the
    leads in each pool's queue at the end; by id or name, those of 0 left out. `foreseen` are the
    experiments that were taken to run all the while.
    """

    revision: str
    fates: tuple[Fate, ...]
    taken: dict[str, int]
    drawn: dict[str, int]
    waiting: dict[str, int]
    model_version: str = ""
    foreseen: tuple[Enrolled, ...] = ()


class Pair(msgspec.Struct, Generic[T], frozen=True):
    """The same thing under the old and under the new policy."""

    old: T
    new: T

    @property
    def differs(self) -> bool:
        """Whether the two are not the same."""
        return self.old != self.new


class Change(msgspec.Struct, frozen=True):
    """A lead of which something differs, with what was looked at, the same or not.

    Owners are texts: a rep's id, `queue:triage`, `track:newsletter`.
    """

    lead_id: str
    owner: Pair[str]
    route: Pair[str]
    quadrant: Pair[str]
    mql: Pair[str | None]
    win_probability: float | None = None


class RepLoad(msgspec.Struct, frozen=True):
    """A rep's leads at the end of the window, the assignments he got in it, and how many of his
    leads are expected to be won (None without a model).
    """

    rep_id: str
    leads: Pair[int]
    taken: Pair[int]
    expected_wins: Pair[float] | None = None


class PoolLoad(msgspec.Struct, frozen=True):
    """Assignments made of a pool's turns or queue, and the leads that wait for it at the end."""

    pool: str
    drawn: Pair[int]
    waiting: Pair[int]


class OwnerLoad(msgspec.Struct, frozen=True):
    """Leads of a queue or of a track at the end, by its text."""

    owner: str
    leads: Pair[int]


class Diff(msgspec.Struct, frozen=True):
    """Everything that two policies make of one window, and where they differ.

    The counts are of leads. `expected_wins` is of leads that a rep has; `moved_wins` sums P(won)
    over the leads whose owner differs. Both are None without a model. `foreseen` are the
    experiments that the new policy would begin.
    """

    old_revision: str
    new_revision: str
    leads: int
    changes: tuple[Change, ...]
    owner: int
    route: int
    quadrant: int
    mql: int
    qualified: Pair[int]
    routed: Pair[int]
    outside_hours: Pair[int]
    reps: tuple[RepLoad, ...]
    pools: tuple[PoolLoad, ...]
    owners: tuple[OwnerLoad, ...]
    model_version: str = ""
    expected_wins: Pair[float] | None = None
    moved_wins: float | None = None
    first: datetime | None = None
    last: datetime | None = None
    foreseen: tuple[Enrolled, ...] = ()
