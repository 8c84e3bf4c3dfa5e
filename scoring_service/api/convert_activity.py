"""Activities and instants of the wire as values."""

from collections.abc import Sequence
from datetime import UTC, datetime

from google.protobuf.timestamp_pb2 import Timestamp
from leadscoring.v1 import types_pb2

from scoring_service.api.convert_lead import Found, Texts, check_id
from scoring_service.api.limits import ACTIVITIES_MAX, EARLIEST, LATEST
from scoring_service.values.activity import Activity
from scoring_service.values.instant import EPOCH

_EARLIEST = int(EARLIEST.timestamp())
_LATEST = int(LATEST.timestamp())
_from_seconds = datetime.fromtimestamp


def activities_of(
    messages: Sequence[types_pb2.Activity], found: Found, texts: Texts
) -> tuple[Activity, ...]:
    """The activities, complete: as they are stored. One with a wrong date keeps its place."""
    if _too_many(messages, found):
        return ()
    activities = []
    for i, message in enumerate(messages):
        at = message.occurred_at
        when = _instant(at.seconds, at.nanos)
        if when is None or (when is EPOCH and not message.HasField("occurred_at")):
            when = _wrong_date(i, message, found)
        named = (message.source, message.medium, message.campaign, message.channel)
        texts += (message.activity_id, message.type, *named)
        check_id(f"activities[{i}].activity_id", message.activity_id, found)
        kept = named if all(named) else (text or None for text in named)
        activities.append(Activity(message.type, when, message.activity_id, *kept))
    return tuple(activities)


def dated_of(messages: Sequence[types_pb2.Activity], found: Found) -> tuple[Activity, ...]:
    """The activities with no more than a score reads: type and instant."""
    if _too_many(messages, found):
        return ()
    activities: list[Activity] = []
    for message in messages:
        at = message.occurred_at
        seconds, nanos = at.seconds, at.nanos
        if 0 < seconds < _LATEST and 0 <= nanos < 1_000_000_000:
            when: datetime | None = _from_seconds((seconds * 1_000_000 + nanos // 1000) / 1e6, UTC)
        else:
            when = _instant(seconds, nanos)
        if when is None or (when is EPOCH and not message.HasField("occurred_at")):
            when = _wrong_date(len(activities), message, found)
        activities.append(Activity(message.type, when))
    return tuple(activities)


def instant_of(message: Timestamp, path: str, found: Found) -> datetime | None:
    """The instant of a timestamp, to the microsecond; None leaves a violation."""
    when = _instant(message.seconds, message.nanos)
    if when is None:
        found.append((path, _RANGE))
    return when


_RANGE = f"is no instant from {EARLIEST:%Y-%m-%d} to {LATEST:%Y-%m-%d} UTC; send seconds and nanos"


def _instant(seconds: int, nanos: int) -> datetime | None:
    if nanos:
        if _EARLIEST <= seconds < _LATEST and 0 < nanos < 1_000_000_000:
            # a double names a microsecond of these centuries exactly, and this is the fastest way
            return _from_seconds((seconds * 1_000_000 + nanos // 1000) / 1e6, UTC)
        return None
    if seconds == 0:
        return EPOCH
    return _from_seconds(seconds, UTC) if _EARLIEST <= seconds < _LATEST else None


def _wrong_date(position: int, message: types_pb2.Activity, found: Found) -> datetime:
    remedy = _RANGE if message.HasField("occurred_at") else "is required: when it happened"
    found.append((f"activities[{position}].occurred_at", remedy))
    return EPOCH


def _too_many(messages: Sequence[types_pb2.Activity], found: Found) -> bool:
    if len(messages) <= ACTIVITIES_MAX:
        return False
    found.append(("activities", f"{len(messages)} activities; send at most {ACTIVITIES_MAX}"))
    return True
