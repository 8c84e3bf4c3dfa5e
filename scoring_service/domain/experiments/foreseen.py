"""Experiments that other rules would begin: whom they would enrol, were they running already."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from scoring_service.domain.experiments.enrolling import EVALUATIONS, arm_of, open_to
from scoring_service.domain.experiments.experiment import Experiment
from scoring_service.domain.policy import Policy
from scoring_service.values.facts import Asked
from scoring_service.values.stored import StoredLead

_ALWAYS = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def begun_by(new: Policy, old: Policy, now: datetime) -> tuple[Experiment, ...]:
    """The experiments that other rules have, the old ones do not, and that are not over."""
    had = {one.name for one in old.experiments}
    return tuple([one for one in new.experiments if one.name not in had and now < one.over_at])


def as_if_running(policy: Policy, foreseen: Sequence[Experiment]) -> Policy:
    """The policy with some of its experiments running at every instant, past ones too."""
    names = {one.name for one in foreseen}
    if not names:
        return policy
    starts, ends = _ALWAYS
    experiments = [
        replace(one, starts=starts, ends=ends, verdict=None) if one.name in names else one
        for one in policy.experiments
    ]
    by_files = None if policy.by_files is None else as_if_running(policy.by_files, foreseen)
    return replace(policy, experiments=tuple(experiments), by_files=by_files)


def foreseen_arms(
    policy: Policy,
    foreseen: Iterable[Experiment],
    lead: StoredLead,
    asked: Asked,
    first: str,
    now: datetime,
) -> dict[str, str]:
    """The lead's arms, and those that this evaluation would give it of foreseen experiments.

    `first` is the id of the person's first lead; "" where nobody can know it: then none is given.
    """
    names = {one.name for one in foreseen}
    if not names or not first or asked not in EVALUATIONS:
        return lead.arms
    joins = [one for one in open_to(policy, lead, now) if one.name in names]
    return {**lead.arms, **{one.name: arm_of(one.name, first, one.weights) for one in joins}}
