"""A lead's timer is due: the first of its clocks that ran out is acted on."""

from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec

from scoring_service.domain.lifecycle.running import gone_on
from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.clock import Clock, ClockName
from scoring_service.values.stored import StoredLead, Timer
from scoring_service.workflows.firing import ending, handing_on, telling
from scoring_service.workflows.firing.firing import Firing
from scoring_service.workflows.firing.ladder import rung_due
from scoring_service.workflows.firing.relaying import with_clocks

ACTS: Mapping[ClockName, Callable[[Firing], None]] = {
    ClockName.NEVER_IDENTIFIED: ending.disqualified,
    ClockName.INCOMPLETE_NOTICE: telling.incomplete,
    ClockName.INCOMPLETE: ending.disqualified,
    ClockName.REVIEW: telling.review,
    ClockName.NO_ENGAGEMENT: ending.disqualified,
    ClockName.ACCEPT: rung_due,
    ClockName.ESCALATE: telling.escalate,
    ClockName.NOT_WORKED: ending.not_worked,
    ClockName.FIRST_CONTACT: telling.late,
    ClockName.NO_CONTACT: handing_on.hand_on,
    ClockName.OPEN_OPPORTUNITY: telling.late,
    ClockName.STALLED: ending.stalled,
    ClockName.OVERDUE: telling.again,
    ClockName.SILENT: telling.again,
    ClockName.DISPOSITION: ending.disposed,
    ClockName.REEVALUATE: ending.reevaluate,
    ClockName.LAPSE: telling.lapsed,
    ClockName.NOBODY: handing_on.nobody_yet,
}


def lead_due(tx: Transaction, policy: Policy, timer: Timer, now: datetime) -> None:
    """Act on the first clock of a lead that ran out; the next one is another unit's.

    Clocks of an older policy are laid anew first, and act only where they still ran out.
    """
    lead = tx.lead(timer.subject)
    if lead is None or not lead.unfinished:
        tx.clear_timer(timer.kind, timer.subject)
        return
    lead = with_clocks(tx, policy, lead, now)
    lead = msgspec.structs.replace(lead, clocks=gone_on(lead.clocks, policy, lead, now))
    clock = _first_due(lead, now)
    if clock is None:
        tx.save_lead(lead)
    else:
        ACTS[clock.name](Firing(tx, policy, lead, clock, now))


def _first_due(lead: StoredLead, now: datetime) -> Clock | None:
    due = [clock for clock in lead.clocks if clock.due_at is not None and clock.due_at < now]
    return min(due, key=lambda clock: (clock.wakes_at, clock.name), default=None)
