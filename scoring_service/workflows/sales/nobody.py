"""A lead that its owner does not want and nobody else may take: the top is told."""

from datetime import datetime

import msgspec

from scoring_service.domain.lifecycle.ladder import nobody
from scoring_service.domain.lifecycle.recipients import top
from scoring_service.domain.lifecycle.running import replaced
from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.clock import ClockName
from scoring_service.values.happening import Escalation
from scoring_service.values.stored import StoredLead
from scoring_service.workflows.clock_records import record_clocks
from scoring_service.workflows.notices import tell


def tell_the_top(
    tx: Transaction, policy: Policy, lead: StoredLead, actor: str, now: datetime
) -> StoredLead:
    """Have the top told that nobody else may take the lead, and again until somebody does; the lead
    as it is saved.
    """
    lead_id = lead.lead.lead_id
    text = f"{lead_id} was rejected, and nobody else may take it"
    told = tell(tx, policy, top(policy), ClockName.NOBODY, lead_id, text, now, actor)
    tx.record(lead_id, Escalation(ClockName.NOBODY, 0, told, "nobody else"), actor)
    after = msgspec.structs.replace(lead, clocks=replaced(lead.clocks, nobody(policy, lead, now)))
    record_clocks(tx, lead, after, actor)
    tx.save_lead(after)
    return after
