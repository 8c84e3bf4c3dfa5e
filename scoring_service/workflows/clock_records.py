"""What becomes of a lead's clocks, recorded at the moment."""

from scoring_service.store.transaction import Transaction
from scoring_service.values.clock import Clock
from scoring_service.values.happening import ClockChanged
from scoring_service.values.stored import StoredLead


def record_clocks(
    tx: Transaction, before: StoredLead | None, after: StoredLead, actor_id: str
) -> None:
    """Record each clock that stopped, went on, was laid anew, was met, breached or cancelled.

    One that begins is not recorded by itself: it is the lead's until one of these records it, with
    its start and its deadline, or what was left and since when.
    """
    past = {clock.name: clock for clock in before.clocks} if before else {}
    stays = before is not None and before.visit == after.visit
    changes: list[ClockChanged] = []
    for clock in after.clocks:
        was = past.get(clock.name)
        if stays and was is not None and was.started_at == clock.started_at:
            del past[clock.name]
            changes += _changed(was, clock)
        elif clock.met_at is not None:
            changes.append(ClockChanged("met", clock))
    changes += [ClockChanged("cancelled", was) for was in past.values() if _pending(was)]
    for change in changes:
        tx.record(after.lead.lead_id, change, actor_id)


def _changed(was: Clock, clock: Clock) -> list[ClockChanged]:
    """What happened to a clock in one word; nothing where nothing did."""
    if was == clock:
        return []
    if clock.met_at != was.met_at:
        return [ClockChanged("met", clock)]
    if clock.breached_at != was.breached_at:
        return [ClockChanged("breached", clock)]
    if clock.resumes_at is not None:
        return [ClockChanged("paused", clock)]
    return [ClockChanged("resumed" if was.resumes_at is not None else "laid", clock)]


def _pending(clock: Clock) -> bool:
    return clock.met_at is None and clock.wakes_at is not None
