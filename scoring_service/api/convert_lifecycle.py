"""What every request of the lifecycle has in common, and what it may hold, as values."""

from datetime import date, datetime
from math import isfinite
from typing import Any, Protocol, TypeVar

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from leadscoring.v1 import lifecycle_pb2, types_pb2

from scoring_service.api import texts
from scoring_service.api.convert_activity import instant_of
from scoring_service.api.convert_assignment import STAGES
from scoring_service.api.convert_lead import Found, Texts, check_id, is_currency
from scoring_service.api.convert_request import digest_of, request_id_of
from scoring_service.domain.intake import is_date
from scoring_service.values.lead import Lead
from scoring_service.values.owner import Owner, QueueOwner, RepOwner, TrackOwner
from scoring_service.values.stage import Stage
from scoring_service.workflows.lifecycle_requests import Act

A = TypeVar("A", bound=Act)

_BY_NUMBER: dict[int, Stage] = {number: stage for stage, number in STAGES.items()}
_BLANK: dict[str, object] = {
    "lead_id": "", "other_lead_id": "", "lead": Lead(), "endpoint": "", "revision": "",
    "reason": "",
}  # fmt: skip
"""Fields that a request cannot be without."""

_OWNERS: dict[str, type[Owner]] = {
    "rep_id": RepOwner, "queue": QueueOwner, "track": TrackOwner
}  # fmt: skip


class Acting(Protocol):
    """A message of somebody who acts."""

    request_id: str
    actor_id: str


class ActingOnLead(Acting, Protocol):
    """A message of somebody who does something with a stored lead."""

    lead_id: str


class Owning(Protocol):
    """A message that may name an owner."""

    rep_id: str
    queue: str
    track: str

    def WhichOneof(self, oneof_group: Any) -> Any:
        """Which field of a oneof is set."""


def act_of(
    kind: type[A], message: Acting, found: Found, seen: Texts | None = None, **fields: Any
) -> A:
    """The request of a message, with everything that is wrong with its shape, and its digest.

    `seen` are all its texts, where it may have many; where they are within the limits the message
    is not walked. What holds a text over them is not looked at any further.
    """
    assert isinstance(message, Message)
    check_id("actor_id", message.actor_id, found)
    request_id = request_id_of(message.request_id, found)
    if not message.request_id:
        found.append(("request_id", "is required: a UUID that names this call, same on a retry"))
    usual = seen is not None and texts.within_limits([*seen, message.actor_id])
    bad = () if usual else tuple(texts.violations(message))
    if bad:
        found += bad
        fields = {name: blank for name, blank in _BLANK.items() if name in fields}
    return kind(
        request_id=request_id,
        actor_id=message.actor_id,
        digest=digest_of(message),
        violations=tuple(dict.fromkeys(found)),
        **fields,
    )


def lead_act_of(kind: type[A], message: ActingOnLead, found: Found, *same: str, **fields: Any) -> A:
    """As `act_of`, of a stored lead; fields called as in the message are named in `same`."""
    lead_id = lead_id_of(message.lead_id, found)
    fields |= {name: getattr(message, name) for name in same}
    return act_of(kind, message, found, lead_id=lead_id, **fields)


def lead_id_of(text: str, found: Found, path: str = "lead_id") -> str:
    """The id of a stored lead, which must be there."""
    return required_id(path, text, "is required: the id of a stored lead", found)


def required_id(path: str, text: str, remedy: str, found: Found) -> str:
    """An id that must be there; "" leaves a violation."""
    if not text:
        found.append((path, remedy))
    check_id(path, text, found)
    return text


def stage_of(number: int, path: str, found: Found) -> Stage | None:
    """The stage of the wire's number; None where it is unspecified, or no stage."""
    stage = _BY_NUMBER.get(number)
    if stage is None and number != types_pb2.STAGE_UNSPECIFIED:
        found.append((path, f"{number} is no stage; send one of {', '.join(Stage)}"))
    return stage


def owner_of(message: Owning, path: str, found: Found) -> Owner | None:
    """The owner that a message names; None where it names none."""
    name = message.WhichOneof("owner")
    if name is None:
        return None
    owner_id = getattr(message, name)
    where = f"{path}.{name}" if path else name
    required_id(where, owner_id, "is empty; name one, or leave it out", found)
    return _OWNERS[name](owner_id)


def when(message: Message, name: str, found: Found, path: str = "") -> datetime | None:
    """The instant of a field; None where it is not set, or wrong."""
    if not message.HasField(name):
        return None
    stamp: Timestamp = getattr(message, name)
    return instant_of(stamp, f"{path}.{name}" if path else name, found)


def date_of(text: str, path: str, found: Found) -> date | None:
    """A date of a text; None where it is empty, or wrong."""
    if not text:
        return None
    if is_date(text):
        return date.fromisoformat(text)
    found.append((path, f"{text[:60]!r} is no date; send ISO 8601, such as 2026-03-31"))
    return None


Priced = lifecycle_pb2.OpenOpportunityRequest | lifecycle_pb2.CloseWonRequest


def money_of(message: Priced, found: Found) -> tuple[float | None, str]:
    """A value of at least 0 and its currency; None where it is not known."""
    value = message.value if message.HasField("value") else None
    if value is not None and not (isfinite(value) and value >= 0):
        found.append(("value", f"{value} is no amount; send 0 or more, or leave it out"))
    currency = message.currency
    if currency and not is_currency(currency):
        found.append(("currency", f"{currency[:20]!r} is no currency; send ISO 4217, such as EUR"))
    return value, currency
