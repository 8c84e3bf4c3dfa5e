"""Leads that go back to marketing: into which track, until when, and what brings them back."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from scoring_service.domain.business_time.deadline import deadline
from scoring_service.domain.experiments.arms import with_arms
from scoring_service.domain.lifecycle.lifecycle import REEVALUATE_OTHER, Reason
from scoring_service.domain.lifecycle.reasons import NOT_WORKED
from scoring_service.domain.policy import Policy
from scoring_service.domain.scoring.bars import BEHAVIOUR, FIT
from scoring_service.domain.scoring.behaviour import of_states
from scoring_service.values.activity import Activity
from scoring_service.values.score import Score
from scoring_service.values.stored import StoredLead


class Back(StrEnum):
    """By what a recycled lead comes back to mql."""

    HIGH_INTENT = "high_intent"
    FRESH = "fresh"
    REEVALUATED = "reevaluated"


def recycled_to(policy: Policy, lead: StoredLead, reason: Reason) -> str | None:
    """The track a lead is recycled into; None: its recycling is exhausted.

    The first of the reason's tracks, as the policy has them, that the lead has not been in; a
    reason without any uses the default track, which may repeat. `not_worked` neither counts nor is
    stopped.
    """
    reason = policy.lifecycle.reasons.get(reason.name, reason)
    if counts(reason) and lead.recycles >= policy.lifecycle.recycles_max:
        return None
    fresh = next((track for track in reason.tracks if track not in lead.tracks), None)
    if fresh is not None:
        return fresh
    if reason.tracks and counts(reason):
        return None
    return policy.lifecycle.default_track


def counts(reason: Reason) -> bool:
    """Whether a recycling for this reason is one of those that `recycles_max` limits."""
    return reason.name != NOT_WORKED


def reevaluated_at(policy: Policy, reason: Reason, now: datetime) -> datetime:
    """When a lead recycled now is looked at again: only a high-intent activity or behaviour that
    meets the bars anew brings it back before.
    """
    span = reason.reevaluate or REEVALUATE_OTHER
    return deadline(policy.calendars["default"], now, span)


def comes_back(
    policy: Policy,
    lead: StoredLead,
    score: Score,
    arrived: Iterable[Activity],
    now: datetime,
) -> Back | None:
    """What brings a recycled lead back to mql at `now`; None where nothing does.

    `score` and `lead.behaviour_since_recycling` hold the activities that `arrived` already. Fit
    must hold whatever it is.
    """
    policy = with_arms(policy, lead.arms, now)
    recycled_at = lead.recycled_at or lead.entered_at
    if not _met(score, FIT):
        return None
    if _high_intent(policy, arrived, recycled_at):
        return Back.HIGH_INTENT
    if _meets_anew(policy, lead, score, now):
        return Back.FRESH
    passed = lead.reevaluate_at is not None and lead.reevaluate_at <= now
    return Back.REEVALUATED if passed and _engaged(policy, lead, recycled_at) else None


def _met(score: Score, name: str) -> bool:
    return all(bar.met for bar in score.bars if bar.name == name)


def _high_intent(policy: Policy, arrived: Iterable[Activity], recycled_at: datetime) -> bool:
    scored = policy.scoring.activities
    return any(
        activity.type in scored
        and scored[activity.type].high_intent
        and activity.occurred_at > recycled_at
        for activity in arrived
    )


def _meets_anew(policy: Policy, lead: StoredLead, score: Score, now: datetime) -> bool:
    """Whether the activities since the recycling, by themselves, meet every bar."""
    behaviour = of_states(policy.scoring, lead.behaviour_since_recycling, now)
    others = all(bar.met for bar in score.bars if bar.name != BEHAVIOUR)
    return others and behaviour.points >= policy.scoring.mql.behaviour_min


def _engaged(policy: Policy, lead: StoredLead, recycled_at: datetime) -> bool:
    """Whether any activity of positive points happened since the recycling."""
    scored = policy.scoring.activities
    return any(
        state.type in scored and scored[state.type].points > 0 and state.newest > recycled_at
        for state in lead.behaviour_since_recycling
    )
