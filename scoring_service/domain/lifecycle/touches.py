"""By what leads come: every touch, the first, which never changes, and the last by its time."""

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter

import msgspec

from scoring_service.values.activity import Activity
from scoring_service.values.happening import Touch
from scoring_service.values.lead import Lead
from scoring_service.values.stored import FieldChange, StoredLead

_happened = attrgetter("occurred_at")
_OF_LEAD = frozenset({"source", "campaign"})


def touches(
    lead: Lead,
    changes: Sequence[FieldChange],
    did: Sequence[Activity],
    now: datetime,
    *,
    is_new: bool,
) -> tuple[Touch, ...]:
    """By what a lead came this time, by time: what its activities say, and its own source where
    that is new and no activity says it.
    """
    found = [
        Touch(one.source or "", one.occurred_at, one.medium or "", one.campaign or "")
        for one in did
        if one.source or one.campaign
    ]
    told = is_new or any(change.field in _OF_LEAD for change in changes)
    named = lead.source or lead.campaign
    if told and named and all(one.source != lead.source for one in found):
        found.append(Touch(lead.source or "", now, campaign=lead.campaign or ""))
    return tuple(sorted(found, key=_happened))


def touched(lead: StoredLead, came: Sequence[Touch]) -> StoredLead:
    """The lead with further touches, by time. One that is told late may be the last, never the
    first.
    """
    if not came:
        return lead
    last = max((*([lead.last_touch] if lead.last_touch else ()), *came), key=_happened)
    return msgspec.structs.replace(lead, first_touch=lead.first_touch or came[0], last_touch=last)


def united_touches(survivor: StoredLead, other: StoredLead) -> StoredLead:
    """The survivor of a merge with the touches of both: the earlier first, the later last."""
    firsts = [one for one in (survivor.first_touch, other.first_touch) if one]
    lasts = [one for one in (survivor.last_touch, other.last_touch) if one]
    return msgspec.structs.replace(
        survivor,
        first_touch=min(firsts, key=_happened, default=None),
        last_touch=max(lasts, key=_happened, default=None),
    )
