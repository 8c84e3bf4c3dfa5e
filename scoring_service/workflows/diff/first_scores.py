"""Scores of leads that come for the first time: they depend on nothing that was decided before.

So they need no replay, can be worked out in any order, and are the same for two policies that score
alike.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import msgspec

from scoring_service.domain.policy import Policy
from scoring_service.domain.scoring.scoring import Scoring
from scoring_service.values.activity import BehaviourState
from scoring_service.values.condition import Symbols
from scoring_service.values.score import Score
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead
from scoring_service.workflows.behaviour import NO_ACTIVITIES, with_behaviour
from scoring_service.workflows.diff.past import Arrived, Past


class FirstScore(msgspec.Struct, frozen=True, array_like=True):
    """A lead's score when it comes first, without contributions, and the state it is of."""

    score: Score
    behaviour: tuple[BehaviourState, ...]
    model_behaviour: tuple[BehaviourState, ...] = ()
    model_scoring: str = ""


FirstScores = Mapping[str, FirstScore]
"""By lead."""


def score_alike(old: Policy, new: Policy) -> bool:
    """Whether a lead that comes for the first time has one score under both."""
    experiments = (*old.experiments, *new.experiments)
    models = [policy.model and policy.model.version for policy in (old, new)]
    same = _by_text(old.scoring) == _by_text(new.scoring) and old.schema == new.schema
    return same and models[0] == models[1] and not experiments


def _by_text(scoring: Scoring) -> Scoring:
    """What gives points, its conditions by their text: each is compiled once a policy."""
    criteria = tuple([replace(criterion, holds=_always) for criterion in scoring.fit])
    return replace(scoring, fit=criteria, disqualify=())


def _always(symbols: Symbols) -> bool:
    return True


def first_arrivals(past: Past) -> Iterator[Arrived]:
    """Where each lead is met first, of those that were not there when the window began."""
    met = {stood.lead.lead.lead_id for stood in past.stood}
    for moment in past.moments:
        if isinstance(moment, Arrived) and moment.lead.lead_id not in met:
            met.add(moment.lead.lead_id)
            yield moment


def as_first_met(moment: Arrived) -> StoredLead:
    """A lead of which nothing is stored yet."""
    return StoredLead(
        moment.lead,
        "",
        Stage.ANONYMOUS,
        moment.at,
        moment.at,
        moment.at,
        do_not_contact=bool(moment.lead.do_not_contact),
    )


def as_first_scored(policy: Policy, moment: Arrived) -> StoredLead:
    """The same with what it did folded into its state, as the policy scores that."""
    lead = as_first_met(moment)
    return with_behaviour(NO_ACTIVITIES, policy, lead, moment.activities, moment.at)


def first_score(lead: StoredLead, score: Score) -> FirstScore:
    """The score of a lead that is met first, to be kept."""
    return FirstScore(
        msgspec.structs.replace(score, contributions=(), model_contributions=()),
        lead.behaviour,
        lead.model_behaviour,
        lead.model_scoring,
    )
