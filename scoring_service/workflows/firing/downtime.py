"""When nobody looked at the timers for a while: noted, and nobody's lead is taken at once."""

from datetime import datetime, timedelta

from scoring_service.domain.lifecycle.ladder import reassigned_from
from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.clock import Clock
from scoring_service.values.instant import instant, micros
from scoring_service.values.stored import StoredLead, Timer

STARTED = "started"
"""The mark that keeps when timers were looked at again, in microseconds."""

OVERDUE = timedelta(minutes=5)
"""How old a due timer is that nobody can have looked at when it fell due."""


def note_downtime(tx: Transaction, timer: Timer, now: datetime) -> None:
    """Keep the instant of the start where this timer fell due before it and nobody looked.

    Everything that fell due until then belongs to the same downtime.
    """
    started = started_at(tx)
    covered = started is not None and timer.due_at <= started
    if now - timer.due_at > OVERDUE and not covered:
        tx.keep_mark(STARTED, micros(now))


def started_at(tx: Transaction) -> datetime | None:
    """When timers were looked at again after a downtime; None where there was none."""
    kept = tx.mark(STARTED)
    return None if kept is None else instant(kept)


def reassigned_at(
    tx: Transaction, policy: Policy, lead: StoredLead, clock: Clock, now: datetime
) -> datetime | None:
    """Until when a reassignment waits because its clock ran out in a downtime; None: no longer."""
    started = started_at(tx)
    if started is None or clock.due_at is None or clock.due_at > started:
        return None
    until = reassigned_from(policy, lead, started)
    return until if until >= now else None
