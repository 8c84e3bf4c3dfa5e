"""What a request makes of a lead before it is routed: who it is, what changed, what it did."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

import msgspec

from scoring_service.domain.domains import email_key
from scoring_service.domain.intake import clamped, violations
from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.activity import Activity
from scoring_service.values.errors import FailedPrecondition, InvalidArgument, NotFound
from scoring_service.values.lead import Lead
from scoring_service.values.stage import Stage
from scoring_service.values.stored import FieldChange, StoredActivity, StoredLead
from scoring_service.workflows.behaviour import with_behaviour
from scoring_service.workflows.requests import RouteLead, Violations

_NOBODY = Lead()
_REPLACED = tuple(
    field
    for field in Lead.__struct_fields__
    if field not in ("lead_id", "technologies", "do_not_contact", "attributes")
)
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Arrival:
    """A lead with what a request brought, not yet routed and not yet stored.

    `lead` is the stored lead with its fields merged and its behaviour folded. `changes` is empty
    for a new one: what it began with is what it has, less the changes since.
    """

    lead: StoredLead
    is_new: bool
    changes: tuple[FieldChange, ...]
    activities: tuple[StoredActivity, ...]


def arrive(tx: Transaction, policy: Policy, request: RouteLead, now: datetime) -> Arrival:
    """Resolve the lead, merge its fields, take its activities as one set. Writes nothing.

    Raises InvalidArgument with every violation, NotFound (LEAD_NOT_FOUND) and FailedPrecondition
    (LEAD_CONFLICT).
    """
    digests = tuple([activity_digest(activity) for activity in request.activities])
    known = tx.activity_digests([a.activity_id for a in request.activities if a.activity_id])
    _refuse(_violations(policy, request, digests, known, now))
    before = _resolve(tx, request)
    _refuse(_of_other_leads(before, request.activities, known))
    stored = before or _new_lead(tx, request, now)
    lead, changes = merged(stored.lead, request.lead or _NOBODY) if before else (stored.lead, ())
    fresh = _fresh(stored.lead.lead_id, request.activities, digests, known, now)
    folded = with_behaviour(tx, policy, stored, [item.activity for item in fresh], now)
    arrived = msgspec.structs.replace(
        folded,
        lead=lead,
        do_not_contact=stored.do_not_contact or bool(lead.do_not_contact),
        updated_at=now,
    )
    return Arrival(arrived, before is None, changes, fresh)


def activity_digest(activity: Activity) -> str:
    """The digest of an activity as it was sent: 16 hex digits.

    >>> activity_digest(Activity("visit", datetime.fromisoformat("2026-01-05T09:00:00+00:00")))
    '17897945fee7ee42'
    """
    return blake2b(_encode(activity), digest_size=8).hexdigest()


def merged(old: Lead, sent: Lead) -> tuple[Lead, tuple[FieldChange, ...]]:
    """The lead with the fields of `sent` that are present, and what that changed.

    Attributes merge by key. do_not_contact is sticky: nothing sent clears it.
    """
    new: dict[str, Any] = {}
    for field in _REPLACED:
        value = getattr(sent, field)
        if value is not None and value != getattr(old, field):
            new[field] = value
    if sent.technologies and sent.technologies != old.technologies:
        new["technologies"] = sent.technologies
    if sent.do_not_contact is not None and not old.do_not_contact:
        new["do_not_contact"] = sent.do_not_contact
    changes = [_change(field, getattr(old, field), value) for field, value in new.items()]
    attributes = {k: v for k, v in sent.attributes.items() if old.attributes.get(k) != v}
    if attributes:
        changes += [
            _change(f"attributes.{k}", old.attributes.get(k), v) for k, v in attributes.items()
        ]
        new["attributes"] = {**old.attributes, **attributes}
    if not new:
        return old, ()
    return msgspec.structs.replace(old, **new), tuple(changes)


def _change(field: str, old: object, new: object) -> FieldChange:
    return FieldChange(field, None if old in (None, ()) else _json(old), _json(new))


def _json(value: object) -> str:
    return _encode(value).decode()


def _refuse(found: Violations) -> None:
    if found:
        raise InvalidArgument(found)


def _violations(
    policy: Policy,
    request: RouteLead,
    digests: tuple[str, ...],
    known: Mapping[str, tuple[str, str]],
    now: datetime,
) -> Violations:
    lead = request.lead or _NOBODY
    found = list(request.violations)
    named = request.request_id or any(field == "request_id" for field, _ in found)
    if not named and not request.dry_run:
        found.append(("request_id", "is required: a UUID that names this call, same on a retry"))
    found += violations(policy.schema, policy.scoring, lead, request.activities, now)
    seen = {activity_id: digest for activity_id, (_, digest) in known.items()}
    for i, (activity, digest) in enumerate(zip(request.activities, digests, strict=True)):
        place, activity_id = f"activities[{i}].activity_id", activity.activity_id
        if not activity_id:
            found.append((place, "is required where activities are stored"))
        elif seen.setdefault(activity_id, digest) != digest:
            found.append((place, f"{activity_id!r} is known with other content; use a new id"))
    return tuple(dict.fromkeys(found))


def _of_other_leads(
    before: StoredLead | None,
    activities: tuple[Activity, ...],
    known: Mapping[str, tuple[str, str]],
) -> Violations:
    if not known:
        return ()
    lead_id = before.lead.lead_id if before else None
    return tuple(
        (f"activities[{i}].activity_id", f"{a.activity_id!r} is another lead's; use a new id")
        for i, a in enumerate(activities)
        if a.activity_id in known and known[a.activity_id][0] != lead_id
    )


def _resolve(tx: Transaction, request: RouteLead) -> StoredLead | None:
    if request.lead is None:
        found = tx.lead(request.lead_id)
        if found is None:
            raise NotFound(f"no lead {request.lead_id!r} is stored", "LEAD_NOT_FOUND")
        return found
    sent = request.lead
    by_id = tx.lead(sent.lead_id) if sent.lead_id else None
    by_mail = tx.lead_by_email(email_key(sent.email)) if sent.email else None
    if by_id and by_mail and by_id.person_id != by_mail.person_id:
        raise FailedPrecondition(
            f"lead_id names {by_id.lead.lead_id!r}, the e-mail names {by_mail.lead.lead_id!r};"
            " send one of the two",
            "LEAD_CONFLICT",
        )
    return by_id or by_mail


def _new_lead(tx: Transaction, request: RouteLead, now: datetime) -> StoredLead:
    """A lead that is not stored yet; a dry run makes no ids."""
    sent = request.lead or _NOBODY
    lead_id = sent.lead_id or ("" if request.dry_run else tx.new_id())
    person_id = "" if request.dry_run else tx.new_id()
    lead = sent if sent.lead_id else msgspec.structs.replace(sent, lead_id=lead_id)
    return StoredLead(lead, person_id, Stage.ANONYMOUS, now, now, now)


def _fresh(
    lead_id: str,
    activities: tuple[Activity, ...],
    digests: tuple[str, ...],
    known: Mapping[str, tuple[str, str]],
    now: datetime,
) -> tuple[StoredActivity, ...]:
    """The activities not stored yet, each id once, clamped to `now`."""
    fresh: dict[str, StoredActivity] = {}
    for activity, digest in zip(clamped(activities, now), digests, strict=True):
        if activity.activity_id not in known and activity.activity_id not in fresh:
            fresh[activity.activity_id] = StoredActivity(lead_id, activity, digest, now)
    return tuple(fresh.values())
