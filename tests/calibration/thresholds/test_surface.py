"""The surface of P by points: it increases, finds the truth, and cells are as good as points."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.calibration.thresholds.surface import CELL, aggregated, surface


def drawn(
    fit: float, behaviour: float, rows: int = 20_000, seed: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    points = chance.uniform(0, 100, (2, rows))
    eta = -2 + fit * points[0] / 100 + behaviour * points[1] / 100
    return points[0], points[1], chance.random(rows) < 1 / (1 + np.exp(-eta))


SLOPES = [
    pytest.param(2.0, 3.0, id="both matter"),
    pytest.param(0.0, 3.0, id="fit does not"),
    pytest.param(-3.0, 2.0, id="fit is against it"),
    pytest.param(-1.0, -2.0, id="both are against it"),
]


@pytest.mark.parametrize(("fit", "behaviour"), SLOPES)
def test_it_finds_the_slopes_that_are_not_negative(fit: float, behaviour: float) -> None:
    f, b, won = drawn(fit, behaviour)
    found = surface(f, b, won, np.ones(len(f)))
    assert found.fit == pytest.approx(max(fit, 0), abs=0.25)
    assert found.behaviour == pytest.approx(max(behaviour, 0), abs=0.25)
    assert found.p(f, b).mean() == pytest.approx(won.mean(), abs=1e-3)


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.floats(0, 100), st.floats(0, 100), st.booleans(), st.floats(0.1, 3)),
        min_size=1,
        max_size=30,
    )
)
def test_it_never_falls_whatever_the_rows(
    rows: list[tuple[float, float, bool, float]],
) -> None:
    fit, behaviour, won, weights = (
        np.array(column, dtype=float) for column in zip(*rows, strict=True)
    )
    found = surface(fit, behaviour, won, weights)
    at = np.linspace(0, 100, 11)
    for p in (found.p(at, np.zeros(11)), found.p(np.zeros(11), at)):
        assert (np.diff(p) >= 0).all()
        assert ((p >= 0) & (p <= 1)).all()


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 1_000))
def test_points_that_stand_on_cells_are_fitted_alike(seed: int) -> None:
    fit, behaviour, won = drawn(2.0, 1.0, 400, seed)
    fit, behaviour = (np.floor(values / CELL) * CELL for values in (fit, behaviour))
    weights = np.random.default_rng(seed).uniform(0.5, 2, 400)
    whole = surface(fit, behaviour, won, weights)
    few = surface(*aggregated(fit, behaviour, won, weights))
    for name in ("base", "fit", "behaviour"):
        assert getattr(few, name) == pytest.approx(getattr(whole, name), abs=1e-4)
