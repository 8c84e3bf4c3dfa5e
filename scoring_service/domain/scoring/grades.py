"""What points are called: fit grades, behaviour levels, quadrants."""

from typing import TypeVar

from scoring_service.domain.scoring.scoring import Grades
from scoring_service.values.score import Quadrant

_Grade = TypeVar("_Grade", str, int)

_QUADRANTS = {
    (True, True): Quadrant.SALES_READY,
    (True, False): Quadrant.NURTURE,
    (False, True): Quadrant.QUALIFY_CAREFULLY,
    (False, False): Quadrant.DEPRIORITISE,
}


def fit_grade(grades: Grades, fit: float) -> str:
    """A to D; points on a cut-off have the better grade.

    >>> from scoring_service.domain.scoring.scoring import Grades
    >>> grades = Grades((("A", 75), ("B", 50), ("C", 25)), ((1, 60), (2, 35), (3, 15)))
    >>> fit_grade(grades, 75), fit_grade(grades, 74.9), fit_grade(grades, 0)
    ('A', 'B', 'D')
    """
    return _grade(grades.fit, fit, "D")


def behaviour_level(grades: Grades, behaviour: float) -> int:
    """1 to 4; points on a cut-off have the better level.

    >>> from scoring_service.domain.scoring.scoring import Grades
    >>> grades = Grades((("A", 75), ("B", 50), ("C", 25)), ((1, 60), (2, 35), (3, 15)))
    >>> behaviour_level(grades, 35), behaviour_level(grades, 34.9), behaviour_level(grades, 0)
    (2, 3, 4)
    """
    return _grade(grades.behaviour, behaviour, 4)


def quadrant(*, fit_high: bool, behaviour_high: bool) -> Quadrant:
    """Where fit and behaviour put a lead; high is a bar that is met.

    >>> quadrant(fit_high=True, behaviour_high=False).value
    'nurture'
    """
    return _QUADRANTS[fit_high, behaviour_high]


def _grade(cuts: tuple[tuple[_Grade, float], ...], points: float, below: _Grade) -> _Grade:
    for grade, cut in cuts:
        if points >= cut:
            return grade
    return below
