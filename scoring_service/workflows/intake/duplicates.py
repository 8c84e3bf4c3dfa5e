"""Leads that may be one person's: listed, never merged by themselves."""

from scoring_service.store.transaction import Transaction
from scoring_service.values.stored import StoredLead

LISTED_MAX = 10
"""Likely duplicates that an answer lists."""


def likely_duplicates(tx: Transaction, lead: StoredLead) -> tuple[str, ...]:
    """Other persons' leads with the same full name at the same company, by id; at most ten."""
    found = tx.leads_of_name(lead.lead, LISTED_MAX + 1)
    others = (
        one.lead.lead_id for one in found if one.person_id != lead.person_id and not one.merged_into
    )
    return tuple(others)[:LISTED_MAX]
