"""Fit: the points of the criteria that hold. Time alone never changes it."""

from scoring_service.domain.scoring.caps import POINTS_MAX, POINTS_MIN, clipped
from scoring_service.domain.scoring.scoring import FitCriterion, Scoring
from scoring_service.values.condition import ConditionError, Symbols
from scoring_service.values.score import Contribution, Dimension


def fit(scoring: Scoring, symbols: Symbols) -> tuple[float, list[Contribution]]:
    """The fit points in [0, 100], and the contributions that sum to them."""
    found = [
        Contribution(Dimension.FIT, criterion.name, criterion.points)
        for criterion in scoring.fit
        if holds(criterion, symbols)
    ]
    total = sum([contribution.points for contribution in found])
    if POINTS_MIN <= total <= POINTS_MAX:
        return total, found
    return clipped(total, Dimension.FIT, found)


def holds(criterion: FitCriterion, symbols: Symbols) -> bool:
    """Whether a criterion holds; one that cannot be evaluated for this lead does not."""
    try:
        return criterion.holds(symbols)
    except ConditionError:
        return False
