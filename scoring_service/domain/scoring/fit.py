"""Fit: the points of the criteria that hold. Time alone never changes it."""

from scoring_service.domain.scoring.caps import POINTS_MAX, POINTS_MIN, clipped
from scoring_service.domain.scoring.scoring import FitCriterion, Scoring
from scoring_service.values.condition import ConditionError, Symbols
from scoring_service.values.score import Contribution, Dimension


def fit(scoring: Scoring, symbols: Symbols) -> tuple[float, list[Contribution]]:
    """The fit points in [0, 100], and the contributions that sum to them."""
    found: list[Contribution] = []
    total: float = 0
    for criterion in scoring.fit:
        try:
            if criterion.holds(symbols):
                found.append(criterion.contribution)
                total += criterion.points
        except ConditionError:  # of a lead for which it cannot be evaluated it does not hold
            continue
    if POINTS_MIN <= total <= POINTS_MAX:
        return total, found
    return clipped(total, Dimension.FIT, found)


def holds(criterion: FitCriterion, symbols: Symbols) -> bool:
    """Whether a criterion holds; one that cannot be evaluated for this lead does not."""
    try:
        return criterion.holds(symbols)
    except ConditionError:
        return False
