"""What was chosen, with its interval, what it would bring, and where it cannot be had."""

from dataclasses import dataclass
from enum import StrEnum

from scoring_service.calibration.results import Interval


class By(StrEnum):
    """What a bar is chosen by."""

    PRECISION = "precision"
    CAPACITY = "capacity"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of a bar: a share won, leads a week, or cost over value.

    `leads_per_week` says how many leads arrive, where the rows have no dates.
    """

    by: By
    amount: float
    leads_per_week: float | None = None


@dataclass(frozen=True, slots=True)
class Threshold:
    """A bar on P(won). `threshold` is None where the wish cannot be had; `sentence` says why.

    `leads` are those at or above it out of fold, `leads_a_week` None without dates; `precision` the
    share of them won and `window_precision` that of the last window, with Wilson bounds.
    """

    wish: Wish
    threshold: Interval | None
    leads: float
    leads_a_week: float | None
    precision: Interval | None
    window_precision: Interval | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Bars on points, with what a lead must have of P(won) beside them, where that is asked."""

    fit_min: float
    behaviour_min: float
    win_probability_min: float | None = None

    def __str__(self) -> str:
        """The bars as people say them."""
        p = self.win_probability_min
        beside = "" if p is None else f", P(won) >= {p:g}"
        return f"fit >= {self.fit_min:g}, behaviour >= {self.behaviour_min:g}{beside}"


@dataclass(frozen=True, slots=True)
class PairOfBars:
    """The bars on points that were chosen; None where the wish cannot be had.

    `good` is how many pairs would have done nearly as well: this one is the nearest to today's.
    """

    wish: Wish
    today: Pair
    pair: Pair | None
    good: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Volume:
    """What bars bring, counted by replay.

    `leads` is how many held them at some instant; `leads_a_week` and `wins_a_week` are None
    without dates; `precision` is the share won of those whose outcome is known, with Wilson
    bounds, `recall` the share of all won leads that are among them. `wins` are expected by the
    surface.
    """

    bars: Pair
    leads: int
    labelled: int
    won: int
    precision: Interval
    recall: Interval
    wins: float
    leads_a_week: float | None
    wins_a_week: float | None


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """Today's bars beside the proposed ones, on the same leads."""

    before: Volume
    after: Volume
