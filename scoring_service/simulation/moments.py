"""What may happen to a lead in a simulation, as units of work, and what follows from each."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from scoring_service.domain.policy import Policy
from scoring_service.domain.schema import TYPED_FIELDS
from scoring_service.simulation import sales
from scoring_service.simulation.attributes import value_of
from scoring_service.simulation.sales import Habits
from scoring_service.simulation.world import Person, ticked
from scoring_service.store.transaction import Transaction
from scoring_service.store.unit import Work
from scoring_service.values.activity import Activity
from scoring_service.values.lead import Lead
from scoring_service.values.owner import RepOwner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead
from scoring_service.workflows.intake.record_activities import record_activities
from scoring_service.workflows.intake.upsert import upsert as upsert_lead
from scoring_service.workflows.lifecycle_requests import (
    AcceptLead,
    CloseLost,
    CloseWon,
    LogContact,
    OpenOpportunity,
    QualifyLead,
    RecordActivities,
    RecycleLead,
    RejectLead,
    UpsertLead,
)
from scoring_service.workflows.sales.accept import accept_lead
from scoring_service.workflows.sales.close import close_lost, close_won
from scoring_service.workflows.sales.contact import log_contact
from scoring_service.workflows.sales.opportunity import open_opportunity
from scoring_service.workflows.sales.qualify import qualify_lead
from scoring_service.workflows.sales.recycle import recycle_lead
from scoring_service.workflows.sales.reject import reject_lead


@dataclass(frozen=True, slots=True)
class Assigned:
    """A rep was given a lead."""

    lead_id: str
    rep_id: str
    assignment_id: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A unit of work at an instant, and the moments that follow from what it gave."""

    at: datetime
    work: Work
    then: Callable[[Any, datetime], Iterator["Moment"]] = field(
        default=lambda result, now: iter(())
    )


