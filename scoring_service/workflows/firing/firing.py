"""A clock of a lead that ran out: what every act on it needs."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from scoring_service.domain.business_time.calendar import Calendar
from scoring_service.domain.lifecycle.clocks import breached
from scoring_service.domain.lifecycle.laying import calendar_of
from scoring_service.domain.lifecycle.running import fired, replaced
from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.clock import Clock
from scoring_service.values.happening import ClockChanged, Escalation
from scoring_service.values.owner import Owner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead
from scoring_service.workflows.clock_records import record_clocks
from scoring_service.workflows.events import emit
from scoring_service.workflows.notices import ACTOR, tell


class Escalated(msgspec.Struct, frozen=True, omit_defaults=True):
    """The payload of `lead.escalated`: a clock of the lead ran out, and who was told.

    `what` says what came of it beside.
    """

    lead_id: str
    clock: str
    step: int
    stage: Stage
    at: datetime
    owner: Owner | None = None
    told: tuple[str, ...] = ()
    what: str = ""


@dataclass(frozen=True, slots=True)
class Firing:
    """A clock of a lead whose deadline has passed, in the unit of work that acts on it."""

    tx: Transaction
    policy: Policy
    lead: StoredLead
    clock: Clock
    now: datetime

    @property
    def lead_id(self) -> str:
        """The lead's id."""
        return self.lead.lead.lead_id

    @property
    def calendar(self) -> Calendar:
        """The calendar in which the lead's clocks are counted."""
        lead = self.lead
        return self.policy.calendars[calendar_of(self.policy, lead.owner, lead.waiting_in)]

    def keep(self, *instead: Clock) -> None:
        """Save the lead with clocks in the places of their namesakes."""
        clocks = self.lead.clocks
        for clock in instead:
            clocks = replaced(clocks, clock)
        kept = msgspec.structs.replace(self.lead, clocks=clocks, updated_at=self.now)
        self.tx.save_lead(kept)
        record_clocks(self.tx, self.lead, kept, ACTOR)

    def after(self) -> Clock:
        """The clock where it does not move the lead: it is done, or comes again."""
        return fired(self.policy, self.lead, self.clock, self.now)

    def breach(self) -> None:
        """Record that the deadline passed, of a clock that ends with what comes of it."""
        if self.clock.breached_at is None:
            self.tx.record(self.lead_id, ClockChanged("breached", breached(self.clock)), ACTOR)

    def tell(self, recipient: str, kind: str, text: str) -> tuple[str, ...]:
        """Have somebody told of the lead; who is told, standing in for him too."""
        return tell(self.tx, self.policy, recipient, kind, self.lead_id, text, self.now)

    def escalated(self, told: tuple[str, ...], what: str = "") -> None:
        """Record that the clock ran out and who was told, and tell the outside world."""
        clock, lead = self.clock, self.lead
        self.tx.record(self.lead_id, Escalation(clock.name, clock.step, told, what), ACTOR)
        payload = Escalated(
            self.lead_id, clock.name, clock.step, lead.stage, self.now, lead.owner, told, what
        )
        emit(self.tx, self.lead_id, "lead.escalated", payload, self.now)
