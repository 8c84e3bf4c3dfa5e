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
    tx: Transaction, timer: Timer, stages: Collection[Stage], now: datetime, rep_id: str = ""
) -> tuple[tuple[StoredLead, ...], bool]:
    """The rep's next leads in these stages, and whether that was the last slice. `rep_id` is given
    where the timer is about something else.

    This slice's timer ends; one for the next is set where there may be more.
    """
    about, after = of_subject(timer)
    ids = tx.leads_of_rep_in(rep_id or about, stages, after, SLICE_MAX)
    tx.clear_timer(timer.kind, timer.subject)
    last = len(ids) < SLICE_MAX
    if not last:
        go_on_behind(tx, timer, about, ids[-1], now)
    found = (tx.lead(lead_id) for lead_id in ids)
    return tuple(lead for lead in found if lead is not None and not lead.merged_into), last


def go_on_behind(tx: Transaction, timer: Timer, about: str, after: str, now: datetime) -> None:
    """Have the next slice begin behind a lead."""
    subject = f"{about}{_BETWEEN}{after}"
    tx.set_timer(msgspec.structs.replace(timer, subject=subject, due_at=now, attempts=0))
