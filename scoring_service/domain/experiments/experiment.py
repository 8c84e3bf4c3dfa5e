"""experiments.yaml as values: which arms there are, what they change, and until when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scoring_service.values.stage import Stage

CONTROL = "control"
"""The arm that lives by the rules as they are; every other one is compared with it."""


@dataclass(frozen=True, slots=True)
class Arm:
    """A share of the leads, and what holds for them instead of what the rules say.

    `weight` is its share beside the other arms'. A bar of None is that of the rules. `tracks` are
    by the name of the track that another one stands in for, `pools` by the route that draws from
    another one.
    """

    name: str
    weight: int = 1
    fit_min: float | None = None
    behaviour_min: float | None = None
    win_probability_min: float | None = None
    tracks: Mapping[str, str] = field(default_factory=dict)
    pools: Mapping[str, str] = field(default_factory=dict)

    @property
    def touches(self) -> frozenset[tuple[str, str]]:
        """What it changes: kind and name.

        >>> sorted(Arm("lower", behaviour_min=30, tracks={"welcome": "warm"}).touches)
        [('bar', 'behaviour_min'), ('track', 'welcome')]
        """
        bars = {
            "fit_min": self.fit_min,
            "behaviour_min": self.behaviour_min,
            "win_probability_min": self.win_probability_min,
        }
        return frozenset(
            [
                *(("bar", name) for name, bar in bars.items() if bar is not None),
                *(("track", track) for track in self.tracks),
                *(("route", route) for route in self.pools),
            ]
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which arm people chose, and from when the experiment is over by that."""

    arm: str
    on: datetime


@dataclass(frozen=True, slots=True)
class Experiment:
    """Arms from `starts` until before `ends`, or until before the verdict.

    The outcome is that a person's lead reaches `stage`, or one behind it on the path, `within` that
    time of the enrolment.
    """

    name: str
    starts: datetime
    ends: datetime
    arms: tuple[Arm, ...]
    stage: Stage
    within: timedelta
    verdict: Verdict | None = None

    @property
    def over_at(self) -> datetime:
        """From when it enrols nobody and its arms change nothing."""
        return min(self.ends, self.verdict.on) if self.verdict else self.ends

    @property
    def span(self) -> str:
        """The time of the outcome as it is written: 60d, else in minutes."""
        days, rest = divmod(self.within, timedelta(days=1))
        return f"{self.within / timedelta(minutes=1):g}m" if rest else f"{days}d"

    def runs(self, now: datetime) -> bool:
        """Whether it enrols leads, and its arms hold."""
        return self.starts <= now < self.over_at

    def arm(self, name: str) -> Arm | None:
        """The arm of that name, None where there is none (any more)."""
        return next((arm for arm in self.arms if arm.name == name), None)

    @property
    def weights(self) -> dict[str, int]:
        """The weight of each arm, by name."""
        return {arm.name: arm.weight for arm in self.arms}

    @property
    def touches(self) -> frozenset[tuple[str, str]]:
        """What any of its arms changes."""
        return frozenset().union(*(arm.touches for arm in self.arms))
