from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.domain.scoring.disqualify import disqualified_by
from scoring_service.domain.scoring.fit import fit
from scoring_service.domain.scoring.scoring import Disqualifier, FitCriterion, Scoring
from scoring_service.values.condition import Condition, ConditionError, Symbols
from scoring_service.values.score import Dimension

Make = Callable[..., Scoring]
Criterion = Callable[[str, float], FitCriterion]


@pytest.mark.parametrize(
    ("criteria", "symbols", "points", "named"),
    [
        pytest.param({}, {}, 0, [], id="without criteria there is no fit"),
        pytest.param(
            {"size": 25, "industry": 20},
            {"size": True, "industry": True},
            45,
            ["size", "industry"],
            id="the points of what holds are added, in file order",
        ),
        pytest.param(
            {"size": 25, "student": -10},
            {"size": True, "student": True},
            15,
            ["size", "student"],
            id="a criterion may take points away",
        ),
        pytest.param(
            {"size": 25, "industry": 20},
            {"size": False, "industry": True},
            20,
            ["industry"],
            id="what does not hold is not named",
        ),
        pytest.param(
            {"size": 25, "industry": 20},
            {"industry": True},
            20,
            ["industry"],
            id="a criterion that cannot be evaluated does not hold",
        ),
        pytest.param(
            {"a": 80, "b": 70},
            {"a": True, "b": True},
            100,
            ["a", "b", "at most 100"],
            id="more than 100 is clipped, and said",
        ),
        pytest.param(
            {"a": -30},
            {"a": True},
            0,
            ["a", "at least 0"],
            id="less than 0 is clipped, and said",
        ),
        pytest.param(
            {"a": 60, "b": 40},
            {"a": True, "b": True},
            100,
            ["a", "b"],
            id="exactly 100 is not clipped",
        ),
    ],
)
def test_fit_is_the_sum_of_the_criteria_that_hold(
    make_scoring: Make,
    criterion: Criterion,
    criteria: dict[str, float],
    symbols: dict[str, Any],
    points: float,
    named: list[str],
) -> None:
    scoring = make_scoring(fit=tuple(criterion(*item) for item in criteria.items()))
    total, because = fit(scoring, symbols)
    assert total == points
    assert [contribution.name for contribution in because] == named
    assert sum(contribution.points for contribution in because) == points
    assert {contribution.dimension for contribution in because} <= {Dimension.FIT}


@given(st.lists(st.tuples(st.floats(-200, 200), st.booleans()), max_size=12))
def test_fit_stays_in_bounds_and_is_the_sum_of_its_contributions(
    make_scoring: Make, criterion: Criterion, criteria: list[tuple[float, bool]]
) -> None:
    scoring = make_scoring(
        fit=tuple(criterion(str(i), points) for i, (points, _) in enumerate(criteria))
    )
    total, because = fit(scoring, {str(i): holds for i, (_, holds) in enumerate(criteria)})
    assert 0 <= total <= 100
    assert sum(contribution.points for contribution in because) == pytest.approx(total, abs=1e-9)
    unclipped = sum(points for points, holds in criteria if holds)
    assert total == pytest.approx(min(max(unclipped, 0), 100), abs=1e-9)


def _fails(_: Symbols) -> bool:
    raise ConditionError("cannot be evaluated")


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        pytest.param([], None, id="nobody is disqualified without a criterion"),
        pytest.param([lambda _: False], None, id="nor where none holds"),
        pytest.param([lambda _: False, lambda _: True], "1", id="the one that holds ends the lead"),
        pytest.param([lambda _: True, lambda _: True], "0", id="the first of several"),
        pytest.param([_fails, lambda _: True], "1", id="one that cannot be evaluated is passed by"),
        pytest.param([_fails], None, id="and disqualifies nobody"),
    ],
)
def test_the_first_disqualifier_that_holds(
    make_scoring: Make, conditions: list[Condition], found: str | None
) -> None:
    base = make_scoring()
    disqualifiers = tuple(
        Disqualifier(str(i), "", "spam", condition) for i, condition in enumerate(conditions)
    )
    scoring = Scoring((), base.activities, {}, base.grades, base.mql, disqualify=disqualifiers)
    disqualifier = disqualified_by(scoring, {})
    assert (disqualifier.name if disqualifier else None) == found
