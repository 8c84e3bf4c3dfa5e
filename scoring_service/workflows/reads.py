"""Leads read back: one, many by score, and everything recorded of one. Stores nothing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from scoring_service.domain.policy import Policy
from scoring_service.values.happening import Happened
from scoring_service.values.owner import Owner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import FieldChange, StageEntry, StoredLead
from scoring_service.workflows.lead_view import LeadLookup, answering, view_of_lead
from scoring_service.workflows.lifecycle_requests import HistoryView, LeadView
from scoring_service.workflows.sales.qualify import still_asked

Place = tuple[float, str]
"""A lead's place in the list: its stored score and its id."""


class Wanted(msgspec.Struct, frozen=True):
    """Which leads: of a stage, an owner, an account. None is any."""

    stage: Stage | None = None
    owner: Owner | None = None
    account_id: str | None = None


class Page(msgspec.Struct, frozen=True):
    """Leads of a page; `ends_at` is where it ends if another follows."""

    leads: tuple[LeadView, ...]
    ends_at: Place | None = None


class LeadsLookup(LeadLookup, Protocol):
    """Stored leads with all that is recorded of them; a reader."""

    def leads(
        self,
        stage: Stage | None = None,
        owner: Owner | None = None,
        account_id: str | None = None,
        before: Place | None = None,
        limit: int = 100,
    ) -> Sequence[StoredLead]:
        """By score, the highest first, those behind a place."""

    def leads_of_person(self, person_id: str) -> Sequence[StoredLead]:
        """Every lead of a person, by cycle."""

    def stage_entries(self, lead_id: str) -> Sequence[StageEntry]:
        """Every stage it entered, by visit."""

    def happenings(self, lead_id: str) -> Sequence[Happened]:
        """What happened beside the stages, in order."""

    def field_changes(
        self, kind: str, subject_id: str
    ) -> Sequence[tuple[FieldChange, datetime, str]]:
        """What changed, when and by whom, oldest first."""


def get_lead(leads: LeadLookup, policy: Policy, lead_id: str, now: datetime) -> LeadView:
    """The lead that answers for an id, or NotFound (LEAD_NOT_FOUND)."""
    return _view(leads, policy, answering(leads, lead_id), now, lead_id)


def list_leads(
    leads: LeadsLookup,
    policy: Policy,
    wanted: Wanted,
    before: Place | None,
    rows: int,
    now: datetime,
) -> Page:
    """At most `rows` leads by their stored score, the highest first, those behind a place.

    Leads that were merged into another are left out, after they were counted.
    """
    found = leads.leads(wanted.stage, wanted.owner, wanted.account_id, before, rows + 1)
    page = found[:rows]
    views = [_view(leads, policy, lead, now) for lead in page if not lead.merged_into]
    more = len(found) > rows
    return Page(tuple(views), (page[-1].score, page[-1].lead.lead_id) if more else None)


def get_history(leads: LeadsLookup, policy: Policy, lead_id: str, now: datetime) -> HistoryView:
    """Everything recorded under an id, and the lead that answers for it now.

    Raises NotFound (LEAD_NOT_FOUND).
    """
    answers = answering(leads, lead_id)
    cycles = leads.leads_of_person(answers.person_id)
    return HistoryView(
        lead=_view(leads, policy, answers, now, lead_id),
        stages=tuple(leads.stage_entries(lead_id)),
        happenings=tuple(leads.happenings(lead_id)),
        changes=tuple((at, who, what) for what, at, who in leads.field_changes("lead", lead_id)),
        cycles=tuple(lead.lead.lead_id for lead in cycles if not lead.merged_into),
    )


def _view(
    leads: LeadLookup, policy: Policy, lead: StoredLead, now: datetime, asked_for: str = ""
) -> LeadView:
    """As of now; never before its own last change, which another clock may have dated."""
    as_of, asked = max(now, lead.updated_at), still_asked(policy, lead)
    return view_of_lead(leads, policy, lead, as_of, asked_for=asked_for, still_asked=asked)
