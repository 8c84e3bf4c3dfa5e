"""Rows to values and values to rows: the only place that knows both."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec

from scoring_service.store.connection import Row
from scoring_service.values.account import Account
from scoring_service.values.activity import Activity, activity_digest
from scoring_service.values.decision import Draw
from scoring_service.values.instant import instant, micros
from scoring_service.values.owner import Owner, QueueOwner, RepOwner, TrackOwner
from scoring_service.values.stored import (
    Answer,
    Credit,
    Event,
    FieldChange,
    QueuePlace,
    Rotation,
    StoredActivity,
    StoredAssignment,
    StoredDecision,
    StoredLead,
    Timer,
)

encode = msgspec.json.Encoder().encode
_lead = msgspec.json.Decoder(StoredLead).decode
_activities = msgspec.json.Decoder(list[tuple[str, Activity]]).decode
_account = msgspec.json.Decoder(Account).decode
_gains = msgspec.json.Decoder(tuple[tuple[str, int], ...]).decode
_arms = msgspec.json.Decoder(dict[str, str]).decode


class PlaceBody(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a queue place holds beside what it is found by."""

    win_probability: float | None = None
    not_for: tuple[str, ...] = ()
    revision: str = ""


_place = msgspec.json.Decoder(PlaceBody).decode


def text(value: object) -> str:
    """A value as JSON text."""
    return encode(value).decode()


def kind(owner: Owner) -> str:
    """The word for a kind of owner."""
    if isinstance(owner, RepOwner):
        return "rep"
    return "queue" if isinstance(owner, QueueOwner) else "track"


def owner_of(kind: str, owner_id: str) -> Owner:
    """The owner of a kind and an id."""
    if kind == "rep":
        return RepOwner(owner_id)
    return QueueOwner(owner_id) if kind == "queue" else TrackOwner(owner_id)


def _micros(at: datetime | None) -> int | None:
    return None if at is None else micros(at)


def _instant(count: int | None) -> datetime | None:
    return None if count is None else instant(count)


def lead(body: str) -> StoredLead:
    """A lead's body as the lead."""
    return _lead(body)


def lead_row(lead: StoredLead) -> Row:
    """A lead for `save_lead`."""
    owner = lead.owner
    return (
        lead.lead.lead_id,
        lead.person_id,
        lead.cycle,
        lead.stage.value,
        kind(owner) if owner else None,
        owner.id if owner else None,
        micros(lead.created_at),
        micros(lead.updated_at),
        lead.lead.account_id,
        lead.score,
        _key(lead.lead.company_name),
        _key(lead.lead.full_name),
        text(lead),
    )


def _key(name: str | None) -> str | None:
    """A name in the form in which likely duplicates are found."""
    return " ".join(name.casefold().split()) if name else None


def name_keys(company: str | None, full_name: str | None) -> tuple[str | None, str | None]:
    """The two keys by which leads of one name are found."""
    return _key(company), _key(full_name)


def activities(found: Sequence[Row]) -> list[Activity]:
    """The rows of `activities`, by the time they happened."""
    every = [activity for (body,) in found for _, activity in _activities(body)]
    return sorted(every, key=happened)


def digests(found: Sequence[Row], asked: Collection[str]) -> dict[str, tuple[str, str]]:
    """The rows of `activity_sets` as the lead and the digest of each activity that is asked for."""
    return {
        activity.activity_id: (lead_id, digest or activity_digest(activity))
        for lead_id, body in found
        for digest, activity in _activities(body)
        if activity.activity_id in asked
    }


def happened(activity: Activity) -> tuple[datetime, str]:
    """The order of what leads did."""
    return activity.occurred_at, activity.activity_id


def activity_set_row(number: int, stored: Sequence[StoredActivity]) -> Row:
    """Activities of one lead and one request for `add_activities`."""
    body = text([(one.digest, one.activity) for one in stored])
    return number, stored[0].lead_id, micros(stored[0].recorded_at), body


def activity_ids_row(number: int, stored: Sequence[StoredActivity]) -> Row:
    """Their ids for `add_activity_ids`."""
    return number, text([one.activity.activity_id for one in stored])


def account(body: str) -> Account:
    """An account's body as the account."""
    return _account(body)


def account_row(account: Account, now: datetime) -> Row:
    """An account for `save_account`."""
    saved = micros(now)
    return account.account_id, account.parent_id, account.owner_rep_id, saved, text(account)


def change_row(
    subject_kind: str, subject_id: str, change: FieldChange, at: datetime, actor: str
) -> Row:
    """A change for `record_change`."""
    return subject_kind, subject_id, change.field, change.old, change.new, micros(at), actor


def assignment(row: Row) -> StoredAssignment:
    """A row of `assignment`."""
    assignment_id, lead_id, decision_id, owner_kind, owner_id, cause, assigned_at, *rest = row
    pool, route, sla, team, manager, draw_number, *clock, ended_how, given_back, arms = rest
    who = (assignment_id, lead_id, decision_id, owner_of(owner_kind, owner_id), cause)
    where = (pool, route, sla, team, manager, draw_number)
    enqueued_at, respond_by, ended_at = map(_instant, clock)
    when = (enqueued_at, respond_by, ended_at, ended_how, bool(given_back))
    return StoredAssignment(*who, instant(assigned_at), *where, *when, _arms(arms))


