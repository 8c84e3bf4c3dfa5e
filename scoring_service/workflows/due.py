"""What falls due by itself: queues are drained first, then one timer a unit of work."""

from collections.abc import Callable, Mapping
from datetime import datetime

from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.store.transaction_leads import LEAD_TIMER
from scoring_service.values.stored import Timer
from scoring_service.workflows import drains
from scoring_service.workflows.firing.away import LEAVE, leave_due
from scoring_service.workflows.firing.book import BOOK, book_due
from scoring_service.workflows.firing.downtime import note_downtime
from scoring_service.workflows.firing.handover import HANDOVER, handover_due
from scoring_service.workflows.firing.lead import lead_due
from scoring_service.workflows.firing.relaying import RELAY, relay
from scoring_service.workflows.notices import NOTICES, send
from scoring_service.workflows.trimming import trim
from scoring_service.workflows.waiting import DRAIN

Fires = Callable[[Transaction, Policy, Timer, datetime], None]
"""Does what a timer is for, and ends the timer or arms it again."""


def nobody_waits(tx: Transaction, policy: Policy, timer: Timer, now: datetime) -> None:
    """End a drain whose queue has emptied otherwise: those that somebody waits for come before."""
    tx.clear_timer(timer.kind, timer.subject)


KINDS: Mapping[str, Fires] = {
    LEAD_TIMER: lead_due,
    NOTICES: send,
    LEAVE: leave_due,
    HANDOVER: handover_due,
    BOOK: book_due,
    RELAY: relay,
    DRAIN: nobody_waits,
}
"""Every kind of timer. One of another kind is left alone, and is in nobody's way."""


def run_due(tx: Transaction, policy: Policy, now: datetime) -> int:
    """One slice of what is due by `now`: a slice of drains, else one timer, in due order, else of
    the facts that are kept no longer.

    How much was done, 0 when nothing is due. Run before any waiting request.
    """
    drained = drains.run_due(tx, policy, now)
    if drained:
        return drained
    timer = tx.next_due(KINDS)
    if timer is None:
        return trim(tx, policy, now)
    if timer.kind != DRAIN:
        note_downtime(tx, timer, now)
    KINDS[timer.kind](tx, policy, timer, now)
    return 1
