"""Segments: figures where there are leads enough, and words where there are not."""

from collections.abc import Callable

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from scoring_service.calibration.reporting.evaluation import Segment
from scoring_service.calibration.reporting.evaluation_segments import (
    LEVELS_MAX,
    auc_interval,
    segments,
)
from scoring_service.calibration.results import Predictions, Training
from scoring_service.calibration.table import Column, Kind, Time, TrainingTable

Train = Callable[..., Training]


def _split(codes: np.ndarray, won: np.ndarray, p: np.ndarray, name: str = "source") -> Predictions:
    n = len(codes)
    levels = tuple(f"level {code}" for code in range(int(codes.max()) + 1))
    column = Column(name, Kind.TEXT, codes.astype(float), levels=levels)
    zeros = np.zeros(n, dtype=np.int64)
    table = TrainingTable(
        source="x",
        leads=np.arange(n),
        won=won.astype(bool),
        weights=np.ones(n),
        time=Time.NONE,
        scored_at=zeros,
        known_at=zeros,
        recycled=zeros.astype(bool),
        columns=(column,),
    )
    return Predictions(table, p)


def _of(predictions: Predictions) -> dict[str, Segment]:
    (table,) = segments(predictions)
    return {segment.level: segment for segment in table.segments}


def test_each_level_has_its_share_its_p_and_its_auc(train: Train) -> None:
    window = train().window
    assert window is not None
    found = _of(window)
    web = window.table.column("source").values == 0
    assert found["web"].rows == web.sum()
    assert found["web"].won == window.table.won[web].sum()
    assert found["web"].predicted == pytest.approx(window.p[web].mean())
    auc = found["web"].roc_auc
    assert auc is not None
    assert auc.value == pytest.approx(roc_auc_score(window.table.won[web], window.p[web]))
    assert auc.low < auc.value < auc.high


def test_a_segment_of_few_leads_is_said_to_be_too_small(train: Train) -> None:
    window = train().window
    assert window is not None
    missing = _of(window)["(no value)"]
    assert missing.base_rate is None
    assert missing.roc_auc is None
    assert missing.too_small == "fewer than 50 leads"


def test_a_segment_of_few_wins_has_a_share_and_no_auc() -> None:
    codes = np.repeat([0, 1], 200)
    won = np.concatenate([np.arange(200) < 4, np.arange(200) < 60])
    found = _of(_split(codes, won, np.linspace(0.1, 0.9, 400)))
    assert found["level 0"].base_rate is not None
    assert found["level 0"].roc_auc is None
    assert "no AUC" in found["level 0"].too_small
    assert found["level 1"].roc_auc is not None


def test_levels_beyond_a_dozen_are_one_line() -> None:
    codes = np.concatenate([np.repeat(np.arange(15), 60), np.full(10, 15)])
    won = np.arange(len(codes)) % 3 == 0
    (table,) = segments(_split(codes, won, np.full(len(codes), 0.3)))
    assert len(table.segments) == LEVELS_MAX + 1
    assert table.segments[-1].level == "(4 smaller levels)"
    assert sum(segment.rows for segment in table.segments) == len(codes)


@pytest.mark.parametrize(
    ("left_out", "shown"),
    [
        pytest.param(frozenset(), ["source"], id="a text column is a table"),
        pytest.param(frozenset({"source"}), [], id="a column that leaks is none"),
    ],
)
def test_columns_that_tell_the_outcome_are_no_segments(
    train: Train, left_out: frozenset[str], shown: list[str]
) -> None:
    window = train().window
    assert window is not None
    assert [table.column for table in segments(window, left_out)] == shown


def test_source_and_industry_stand_first() -> None:
    chance = np.random.default_rng(1)
    codes = chance.integers(0, 2, 400)
    window = _split(codes, codes == 1, np.full(400, 0.5))
    columns = [
        Column(name, Kind.TEXT, codes.astype(float), levels=("a", "b"))
        for name in ("city", "industry", "source")
    ]
    table = TrainingTable(
        **{name: getattr(window.table, name) for name in window.table.__slots__}
        | {"columns": tuple(columns)}
    )
    found = segments(Predictions(table, window.p))
    assert [one.column for one in found] == ["source", "industry", "city"]


def test_a_column_of_one_large_level_tells_nothing() -> None:
    codes = np.concatenate([np.zeros(300), np.ones(10)])
    assert segments(_split(codes, np.arange(310) % 2 == 0, np.full(310, 0.5))) == ()


@pytest.mark.parametrize("seed", range(5))
def test_the_auc_is_that_of_scikit_learn_with_weights_and_ties(seed: int) -> None:
    chance = np.random.default_rng(seed)
    p, won = chance.integers(0, 9, 300) / 10, chance.random(300) < 0.4
    weights = chance.choice([1 / 3, 0.5, 1.0], 300)
    expected = roc_auc_score(won, p, sample_weight=weights)
    assert auc_interval(p, won, weights).value == pytest.approx(expected)


def test_the_interval_of_the_auc_covers_about_nine_of_ten() -> None:
    """Normal scores one apart: the true AUC is Phi(1 / sqrt 2) = .760."""
    chance, covered = np.random.default_rng(5), 0
    for _ in range(400):
        won = chance.random(200) < 0.3
        found = auc_interval(chance.normal(0, 1, 200) + won, won, np.ones(200))
        covered += found.low <= 0.7602 <= found.high
    assert 0.85 <= covered / 400 <= 0.95
