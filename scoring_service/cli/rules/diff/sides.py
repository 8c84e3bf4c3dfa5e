"""Both replays of a diff, at the same time where that is worth it."""

from collections.abc import Sequence
from functools import partial

from scoring_service.cli.rules.diff.forked import at_once, processes
from scoring_service.domain.experiments.experiment import Experiment
from scoring_service.domain.policy import Policy
from scoring_service.workflows.diff.first_scores import (
    FirstScore,
    FirstScores,
    first_arrivals,
    first_scores,
    score_alike,
)
from scoring_service.workflows.diff.past import Past
from scoring_service.workflows.diff.replaying import replay
from scoring_service.workflows.diff.results import Replayed

MOMENTS_MIN = 2_000
"""Fewer are replayed one after the other: a second process would take longer to start."""


def both_replayed(
    old: Policy,
    new: Policy,
    past: Past,
    moments_min: int = MOMENTS_MIN,
    at_a_time: int = 0,
    begun: Sequence[Experiment] = (),
) -> tuple[Replayed, Replayed]:
    """The past under each policy. Neither replay sees the other, so the order says nothing.

    `begun` are the experiments that the new one would begin, taken to run all the while.
    `at_a_time` is by how many processes, 0 for as many as there are processors.
    """
    many = at_a_time or processes()
    if len(past.moments) < moments_min or many < 2:
        many = 1
    scores = _scores(old, past, many) if score_alike(old, new) else {}
    if many == 1:
        return replay(old, past, scores), replay(new, past, scores, begun)
    works = [partial(replay, old, past, scores), partial(replay, new, past, scores, begun)]
    found, other = at_once(works, Replayed)
    return found, other


def _scores(policy: Policy, past: Past, many: int) -> FirstScores:
    """What both replays would work out: each process does its share of the leads."""
    arrivals = list(first_arrivals(past))
    works = [partial(first_scores, policy, arrivals[n::many]) for n in range(many)]
    each = at_once(works, tuple[FirstScore, ...])
    return {one.lead_id: one for part in each for one in part}
