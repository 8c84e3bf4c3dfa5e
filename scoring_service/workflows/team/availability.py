"""Somebody says when a rep is away, or that he is there after all."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

import msgspec

from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.absences import (
    not_over,
    under_way,
    with_absences,
    without_days,
)
from scoring_service.domain.routing.leave import local_date
from scoring_service.store.transaction import Transaction
from scoring_service.values.absence import Absence, EnteredAbsence
from scoring_service.values.errors import FailedPrecondition, InvalidArgument, PermissionDenied
from scoring_service.values.owner import RepOwner
from scoring_service.values.stored import FieldChange
from scoring_service.values.team import Rep
from scoring_service.workflows.events import emit
from scoring_service.workflows.firing.away import arm_leave
from scoring_service.workflows.idempotency import once
from scoring_service.workflows.permission import may_move, named
from scoring_service.workflows.rep_requests import Availability, SetAvailability
from scoring_service.workflows.team.naming import wrong_reps
from scoring_service.workflows.team.standing import availability_of
from scoring_service.workflows.waiting import rep_freed

FIELD = "away"
"""What a rep's absences are called in his history."""

DAYS_AHEAD_MAX = 731
"""Days from today within which an absence lies."""

PERIODS_MAX = 100
"""Absences a rep may have that are not over."""

Days = tuple[date, date]


class AvailabilityChanged(msgspec.Struct, frozen=True, omit_defaults=True):
    """The payload of `rep.availability_changed`: all that is entered of a rep and is not over."""

    rep_id: str
    at: datetime
    actor: str = ""
    away: tuple[Absence, ...] = ()


@once("SetAvailability", Availability)
def set_availability(
    tx: Transaction, policy: Policy, request: SetAvailability, now: datetime
) -> Availability:
    """Enter or withdraw days away, beside the leave of team.yaml; what is entered for today takes
    effect at once, and who is there again has his turns at once.

    By the rep himself, a manager above him, a rep with role ops or an operator. Raises
    InvalidArgument, PermissionDenied (MAY_NOT_SET_AVAILABILITY), FailedPrecondition (NOT_AWAY).
    """
    _refuse(tuple(dict.fromkeys((*request.violations, *_violations(policy, request, now)))))
    rep = policy.reps[request.rep_id]
    _require_may_set(policy, rep, request.actor_id)
    before = tx.absences_of(rep.rep_id)
    after = _withdrawn(rep, before, request, now) if request.withdraw else before
    if not request.withdraw:
        after = _entered(before, request, now)
    then = policy if after == before else _changed(tx, policy, rep, before, after, request, now)
    return availability_of(then, then.reps[rep.rep_id], not_over(after, now), now)


def _entered(
    before: Sequence[EnteredAbsence], request: SetAvailability, now: datetime
) -> tuple[EnteredAbsence, ...]:
    """On its days an absence takes the place of what was entered before."""
    assert request.first is not None, request
    assert request.last is not None, request
    absence = Absence(request.rep_id, request.first, request.last, request.backup or None)
    if any(one.absence == absence for one in before):
        return tuple(before)
    others = without_days(before, absence.first, absence.last)
    made = (*others, EnteredAbsence(absence, now, request.actor_id))
    if len(made) > PERIODS_MAX:
        _refuse((("away_from", f"{request.rep_id!r} has {PERIODS_MAX} absences; withdraw some"),))
    return tuple(sorted(made, key=lambda one: one.absence.first))


def _withdrawn(
    rep: Rep, before: Sequence[EnteredAbsence], request: SetAvailability, now: datetime
) -> tuple[EnteredAbsence, ...]:
    """From today on: on the days that have passed he was away."""
    today = local_date(rep, now)
    days = _named(request) or under_way(before, today)
    after = before if days is None else without_days(before, max(days[0], today), days[1])
    if days is None or tuple(after) == tuple(before):
        when = "today" if days is None else f"from {days[0]} to {days[1]}"
        raise FailedPrecondition(
            f"nobody entered that {rep.rep_id!r} is away {when}; leave of team.yaml ends there",
            "NOT_AWAY",
        )
    return tuple(after)


def _changed(
    tx: Transaction,
    policy: Policy,
    rep: Rep,
    before: tuple[EnteredAbsence, ...],
    after: tuple[EnteredAbsence, ...],
    request: SetAvailability,
    now: datetime,
) -> Policy:
    """Store what is entered of a rep, and have it take effect; the policy that then holds."""
    rep_id, actor = rep.rep_id, request.actor_id
    tx.save_absences(rep_id, after)
    left = tuple(one.absence for one in not_over(after, now))
    was = tuple(one.absence for one in before)
    tx.record_changes("rep", rep_id, (FieldChange(FIELD, _json(was), _json(left)),), actor)
    emit(tx, "", "rep.availability_changed", AvailabilityChanged(rep_id, now, actor, left), now)
    others = (one for one in policy.away if one.rep_id != rep_id)
    away = sorted((*others, *left), key=lambda one: (one.rep_id, one.first))
    then = with_absences(policy, tuple(away))
    arm_leave(tx, then, then.reps[rep_id], now, before=policy)
    rep_freed(tx, then, rep_id, now)
    return then


def _json(absences: tuple[Absence, ...]) -> str | None:
    return msgspec.json.encode(absences).decode() if absences else None


def _named(request: SetAvailability) -> Days | None:
    if request.first is None or request.last is None:
        return None
    return request.first, request.last


def _violations(
    policy: Policy, request: SetAvailability, now: datetime
) -> Iterator[tuple[str, str]]:
    yield from wrong_reps(policy, "rep_id", request.rep_id, request.violations)
    rep = policy.reps.get(request.rep_id)
    if rep is not None and rep.active:
        yield from _of_days(request, local_date(rep, now))
    if request.backup and request.withdraw:
        yield "backup", "is of an absence that is entered; leave it out where one is withdrawn"
    elif request.backup and request.backup == request.rep_id:
        yield "backup", "is the rep himself; name another"
    elif request.backup:
        yield from wrong_reps(policy, "backup", request.backup, request.violations)


def _of_days(request: SetAvailability, today: date) -> Iterator[tuple[str, str]]:
    first, last = request.first, request.last
    if first is None or last is None:
        if not request.withdraw or (first or last):
            missing = "away_from" if first is None else "away_to"
            if not any(field == missing for field, _ in request.violations):
                yield missing, "is required: a day such as 2026-08-03, in the rep's zone"
        return
    if first > last:
        yield "away_to", f"{last} is before away_from, {first}"
    elif last < today:
        yield "away_to", f"{last} is over; today is {today} where the rep is"
    reach = timedelta(days=DAYS_AHEAD_MAX)
    if last > today + reach or first < today - reach:
        yield "away_to", f"name days at most {DAYS_AHEAD_MAX} days from today, {today}"


def _require_may_set(policy: Policy, rep: Rep, actor: str) -> None:
    if actor != rep.rep_id and not may_move(policy, actor, RepOwner(rep.rep_id)):
        raise PermissionDenied(
            f"{named(actor)} may not say when {rep.rep_id!r} is away; he himself, a manager"
            " above him, a rep with role ops or an operator may",
            "MAY_NOT_SET_AVAILABILITY",
        )


def _refuse(found: Sequence[tuple[str, str]]) -> None:
    if found:
        raise InvalidArgument(tuple(found))
