"""A rep's leads, a slice a unit of work: the timer of the next slice says after which lead."""

from collections.abc import Collection
from datetime import datetime

import msgspec

from scoring_service.store.transaction import Transaction
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead, Timer

SLICE_MAX = 64
"""Leads moved in one unit of work; other requests come between slices."""

_BETWEEN = "|"


def of_subject(timer: Timer) -> tuple[str, str]:
    """The rep that a timer is about, and the lead after which to go on ("" before the first)."""
    rep_id, _, after = timer.subject.partition(_BETWEEN)
    return rep_id, after


def next_slice(
    tx: Transaction, timer: Timer, stages: Collection[Stage], now: datetime
) -> tuple[tuple[StoredLead, ...], bool]:
    """The rep's next leads in these stages, and whether that was the last slice.

    This slice's timer ends; one for the next is set where there may be more.
    """
    rep_id, after = of_subject(timer)
    ids = tx.leads_of_rep_in(rep_id, stages, after, SLICE_MAX)
    tx.clear_timer(timer.kind, timer.subject)
    last = len(ids) < SLICE_MAX
    if not last:
        subject = f"{rep_id}{_BETWEEN}{ids[-1]}"
        tx.set_timer(msgspec.structs.replace(timer, subject=subject, due_at=now, attempts=0))
    found = (tx.lead(lead_id) for lead_id in ids)
    return tuple(lead for lead in found if lead is not None and not lead.merged_into), last
