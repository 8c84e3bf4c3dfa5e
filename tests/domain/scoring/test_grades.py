import pytest

from scoring_service.domain.scoring.grades import behaviour_level, fit_grade, quadrant
from scoring_service.domain.scoring.scoring import Grades
from scoring_service.values.score import Quadrant

GRADES = Grades((("A", 75), ("B", 50), ("C", 25)), ((1, 60), (2, 35), (3, 15)))


@pytest.mark.parametrize(
    ("points", "grade", "level"),
    [
        pytest.param(100, "A", 1, id="the most is the best of both"),
        pytest.param(75, "A", 1, id="points on a cut-off of fit have the better grade"),
        pytest.param(74.999999, "B", 1, id="just below it the next"),
        pytest.param(60, "B", 1, id="points on a cut-off of behaviour have the better level"),
        pytest.param(59.999999, "B", 2, id="just below it the next level"),
        pytest.param(50, "B", 2, id="fifty is B"),
        pytest.param(35, "C", 2, id="thirty-five is level 2"),
        pytest.param(25, "C", 3, id="twenty-five is C"),
        pytest.param(15, "D", 3, id="fifteen is level 3"),
        pytest.param(0, "D", 4, id="nothing is the worst of both"),
    ],
)
def test_grades(points: float, grade: str, level: int) -> None:
    assert fit_grade(GRADES, points) == grade
    assert behaviour_level(GRADES, points) == level


@pytest.mark.parametrize(
    ("fit_high", "behaviour_high", "named"),
    [
        pytest.param(True, True, Quadrant.SALES_READY, id="high and high is ready for sales"),
        pytest.param(True, False, Quadrant.NURTURE, id="high fit and low behaviour is nurtured"),
        pytest.param(False, True, Quadrant.QUALIFY_CAREFULLY, id="low fit and high behaviour"),
        pytest.param(False, False, Quadrant.DEPRIORITISE, id="low and low comes last"),
    ],
)
def test_quadrants(fit_high: bool, behaviour_high: bool, named: Quadrant) -> None:
    assert quadrant(fit_high=fit_high, behaviour_high=behaviour_high) is named
