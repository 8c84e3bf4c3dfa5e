"""Clocks of another policy are laid on the calendars of the active one before anything is done."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import msgspec

from scoring_service.domain.business_time.calendar import Calendar
from scoring_service.domain.lifecycle.laying import laid, relaid_each
from scoring_service.domain.policy import Policy
from scoring_service.policy.past_calendars import calendars_of
from scoring_service.store.transaction import Transaction
from scoring_service.store.transaction_leads import LEAD_TIMER
from scoring_service.values.clock import Clock
from scoring_service.values.instant import instant, micros
from scoring_service.values.stored import StoredLead, Timer
from scoring_service.workflows.clock_records import record_clocks
from scoring_service.workflows.firing.away import arm_leaves
from scoring_service.workflows.firing.handover import arm_handovers, is_active
from scoring_service.workflows.notices import ACTOR
from scoring_service.workflows.pins import unpinned

RELAY = "relay"
"""The kind of the timer that lays the clocks of all leads anew; its subject is the lead after which
to go on.
"""

ACTIVATED = "activated"
"""The mark that keeps since when the active policy holds, in microseconds."""

SLICE_MAX = 64
"""Leads looked at in one unit of work."""

_NONE: Mapping[str, Calendar] = {}


def have_relaid(tx: Transaction, policy: Policy, now: datetime) -> None:
    """Have the clocks of all leads laid by a policy that is active from now on."""
    tx.keep_mark(ACTIVATED, micros(now))
    tx.set_timer(Timer(RELAY, "", now, policy.revision))


def with_clocks(tx: Transaction, policy: Policy, lead: StoredLead, now: datetime) -> StoredLead:
    """The lead with its clocks in the calendars of the active policy, from when it held; one of an
    older schema has those of its stage from now on.

    What moved is recorded; nothing is saved.
    """
    if not lead.clocks:
        return msgspec.structs.replace(lead, clocks=laid(policy, None, lead, now))
    clocks = lead.clocks
    for revision in sorted({clock.revision for clock in clocks} - {policy.revision}):
        clocks = _of_revision(tx, policy, lead, clocks, revision, now)
    after = msgspec.structs.replace(lead, clocks=clocks)
    if _instants(after) != _instants(lead):
        record_clocks(tx, lead, after, ACTOR)
    return after


def relay(tx: Transaction, policy: Policy, timer: Timer, now: datetime) -> None:
    """Lay the clocks of a slice of leads anew; those that stay as they are are left alone until
    they fall due, and pins to who left are taken out. The first slice also sees to who left and
    whose leave begins.
    """
    if not timer.subject:
        arm_handovers(tx, policy, now)
        arm_leaves(tx, policy, now)
    found = tx.timers_laid_before(LEAD_TIMER, timer.subject, SLICE_MAX)
    for lead_id in found:
        lead = tx.lead(lead_id)
        if lead is None or not lead.unfinished:
            continue
        after = _with_pin(tx, policy, with_clocks(tx, policy, lead, now), now)
        if _instants(after) != _instants(lead) or after.pinned_rep != lead.pinned_rep:
            tx.save_lead(after)
    tx.clear_timer(RELAY, timer.subject)
    if len(found) == SLICE_MAX:
        tx.set_timer(Timer(RELAY, found[-1], now, policy.revision))


def _with_pin(tx: Transaction, policy: Policy, lead: StoredLead, now: datetime) -> StoredLead:
    """A lead that is pinned to somebody who left is pinned no longer."""
    if lead.pinned_rep is None or is_active(policy, lead.pinned_rep):
        return lead
    return unpinned(tx, lead, ACTOR, f"{lead.pinned_rep} is no longer active", now)


def _of_revision(
    tx: Transaction,
    policy: Policy,
    lead: StoredLead,
    clocks: tuple[Clock, ...],
    revision: str,
    now: datetime,
) -> tuple[Clock, ...]:
    then, since = calendars_of(revision, tx.revision_content), tx.mark(ACTIVATED)
    held_from = now if since is None else min(instant(since), now)
    old = replace(policy, calendars={**policy.calendars, **(then or _NONE)})
    again = relaid_each(old, policy, msgspec.structs.replace(lead, clocks=clocks), held_from)
    return tuple(
        after if before.revision == revision else before
        for before, after in zip(clocks, again, strict=True)
    )


def _instants(lead: StoredLead) -> tuple[object, ...]:
    return tuple((clock.name, clock.wakes_at) for clock in lead.clocks)
