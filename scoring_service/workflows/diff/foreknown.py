"""What is known of a replay before it: what a lead that comes first is worth, and its fate where
nobody else has a part in that.

It depends on nothing that was decided before. So it needs no order, the parts of it can be worked
out at the same time, and for policies that score alike it is found together: most of what a replay
costs.
"""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from types import MappingProxyType

import msgspec

from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.case import Case
from scoring_service.domain.routing.decide import chosen
from scoring_service.values.decision import Cause
from scoring_service.values.facts import Asked, PoolFacts
from scoring_service.values.owner import RepOwner
from scoring_service.workflows.diff.first_scores import (
    FirstScore,
    FirstScores,
    as_first_scored,
    first_score,
)
from scoring_service.workflows.diff.past import Arrived, Past
from scoring_service.workflows.diff.results import Fate
from scoring_service.workflows.diff.settling import WORKED
from scoring_service.workflows.facts import facts_of


class Met(msgspec.Struct, frozen=True, array_like=True):
    """A lead that is met first: its fate by each policy, and its score unless all are known."""

    lead_id: str
    fates: tuple[Fate | None, ...]
    score: FirstScore | None = None


class Foreknown(msgspec.Struct, frozen=True):
    """Of one policy, by lead. Who has a fate here is not replayed."""

    scores: FirstScores = MappingProxyType({})
    fates: Mapping[str, Fate] = MappingProxyType({})


NOTHING = Foreknown()


def foreknown(met: Sequence[Met], nth: int = 0) -> Foreknown:
    """What was found of the nth policy."""
    fates = ((one.lead_id, one.fates[nth]) for one in met)
    return Foreknown(
        {one.lead_id: one.score for one in met if one.score is not None},
        {lead_id: fate for lead_id, fate in fates if fate is not None},
    )


def comes_once(past: Past) -> frozenset[str]:
    """The leads to which something happens just once: with that their fate may be known."""
    moments = (moment for moment in past.moments if isinstance(moment, Arrived))
    came = Counter(moment.lead.lead_id for moment in moments)
    return frozenset([lead_id for lead_id, times in came.items() if times == 1])


def met_first(
    policies: Sequence[Policy], arrivals: Iterable[Arrived], once: Container[str]
) -> tuple[Met, ...]:
    """Each that is met first, by policies that score alike and have no experiments."""
    return tuple([_met(policies, moment, moment.lead.lead_id in once) for moment in arrivals])


def _met(policies: Sequence[Policy], moment: Arrived, once: bool) -> Met:
    lead = as_first_scored(policies[0], moment)
    facts = facts_of(policies[0], lead, moment.account, moment.at, is_new=True)
    case = Case(policies[0], facts, _asked_for)
    score = case.score
    fates: list[Fate | None] = [None] * len(policies)
    if once and moment.asked is Asked.ROUTE and moment.pinned_rep is None:
        fates = [_fate(case), *(_fate(case.under(other)) for other in policies[1:])]
    kept = first_score(lead, score) if None in fates else None
    return Met(moment.lead.lead_id, tuple(fates), kept)


def _fate(case: Case) -> Fate | None:
    """What becomes of a lead that nothing happens to again; None where others have a part in it.

    They have where it is drawn for, given to a rep or to sales: then it counts, waits or leaves.
    """
    try:
        choice = chosen(case)
    except _PoolAskedFor:
        return None
    sold = choice.stage in WORKED or isinstance(choice.owner, RepOwner)
    if sold or choice.cause is Cause.KEPT:
        return None
    score, route = case.score, case.route
    won = score.win_probability
    return Fate(
        case.facts.lead.lead_id,
        choice.owner,
        route.name if route else "",
        score.quadrant.value,
        won=None if won is None else won.value,
    )


class _PoolAskedFor(Exception):
    """Who gets the lead depends on a pool, and so on everything before."""


def _asked_for(pool: str) -> PoolFacts:
    raise _PoolAskedFor(pool)
