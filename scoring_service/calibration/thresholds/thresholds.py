"""Bars on P(won): by a promised share won, by what the team can work, by what a lead is worth.

Chosen on rows that the predicting models did not see; a promise is then held against the last
window.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scoring_service.calibration.learning.apply import predictions
from scoring_service.calibration.problem import CalibrationProblem
from scoring_service.calibration.results import Interval, Predictions, Training
from scoring_service.calibration.table import Flags, Floats, Integers
from scoring_service.calibration.thresholds.threshold_results import By, Threshold, Wish
from scoring_service.calibration.thresholds.weeks import drawn_times, last_weeks, per_week
from scoring_service.calibration.thresholds.wilson import wilson

LEADS_MIN, WON_MIN = 50, 10
REPLICATES = 200
SIGNIFICANT = 3
"""Digits of a threshold: ops people write it into a file."""


def threshold(training: Training, wish: Wish, *, seed: int = 0) -> Threshold:
    """The bar on P(won) for a wish. The training must not have been refused for too few outcomes.

    Raises CalibrationProblem where leads a week are asked of rows without dates and it is not said
    how many arrive.
    """
    assert training.out_of_fold is not None
    assert training.window is not None
    assert training.published is not None
    served = predictions(training.published.scorecard, training.table)
    choice = _Choice(served, training.out_of_fold, training.window, seed)
    match wish.by:
        case By.PRECISION:
            return choice.precision(wish)
        case By.CAPACITY:
            return choice.capacity(wish)
        case By.VALUE:
            return choice.value(wish)


@dataclass(frozen=True, slots=True, eq=False)
class _Choice:
    """On `rows` a promise is judged, by `window` it is tested: P by models that did not see them.

    Leads a week need no outcome, so they are counted with the P that is `served`, on all rows:
    models of fewer rows spread P otherwise.
    """

    served: Predictions
    rows: Predictions
    window: Predictions
    seed: int

    def precision(self, wish: Wish) -> Threshold:
        curve = Curve.of(self.rows, self.seed)
        promise = wish.amount
        enough = (curve.leads >= LEADS_MIN) & (curve.won >= WON_MIN)
        kept = enough & (curve.low >= promise) & (curve.p_low >= promise)
        if not kept.any():
            return self._nothing(wish, _unreachable(curve, enough, promise, self._per_week))
        at = float(curve.at[np.flatnonzero(kept)[0]])
        tested = self._share(self.window, at)
        if tested is not None and tested.high < promise:
            why = (
                f"the promise of {promise:.0%} does not stand in the last window: of the leads at"
                f" or above {at:g} {tested.value:.1%} were won ({tested.low:.1%} to"
                f" {tested.high:.1%})"
            )
            return self._nothing(wish, why)
        interval = _interval(at, curve.reached(promise))
        return self._found(
            wish, interval, f"P(won) >= {at:g} keeps the promise of {promise:.0%} won"
        )

    def capacity(self, wish: Wish) -> Threshold:
        p, weights, leads, arriving = self._recent(wish)
        share = min(wish.amount / arriving, 1.0)
        at = _quantile(p, weights, share)
        drawn = [
            _quantile(p, weights * times, share * float(weights.sum() / (weights @ times)))
            for times in drawn_times(leads, self.seed, REPLICATES)
        ]
        said = f"P(won) >= {at:g} gives {wish.amount:g} of the {arriving:.4g} leads a week"
        if share >= 1:
            said = f"all of the {arriving:.4g} leads a week are within {wish.amount:g} a week"
        return self._found(wish, _interval(at, np.array(drawn)), said)

    def value(self, wish: Wish) -> Threshold:
        at = float(f"{wish.amount:.{SIGNIFICANT}g}")
        said = f"from P(won) >= {at:g} on a lead is worth more than the work it costs"
        return self._found(wish, Interval(at, at, at), said)

    def _recent(self, wish: Wish) -> tuple[Floats, Floats, Integers, float]:
        """P, weights and leads of the rows that the quantile is of, and how many arrive a week."""
        table, p = self.served.table, self.served.p
        arriving = per_week(table)
        if arriving is None:
            if wish.leads_per_week is None:
                raise CalibrationProblem(
                    "the rows have no dates, so nobody can count leads a week: say by"
                    " --leads-per-week how many arrive"
                )
            return p, table.weights, table.leads, wish.leads_per_week
        recent, _ = last_weeks(table.scored_at)
        return p[recent], table.weights[recent], table.leads[recent], arriving

    def _per_week(self, at: float) -> float | None:
        """Leads a week at or above a threshold; None without dates."""
        return per_week(self.served.table, self.served.p >= at)

    def _share(self, rows: Predictions, at: float) -> Interval | None:
        above: Flags = rows.p >= at
        leads = float(rows.table.weights[above].sum())
        won = float(rows.table.weights[above & rows.table.won].sum())
        return Interval(won / leads, *wilson(won, leads)) if leads else None

    def _found(self, wish: Wish, at: Interval, said: str) -> Threshold:
        above = self.rows.p >= at.value
        return Threshold(
            wish,
            at,
            float(self.rows.table.weights[above].sum()),
            self._per_week(at.value),
            self._share(self.rows, at.value),
            self._share(self.window, at.value),
            f"{said}{_within(at)}.",
        )

    def _nothing(self, wish: Wish, why: str) -> Threshold:
        return Threshold(wish, None, 0.0, None, None, None, f"{why}.")


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """At each candidate threshold `at`, ascending: leads at or above it, those won, the Wilson
    lower bound of the share won, and the 5 % bootstrap quantile of the mean P. `drawn` holds
    (leads, won) of each replicate, shape (replicates, 2, candidates).
    """

    at: Floats
    leads: Floats
    won: Floats
    low: Floats
    p_low: Floats
    drawn: Floats

    @classmethod
    def of(cls, rows: Predictions, seed: int) -> "Curve":
        """The curve of out-of-fold rows."""
        table, p = rows.table, rows.p
        at = candidates(p)
        place = np.searchsorted(at, p, side="right") - 1
        weights, won = table.weights, table.weights * table.won

        def above(of: Floats) -> Floats:
            sums = np.bincount(place[place >= 0], weights=of[place >= 0], minlength=len(at))
            found: Floats = np.cumsum(sums[::-1], dtype=np.float64)[::-1]
            return found

        drawn = np.empty((REPLICATES, 2, len(at)))
        means = np.empty((REPLICATES, len(at)))
        for k, times in enumerate(drawn_times(table.leads, seed, REPLICATES)):
            drawn[k] = above(weights * times), above(won * times)
            held = np.maximum(drawn[k, 0], 1e-12)
            means[k] = above(weights * times * p) / held
        leads, wins = above(weights), above(won)
        low = np.array([wilson(w, n)[0] for w, n in zip(wins, leads, strict=True)])
        return cls(at, leads, wins, low, np.percentile(means, 5, axis=0), drawn)

    def reached(self, promise: float) -> Floats:
        """Of each replicate the lowest threshold whose share won keeps the promise; NaN without."""
        leads, won = self.drawn[:, 0], self.drawn[:, 1]
        kept = (leads >= LEADS_MIN) & (won >= WON_MIN) & (won >= promise * leads)
        first = kept.argmax(axis=1)
        return np.where(kept.any(axis=1), self.at[first], np.nan)


def candidates(p: Floats) -> Floats:
    """Thresholds of three significant digits, none above the best P, ascending.

    >>> candidates(np.array([0.01234, 0.5]))
    array([0.0123, 0.5   ])
    """
    exponent = np.floor(np.log10(p)) - (SIGNIFICANT - 1)
    scale = 10.0**exponent
    down = np.round(np.floor(p / scale + 1e-9) * scale, 12)
    return np.unique(down)


def _quantile(p: Floats, weights: Floats, share: float) -> float:
    """The highest threshold, of three significant digits, with at least `share` of the weight at or
    above it; the least P where all are wanted.
    """
    order = np.argsort(-p, kind="stable")
    reached = np.cumsum(weights[order])
    place = min(int(np.searchsorted(reached, share * reached[-1] - 1e-9)), len(p) - 1)
    return float(candidates(p[order][place : place + 1])[0])


def _interval(value: float, drawn: Floats) -> Interval:
    low, high = np.nanpercentile(drawn, (5, 95)) if not np.isnan(drawn).all() else (value, value)
    return Interval(value, float(min(low, value)), float(max(high, value)))


def _within(at: Interval) -> str:
    """The interval in words; nothing where the bar was not estimated."""
    return "" if at.low == at.high else f" (90 % interval of the bar {at.low:.3g} to {at.high:.3g})"


def _unreachable(
    curve: Curve, enough: Flags, promise: float, per_week: Callable[[float], float | None]
) -> str:
    if not enough.any():
        return (
            f"unreachable: nowhere are there {LEADS_MIN} leads with {WON_MIN} won to judge"
            f" {promise:.0%} by"
        )
    both = np.where(enough, np.minimum(curve.low, curve.p_low), -1.0)
    best = int(both.argmax())
    weekly = per_week(float(curve.at[best]))
    amount = f"{curve.leads[best]:.0f} leads" if weekly is None else f"{weekly:.3g} leads a week"
    return (
        f"unreachable: {promise:.0%} won cannot be promised; the best lower bound is"
        f" {both[best]:.1%}, at {amount}"
    )
