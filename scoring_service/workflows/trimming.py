"""Facts of decisions are kept as long as lifecycle.yaml says; their outcome stays."""

from datetime import datetime, timedelta

from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.instant import micros

NEXT_LOOK = "facts_looked_at_next"
"""The mark that keeps when decisions are looked through again, in microseconds."""

LOOK_EVERY = timedelta(hours=1)

SLICE_MAX = 64
"""Decisions of one unit of work; requests go between the slices once they took a batch's time."""


def trim(tx: Transaction, policy: Policy, now: datetime) -> int:
    """Drop the facts of a slice of the decisions that are older than `decisions_keep`, the oldest
    first; how much was done, 0 until it is time to look again.
    """
    next_look = tx.mark(NEXT_LOOK)
    if next_look is not None and micros(now) < next_look:
        return 0
    found = tx.decisions_before(now - policy.lifecycle.decisions_keep, SLICE_MAX)
    tx.drop_facts(found)
    if len(found) < SLICE_MAX:
        tx.keep_mark(NEXT_LOOK, micros(now + LOOK_EVERY))
    return max(1, len(found))
