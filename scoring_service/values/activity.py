"""What a lead did, and what is kept of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import blake2b

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


_encode = msgspec.json.Encoder().encode


def activity_digest(activity: Activity) -> str:
    """The digest of an activity as it was sent: 16 hex digits.

    >>> activity_digest(Activity("visit", datetime.fromisoformat("2026-01-05T09:00:00+00:00")))
    '17897945fee7ee42'
    """
    return blake2b(_encode(activity), digest_size=8).hexdigest()


class Dated(msgspec.Struct, frozen=True):
    """Activities with no more than a score reads, each a place in two columns of one length: its
    type, and its instant in microseconds since 1970. `by_type` has the instants of each type, and
    `latest` is the latest of all.
    """

    types: Sequence[str] = ()
    instants: Sequence[int] = ()
    by_type: Mapping[str, Sequence[int]] = {}
    latest: int = 0

    def by(self, until: int) -> "Dated":
        """Those that had happened by then."""
        kept = [one for one in zip(self.types, self.instants, strict=True) if one[1] <= until]
        return columns([type_ for type_, _ in kept], [at for _, at in kept])


def columns(types: Sequence[str], instants: Sequence[int]) -> Dated:
    """Activities of these types at these instants.

    >>> columns(["visit", "call", "visit"], [3, 1, 2]).by_type["visit"]
    [3, 2]
    """
    if not types:
        return Dated()
    by_type: defaultdict[str, list[int]] = defaultdict(list)
    for type_, at in zip(types, instants, strict=True):
        by_type[type_].append(at)
    return Dated(types, instants, by_type, max(instants))


def dated(activities: Sequence[Activity]) -> Dated:
    """The activities as columns, in their order."""
    types = [one.type for one in activities]
    return columns(types, [micros(one.occurred_at) for one in activities])


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
