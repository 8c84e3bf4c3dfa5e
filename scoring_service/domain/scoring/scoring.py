"""scoring.yaml as values: criteria, activity types, grades, bars."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from math import log

from scoring_service.values.condition import Condition
from scoring_service.values.instant import MICROSECOND
from scoring_service.values.score import Contribution, Dimension


@dataclass(frozen=True, slots=True)
class FitCriterion:
    """Points for who a lead is; may be negative. `contribution` is what it gives where it holds."""

    name: str
    text: str
    points: float
    holds: Condition
    contribution: Contribution = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make once what every lead is given that it holds for."""
        contribution = Contribution(Dimension.FIT, self.name, self.points)
        object.__setattr__(self, "contribution", contribution)


@dataclass(frozen=True, slots=True)
class Disqualifier:
    """A criterion that ends a lead, with its reason."""

    name: str
    text: str
    reason: str
    holds: Condition


@dataclass(frozen=True, slots=True)
class ActivityScoring:
    """Points of one activity type and how they fade.

    `points_max` bounds the magnitude of the type's sum; `group` names a shared upper bound;
    `expires_after` drops an event at that age; `once` counts the latest event only. `digest` is the
    hash of what a stored state depends on. `rate` is what fades of a point in a microsecond;
    `fades` the half-life in seconds, negative: an age divided by it is the power of 2 that is left.
    """

    type: str
    points: float
    half_life: timedelta
    points_max: float | None = None
    group: str | None = None
    expires_after: timedelta | None = None
    once: bool = False
    high_intent: bool = False
    digest: str = ""
    rate: float = field(init=False, repr=False, compare=False)
    fades: float = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Know, rather than ask anew for each lead, how fast points fade."""
        object.__setattr__(self, "rate", log(2) / (self.half_life / MICROSECOND))
        object.__setattr__(self, "fades", -self.half_life.total_seconds())


def state_digest(
    points: float, half_life: timedelta, expires_after: timedelta | None, *, once: bool
) -> str:
    """Names what a stored decayed sum was made with; caps and groups apply when it is read."""
    parts = (points, half_life, expires_after, once)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Bars:
    """What makes a lead MQL-ready: every bar must hold. `hysteresis` is in points.

    `for_model` names the model that `win_probability_min` was chosen for, "" where it does not say.
    """

    fit_min: float
    behaviour_min: float
    win_probability_min: float | None = None
    hysteresis: float = 5.0
    for_model: str = ""


@dataclass(frozen=True, slots=True)
class Grades:
    """Cut-offs, best first: (("A", 75), ("B", 50), ("C", 25)); below the last is D. Levels
    likewise, below is 4.
    """

    fit: tuple[tuple[str, float], ...]
    behaviour: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Scoring:
    """All of scoring.yaml."""

    fit: tuple[FitCriterion, ...]
    activities: Mapping[str, ActivityScoring]
    groups: Mapping[str, float]
    grades: Grades
    mql: Bars
    disqualify: tuple[Disqualifier, ...] = ()
    sql_win_probability_min: float | None = None
    for_model: str = ""
