"""What a lead is worth now, and why: a score is the sum of its contributions."""

from datetime import datetime
from enum import StrEnum

import msgspec

from scoring_service.values.instant import instant


class Dimension(StrEnum):
    """Which part of the score a contribution belongs to."""

    FIT = "fit"
    BEHAVIOUR = "behaviour"


class Quadrant(StrEnum):
    """Fit against behaviour, each high or low by the MQL bars."""

    SALES_READY = "sales_ready"
    NURTURE = "nurture"
    QUALIFY_CAREFULLY = "qualify_carefully"
    DEPRIORITISE = "deprioritise"


class Contribution(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Named points. Per activity it carries the instant (`at`, in microseconds since 1970) and the
    undecayed points; per type the count.
    """

    dimension: Dimension
    name: str
    points: float
    at: int | None = None
    undecayed: float | None = None
    count: int | None = None

    @property
    def occurred_at(self) -> datetime | None:
        """The instant of an activity."""
        return None if self.at is None else instant(self.at)


class Bar(msgspec.Struct, frozen=True):
    """One condition of qualification: the value, the threshold it is held to, whether it is met."""

    name: str
    value: float
    threshold: float
    met: bool


class HeldBar(msgspec.Struct, frozen=True, omit_defaults=True):
    """That a stored lead met a bar: the threshold it met, and the instant at which decay takes it
    below (None: never).
    """

    name: str
    threshold: float
    until: datetime | None = None


class WinProbability(msgspec.Struct, frozen=True):
    """Calibrated P(won) with its 90 % interval, each in [0.0001, 0.9999]."""

    value: float
    low: float
    high: float


class ModelContribution(msgspec.Struct, frozen=True):
    """What a trait of a lead adds to the log-odds of its win probability."""

    name: str
    log_odds: float


class Score(msgspec.Struct, frozen=True, omit_defaults=True):
    """Fit and behaviour points in [0, 100], what they mean, and every point explained.

    `model_contributions` sum to the log-odds of `win_probability`; empty where there is none.
    `arms` are those of a stored lead whose score was asked for, by experiment.
    """

    fit: float
    behaviour: float
    fit_grade: str
    behaviour_level: int
    quadrant: Quadrant
    mql_ready: bool
    bars: tuple[Bar, ...]
    contributions: tuple[Contribution, ...]
    as_of: datetime
    policy_revision: str
    qualified_until: datetime | None = None
    win_probability: WinProbability | None = None
    sql_ready: bool | None = None
    model_version: str = ""
    model_contributions: tuple[ModelContribution, ...] = ()
    arms: dict[str, str] = {}
