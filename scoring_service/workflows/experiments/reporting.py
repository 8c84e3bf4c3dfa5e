"""Every experiment there is or was, with what came of it: read from what is stored."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from scoring_service.domain.experiments.experiment import Experiment
from scoring_service.domain.experiments.report import Report, report, stages_from
from scoring_service.domain.policy import Policy
from scoring_service.values.experiment import ArmJoined, Followed
from scoring_service.values.stage import Stage

Policies = Callable[[str], Policy | str]
"""The policy of a revision; where it cannot be had any more, why."""


class Enrolled(Protocol):
    """Who was enrolled, and what became of them; a reader."""

    def arms_joined(self) -> Sequence[ArmJoined]:
        """Every arm that enrolled anybody."""

    def followed(self, experiment: str, stages: Iterable[Stage]) -> Sequence[Followed]:
        """Everybody enrolled in an experiment, in order."""


@dataclass(frozen=True, slots=True)
class Known:
    """An experiment, and how many it enrolled; `in_rules` is whether the rules still have it."""

    experiment: Experiment
    enrolled: int
    in_rules: bool


@dataclass(frozen=True, slots=True)
class Unread:
    """An experiment that was taken out of the rules, enrolled so many, and of which the rules that
    enrolled the last one (`revision`) cannot tell what it was: `why` says the reason.
    """

    name: str
    enrolled: int
    revision: str
    why: str


def known(stored: Enrolled, policy: Policy, policies: Policies) -> tuple[Known | Unread, ...]:
    """Those of the rules in their order, then those that enrolled somebody and were taken out: as
    they stood in the rules that enrolled the last one.
    """
    counts: dict[str, int] = {}
    latest: dict[str, ArmJoined] = {}
    for arm in stored.arms_joined():
        counts[arm.experiment] = counts.get(arm.experiment, 0) + arm.count
        before = latest.get(arm.experiment)
        if before is None or before.last < arm.last:
            latest[arm.experiment] = arm
    found: list[Known | Unread] = [
        Known(one, counts.get(one.name, 0), True) for one in policy.experiments
    ]
    for name in sorted(set(latest) - {one.name for one in policy.experiments}):
        revision = latest[name].revision
        gone = _as_it_stood(name, policies(revision))
        if isinstance(gone, str):
            found.append(Unread(name, counts[name], revision, gone))
        else:
            found.append(Known(gone, counts[name], False))
    return tuple(found)


def _as_it_stood(name: str, policy: Policy | str) -> Experiment | str:
    if isinstance(policy, str):
        return policy
    return next((one for one in policy.experiments if one.name == name), "it is not in them")


def reported(stored: Enrolled, one: Known, now: datetime) -> Report:
    """What came of an experiment, as of an instant."""
    experiment = one.experiment
    followed = stored.followed(experiment.name, stages_from(experiment.stage))
    return report(experiment, followed, now, in_rules=one.in_rules)
