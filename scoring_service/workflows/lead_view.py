"""A stored lead as it is now: the answer to every request about one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from scoring_service.domain.experiments.arms import with_arms
from scoring_service.domain.policy import Policy
from scoring_service.domain.scoring.score import score_state
from scoring_service.domain.symbols import lead_symbols
from scoring_service.values.activity import Activity
from scoring_service.values.clock import ClockName
from scoring_service.values.errors import NotFound
from scoring_service.values.score import Score
from scoring_service.values.stage import FINISHED, PATH, Stage
from scoring_service.values.stored import StoredLead
from scoring_service.workflows.account_lookup import AccountLookup, account_of
from scoring_service.workflows.behaviour import with_behaviour
from scoring_service.workflows.lifecycle_requests import LeadView
from scoring_service.workflows.persons import PersonLookup, open_lead_of

_WORKED = frozenset(PATH[PATH.index(Stage.MQL) :])
_OWED = frozenset({ClockName.ACCEPT, ClockName.FIRST_CONTACT, ClockName.OPEN_OPPORTUNITY})


class LeadLookup(AccountLookup, PersonLookup, Protocol):
    """What a lead is answered from; a reader or the unit of work."""

    def activities(self, lead_id: str) -> Sequence[Activity]:
        """Everything it did, by time."""


def answering(leads: LeadLookup, lead_id: str) -> StoredLead:
    """The lead that answers for an id: itself, the one it was merged into, or once it is finished
    the person's open one.

    Raises NotFound (LEAD_NOT_FOUND).
    """
    lead = leads.lead(lead_id)
    if lead is None:
        raise NotFound(f"no lead {lead_id!r} is stored", "LEAD_NOT_FOUND")
    return open_lead_of(leads, lead)


def score_of(leads: LeadLookup, policy: Policy, lead: StoredLead, now: datetime) -> Score:
    """What a stored lead is worth, from the state that is kept of it.

    A visit in mql or beyond is judged by the bars it was entered by, else those of the lead's arms
    hold; a finished lead has no win probability.
    """
    policy = with_arms(policy, lead.arms, now)
    lead = with_behaviour(leads, policy, lead, (), now)
    return score_state(
        policy.scoring,
        lead_symbols(lead.lead, policy.schema, account_of(leads, lead.lead)),
        lead.behaviour,
        now,
        policy.revision,
        lead.held_bars,
        lead.visit_bars if lead.stage in _WORKED else None,
        None if lead.stage in FINISHED else policy.model,
        lead.model_behaviour,
    )


def view_of_lead(
    leads: LeadLookup,
    policy: Policy,
    lead: StoredLead,
    now: datetime,
    *,
    asked_for: str = "",
    score: Score | None = None,
    **more: Any,
) -> LeadView:
    """The lead as it is answered; `asked_for` is the id that was asked for, told where another
    lead answers for it. `score` is that of a decision made now, else it is scored. `more` are
    further fields of the view.
    """
    return LeadView(
        lead=lead.lead,
        stage=lead.stage,
        owner=lead.owner,
        score=score or score_of(leads, policy, lead, now),
        visit=lead.visit,
        cycle=lead.cycle,
        person_id=lead.person_id,
        created_at=lead.created_at,
        updated_at=lead.updated_at,
        entered_at=lead.entered_at,
        assignment_id=lead.assignment_id,
        respond_by=respond_by(lead),
        reason=lead.reason,
        do_not_contact=lead.do_not_contact,
        clocks=lead.clocks,
        pinned_rep=lead.pinned_rep or "",
        waiting_in=lead.waiting_in or "",
        recycles=lead.recycles,
        recycled_at=lead.recycled_at,
        reevaluate_at=lead.reevaluate_at,
        tracks=lead.tracks,
        arms=lead.arms,
        opportunity=lead.opportunity,
        win=lead.win,
        qualification=lead.qualification,
        first_touch=lead.first_touch,
        last_touch=lead.last_touch,
        asked_for=asked_for if asked_for != lead.lead.lead_id else "",
        **more,
    )


def respond_by(lead: StoredLead) -> datetime | None:
    """By when the owner must do what he owes first: accept, get in touch, open an opportunity."""
    owed = (clock for clock in lead.clocks if clock.name in _OWED and clock.met_at is None)
    instants = (clock.breached_at or clock.due_at for clock in owed)
    return min((at for at in instants if at is not None), default=None)
