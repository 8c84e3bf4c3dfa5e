"""Columns as features: what scikit-learn asks of an estimator, and what each column becomes."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.utils.estimator_checks import check_estimator

from scoring_service.calibration.learning.encoder import ScorecardEncoder
from scoring_service.calibration.table import MISSING

NAN = float("nan")
NUMBER, TEXT, CRITERION, ACTIVITY = ["number"], ["text"], ["criterion"], ["activity"]


@pytest.mark.parametrize(
    "encoder",
    [
        pytest.param(ScorecardEncoder(), id="as it is"),
        pytest.param(ScorecardEncoder(bins_max=3, rare_rows=2), id="with few rows a bin"),
        pytest.param(ScorecardEncoder(rare_rows=0), id="with nothing rare"),
    ],
)
def test_the_encoder_keeps_the_conventions_of_scikit_learn(encoder: ScorecardEncoder) -> None:
    found = check_estimator(encoder, on_skip=None)
    assert sum(check["status"] == "passed" for check in found) > 40


def _column(values: Sequence[float]) -> Any:
    return np.array(values, dtype=float).reshape(-1, 1)


@pytest.mark.parametrize(
    ("kinds", "trained", "asked", "features"),
    [
        pytest.param(NUMBER, [1, 1, 9, 9], [0, 9, 99], [[1, 0], [0, 1], [0, 1]], id="two bins"),
        pytest.param(
            NUMBER, [1, 9, NAN], [1, NAN], [[1, 0, 0], [0, 0, 1]], id="a bin of missing numbers"
        ),
        pytest.param(
            NUMBER, [1, 9, 9, 9], [NAN], [[0.25, 0.75]], id="missing for the first time: the shares"
        ),
        pytest.param(
            TEXT, [0, 0, 2, 2], [0, 2], [[1, 0], [0, 1]], id="a feature for each frequent level"
        ),
        pytest.param(
            TEXT,
            [0, 0, 1, 2],
            [1, 2, 3, 0],
            [[0, 1], [0, 1], [0, 1], [1, 0]],
            id="rare levels share one, and so does a new one",
        ),
        pytest.param(
            TEXT, [0, 0, 0, 1, 1], [7], [[0.6, 0.4]], id="new where nothing is rare: the shares"
        ),
        pytest.param(
            TEXT,
            [0, 0, MISSING, MISSING],
            [MISSING, 0, 5],
            [[0, 1], [1, 0], [1, 0]],
            id="missing is a level of its own, and counts for no share",
        ),
        pytest.param(
            TEXT, [0, 0, 0, 1], [MISSING], [[0.75, 0.25]], id="no text for the first time"
        ),
        pytest.param(CRITERION, [0, 1, 1], [1, 0], [[1], [0]], id="a criterion as it is"),
        pytest.param(ACTIVITY, [0, 4, 0, 4], [4, 1], [[2], [0.5]], id="points by their spread"),
        pytest.param(ACTIVITY, [0, 0], [3], [[3]], id="points that nobody had"),
        pytest.param(ACTIVITY, [10, 10], [5], [[0.5]], id="points that all had alike"),
    ],
)
def test_what_a_column_becomes(
    kinds: list[str], trained: list[float], asked: list[float], features: list[list[float]]
) -> None:
    encoder = ScorecardEncoder(kinds, bins_max=2, rare_rows=2 if kinds == TEXT else 1)
    encoder.fit(_column(trained))
    assert encoder.transform(_column(asked)).tolist() == features


def test_a_number_has_no_more_bins_than_fifty_rows_each_allow() -> None:
    values = _column(range(260))
    assert len(ScorecardEncoder(NUMBER).fit(values).slots_[0].edges) == 4
    assert len(ScorecardEncoder(NUMBER).fit(np.tile(values, (9, 1))).slots_[0].edges) == 14


def test_a_level_is_rare_by_the_leads_that_have_it_not_by_their_rows() -> None:
    """Three rows of one lead weigh a third each."""
    values, thirds = _column([0] * 90 + [1] * 60), np.array([1 / 3] * 90 + [1.0] * 60)
    slots = ScorecardEncoder(TEXT).fit(values, sample_weight=thirds).slots_[0]
    assert slots.levels == (1,)
    assert slots.pooled


def test_kinds_must_be_as_many_as_columns() -> None:
    with pytest.raises(ValueError, match="2 kinds are given for 1 columns"):
        ScorecardEncoder([*NUMBER, *TEXT]).fit(_column([1, 2]))


KINDS = st.lists(st.sampled_from(["number", "text"]), min_size=1, max_size=4)


@given(KINDS, st.integers(0, 2**32), st.integers(0, 3))
def test_every_row_has_a_whole_of_features_for_each_binned_or_one_hot_column(
    kinds: list[str], seed: int, rare: int
) -> None:
    chance = np.random.default_rng(seed)
    known, asked = (_mixed(chance, kinds, size) for size in (20, 30))
    encoder = ScorecardEncoder(kinds, bins_max=4, rare_rows=rare).fit(known)
    encoded = encoder.transform(asked)
    for slots in encoder.slots_:
        part = encoded[:, slots.first : slots.first + slots.count]
        if any(slots.shares):
            assert np.allclose(part.sum(axis=1), 1)
    assert encoded.shape[1] == sum(slots.count for slots in encoder.slots_)


def _mixed(chance: np.random.Generator, kinds: list[str], size: int) -> Any:
    numbers = np.where(chance.random((size, len(kinds))) < 0.1, NAN, chance.normal(0, 9, (size, 1)))
    texts = chance.integers(-1, 5, (size, len(kinds)))
    return np.where(np.array(kinds) == "text", texts, numbers)
