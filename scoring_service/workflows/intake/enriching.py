"""What others know of a lead fills in what it did not say itself; it never replaces anything."""

from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from scoring_service.domain.intake import violations
from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.enrichment import Enrichment
from scoring_service.values.happening import Enriched
from scoring_service.values.lead import Lead
from scoring_service.values.stored import FieldChange
from scoring_service.workflows.arrival import Arrival, is_blank, merged

_ITS_OWN = frozenset({"lead_id", "email", "do_not_contact", "source", "campaign", "attributes"})
"""Fields that only the lead itself and its sender can know; attributes are filled one by one."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What one enricher filled in, or why it did not."""

    happening: Enriched
    changes: tuple[FieldChange, ...] = ()

    @property
    def actor(self) -> str:
        """Who is recorded as having said it."""
        return f"enricher:{self.happening.enricher}"


def enriched(
    policy: Policy, arrival: Arrival, enrichments: tuple[Enrichment, ...], now: datetime
) -> tuple[Arrival, tuple[Filled, ...]]:
    """The arrival with what enrichers know beside, the first of them first.

    What the rules would refuse of a sender is not taken from an enricher either; nothing that one
    does can keep a lead out.
    """
    lead, found = arrival.lead.lead, []
    for enrichment in enrichments:
        filled, changes = merged(lead, _missing(lead, enrichment.lead))
        failure = enrichment.failure or _refusal(policy, filled, now)
        if failure:
            found.append(Filled(Enriched(enrichment.enricher, failure=failure)))
            continue
        lead = filled
        fields = tuple(change.field for change in changes)
        found.append(Filled(Enriched(enrichment.enricher, fields), changes))
    stored = msgspec.structs.replace(arrival.lead, lead=lead)
    return replace(arrival, lead=stored), tuple(found)


def record_enrichments(tx: Transaction, lead_id: str, filled: tuple[Filled, ...]) -> None:
    """Record which fields came from whom, and who failed."""
    for one in filled:
        if one.changes:
            tx.record_changes("lead", lead_id, one.changes, one.actor)
        tx.record(lead_id, one.happening, one.actor)


def _missing(lead: Lead, known: Lead) -> Lead:
    """Of what is known only what the lead lacks."""
    fields = {
        field: getattr(known, field)
        for field in Lead.__struct_fields__
        if field not in _ITS_OWN and is_blank(getattr(lead, field))
    }
    attributes = {
        name: value
        for name, value in known.attributes.items()
        if is_blank(lead.attributes.get(name))
    }
    return Lead(attributes=attributes, **fields)


def _refusal(policy: Policy, lead: Lead, now: datetime) -> str:
    wrong = violations(policy.schema, policy.scoring, lead, (), now)
    return "; ".join(f"{field}: {remedy}" for field, remedy in wrong)
