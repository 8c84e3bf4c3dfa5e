"""Two leads of one person: which of them lives on, and what it takes over from the other."""

from collections.abc import Sequence

import msgspec

from scoring_service.domain.experiments.enrolling import united_arms
from scoring_service.domain.lifecycle.touches import united_touches
from scoring_service.values.lead import Lead
from scoring_service.values.owner import RepOwner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead

ORDER = (
    Stage.OPPORTUNITY,
    Stage.SQL,
    Stage.SAL,
    Stage.MQL,
    Stage.CLOSED_LOST,
    Stage.RECYCLED,
    Stage.NURTURE,
    Stage.KNOWN,
    Stage.ANONYMOUS,
)
"""The stage of the survivor comes first here."""


def survivor(one: StoredLead, other: StoredLead) -> tuple[StoredLead, StoredLead]:
    """Of two open leads the one that lives on, then the one that ends in it.

    By stage, then the one that a rep has, then the older; the same whichever comes first.
    """
    first, second = sorted((one, other), key=_place)
    return first, second


def united(survivor: StoredLead, other: StoredLead) -> StoredLead:
    """The survivor with what it lacks of the other: fields, touches, tracks, arms, do_not_contact.

    Its stage, owner and clocks stay.
    """
    flag = survivor.do_not_contact or other.do_not_contact
    active = [at for at in (survivor.last_activity_at, other.last_activity_at) if at]
    return msgspec.structs.replace(
        united_touches(survivor, other),
        lead=united_fields(survivor.lead, other.lead, do_not_contact=flag),
        do_not_contact=flag,
        last_activity_at=max(active, default=None),
        tracks=tuple(dict.fromkeys((*survivor.tracks, *other.tracks))),
        arms=united_arms(survivor.arms, other.arms),
        merged_from=(*survivor.merged_from, other.lead.lead_id, *other.merged_from),
    )


def united_fields(lead: Lead, other: Lead, *, do_not_contact: bool) -> Lead:
    """The lead's own fields, and the other's where it has none; attributes one by one.

    >>> one, other = Lead("a", country="DE"), Lead("b", phone="+1", country="FR")
    >>> united_fields(one, other, do_not_contact=False) == Lead("a", phone="+1", country="DE")
    True
    """
    fields = {
        field: getattr(other, field)
        for field in Lead.__struct_fields__
        if getattr(lead, field) in (None, "", ()) and field != "do_not_contact"
    }
    flag = True if do_not_contact else lead.do_not_contact
    attributes = {**other.attributes, **lead.attributes}
    return msgspec.structs.replace(lead, **fields, do_not_contact=flag, attributes=attributes)


def cycles(leads: Sequence[StoredLead]) -> tuple[StoredLead, ...]:
    """The leads of one person, numbered: finished ones as they were made, the open one last."""
    ordered = sorted(leads, key=_made)
    return tuple(
        msgspec.structs.replace(lead, cycle=cycle) for cycle, lead in enumerate(ordered, 1)
    )


def _place(lead: StoredLead) -> tuple[object, ...]:
    held = isinstance(lead.owner, RepOwner)
    return ORDER.index(lead.stage), not held, lead.created_at, lead.lead.lead_id


def _made(lead: StoredLead) -> tuple[object, ...]:
    return lead.unfinished, lead.created_at, lead.lead.lead_id
