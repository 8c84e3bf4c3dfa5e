"""What becomes of a lead's clocks, recorded at the moment."""

from scoring_service.store.transaction import Transaction
from scoring_service.values.clock import Clock
from scoring_service.values.happening import ClockChanged
from scoring_service.values.stored import StoredLead


def record_clocks(
    tx: Transaction, before: StoredLead | None, after: StoredLead, actor_id: str
) -> None:
    """Record each clock that began, stopped, went on, was met, was laid anew or was cancelled."""
    lead_id = after.lead.lead_id
    past = {clock.name: clock for clock in before.clocks} if before else {}
    visit = before.visit if before else None
    for clock in after.clocks:
        was = past.pop(clock.name, None)
        how = _how(was if visit == after.visit else None, clock)
        if how:
            tx.record(lead_id, ClockChanged(how, clock), actor_id)
        if was is not None and visit != after.visit and _pending(was):
            tx.record(lead_id, ClockChanged("cancelled", was), actor_id)
    for was in past.values():
        if _pending(was):
            tx.record(lead_id, ClockChanged("cancelled", was), actor_id)


def _how(was: Clock | None, clock: Clock) -> str:
    """What happened to a clock in one word; "" where nothing did."""
    if was == clock:
        return ""
    if was is None or was.started_at != clock.started_at:
        return "met" if clock.met_at is not None else "started"
    if clock.met_at != was.met_at:
        return "met"
    if clock.breached_at != was.breached_at:
        return "breached"
    if clock.resumes_at is not None:
        return "paused"
    return "resumed" if was.resumes_at is not None else "laid"


def _pending(clock: Clock) -> bool:
    return clock.met_at is None and clock.wakes_at is not None
