"""What a pair of bars brings, counted on replayed paths."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scoring_service.calibration.results import Interval
from scoring_service.calibration.table import Flags, Floats
from scoring_service.calibration.thresholds.crossings import Crossings, Paths, crossings
from scoring_service.calibration.thresholds.surface import Surface, aggregated, surface
from scoring_service.calibration.thresholds.threshold_results import BeforeAfter, Pair, Volume
from scoring_service.calibration.thresholds.weeks import WEEK, WEEKS
from scoring_service.calibration.thresholds.wilson import wilson

STEP = 5
REPLICATES = 100


@dataclass(frozen=True, eq=False)
class Replay:
    """Paths and what follows from them.

    `dated` where weeks can be counted; bootstrap replicates are drawn by `seed`.
    """

    paths: Paths
    dated: bool
    seed: int = 0

    @cached_property
    def first_points(self) -> Floats:
        """For how many pairs on the grid a point is its lead's first that holds them, shape (m,).

        A surface weighted so is right on average over all pairs that might be chosen.
        """
        times = np.zeros(len(self.paths.at))
        for fit_min in range(STEP, 101, STEP):
            for behaviour_min in range(0, 101, STEP):
                found = crossings(self.paths, Pair(float(fit_min), float(behaviour_min)))
                times[found.points] += 1
        return times

    @cached_property
    def surface(self) -> Surface:
        """P(won) by fit and behaviour at a first crossing."""
        return self._surface(np.ones(self.paths.count))

    @cached_property
    def drawn(self) -> Floats:
        """How often each lead counts in each replicate, shape (replicates, leads)."""
        chance, count = np.random.default_rng(self.seed), self.paths.count
        times = [
            np.bincount(chance.integers(0, count, count), minlength=count)
            for _ in range(REPLICATES)
        ]
        return np.array(times, dtype=np.float64)

    @cached_property
    def drawn_surfaces(self) -> tuple[Surface, ...]:
        """The surface of each replicate."""
        return tuple(self._surface(times) for times in self.drawn)

    def volume(self, bars: Pair) -> Volume:
        """What these bars bring."""
        paths, found = self.paths, crossings(self.paths, bars)
        known = paths.known[found.points]
        won = int((paths.won[found.points] & known).sum())
        labelled = int(known.sum())
        wins = self.expected(found)
        recent = self._recent(found)
        return Volume(
            bars,
            leads=len(found.points),
            labelled=labelled,
            won=won,
            precision=_share(won, labelled),
            recall=_share(int(paths.won[found.points].sum()), paths.ever_won),
            wins=float(wins.sum()),
            leads_a_week=float(recent.sum() / self.weeks) if self.dated else None,
            wins_a_week=float(wins[recent].sum() / self.weeks) if self.dated else None,
        )

    def expected(self, found: Crossings) -> Floats:
        """P(won) by the surface of each crossing."""
        return self.surface.p(self.paths.fit[found.points], self.paths.behaviour[found.points])

    def expected_drawn(self, found: Crossings) -> Iterator[tuple[Floats, Floats]]:
        """Of each replicate (P by its own surface, how often it counts) of each crossing."""
        fit, behaviour = self.paths.fit[found.points], self.paths.behaviour[found.points]
        lead = self.paths.lead[found.points]
        for times, fitted in zip(self.drawn, self.drawn_surfaces, strict=True):
            yield fitted.p(fit, behaviour), times[lead]

    @cached_property
    def weeks(self) -> float:
        """How many weeks volumes are of: at most eight, up to the newest lead."""
        newest, oldest = self._created
        return float(max(min((newest - oldest) / WEEK, WEEKS), 1.0))

    @cached_property
    def _created(self) -> tuple[int, int]:
        """When the newest and the oldest lead were created."""
        _, first = np.unique(self.paths.lead, return_index=True)
        created = self.paths.at[first]
        return int(created.max(initial=0)), int(created.min(initial=created.max(initial=0)))

    def _recent(self, found: Crossings) -> Flags:
        """Which crossings are of those weeks; what happens after the newest lead is of none."""
        newest, _ = self._created
        at = self.paths.at[found.points]
        flags: Flags = (at > newest - self.weeks * WEEK) & (at <= newest)
        return flags

    def _surface(self, times: Floats) -> Surface:
        paths, known = self.paths, self.paths.known
        weights = self.first_points * times[paths.lead]
        used = known & (weights > 0)
        if not used.any():
            return Surface(0.0, 0.0, 0.0)
        cells = aggregated(paths.fit[used], paths.behaviour[used], paths.won[used], weights[used])
        return surface(*cells)


def before_after(replay: Replay, today: Pair, proposed: Pair) -> BeforeAfter:
    """Both, on the same leads."""
    return BeforeAfter(replay.volume(today), replay.volume(proposed))


def _share(won: int, leads: int) -> Interval:
    low, high = wilson(won, leads)
    return Interval(won / leads if leads else 0.0, low, high)
