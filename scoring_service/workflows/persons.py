"""The leads of a person, of which one stands for him."""

from collections.abc import Sequence
from typing import Protocol

from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead


class PersonLookup(Protocol):
    """Stored leads by id and by person; a reader or the unit of work."""

    def lead(self, lead_id: str) -> StoredLead | None:
        """The lead of that id."""

    def leads_of_person(self, person_id: str) -> Sequence[StoredLead]:
        """Every lead of a person, by cycle."""


def survivor_of(leads: PersonLookup, lead: StoredLead) -> StoredLead:
    """The lead itself, or the one it was merged into."""
    seen = {lead.lead.lead_id}
    while lead.merged_into and lead.merged_into not in seen:
        seen.add(lead.merged_into)
        found = leads.lead(lead.merged_into)
        assert found is not None, f"{lead.lead.lead_id} was merged into nothing"
        lead = found
    return lead


def open_lead_of(leads: PersonLookup, lead: StoredLead) -> StoredLead:
    """The lead that an id of a person stands for: itself, the one it was merged into, or once it
    is finished the person's open one.
    """
    lead = survivor_of(leads, lead)
    if lead.unfinished:
        return lead
    every = leads.leads_of_person(lead.person_id)
    return next((one for one in reversed(every) if one.unfinished), lead)


def latest_of(leads: PersonLookup, lead: StoredLead) -> StoredLead:
    """The lead at which a person's next doings arrive: his open one, else that of his last cycle.

    Of a customer a cycle that ended disqualified is passed over.
    """
    lead = open_lead_of(leads, lead)
    if lead.unfinished:
        return lead
    every = [one for one in leads.leads_of_person(lead.person_id) if not one.merged_into]
    customers = [one for one in every if one.stage is Stage.CUSTOMER]
    return (customers or every or [lead])[-1]
