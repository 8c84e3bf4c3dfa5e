"""The shape of experiments.yaml."""

from datetime import date, timedelta
from typing import Annotated, Literal

import msgspec

from scoring_service.policy.files.reading import Name, Shape
from scoring_service.policy.files.scoring_shape import Bar, Probability
from scoring_service.policy.files.spans import ElapsedSpan

WITHIN_MAX = timedelta(days=730)
"""An outcome that is waited for longer says nothing while anybody still remembers the question."""

Reached = Literal["mql", "sal", "sql", "opportunity", "customer"]
"""The stages that may be an outcome: those of sales, in their order."""


class ArmBars(Shape, frozen=True):
    """Bars that stand in for those of scoring.yaml."""

    fit_min: Bar | None = None
    behaviour_min: Bar | None = None
    win_probability_min: Probability | None = None


class ArmEntry(Shape, frozen=True):
    """A share of the leads, and what holds for them: bars, tracks by the one that each stands in
    for, and pools by the route that draws from them.
    """

    weight: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 1
    mql: ArmBars = ArmBars()
    tracks: dict[str, str] = msgspec.field(default_factory=dict)
    routes: dict[str, str] = msgspec.field(default_factory=dict)


class OutcomeEntry(Shape, frozen=True):
    """What counts as a success: the stage is reached within a time of the enrolment."""

    stage: Reached
    within: ElapsedSpan

    def __post_init__(self) -> None:
        if self.within.elapsed > WITHIN_MAX:
            raise ValueError("this is longer than 730d; give a shorter time")


class DecisionEntry(Shape, frozen=True):
    """People chose an arm; the experiment is over from that day on."""

    arm: str
    on: date


class ExperimentEntry(Shape, frozen=True, rename={"starts": "from", "ends": "to"}):
    """One experiment; both days begin at midnight UTC, the last is not part of it."""

    starts: date
    ends: date
    arms: dict[Name, ArmEntry]
    outcome: OutcomeEntry
    decision: DecisionEntry | None = None

    def __post_init__(self) -> None:
        if self.ends <= self.starts:
            raise ValueError(
                f"it is over on {self.ends}, and begins on {self.starts}; give a later 'to'"
            )
