"""Both replays of a diff, at the same time where that is worth it."""

from collections.abc import Sequence
from functools import partial

from scoring_service.cli.rules.diff.forked import at_once, processes
from scoring_service.domain.experiments.experiment import Experiment
from scoring_service.domain.policy import Policy
from scoring_service.workflows.diff.first_scores import first_arrivals, score_alike
from scoring_service.workflows.diff.foreknown import (
    NOTHING,
    Foreknown,
    Met,
    comes_once,
    foreknown,
    met_first,
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
    if score_alike(old, new):
        known = _known((old, new), past, many)
    else:
        known = [*_known((old,), past, many), *_known((new,), past, many)]
    works = [
        partial(replay, old, past, known[0]),
        partial(replay, new, past, known[1], begun),
    ]
    if many == 1:
        return works[0](), works[1]()
    found, other = at_once(works, Replayed)
    return found, other


def _known(policies: Sequence[Policy], past: Past, many: int) -> list[Foreknown]:
    """What is known before by policies that score alike: each process does its share of the leads.

    Nothing where there are experiments: whoever is enrolled may be scored by other rules.
    """
    if any(policy.experiments for policy in policies):
        return [NOTHING for _ in policies]
    arrivals, once = list(first_arrivals(past)), comes_once(past)
    works = [partial(met_first, policies, arrivals[n::many], once) for n in range(many)]
    met = [one for part in at_once(works, tuple[Met, ...]) for one in part]
    return [foreknown(met, nth) for nth in range(len(policies))]
