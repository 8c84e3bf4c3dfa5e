"""A decision explained from its facts: the routes it went through, and everybody it looked at."""

from dataclasses import dataclass

from scoring_service.domain.policy import Policy
from scoring_service.policy.explaining.explain import routes_tried
from scoring_service.policy.explaining.reps import RepSeen, reps_seen
from scoring_service.policy.explaining.reps_told import in_order
from scoring_service.policy.explaining.told import shortened
from scoring_service.policy.explaining.tried import TriedRoute
from scoring_service.values.decision import Decision
from scoring_service.values.facts import Facts

ROUTES_MAX = 1000
"""Routes that are told; of a table's rows that did not match only the nearest, where there are
more.
"""


@dataclass(frozen=True, slots=True)
class Explained:
    """Routes in order, up to the one that decided, and everybody looked at, pool by pool.

    `routes` are at most 1000; `left_out` counts the others. `tried` are all of them.
    """

    routes: tuple[TriedRoute, ...] = ()
    reps: tuple[RepSeen, ...] = ()
    left_out: int = 0
    tried: tuple[TriedRoute, ...] = ()


def explained(policy: Policy, facts: Facts, decision: Decision) -> Explained:
    """What a decision of these facts went through; nothing but the facts is read.

    Raises KeyError where the decision, made now, would need a pool that its facts do not have.
    """
    tried = routes_tried(policy, facts, decision)
    routes = shortened(tried, ROUTES_MAX)
    reps = in_order(reps_seen(policy, facts, decision))
    return Explained(routes, reps, len(tried) - len(routes), tried)
