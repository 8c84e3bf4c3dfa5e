"""A lead goes on by what sales did: the clock it met ends, those of the next stage begin."""

from datetime import datetime

import msgspec

from scoring_service.domain.lifecycle.clocks import met
from scoring_service.domain.lifecycle.running import contacted
from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.clock import ClockName
from scoring_service.values.happening import ClockChanged, Contact
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead
from scoring_service.workflows.clock_records import record_clocks
from scoring_service.workflows.entering import Entry, enter
from scoring_service.workflows.lead_view import score_of

_MET_BY = {
    Stage.SAL: ClockName.ACCEPT,
    Stage.OPPORTUNITY: ClockName.OPEN_OPPORTUNITY,
}
"""The clock that entering a stage meets."""


def move_on(
    tx: Transaction, policy: Policy, lead: StoredLead, entry: Entry, now: datetime
) -> StoredLead:
    """Enter the stage, and save the lead. What was agreed with it before holds there too: the
    clocks of sal and sql stand still until the next contact.
    """
    done = _met(tx, lead, entry, now)
    after = enter(tx, policy, done, entry, score_of(tx, policy, lead, now), now)
    agreed = _agreed(tx, lead, entry.to)
    if agreed is None:
        return after
    clocks = contacted(after.clocks, policy, after, *agreed)
    stopped = msgspec.structs.replace(after, clocks=clocks)
    record_clocks(tx, after, stopped, entry.actor_id)
    tx.save_lead(stopped)
    return stopped


def _agreed(
    tx: Transaction, lead: StoredLead, to: Stage
) -> tuple[datetime, datetime, datetime | None] | None:
    """When somebody was in touch with the lead, as of now, and until when it is to be left alone.

    None where nothing is agreed. Before an acceptance only what was logged since the lead became an
    mql counts; from sal to sql the pause of its clocks goes on.
    """
    now = tx.now
    if to is Stage.SAL and lead.first_contact_at is not None:
        found = _latest_contact(tx, lead)
        return None if found is None else (found.occurred_at, now, found.next_contact_at)
    until = max((at for clock in lead.clocks if (at := clock.resumes_at)), default=None)
    return (now, now, until) if to is Stage.SQL and until is not None else None


def _latest_contact(tx: Transaction, lead: StoredLead) -> Contact | None:
    """The latest contact of a person in this stage, by when it happened; None without one."""
    contacts = [
        one.happening
        for one in tx.happenings(lead.lead.lead_id)
        if isinstance(one.happening, Contact) and one.at >= lead.entered_at
    ]
    personal = [one for one in contacts if not one.automatic]
    return max(personal, key=lambda one: one.occurred_at, default=None)


def _met(tx: Transaction, lead: StoredLead, entry: Entry, now: datetime) -> StoredLead:
    """The lead with the clock ended that this move meets, which is recorded."""
    name = _MET_BY.get(entry.to)
    clocks = tuple(met(clock, now) if clock.name is name else clock for clock in lead.clocks)
    for clock in clocks:
        if clock.name is name:
            tx.record(lead.lead.lead_id, ClockChanged("met", clock), entry.actor_id)
    return msgspec.structs.replace(lead, clocks=clocks)
