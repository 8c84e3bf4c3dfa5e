"""What happens to a lead's clocks between its moves: an activity, a contact, a firing."""

from datetime import datetime

import msgspec

from scoring_service.domain.lifecycle.clocks import (
    breached,
    laid_again,
    laid_on,
    left_of,
    met,
    paused,
    resumed,
)
from scoring_service.domain.lifecycle.laying import calendar_of
from scoring_service.domain.lifecycle.stage_clocks import (
    PAUSABLE,
    REPEATED,
    From,
    StageClock,
    clocks_of,
    span_of,
)
from scoring_service.domain.policy import Policy
from scoring_service.values.clock import Clock, ClockName
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead


def touched(
    clocks: tuple[Clock, ...], policy: Policy, lead: StoredLead, now: datetime
) -> tuple[Clock, ...]:
    """The clocks after an activity: those that wait for one count from the latest,
    `lead.last_activity_at`, by when it happened.
    """
    at = lead.last_activity_at
    if at is None:
        return clocks
    return _counted_anew(clocks, policy, lead, From.ACTIVITY, min(at, now))


def contacted(
    clocks: tuple[Clock, ...],
    policy: Policy,
    lead: StoredLead,
    occurred_at: datetime,
    now: datetime,
    next_contact_at: datetime | None = None,
) -> tuple[Clock, ...]:
    """The clocks after a contact: that of the first is met, the others count from the latest, by
    when it happened; until `next_contact_at` those of sal and sql stand still. Where silence counts
    anew the lead waits for nobody else any more.
    """
    done = tuple(
        met(clock, occurred_at) if clock.name is ClockName.FIRST_CONTACT else clock
        for clock in clocks
    )
    found = _counted_anew(done, policy, lead, From.CONTACT, min(occurred_at, now))
    if found != done:
        found = tuple(clock for clock in found if clock.name is not ClockName.NOBODY)
    if next_contact_at is None or next_contact_at <= now:
        return found
    return tuple(
        paused(clock, policy.calendars[clock.calendar], next_contact_at, now)
        if clock.name in PAUSABLE
        else clock
        for clock in found
    )


def gone_on(
    clocks: tuple[Clock, ...], policy: Policy, lead: StoredLead, now: datetime
) -> tuple[Clock, ...]:
    """The clocks at `now`: those whose pause is over run again."""
    calendar = policy.calendars[calendar_of(policy, lead.owner, lead.waiting_in)]
    return tuple(
        resumed(clock, calendar, max(clock.resumes_at, clock.since), policy.revision)
        if clock.resumes_at is not None and clock.resumes_at <= now
        else clock
        for clock in clocks
    )


def fired(policy: Policy, lead: StoredLead, clock: Clock, now: datetime) -> Clock:
    """The clock after it fired and its lead stayed: done, or laid again where it comes again.

    Once fired late it does not come for what was missed, but from `now` on.
    """
    assert clock.due_at is not None, clock
    after = breached(clock)
    if clock.name not in REPEATED:
        return after
    lifecycle = policy.lifecycle
    nobody = clock.name is ClockName.NOBODY
    span = lifecycle.top_again if nobody else lifecycle.stale[Stage.OPPORTUNITY.value]["again"]
    calendar = policy.calendars[calendar_of(policy, lead.owner, lead.waiting_in)]
    again = laid_again(after, calendar, clock.due_at, left_of(span), policy.revision)
    if again.wakes_at is not None and again.wakes_at > now:
        return again
    return laid_again(after, calendar, now, left_of(span), policy.revision)


def replaced(clocks: tuple[Clock, ...], clock: Clock) -> tuple[Clock, ...]:
    """The clocks with `clock` in the place of the one of its name, or beside them."""
    others = tuple(other for other in clocks if other.name is not clock.name)
    return (*others, clock)


def _counted_anew(
    clocks: tuple[Clock, ...], policy: Policy, lead: StoredLead, counts: From, at: datetime
) -> tuple[Clock, ...]:
    rows = {row.name: row for row in clocks_of(policy, lead.stage) if row.counts is counts}
    return tuple(
        _from(policy, lead, clock, rows[clock.name], at) if clock.name in rows else clock
        for clock in clocks
    )


def _from(policy: Policy, lead: StoredLead, clock: Clock, row: StageClock, at: datetime) -> Clock:
    """The clock counting from `at` with its whole span, unless it counts from later already. A
    pause goes on; a breach is history: this is another count.
    """
    if at <= min(clock.since, clock.started_at):
        return clock
    name = calendar_of(policy, lead.owner, lead.waiting_in)
    left = left_of(span_of(policy, lead.stage, row))
    due = None if clock.resumes_at else laid_on(policy.calendars[name], at, left)
    return msgspec.structs.replace(
        clock,
        started_at=at,
        since=at,
        left=left,
        calendar=name,
        revision=policy.revision,
        due_at=due,
        step=0,
        breached_at=None,
    )
