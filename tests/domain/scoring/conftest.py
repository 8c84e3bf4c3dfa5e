"""A scoring of a few activity types, which tests vary."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from scoring_service.domain.scoring.scoring import (
    ActivityScoring,
    Bars,
    FitCriterion,
    Grades,
    Scoring,
)
from scoring_service.values.condition import ConditionError, Symbols

GRADES = Grades((("A", 75), ("B", 50), ("C", 25)), ((1, 60), (2, 35), (3, 15)))
DAY = timedelta(days=1)


@pytest.fixture(scope="session")
def make_scoring() -> Callable[..., Scoring]:
    """Scoring of types {name: fields}; 10 points and a half-life of 7 days if not given."""

    def make(
        activities: Mapping[str, Mapping[str, Any]] | None = None,
        groups: Mapping[str, float] | None = None,
        fit: tuple[FitCriterion, ...] = (),
        bars: Bars | None = None,
    ) -> Scoring:
        types = {
            name: ActivityScoring(
                **{"type": name, "points": 10.0, "half_life": 7 * DAY, "digest": "v1", **fields}
            )
            for name, fields in (activities or {"visit": {}}).items()
        }
        return Scoring(fit, types, groups or {}, GRADES, bars or Bars(40, 40))

    return make


@pytest.fixture(scope="session")
def criterion() -> Callable[[str, float], FitCriterion]:
    """A fit criterion that holds where the symbol of its name is true, and fails where it is
    missing.
    """

    def make(name: str, points: float) -> FitCriterion:
        def holds(symbols: Symbols) -> bool:
            if name not in symbols:
                raise ConditionError(f"{name} is missing")
            return bool(symbols[name])

        return FitCriterion(name, name, points, holds)

    return make
