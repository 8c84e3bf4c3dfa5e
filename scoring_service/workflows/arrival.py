"""What a request makes of a lead before it is routed: who it is, what changed, what it did."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

import msgspec

from scoring_service.domain.domains import email_key
from scoring_service.domain.intake import clamped, violations
from scoring_service.domain.lifecycle.touches import touched, touches
from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.activity import Activity, activity_digest
from scoring_service.values.errors import FailedPrecondition, InvalidArgument, NotFound
from scoring_service.values.happening import Touch, Touches
from scoring_service.values.lead import Lead
from scoring_service.values.stage import Stage
from scoring_service.values.stored import FieldChange, StoredActivity, StoredLead
from scoring_service.workflows.behaviour import with_behaviour
from scoring_service.workflows.persons import latest_of
from scoring_service.workflows.requests import RouteLead, Violations

_NOBODY = Lead()
_REPLACED = tuple(
    field
    for field in Lead.__struct_fields__
    if field not in ("lead_id", "technologies", "do_not_contact", "attributes")
)
_replaced_of = attrgetter(*_REPLACED)
_encode = msgspec.json.Encoder().encode

PROFILE_CHANGE = "profile_change"
"""The activity of somebody whose job or company changed."""

_PROFILE = frozenset({"job_title", "company_name"})


@dataclass(frozen=True, slots=True)
class Arrival:
    """A lead with what a request brought, not yet routed and not yet stored.

    `lead` is the stored lead with its fields merged and its behaviour folded, `before` as it was
    (None: it is new). `changes` is empty for a new one: what it began with is what it has, less
    the changes since. `touches` are by what it came this time.
    """

    lead: StoredLead
    before: StoredLead | None
    changes: tuple[FieldChange, ...]
    activities: tuple[StoredActivity, ...]
    touches: tuple[Touch, ...] = ()

    @property
    def is_new(self) -> bool:
        """Whether the lead is not stored yet."""
        return self.before is None

    @property
    def brings_news(self) -> bool:
        """Whether the request says anything that was not known."""
        return bool(self.is_new or self.changes or self.activities)


def arrive(
    tx: Transaction,
    policy: Policy,
    request: RouteLead,
    now: datetime,
    *,
    notices_changes: bool = False,
) -> Arrival:
    """Resolve the lead, merge its fields, take its activities as one set. Writes nothing.

    With `notices_changes` another job title or company is an activity too.

    Raises InvalidArgument with every violation, NotFound (LEAD_NOT_FOUND) and FailedPrecondition
    (LEAD_CONFLICT).
    """
    request = _less_blanks(request)
    known = tx.activity_digests([a.activity_id for a in request.activities if a.activity_id])
    _refuse(_violations(policy, request, known, now))
    before = _resolve(tx, request)
    _refuse(_of_others(tx, before, request.activities, known))
    stored = before or _new_lead(tx, request, now)
    lead, changes = merged(stored.lead, request.lead or _NOBODY) if before else (stored.lead, ())
    fresh = _fresh(stored.lead.lead_id, request.activities, known, now)
    if notices_changes:
        fresh += _profile_change(tx, policy, stored.lead.lead_id, changes, now)
    did = [item.activity for item in fresh]
    came = touches(lead, changes, did, now, is_new=before is None)
    arrived = msgspec.structs.replace(
        behaving(tx, policy, touched(stored, came), did, now),
        lead=lead,
        do_not_contact=stored.do_not_contact or bool(lead.do_not_contact),
        updated_at=now,
    )
    return Arrival(arrived, before, changes, fresh, came)


def _less_blanks(request: RouteLead) -> RouteLead:
    if request.lead is None or not _has_blanks(request.lead):
        return request
    return msgspec.structs.replace(request, lead=without_blanks(request.lead))


def _has_blanks(lead: Lead) -> bool:
    texts = [value for value in _replaced_of(lead) if isinstance(value, str)]
    return not all(map(str.strip, texts)) or any(map(is_blank, lead.attributes.values()))


def behaving(
    tx: Transaction, policy: Policy, lead: StoredLead, did: Sequence[Activity], now: datetime
) -> StoredLead:
    """The lead with what it did; of a disqualified one that is not scored."""
    if not did:
        return (
            lead if lead.stage is Stage.DISQUALIFIED else with_behaviour(tx, policy, lead, (), now)
        )
    at = [activity.occurred_at for activity in did]
    latest = max(at) if lead.last_activity_at is None else max(lead.last_activity_at, *at)
    if lead.stage is not Stage.DISQUALIFIED:
        lead = with_behaviour(tx, policy, lead, did, now)
    return msgspec.structs.replace(lead, last_activity_at=latest)


def record_arrival(tx: Transaction, arrival: Arrival, actor_id: str) -> None:
    """Record what changed of the lead, what it did, and by what it came."""
    lead_id = arrival.lead.lead.lead_id
    if arrival.changes:
        tx.record_changes("lead", lead_id, arrival.changes, actor_id)
    if arrival.activities:
        tx.add_activities(arrival.activities)
    if len(arrival.touches) > 1:
        tx.record(lead_id, Touches(arrival.touches), actor_id)
    elif arrival.touches:
        tx.record(lead_id, arrival.touches[0], actor_id)


def merged(old: Lead, sent: Lead) -> tuple[Lead, tuple[FieldChange, ...]]:
    """The lead with the fields of `sent` that are present, and what that changed.

    A blank erases nothing. Attributes merge by key. do_not_contact is sticky: nothing sent clears
    it.
    """
    new: dict[str, Any] = {}
    for field in _REPLACED:
        value = getattr(sent, field)
        if not is_blank(value) and value != getattr(old, field):
            new[field] = value
    if sent.technologies and sent.technologies != old.technologies:
        new["technologies"] = sent.technologies
    if sent.do_not_contact not in (None, old.do_not_contact) and not old.do_not_contact:
        new["do_not_contact"] = sent.do_not_contact
    changes = [_change(field, getattr(old, field), value) for field, value in new.items()]
    given = {name: value for name, value in sent.attributes.items() if not is_blank(value)}
    attributes = {k: v for k, v in given.items() if old.attributes.get(k) != v}
    if attributes:
        changes += [
            _change(f"attributes.{k}", old.attributes.get(k), v) for k, v in attributes.items()
        ]
        new["attributes"] = {**old.attributes, **attributes}
    if not new:
        return old, ()
    return msgspec.structs.replace(old, **new), tuple(changes)


def without_blanks(lead: Lead) -> Lead:
    """The lead with what is blank left out: it says nothing, and is held to no list of values.

    >>> sent = Lead("a", country=" ", phone="+1", attributes={"plan": ""})
    >>> without_blanks(sent) == Lead("a", phone="+1")
    True
    """
    blank = {field: None for field in _REPLACED if is_blank(getattr(lead, field))}
    given = {name: value for name, value in lead.attributes.items() if not is_blank(value)}
    return msgspec.structs.replace(lead, **blank, attributes=given)


def is_blank(value: object) -> bool:
    """Whether a field says nothing.

    >>> is_blank(None), is_blank(" "), is_blank(()), is_blank(0), is_blank(False)
    (True, True, True, False, False)
    """
    return value is None or value == () or (isinstance(value, str) and not value.strip())


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
    known: Mapping[str, tuple[str, str]],
    now: datetime,
) -> Violations:
    lead = request.lead or _NOBODY
    found = list(request.violations)
    named = request.request_id or any(field == "request_id" for field, _ in found)
    if not named and not request.dry_run:
        found.append(("request_id", "is required: a UUID that names this call, same on a retry"))
    found += violations(policy.schema, policy.scoring, lead, request.activities, now)
    ids = {activity.activity_id for activity in request.activities}
    if known or "" in ids or len(ids) < len(request.activities):
        found += _of_ids(request.activities, known)
    return tuple(dict.fromkeys(found))


def _of_ids(
    activities: tuple[Activity, ...], known: Mapping[str, tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    """Activities without an id, or of one that stands for another content."""
    seen = {activity_id: digest for activity_id, (_, digest) in known.items()}
    for i, activity in enumerate(activities):
        activity_id = activity.activity_id
        if not activity_id:
            yield _id_of(i), "is required where activities are stored"
            continue
        digest = activity_digest(activity)
        if seen.setdefault(activity_id, digest) != digest:
            yield _id_of(i), f"{activity_id!r} is known with other content; use a new id"


def _id_of(position: int) -> str:
    return f"activities[{position}].activity_id"


def _of_others(
    tx: Transaction,
    before: StoredLead | None,
    activities: tuple[Activity, ...],
    known: Mapping[str, tuple[str, str]],
) -> Violations:
    """Activities that somebody else did. Those of another lead of the person are known."""
    if not known:
        return ()
    mine = {before.lead.lead_id} if before else set()
    for lead_id in {lead_id for lead_id, _ in known.values()} - mine:
        other = tx.lead(lead_id)
        if before and other and other.person_id == before.person_id:
            mine.add(lead_id)
    return tuple(
        (_id_of(i), f"{a.activity_id!r} is another lead's; use a new id")
        for i, a in enumerate(activities)
        if a.activity_id in known and known[a.activity_id][0] not in mine
    )


def _resolve(tx: Transaction, request: RouteLead) -> StoredLead | None:
    """The lead that stands for whom the request is about; None for somebody new."""
    if request.lead is None:
        found = tx.lead(request.lead_id)
        if found is None:
            raise NotFound(f"no lead {request.lead_id!r} is stored", "LEAD_NOT_FOUND")
        return latest_of(tx, found)
    sent = request.lead
    by_id = tx.lead(sent.lead_id) if sent.lead_id else None
    by_mail = tx.lead_by_email(email_key(sent.email)) if sent.email else None
    if by_id and by_mail and by_id.person_id != by_mail.person_id:
        raise FailedPrecondition(
            f"lead_id names {by_id.lead.lead_id!r}, the e-mail names {by_mail.lead.lead_id!r};"
            " send one of the two, or merge them",
            "LEAD_CONFLICT",
        )
    found = by_id or by_mail
    return None if found is None else latest_of(tx, found)


def _new_lead(tx: Transaction, request: RouteLead, now: datetime) -> StoredLead:
    """A lead that is not stored yet; a dry run makes no ids."""
    sent = request.lead or _NOBODY
    lead_id = sent.lead_id or ("" if request.dry_run else tx.new_id())
    person_id = "" if request.dry_run else tx.new_id()
    if not sent.lead_id:
        sent = msgspec.structs.replace(sent, lead_id=lead_id)
    return StoredLead(sent, person_id, Stage.ANONYMOUS, now, now, now)


def _fresh(
    lead_id: str,
    activities: tuple[Activity, ...],
    known: Mapping[str, tuple[str, str]],
    now: datetime,
) -> tuple[StoredActivity, ...]:
    """The activities not stored yet, each id once, clamped to `now`."""
    fresh: dict[str, StoredActivity] = {}
    for sent, activity in zip(activities, clamped(activities, now), strict=True):
        activity_id = activity.activity_id
        if activity_id not in known and activity_id not in fresh:
            digest = "" if activity is sent else activity_digest(sent)
            fresh[activity_id] = StoredActivity(lead_id, activity, digest, now)
    return tuple(fresh.values())


def _profile_change(
    tx: Transaction,
    policy: Policy,
    lead_id: str,
    changes: tuple[FieldChange, ...],
    now: datetime,
) -> tuple[StoredActivity, ...]:
    """Somebody known has another job or company now: an activity, where the rules know it."""
    moved = any(one.old is not None and one.field in _PROFILE for one in changes)
    if not moved or PROFILE_CHANGE not in policy.scoring.activities:
        return ()
    activity = Activity(PROFILE_CHANGE, now, tx.new_id())
    return (StoredActivity(lead_id, activity, "", now),)
