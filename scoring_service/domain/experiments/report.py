"""What came of an experiment: rates of its arms, each against control, and what that allows."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from scoring_service.domain.experiments import balance as balancing
from scoring_service.domain.experiments.experiment import CONTROL, Experiment
from scoring_service.domain.experiments.mixture import Ratio, compared
from scoring_service.domain.experiments.rates import Rate
from scoring_service.values.experiment import Followed
from scoring_service.values.stage import PATH, Stage

ALPHA = 0.05
"""How often any arm may be called different from control, though none is, in all looks together."""


@dataclass(frozen=True, slots=True)
class ArmReport:
    """An arm: who is in it, of how many the time of the outcome has passed, and their rate.

    `ratio` is of that rate to control's; None of control itself.
    """

    name: str
    weight: int
    enrolled: int
    rate: Rate
    ratio: Ratio | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """An experiment as of an instant.

    A person who was merged with one of another arm counts in neither (`crossed`). `waiting` are
    the persons whose time has not passed, `matures_at` is when the next one's has, None where it
    has for all. `alpha` is that of each comparison: ALPHA divided by how many there are, arms that
    are gone from the rules included. `balance` is the p of arms as large as their
    weights say. One that is not `in_rules` is told as it stood when it last enrolled somebody.
    """

    experiment: Experiment
    at: datetime
    arms: tuple[ArmReport, ...]
    enrolled: int
    crossed: int
    waiting: int
    matures_at: datetime | None
    balance: float
    alpha: float
    in_rules: bool = True

    @property
    def unbalanced(self) -> bool:
        """Whether the alarm is raised."""
        return self.balance <= balancing.ALPHA

    @property
    def matured(self) -> int:
        """Of how many persons the time has passed."""
        return sum(arm.rate.leads for arm in self.arms)


@dataclass(frozen=True, slots=True)
class _Counted:
    """A matured person: the arm, the weights it was drawn by, and whether the outcome came."""

    arm: str
    weights: dict[str, int]
    success: bool


def stages_from(stage: Stage) -> tuple[Stage, ...]:
    """The stage and those behind it on the path: whoever skipped it has reached it too.

    >>> [stage.value for stage in stages_from(Stage.OPPORTUNITY)]
    ['opportunity', 'customer']
    """
    return PATH[PATH.index(stage) :]


def report(
    experiment: Experiment, followed: Sequence[Followed], now: datetime, *, in_rules: bool = True
) -> Report:
    """The report; `followed` are all enrolled persons in the order of their enrolment."""
    persons, crossed = _persons(followed)
    counted = [_counted(one, experiment.within) for one in persons if _mature(experiment, one, now)]
    passes = [one.joined.at + experiment.within for one in persons]
    waiting = [at for at in passes if at > now]
    enrolled: dict[str, int] = defaultdict(int)
    for one in followed:
        enrolled[one.joined.arm] += 1
    weights = experiment.weights
    names = [*weights, *sorted(set(enrolled) - set(weights))]
    alpha = ALPHA / max(1, len(names) - 1)
    return Report(
        experiment=experiment,
        at=now,
        arms=tuple(
            [
                ArmReport(
                    name,
                    weights.get(name, 0),
                    enrolled[name],
                    _rate(name, counted),
                    None if name == CONTROL else _against_control(name, counted, alpha),
                )
                for name in names
            ]
        ),
        enrolled=len(followed),
        crossed=crossed,
        waiting=len(waiting),
        matures_at=min(waiting, default=None),
        balance=balancing.balance((one.joined.arm, one.joined.weights) for one in followed),
        alpha=alpha,
        in_rules=in_rules,
    )


def _persons(followed: Iterable[Followed]) -> tuple[list[Followed], int]:
    """Each person once, by the first enrolment, and how many were in two arms by a merge."""
    by_person: dict[str, list[Followed]] = {}
    for one in followed:
        by_person.setdefault(one.person_id, []).append(one)
    kept = [same[0] for same in by_person.values() if len({one.joined.arm for one in same}) == 1]
    return kept, len(by_person) - len(kept)


def _mature(experiment: Experiment, one: Followed, now: datetime) -> bool:
    return one.joined.at + experiment.within <= now


def _counted(one: Followed, within: timedelta) -> _Counted:
    reached = one.reached_at is not None and one.reached_at <= one.joined.at + within
    return _Counted(one.joined.arm, one.joined.weights, reached)


def _rate(name: str, counted: Sequence[_Counted]) -> Rate:
    mine = [one.success for one in counted if one.arm == name]
    return Rate(sum(mine), len(mine))


def _against_control(name: str, counted: Sequence[_Counted], alpha: float) -> Ratio:
    return compared(
        [
            (one.arm == name, one.weights[name] / (one.weights[name] + one.weights[CONTROL]))
            for one in counted
            if one.success
            and one.arm in (name, CONTROL)
            and name in one.weights
            and CONTROL in one.weights
        ],
        alpha,
    )
