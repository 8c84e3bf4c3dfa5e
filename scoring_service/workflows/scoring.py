"""What a lead is worth, now or as of an instant. Stores nothing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from scoring_service.domain.calibration.model import Model
from scoring_service.domain.experiments.arms import with_arms
from scoring_service.domain.intake import (
    Violation,
    clamped,
    clamped_dated,
    violations,
    violations_dated,
)
from scoring_service.domain.policy import Policy
from scoring_service.domain.scoring.score import score_dated
from scoring_service.domain.symbols import lead_symbols
from scoring_service.values.activity import Activity, Dated, dated
from scoring_service.values.errors import InvalidArgument, NotFound
from scoring_service.values.lead import Lead
from scoring_service.values.score import HeldBar, Score
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


def score_inline(
    policy: Policy, accounts: AccountLookup, request: ScoreLead, now: datetime
) -> Score:
    """The score of a lead that is sent along; it has no past, so the bars themselves judge it.

    Raises InvalidArgument with every violation.
    """
    lead = request.lead or _NOBODY
    _refuse(request, violations_dated(policy.schema, policy.scoring, lead, request.did, now))
    did = clamped_dated(request.did, now)
    return _score(policy, accounts, lead, did, request.as_of or now, model=policy.model)


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
    score = _score(
        with_arms(policy, stored.arms, as_of),
        accounts,
        stored.lead,
        dated(activities),
        as_of,
        held=held,
        past_bars=bars,
        model=None if stored.stage in FINISHED else policy.model,
    )
    return msgspec.structs.replace(score, arms=stored.arms) if stored.arms else score


def _refuse(request: ScoreLead, of_policy: tuple[Violation, ...]) -> None:
    found = request.violations + of_policy
    if found:
        raise InvalidArgument(found)


def _united(stored: Sequence[Activity], sent: Sequence[Activity]) -> Sequence[Activity]:
    known = {activity.activity_id for activity in stored} - {""}
    return (*stored, *(activity for activity in sent if activity.activity_id not in known))


def _score(
    policy: Policy,
    accounts: AccountLookup,
    lead: Lead,
    did: Dated,
    as_of: datetime,
    *,
    held: tuple[HeldBar, ...] = (),
    past_bars: tuple[float, float] | None = None,
    model: Model | None,
) -> Score:
    symbols = lead_symbols(lead, policy.schema, account_of(accounts, lead))
    return score_dated(policy.scoring, symbols, did, as_of, policy.revision, held, past_bars, model)
