"""What a pair of bars brings, counted on replayed paths."""

from dataclasses import dataclass

import numpy as np

from scoring_service.calibration.crossings import Crossings, Paths, crossings
from scoring_service.calibration.results import Interval
from scoring_service.calibration.surface import Surface, surface
from scoring_service.calibration.table import Floats
from scoring_service.calibration.threshold_results import BeforeAfter, Pair, Volume
from scoring_service.calibration.weeks import last_weeks
from scoring_service.calibration.wilson import wilson


@dataclass(frozen=True, slots=True, eq=False)
class Replay:
    """Paths with the surface that was fitted on them; `dated` where weeks can be counted."""

    paths: Paths
    surface: Surface
    dated: bool

    @classmethod
    def of(cls, paths: Paths, *, dated: bool) -> "Replay":
        """The replay of some paths; the surface is of the points whose outcome is known."""
        return cls(paths, surface_of(paths, np.ones(paths.count)), dated)

    def volume(self, bars: Pair) -> Volume:
        """What these bars bring."""
        paths, found = self.paths, crossings(self.paths, bars)
        known = paths.known[found.points]
        won = int((paths.won[found.points] & known).sum())
        labelled = int(known.sum())
        wins = self.expected(found)
        recent, weeks = self._recent(found)
        return Volume(
            bars,
            leads=len(found.points),
            labelled=labelled,
            won=won,
            precision=_share(won, labelled),
            recall=_share(int(paths.won[found.points].sum()), paths.ever_won),
            wins=float(wins.sum()),
            leads_a_week=float(recent.sum() / weeks) if self.dated else None,
            wins_a_week=float(wins[recent].sum() / weeks) if self.dated else None,
        )

    def expected(self, found: Crossings) -> Floats:
        """P(won) by the surface of each crossing."""
        return self.surface.p(self.paths.fit[found.points], self.paths.behaviour[found.points])

    def _recent(
        self, found: Crossings
    ) -> tuple["np.ndarray[tuple[int], np.dtype[np.bool_]]", float]:
        """Which crossings are of the last weeks, and how many these are."""
        _, weeks = last_weeks(self.paths.at)
        newest = self.paths.at.max(initial=0)
        instants = np.append(
            self.paths.at[found.points], [newest, self.paths.at.min(initial=newest)]
        )
        return last_weeks(instants)[0][:-2], weeks


def before_after(replay: Replay, today: Pair, proposed: Pair) -> BeforeAfter:
    """Both, on the same leads."""
    return BeforeAfter(replay.volume(today), replay.volume(proposed))


def surface_of(paths: Paths, times: Floats) -> Surface:
    """The surface of the known points; a lead counts `times` (by its number) over all of them."""
    known = paths.known
    points = np.bincount(paths.lead[known], minlength=paths.count)
    lead = paths.lead[known]
    weights = times[lead] / points[lead]
    return surface(paths.fit[known], paths.behaviour[known], paths.won[known], weights)


def _share(won: int, leads: int) -> Interval:
    low, high = wilson(won, leads)
    return Interval(won / leads if leads else 0.0, low, high)
