"""A bar on P(won) by what is wished of it, for notebooks."""

from math import inf

from scoring_service.calibration.problem import CalibrationProblem
from scoring_service.calibration.results import Training
from scoring_service.calibration.thresholds.threshold_results import By, Threshold, Wish
from scoring_service.calibration.thresholds.thresholds import threshold


def precision(training: Training, share: float, *, seed: int = 0) -> Threshold:
    """The lowest bar above which at least this share is won; `threshold` None where there is none.

    Both the leads out of fold and the mean P must keep the promise, and the last window not refute
    it. CalibrationProblem for what is no share between 0 and 1.
    """
    if not 0 < share < 1:
        raise CalibrationProblem(f"{share} is no share that can be promised; say 0.3 for 30 %")
    return threshold(training, Wish(By.PRECISION, share), seed=seed)


def capacity(
    training: Training, leads_a_week: float, *, arriving: float | None = None, seed: int = 0
) -> Threshold:
    """The bar that gives the team so many leads a week.

    `arriving` says how many come in a week, where the rows have no dates: CalibrationProblem where
    neither is known, or either is no number of leads above 0.
    """
    for leads in (leads_a_week, leads_a_week if arriving is None else arriving):
        if not 0 < leads < inf:
            raise CalibrationProblem(f"{leads} leads a week are none; say how many, above 0")
    return threshold(training, Wish(By.CAPACITY, leads_a_week, arriving), seed=seed)


def value(training: Training, *, cost: float, of_a_win: float, seed: int = 0) -> Threshold:
    """The bar at which working a lead pays: P at least its cost over the value of a win.

    CalibrationProblem where a lead costs nothing, or not less than a win is worth.
    """
    if not 0 < cost < of_a_win < inf:
        raise CalibrationProblem(
            f"a lead that costs {cost} pays at no bar where a win is worth {of_a_win}: say a cost"
            " above 0, and below the worth of a win"
        )
    return threshold(training, Wish(By.VALUE, cost / of_a_win), seed=seed)
