"""Which clocks a lead has: laid when it enters a stage or changes hands, else running on."""

from datetime import UTC, datetime, timedelta
from functools import partial

import msgspec

from scoring_service.domain.business_time.calendar import Calendar
from scoring_service.domain.business_time.deadline import worked_out
from scoring_service.domain.business_time.duration import Duration, Elapsed
from scoring_service.domain.business_time.open_days import instant_of
from scoring_service.domain.lifecycle.clocks import laid_on, left_of, relaid
from scoring_service.domain.lifecycle.stage_clocks import (
    LAPSES_IN,
    From,
    StageClock,
    clocks_of,
    counted_from,
    counts_anew,
    span_of,
)
from scoring_service.domain.policy import Policy
from scoring_service.domain.scoring.bars import BEHAVIOUR
from scoring_service.values.clock import Clock, ClockName
from scoring_service.values.owner import Owner, QueueOwner, RepOwner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead

_ZERO = Elapsed(timedelta(0))


def laid(
    policy: Policy, before: StoredLead | None, after: StoredLead, now: datetime, sla: str = ""
) -> tuple[Clock, ...]:
    """The clocks of `after`, a lead that entered a stage or got another owner (see `before`).

    `sla` names the one of the assignment that was just made; "" where none was. With another owner
    what counts from the assignment starts anew, the rest runs on in the new owner's calendar.
    """
    if not after.unfinished:
        return ()
    if before is None or before.visit != after.visit:
        found = _entered(policy, before, after, now, sla)
        return with_lapse(policy, after, found, _held_until(after), now)
    return _in_other_hands(policy, before, after, now, sla)


def with_lapse(
    policy: Policy,
    lead: StoredLead,
    clocks: tuple[Clock, ...],
    qualified_until: datetime | None,
    now: datetime,
) -> tuple[Clock, ...]:
    """The clocks with the one that tells the owner when the bar is no longer held.

    Only mql, sal and sql have it, and only while `qualified_until` is to come.
    """
    others = tuple(clock for clock in clocks if clock.name is not ClockName.LAPSE)
    if lead.stage not in LAPSES_IN or qualified_until is None or qualified_until <= now:
        return others
    name = calendar_of(policy, lead.owner, lead.waiting_in)
    left = left_of(Elapsed(qualified_until - now))
    return (
        *others,
        Clock(ClockName.LAPSE, now, now, left, name, policy.revision, qualified_until),
    )


def begun(
    policy: Policy, lead: StoredLead, row: StageClock, now: datetime, sla: str = ""
) -> Clock | None:
    """A clock of the stage table as it begins at `now`; None where the lead has nothing it could
    count from.
    """
    since = counted_from(row, lead, now)
    if since is None:
        return None
    name = calendar_of(policy, lead.owner, lead.waiting_in)
    calendar = policy.calendars[name]
    if row.counts is From.EXPECTED_CLOSE:
        since = _midnight(calendar, since)
    reevaluates = row.counts is From.REEVALUATION
    span = _ZERO if reevaluates else span_of(policy, lead.stage, row, sla)
    given = "" if row.stale or reevaluates else _given(policy, row, sla)
    runs = row.name, span, name, policy.revision, given, now
    return worked_out(calendar, since, runs, partial(_clock, calendar, since, *runs))


def _clock(
    calendar: Calendar,
    since: datetime,
    clock: ClockName,
    span: Duration,
    name: str,
    revision: str,
    given: str,
    now: datetime,
) -> Clock:
    left = left_of(span)
    due = laid_on(calendar, since, left)
    return Clock(clock, now, since, left, name, revision, due, sla=given)


def calendar_of(policy: Policy, owner: Owner | None, waiting_in: str | None) -> str:
    """The calendar a lead's clocks are counted in: its rep's, its queue's or its track's."""
    if isinstance(owner, RepOwner) and owner.id in policy.reps:
        return policy.reps[owner.id].calendar
    if isinstance(owner, QueueOwner):
        pool = policy.pools.get(waiting_in or "")
        return pool.queue.calendar if pool else "default"
    track = policy.lifecycle.tracks.get(owner.id) if owner else None
    return track.calendar if track else "default"


def relaid_each(old: Policy, policy: Policy, lead: StoredLead, now: datetime) -> tuple[Clock, ...]:
    """The clocks in the calendar that the lead has now; `old` is the policy they were laid by.

    For the leads of an activation: what passed under the old calendars stays passed.
    """
    name = calendar_of(policy, lead.owner, lead.waiting_in)
    return tuple(_relaid(old, policy, clock, name, now) for clock in lead.clocks)


def _entered(
    policy: Policy, before: StoredLead | None, after: StoredLead, now: datetime, sla: str
) -> tuple[Clock, ...]:
    rows = clocks_of(policy, after.stage)
    found = [clock for row in rows if (clock := begun(policy, after, row, now, sla)) is not None]
    if before is None or before.stage is not Stage.MQL or before.first_contact_at is None:
        return tuple(found)
    return tuple(_met_before(clock) for clock in found)


def _met_before(clock: Clock) -> Clock:
    """A contact logged before the acceptance does not accept, but meets the contact clock."""
    if clock.name is not ClockName.FIRST_CONTACT:
        return clock
    return msgspec.structs.replace(clock, due_at=None, met_at=clock.started_at)


def _in_other_hands(
    policy: Policy, before: StoredLead, after: StoredLead, now: datetime, sla: str
) -> tuple[Clock, ...]:
    running = {clock.name: clock for clock in before.clocks}
    handed = sla or (before.owner, before.assignment_id) != (after.owner, after.assignment_id)
    name = calendar_of(policy, after.owner, after.waiting_in)
    found: list[Clock | None] = []
    for row in clocks_of(policy, after.stage):
        clock = running.get(row.name)
        if clock is None or (handed and counts_anew(after.stage, row)):
            found.append(begun(policy, after, row, now, sla))
        else:
            found.append(_relaid(policy, policy, clock, name, now))
    stays = (ClockName.LAPSE,) if handed else (ClockName.LAPSE, ClockName.NOBODY)
    beside = (running[name] for name in stays if name in running)
    return (*(clock for clock in found if clock is not None), *beside)


def _relaid(old: Policy, policy: Policy, clock: Clock, name: str, now: datetime) -> Clock:
    new = policy.calendars[name]
    laid_by = old.calendars.get(clock.calendar, new)
    again = relaid(clock, laid_by, new, now, policy.revision)
    return msgspec.structs.replace(again, calendar=name)


def _given(policy: Policy, row: StageClock, sla: str) -> str:
    accepts = row.name is ClockName.ACCEPT and sla in policy.lifecycle.slas
    return sla if accepts else row.key


def _held_until(lead: StoredLead) -> datetime | None:
    return next((bar.until for bar in lead.held_bars if bar.name == BEHAVIOUR), None)


def _midnight(calendar: Calendar, day: datetime) -> datetime:
    """The first instant of a date, given by its midnight in UTC, in the calendar's zone."""
    return instant_of(calendar.zone, day.astimezone(UTC).date(), timedelta(0))
