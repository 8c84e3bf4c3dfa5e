"""What a request brings, whichever it is."""

from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.activity import Activity
from scoring_service.values.enrichment import Enrichment
from scoring_service.values.lead import Lead
from scoring_service.workflows.arrival import Arrival, arrive
from scoring_service.workflows.lifecycle_requests import InitialState
from scoring_service.workflows.requests import RouteLead, Violations


@dataclass(frozen=True, slots=True)
class Incoming:
    """A lead, or the id of one, with what it did and what others know of it.

    With a `batch_id` it is an import: it moves no stored lead, opens no cycle and tells nobody.
    """

    request_id: str
    actor_id: str
    lead: Lead | None
    lead_id: str = ""
    activities: tuple[Activity, ...] = ()
    violations: Violations = ()
    batch_id: str = ""
    initial: InitialState | None = None
    releases: bool = False
    enrichments: tuple[Enrichment, ...] = ()

    @property
    def is_import(self) -> bool:
        """Whether it is history, not something that happens now."""
        return bool(self.batch_id)


def arrival_of(tx: Transaction, policy: Policy, incoming: Incoming, now: datetime) -> Arrival:
    """The lead with what the request brings; a new one carries its batch. Writes nothing."""
    arrival = arrive(
        tx,
        policy,
        RouteLead(
            incoming.request_id,
            incoming.actor_id,
            incoming.lead,
            incoming.lead_id,
            incoming.activities,
            violations=incoming.violations,
        ),
        now,
        notices_changes=not incoming.is_import,
    )
    if not (arrival.is_new and incoming.batch_id):
        return arrival
    lead = msgspec.structs.replace(arrival.lead, batch_id=incoming.batch_id)
    return replace(arrival, lead=lead)