class Moments:
    """Makes moments of a world: its people by lead id, its reps' habits, and its chance."""

    def __init__(
        self,
        policy: Policy,
        people: Mapping[str, Person],
        habits: Mapping[str, Habits],
        chance: Random,
    ) -> None:
        self.policy, self.people, self.habits, self.chance = policy, people, habits, chance
        self._by_id: dict[str, Person] = {}
        self._numbers = count(1)

    def comes(self, person: Person) -> Moment:
        """A lead is sent for the first time."""
        request = UpsertLead(request_id=self._id(), actor_id="website", lead=person.lead)
        return Moment(
            person.comes_at, lambda tx, policy, now: upsert_lead(tx, policy, request, now)
        )

    def does(self, person: Person, at: datetime, kind: str) -> Moment:
        """A lead does something."""
        number = self._id()

        def work(tx: Transaction, policy: Policy, now: datetime) -> Any:
            did = Activity(kind, now, number)
            request = RecordActivities(
                request_id=number,
                actor_id="website",
                lead_id=person.lead.lead_id,
                activities=(did,),
            )
            return record_activities(tx, policy, request, now)

        return Moment(at, work)

    def assigned(self, given: Assigned, now: datetime) -> Iterator[Moment]:
        """The rep comes to a lead he was given, unless he forgets it."""
        if not sales.forgets(self.chance, self.habits[given.rep_id]):
            yield self._after(given, now, sales.ANSWERS_IN, self._answers)

    def _answers(self, tx: Transaction, lead: StoredLead, given: Assigned, now: datetime) -> Any:
        """He takes on an mql or gives it back; one he took over further on he goes on with."""
        person = self._person(lead)
        if lead.stage is not Stage.MQL:
            return self._follow(given, lead.stage, now)
        asked: dict[str, Any] = {
            "request_id": self._id(),
            "actor_id": given.rep_id,
            "lead_id": given.lead_id,
        }
        if sales.accepts(self.chance, person):
            accept_lead(tx, self.policy, AcceptLead(**asked), now)
            return [self._after(given, now, sales.CONTACTS_IN, self._contacts)]
        names = sales.NOT_NOW if self.chance.random() < 0.5 else sales.WRONG
        why = sales.reason(self.chance, self.policy, names)
        reject_lead(tx, self.policy, RejectLead(**asked, reason=why), now)
        return []

    def _contacts(self, tx: Transaction, lead: StoredLead, given: Assigned, now: datetime) -> Any:
        request = LogContact(
            request_id=self._id(),
            actor_id=given.rep_id,
            lead_id=given.lead_id,
            channel="phone",
            direction="outbound",
            occurred_at=now,
            outcome="reached",
        )
        log_contact(tx, self.policy, request, now)
        return self._follow(given, lead.stage, now)

    def _qualifies(self, tx: Transaction, lead: StoredLead, given: Assigned, now: datetime) -> Any:
        asked: dict[str, Any] = {
            "request_id": self._id(),
            "actor_id": given.rep_id,
            "lead_id": given.lead_id,
        }
        if lead.stage is not Stage.SAL:
            return self._follow(given, lead.stage, now)
        if not sales.turns_out(self.chance, self._person(lead)):
            why = sales.reason(self.chance, self.policy, sales.NOT_NOW)
            recycle_lead(tx, self.policy, RecycleLead(**asked, reason=why), now)
            return []
        self._learns(tx, lead, given, now)
        answers = dict.fromkeys(self.policy.lifecycle.questions, "yes")
        qualify_lead(tx, self.policy, QualifyLead(**asked, criteria=answers), now)
        return [self._after(given, now, 2 * sales.QUALIFIES_IN, self._opens)]

    def _learns(self, tx: Transaction, lead: StoredLead, given: Assigned, now: datetime) -> None:
        """Sales asks for whatever the rules want to be known of an sql."""
        open_ones = [
            each
            for each in self.policy.schema.values()
            if each.required_by in ("sal", "sql", "opportunity")
            and each.name not in lead.lead.attributes
            and each.name not in TYPED_FIELDS
        ]
        if open_ones:
            day = now.date()
            found = {each.name: value_of(self.chance, each, day) for each in open_ones}
            news = Lead(lead.lead.lead_id, attributes=found)
            request = UpsertLead(request_id=self._id(), actor_id=given.rep_id, lead=news)
            upsert_lead(tx, self.policy, request, now)

    def _opens(self, tx: Transaction, lead: StoredLead, given: Assigned, now: datetime) -> Any:
        if lead.stage is not Stage.SQL:
            return self._follow(given, lead.stage, now)
        request = OpenOpportunity(
            request_id=self._id(),
            actor_id=given.rep_id,
            lead_id=given.lead_id,
            product="standard",
            value=round(self.chance.lognormvariate(9, 0.8), 2),
            currency=self.policy.lifecycle.currency,
            expected_close=(now + timedelta(days=sales.CLOSES_IN_DAYS)).date(),
        )
        open_opportunity(tx, self.policy, request, now)
        return self._follow(given, Stage.OPPORTUNITY, now)

    def _closes(self, tx: Transaction, lead: StoredLead, given: Assigned, now: datetime) -> Any:
        asked: dict[str, Any] = {
            "request_id": self._id(),
            "actor_id": given.rep_id,
            "lead_id": given.lead_id,
        }
        if lead.stage is not Stage.OPPORTUNITY:
            return []
        if self._person(lead).buys and self.chance.random() < 0.85:
            close_won(tx, self.policy, CloseWon(**asked, closed_at=now), now)
        else:
            why = sales.reason(self.chance, self.policy, sales.LOST)
            close_lost(tx, self.policy, CloseLost(**asked, reason=why), now)
        return []

    def _follow(self, given: Assigned, stage: Stage, now: datetime) -> list[Moment]:
        """What a rep does next with a lead in that stage."""
        if stage is Stage.SAL:
            return [self._after(given, now, sales.QUALIFIES_IN, self._qualifies)]
        if stage is Stage.SQL:
            return [self._after(given, now, sales.QUALIFIES_IN, self._opens)]
        if stage is Stage.OPPORTUNITY:
            days = self.chance.lognormvariate(0, 0.5) * sales.CLOSES_IN_DAYS
            return [self._moment(given, ticked(now + timedelta(days=days)), self._closes)]
        return []

    def _after(self, given: Assigned, now: datetime, hours: float, act: Any) -> Moment:
        habits = self.habits[given.rep_id]
        at = sales.after(self.chance, self.policy, given.rep_id, habits, now, hours)
        return self._moment(given, at, act)

    def _moment(self, given: Assigned, at: datetime, act: Any) -> Moment:
        """An act of a rep on a lead that is still his."""

        def work(tx: Transaction, policy: Policy, now: datetime) -> Any:
            lead = tx.lead(given.lead_id)
            if lead is None or lead.owner != RepOwner(given.rep_id) or not lead.unfinished:
                return []
            return act(tx, lead, given, now)

        return Moment(at, work, lambda follows, now: iter(follows))

    def _person(self, lead: StoredLead) -> Person:
        """Whom a lead is. A later cycle follows one that was worked on: its person is known."""
        found = self.people.get(lead.lead.lead_id) or self._by_id[lead.person_id]
        self._by_id[lead.person_id] = found
        return found

    def _id(self) -> str:
        return f"act-{next(self._numbers):08}"
