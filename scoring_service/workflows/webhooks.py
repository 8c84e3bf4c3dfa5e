"""Giving events to receivers: at least once, in order per lead, by one replica at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from scoring_service.domain.policy import Policy
from scoring_service.domain.webhooks import next_attempt, pause
from scoring_service.store.reader import Reader
from scoring_service.store.transaction import Transaction
from scoring_service.values.errors import InvalidArgument, NotFound
from scoring_service.values.stored import Event
from scoring_service.values.webhook import Cursor, Endpoint, Letter
from scoring_service.workflows.idempotency import once
from scoring_service.workflows.lifecycle_requests import DeadEventsReplayed, ReplayDeadEvents
from scoring_service.workflows.permission import require_may_move

AT_ONCE = 32
"""Events taken in one go."""

WAITING_MAX = 10_000
"""Letters that may wait; with more of them nothing new is begun."""

LEASE = timedelta(minutes=2)
"""How long whoever took events has them to himself."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """An event to be given, and how often that failed before."""

    number: int
    event: Event
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came of giving a parcel; `failure` is empty where it was taken."""

    parcel: Parcel
    failure: str = ""


def take(tx: Transaction, endpoint: Endpoint, holder: str, now: datetime) -> tuple[Parcel, ...]:
    """The next events for a receiver, in order, one a lead; they are the holder's to give.

    Nothing while another holds it, or while it is away. A new receiver begins with what happens
    from now on.
    """
    cursor = tx.webhook_cursor(endpoint.name)
    if cursor is None:
        tx.save_webhook_cursor(endpoint.name, Cursor(tx.last_event()))
        return ()
    if _may_not_be_given(cursor, holder, now):
        return ()
    waiting = tx.webhook_letters(endpoint.name, WAITING_MAX, dead=False)
    parcels = list(_again(tx, waiting, now))
    after = cursor.after
    if len(waiting) < WAITING_MAX and len(parcels) < AT_ONCE:
        behind = {letter.lead_id for letter in waiting if letter.lead_id}
        after = _add_fresh(tx, endpoint, cursor.after, behind, parcels, now)
    if parcels or after != cursor.after:
        leased = msgspec.structs.replace(
            cursor, after=after, holder=holder, leased_until=now + LEASE
        )
        tx.save_webhook_cursor(endpoint.name, leased)
    return tuple(parcels)


def waits(reader: Reader, endpoint: Endpoint, holder: str, now: datetime) -> bool:
    """Whether `take` may find something: asked by reading alone, so that an idle receiver costs no
    transaction.
    """
    cursor = reader.webhook_cursor(endpoint.name)
    if cursor is None:
        return True
    if _may_not_be_given(cursor, holder, now):
        return False
    return reader.webhook_waits(endpoint.name, cursor.after, now)


def given(
    tx: Transaction, endpoint: Endpoint, deliveries: Sequence[Delivery], now: datetime
) -> None:
    """Keep what came of giving events: what was not taken is sent again later, or is dead."""
    cursor = tx.webhook_cursor(endpoint.name)
    assert cursor is not None, f"{endpoint.name} was given what was never taken for it"
    failures = cursor.failures
    for each in deliveries:
        tx.drop_webhook_letter(endpoint.name, each.parcel.number)
        failures = failures + 1 if each.failure else 0
        if each.failure:
            tx.save_webhook_letter(_letter(endpoint, each, now))
    paused = now + pause(failures) if pause(failures) else None
    free = msgspec.structs.replace(
        cursor, leased_until=None, failures=failures, paused_until=paused
    )
    tx.save_webhook_cursor(endpoint.name, free)


@once("ReplayDeadEvents", DeadEventsReplayed)
def replay_dead_events(
    tx: Transaction, policy: Policy, request: ReplayDeadEvents, now: datetime
) -> DeadEventsReplayed:
    """Have every dead event of a receiver sent again.

    Raises InvalidArgument, PermissionDenied (MAY_NOT_MOVE), NotFound (ENDPOINT_NOT_FOUND).
    """
    if request.violations:
        raise InvalidArgument(request.violations)
    require_may_move(policy, request.actor_id, None, "have dead events sent again")
    if tx.webhook_cursor(request.endpoint) is None:
        raise NotFound(
            f"no receiver {request.endpoint!r} was ever given events;"
            " it is named in the file of webhooks",
            "ENDPOINT_NOT_FOUND",
        )
    return DeadEventsReplayed(replay_dead(tx, request.endpoint, now))


def replay_dead(tx: Transaction, endpoint: str, now: datetime) -> int:
    """Have every dead event of a receiver sent again; how many there are."""
    dead = tx.webhook_letters(endpoint, WAITING_MAX, dead=True)
    for letter in dead:
        tx.save_webhook_letter(msgspec.structs.replace(letter, dead=False, attempts=0, next_at=now))
    return len(dead)


def _may_not_be_given(cursor: Cursor, holder: str, now: datetime) -> bool:
    """Whether another replica gives, or the receiver is left alone for a while."""
    leased = cursor.leased_until is not None and now < cursor.leased_until
    paused = cursor.paused_until is not None and now < cursor.paused_until
    return paused or (leased and cursor.holder != holder)


def _again(tx: Transaction, waiting: Sequence[Letter], now: datetime) -> Iterator[Parcel]:
    """Letters whose time has come, and that wait behind no other of their lead."""
    first: dict[str, Letter] = {}
    for letter in waiting:
        first.setdefault(letter.lead_id or str(letter.number), letter)
    due = [letter for letter in first.values() if letter.next_at <= now][:AT_ONCE]
    events = tx.events_numbered([letter.number for letter in due]) if due else {}
    for letter in due:
        if letter.number in events:
            yield Parcel(letter.number, events[letter.number], letter.attempts)


def _add_fresh(
    tx: Transaction,
    endpoint: Endpoint,
    after: int,
    behind: set[str],
    parcels: list[Parcel],
    now: datetime,
) -> int:
    """Add events never sent before; the number of the last one looked at.

    Each has a letter until it was given, so that none is lost with whoever took it. One of a lead
    that waits, or that is in the parcels already, waits behind that.
    """
    for number, event in tx.events(after, AT_ONCE - len(parcels)):
        after = number
        if not endpoint.wants(event.type):
            continue
        waits = event.lead_id in behind
        if not waits:
            parcels.append(Parcel(number, event))
            behind |= {event.lead_id} - {""}
        again = now if waits else now + LEASE
        tx.save_webhook_letter(Letter(endpoint.name, number, event.lead_id, 0, again))
    return after


def _letter(endpoint: Endpoint, delivery: Delivery, now: datetime) -> Letter:
    parcel, attempts = delivery.parcel, delivery.parcel.attempts + 1
    again = next_attempt(attempts, now)
    return Letter(
        endpoint.name,
        parcel.number,
        parcel.event.lead_id,
        attempts,
        again or now,
        again is None,
        delivery.failure,
    )