def assignment_row(assigned: StoredAssignment) -> Row:
    """An assignment for `save_assignment`."""
    return (
        assigned.assignment_id,
        assigned.lead_id,
        assigned.decision_id,
        kind(assigned.owner),
        assigned.owner.id,
        assigned.cause,
        micros(assigned.assigned_at),
        assigned.pool,
        assigned.route,
        assigned.sla,
        assigned.team,
        assigned.manager,
        assigned.draw_number,
        _micros(assigned.enqueued_at),
        _micros(assigned.respond_by),
        _micros(assigned.ended_at),
        assigned.ended_how,
        int(assigned.given_back),
        text(assigned.arms),
    )


def rotation(pool: str, rows: Sequence[Row]) -> Rotation:
    """The rows of `rotation` as the pool's rotation; none is a pool that never drew."""
    credits = tuple(Credit(rep, credit, last) for _, rep, credit, last in rows if rep is not None)
    return Rotation(pool, credits, rows[0][0] if rows else 0)


def draw(pool: str, number: int, row: Row) -> tuple[Draw, bool]:
    """A row of `draw` as the draw, and whether it was given back."""
    winner, gains, paid, given_back = row
    return Draw(pool, number, winner, _gains(gains), paid), bool(given_back)


def draw_row(draw: Draw, decision_id: str, lead_id: str, at: datetime, given_back: bool) -> Row:
    """A draw for `record_draw`."""
    gains = text(draw.gains)
    made = (draw.pool, draw.number, draw.winner, draw.paid, gains)
    return *made, decision_id, lead_id, micros(at), int(given_back)


def place(row: Row) -> QueuePlace:
    """A row of `waiting`."""
    pool, lead_id, enqueued_at, number, body = row
    rest = _place(body)
    at = instant(enqueued_at)
    return QueuePlace(pool, lead_id, at, number, rest.win_probability, rest.not_for, rest.revision)


def place_row(place: QueuePlace) -> Row:
    """A place for `save_place`."""
    body = text(PlaceBody(place.win_probability, place.not_for, place.revision))
    return place.pool, place.lead_id, micros(place.enqueued_at), place.number, body


def timer(row: Row) -> Timer:
    """A row of `timer`."""
    kind, subject, due_at, revision, attempts = row
    return Timer(kind, subject, instant(due_at), revision, attempts)


def timer_row(timer: Timer) -> Row:
    """A timer for `set_timer`."""
    return timer.kind, timer.subject, micros(timer.due_at), timer.revision, timer.attempts


def decision(row: Row) -> StoredDecision:
    """A row of `decision`."""
    decision_id, lead_id, at, actor, revision, model, semantics, *rest = row
    facts, made, assignment_id, trimmed_at = rest
    record = (decision_id, lead_id, instant(at), actor, revision, model, semantics)
    trimmed = None if trimmed_at is None else instant(trimmed_at)
    return StoredDecision(*record, facts.encode(), made.encode(), assignment_id, trimmed)


def decision_row(record: StoredDecision) -> Row:
    """A decision record for `record_decision`."""
    return (
        record.decision_id,
        record.lead_id,
        micros(record.at),
        record.actor,
        record.revision,
        record.model,
        record.semantics,
        record.facts.decode(),
        record.decision.decode(),
        record.assignment_id,
    )


def event(row: Row) -> Event:
    """A row of `events`."""
    _, event_id, lead_id, type_, at, payload = row
    return Event(event_id, lead_id, type_, instant(at), payload.encode())


def event_row(number: int, event: Event) -> Row:
    """An event for `emit`, with its place in the order of all."""
    payload = event.payload.decode()
    return number, event.event_id, event.lead_id, event.type, micros(event.at), payload


def answer(row: Row) -> Answer:
    """A row of `answers`."""
    request_id, method, digest, body, at = row
    return Answer(request_id, method, digest, body.encode(), instant(at))


def answer_row(answer: Answer) -> Row:
    """An answer for `keep_answer`."""
    body = answer.body.decode()
    return answer.request_id, answer.method, answer.digest, body, micros(answer.at)


def strings(values: Sequence[str] | set[str]) -> str:
    """Keys as the JSON array that a statement takes where it asks for many."""
    return text(list(values))


def any_value(rows: list[Row]) -> Any:
    """The only value of at most one row; None where there is no row."""
    return rows[0][0] if rows else None


def rep_changes(before: Row, after: Row) -> tuple[FieldChange, ...]:
    """What differs between two rows of a rep; nothing where they are of one policy."""
    old, new = (msgspec.json.decode(row[2]) | {"in_team": bool(row[3])} for row in (before, after))
    fields = sorted(old.keys() | new.keys())
    return tuple(
        FieldChange(field, text(old.get(field)), text(new.get(field)))
        for field in fields
        if old.get(field) != new.get(field)
    )
