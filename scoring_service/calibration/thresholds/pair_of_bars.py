"""The pair of bars on points: kept promises first, then most wins, then the least change.

Many pairs bring nearly the same wins; of those within one standard error of the most the one
nearest to today's is chosen, so that a change means something.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from scoring_service.calibration.problem import CalibrationProblem
from scoring_service.calibration.thresholds.crossings import Crossings, crossings
from scoring_service.calibration.thresholds.replay import STEP, Replay
from scoring_service.calibration.thresholds.threshold_results import By, Pair, PairOfBars, Wish
from scoring_service.calibration.thresholds.thresholds import LEADS_MIN, WON_MIN
from scoring_service.calibration.thresholds.wilson import wilson
from scoring_service.domain.scoring.scoring import Scoring


def pair_of_bars(
    replay: Replay,
    wish: Wish,
    today: Pair,
    scoring: Scoring,
    later: Replay | None = None,
    win_probability_min: float | None = None,
) -> PairOfBars:
    """The pair for a wish, chosen on `replay`; a promise is then held against the `later` leads.
    Beside it a lead must have `win_probability_min`, which the paths then know P for.

    Raises CalibrationProblem for a capacity where the paths have no dates and the wish does not say
    how many leads arrive a week.
    """
    choice = _Choice(wish, today)
    beside = replace(today, win_probability_min=win_probability_min)
    pairs = [_Judged(replay, pair, choice) for pair in grid(scoring, beside)]
    kept = [judged for judged in pairs if judged.keeps]
    if not kept:
        return PairOfBars(wish, today, None, 0, f"{_unreachable(pairs, wish)}.")
    best = max(kept, key=lambda judged: judged.gain)
    good = [judged for judged in kept if judged.gain >= best.gain - best.standard_error]
    chosen = min(good, key=lambda judged: (_distance(judged.pair, today), -judged.gain))
    if later is not None and wish.by is By.PRECISION:
        broken = _broken(later, chosen.pair, wish.amount)
        if broken:
            return PairOfBars(wish, today, None, len(good), f"{broken}.")
    return PairOfBars(wish, today, chosen.pair, len(good), _said(chosen, len(good), today, wish))


def grid(scoring: Scoring, today: Pair) -> list[Pair]:
    """The pairs on a 5-point grid that scoring.yaml may hold: no single low-intent act reaches the
    bar on behaviour.
    """
    single = [a.points for a in scoring.activities.values() if not a.high_intent]
    most = max(single, default=-1.0)
    behaviours = [value for value in range(0, 101, STEP) if value > most]
    p = today.win_probability_min
    return [Pair(float(f), float(b), p) for f in range(STEP, 101, STEP) for b in behaviours]


@dataclass(frozen=True, slots=True, eq=False)
class _Choice:
    """What all pairs are judged by."""

    wish: Wish
    today: Pair

    @property
    def arriving(self) -> float | None:
        return self.wish.leads_per_week


@dataclass(frozen=True)
class _Judged:
    """A pair with what it would bring."""

    replay: Replay
    pair: Pair
    choice: _Choice

    @cached_property
    def found(self) -> Crossings:
        return crossings(self.replay.paths, self.pair)

    @cached_property
    def gain(self) -> float:
        """Expected wins; for a value the wins' worth less the work, in wins."""
        return float((self.replay.expected(self.found) - self.cost).sum())

    @property
    def cost(self) -> float:
        """What working a lead costs, in wins; 0 where the wish is no value."""
        return self.choice.wish.amount if self.choice.wish.by is By.VALUE else 0.0

    @cached_property
    def bounds(self) -> tuple[float, float]:
        """(Wilson lower bound of the share won, 5 % bootstrap quantile of the mean P)."""
        paths, points = self.replay.paths, self.found.points
        known = paths.known[points]
        won = int((paths.won[points] & known).sum())
        if int(known.sum()) < LEADS_MIN or won < WON_MIN:
            return 0.0, 0.0
        low = wilson(won, int(known.sum()))[0]
        if low < self.choice.wish.amount:
            return low, low
        return low, float(np.percentile(self._means(), 5))

    @property
    def keeps(self) -> bool:
        """Whether the wish is kept."""
        wish = self.choice.wish
        match wish.by:
            case By.PRECISION:
                return min(self.bounds) >= wish.amount
            case By.CAPACITY:
                return 0 < self.a_week <= wish.amount
            case By.VALUE:
                return len(self.found.points) > 0 and self.gain > 0

    @property
    def a_week(self) -> float:
        """Leads a week: counted, or their share of those that arrive."""
        weekly = self.replay.volume(self.pair).leads_a_week
        if weekly is not None:
            return weekly
        if self.choice.arriving is None:
            raise CalibrationProblem(
                "the leads have no dates, so nobody can count them by week: say by"
                " --leads-per-week how many arrive"
            )
        return len(self.found.points) / max(self.replay.paths.count, 1) * self.choice.arriving

    @cached_property
    def standard_error(self) -> float:
        """Of the gain, over drawn leads."""
        p = self.replay.expected(self.found)
        lead = self.replay.paths.lead[self.found.points]
        return float(np.std([((p - self.cost) * times[lead]).sum() for times in self.replay.drawn]))

    def _means(self) -> list[float]:
        """The mean P of the crossings in each replicate, with a surface of its own."""
        drawn = self.replay.expected_drawn(self.found)
        return [float(np.average(p, weights=times)) for p, times in drawn if times.any()] or [0.0]


def _distance(pair: Pair, today: Pair) -> float:
    return (pair.fit_min - today.fit_min) ** 2 + (pair.behaviour_min - today.behaviour_min) ** 2


def _broken(later: Replay, pair: Pair, promise: float) -> str:
    volume = later.volume(pair)
    if not volume.labelled or volume.precision.high >= promise:
        return ""
    return (
        f"the promise of {promise:.0%} does not stand in the last window: of {volume.labelled}"
        f" leads that held {pair} {volume.precision.value:.1%} were won"
        f" ({volume.precision.low:.1%} to {volume.precision.high:.1%})"
    )


def _unreachable(pairs: Sequence[_Judged], wish: Wish) -> str:
    match wish.by:
        case By.PRECISION:
            best = max(pairs, key=lambda judged: min(judged.bounds), default=None)
            if best is None or not min(best.bounds):
                return (
                    f"unreachable: no pair of bars has {LEADS_MIN} leads with {WON_MIN} won to"
                    f" judge {wish.amount:.0%} by"
                )
            leads = len(best.found.points)
            return (
                f"unreachable: no pair of bars can promise {wish.amount:.0%} won; the best lower"
                f" bound is {min(best.bounds):.1%}, with {best.pair}, at {leads} leads"
            )
        case By.CAPACITY:
            return f"no pair of bars gives at most {wish.amount:g} leads a week and any at all"
        case By.VALUE:
            return f"no pair of bars brings leads that are won more often than {wish.amount:.1%}"


def _said(chosen: _Judged, good: int, today: Pair, wish: Wish) -> str:
    low, _ = chosen.bounds
    kept = {
        By.PRECISION: f"keeps the promise of {wish.amount:.0%} won (at least {low:.1%})",
        By.CAPACITY: f"gives at most {wish.amount:g} leads a week",
        By.VALUE: f"brings leads worth their work, won more often than {wish.amount:.1%}",
    }[wish.by]
    others = f"; {good - 1} other pairs would do as well" if good > 1 else ""
    return f"{chosen.pair} {kept}: {chosen.gain:.1f} wins expected, today's is {today}{others}."
