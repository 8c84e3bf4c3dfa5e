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


class Replayed(msgspec.Struct, frozen=True):
    """A window as a policy would have had it.

    `taken` counts the assignments each rep got, `drawn` those made of each pool, `waiting` the
    leads in each pool's queue at the end; by id or name, those of 0 left out.
    """

    revision: str
    fates: tuple[Fate, ...]
    taken: dict[str, int]
    drawn: dict[str, int]
    waiting: dict[str, int]
    model_version: str = ""


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
    over the leads whose owner differs. Both are None without a model.
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
