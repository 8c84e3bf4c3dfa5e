"""A bar on P(won) by what is wished of it, for notebooks."""

from scoring_service.calibration.results import Training
from scoring_service.calibration.thresholds.threshold_results import By, Threshold, Wish
from scoring_service.calibration.thresholds.thresholds import threshold


def precision(training: Training, share: float, *, seed: int = 0) -> Threshold:
    """The lowest bar above which at least this share is won; `threshold` None where there is none.

    Both the leads out of fold and the mean P must keep the promise, and the last window not refute
    it.
    """
    return threshold(training, Wish(By.PRECISION, share), seed=seed)


def capacity(
    training: Training, leads_a_week: float, *, arriving: float | None = None, seed: int = 0
) -> Threshold:
    """The bar that gives the team so many leads a week.

    `arriving` says how many come in a week, where the rows have no dates: CalibrationProblem where
    neither is known.
    """
    return threshold(training, Wish(By.CAPACITY, leads_a_week, arriving), seed=seed)


def value(training: Training, *, cost: float, of_a_win: float, seed: int = 0) -> Threshold:
    """The bar at which working a lead pays: P at least its cost over the value of a win."""
    return threshold(training, Wish(By.VALUE, cost / of_a_win), seed=seed)
