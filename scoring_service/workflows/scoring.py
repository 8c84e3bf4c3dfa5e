"""What a lead is worth, now or as of an instant. Stores nothing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from scoring_service.domain.experiments.arms import with_arms
from scoring_service.domain.intake import (
    Violation,
    clamped,
    clamped_dated,
    violations,
    violations_dated,
)
from scoring_service.domain.policy import Policy
from scoring_service.domain.scoring.score import score_activities, scores_dated
from scoring_service.domain.symbols import lead_symbols
from scoring_service.values.activity import Activity
from scoring_service.values.errors import InvalidArgument, NotFound
from scoring_service.values.instant import micros
from scoring_service.values.lead import Lead
from scoring_service.values.score import Score
from scoring_service.values.stage import FINISHED, PATH, Stage
from scoring_service.values.stored import StoredLead
from scoring_service.workflows.account_lookup import AccountLookup, account_of
from scoring_service.workflows.requests import ScoreLead

_NOBODY = Lead()
_WORKED = frozenset(PATH[PATH.index(Stage.MQL) :])


class LeadLookup(Protocol):
    """Stored leads and what they did; a reader or the unit of work."""

    def lead(self, lead_id: str) -> StoredLead | None:
        """The lead of that id."""

    def activities(self, lead_id: str) -> Sequence[Activity]:
        """Everything it did, by time."""


def scores_inline(
    policy: Policy, accounts: AccountLookup, requests: Sequence[ScoreLead], now: datetime
) -> list[Score]:
    """The scores of leads that are sent along; they have no past, so the bars themselves judge.

    Each step is taken for all of them, as `scores_dated` has it. Raises InvalidArgument with every
    violation of the first that has any.
    """
    at = micros(now)
    leads = [request.lead or _NOBODY for request in requests]
    each = list(zip(requests, leads, strict=True))
    for request, lead in each:
        _refuse(request, violations_dated(policy.schema, policy.scoring, lead, request.did, at))
    matches = [account_of(accounts, lead) for lead in leads]
    asked = [
        (
            lead_symbols(lead, policy.schema, match),
            clamped_dated(request.did, at),
            request.as_of or now,
        )
        for (request, lead), match in zip(each, matches, strict=True)
    ]
    return scores_dated(policy.scoring, asked, policy.revision, policy.model)


def score_stored(
    policy: Policy, accounts: AccountLookup, leads: LeadLookup, request: ScoreLead, now: datetime
) -> Score:
    """The score of a stored lead, from its events and what it has met before.

    As of an instant before its latest change it is judged by the bars themselves: what it held
    then is not kept. Its arms hold where their experiments run then. Activities of the request are
    looked at beside the stored ones, each activity_id once. Raises NotFound (LEAD_NOT_FOUND) and
    InvalidArgument.
    """
    _refuse(request, violations(policy.schema, policy.scoring, _NOBODY, request.activities, now))
    stored = leads.lead(request.lead_id)
    if stored is None:
        raise NotFound(f"no lead {request.lead_id!r} is stored", "LEAD_NOT_FOUND")
    as_of = request.as_of or now
    activities = _united(leads.activities(stored.lead.lead_id), clamped(request.activities, now))
    held = stored.held_bars if as_of >= stored.updated_at else ()
    bars = stored.visit_bars if stored.stage in _WORKED else None
    arms_policy = with_arms(policy, stored.arms, as_of)
    score = score_activities(
        arms_policy.scoring,
        lead_symbols(stored.lead, arms_policy.schema, account_of(accounts, stored.lead)),
        activities,
        as_of,
        arms_policy.revision,
        held,
        bars,
        None if stored.stage in FINISHED else policy.model,
    )
    return msgspec.structs.replace(score, arms=stored.arms) if stored.arms else score


def _refuse(request: ScoreLead, of_policy: tuple[Violation, ...]) -> None:
    found = request.violations + of_policy
    if found:
        raise InvalidArgument(found)


def _united(stored: Sequence[Activity], sent: Sequence[Activity]) -> Sequence[Activity]:
    known = {activity.activity_id for activity in stored} - {""}
    return (*stored, *(activity for activity in sent if activity.activity_id not in known))
