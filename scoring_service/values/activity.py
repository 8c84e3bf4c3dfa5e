"""What a lead did, and what is kept of it."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from scoring_service.values.instant import micros


class Activity(msgspec.Struct, frozen=True, omit_defaults=True):
    """One dated thing a lead did: a demo request, a page view, an unsubscribe."""

    type: str
    occurred_at: datetime
    activity_id: str = ""
    source: str | None = None
    medium: str | None = None
    campaign: str | None = None
    channel: str | None = None


class Dated(msgspec.Struct, frozen=True):
    """Activities with no more than a score reads, each a place in two columns of one length: its
    type, and its instant in microseconds since 1970.
    """

    types: Sequence[str] = ()
    instants: Sequence[int] = ()


def dated(activities: Sequence[Activity]) -> Dated:
    """The activities as columns, in their order.

    >>> dated([Activity("visit", datetime.fromisoformat("1970-01-01T00:00:01Z"))])
    Dated(types=['visit'], instants=[1000000])
    """
    return Dated([one.type for one in activities], [micros(one.occurred_at) for one in activities])


class BehaviourState(msgspec.Struct, frozen=True, array_like=True):
    """What a stored lead keeps of one activity type, so that an update and a read are O(1).

    `total` is the decayed, uncapped sum of points as of `as_of`, the instant of the newest; `count`
    the events that were counted; `unexpired` their instants, oldest first, for types that expire
    (empty for others); `scoring` is the hash of the type's scoring.
    """

    type: str
    total: float
    as_of: datetime
    count: int
    newest: datetime
    scoring: str
    unexpired: tuple[datetime, ...] = ()
