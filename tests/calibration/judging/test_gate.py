"""A model is published where it tells who buys, and is no worse than the one that is served."""

from typing import Any

import numpy as np
import pytest

from scoring_service.calibration.judging.gate import PASSED, Recorded, gate, too_few
from scoring_service.calibration.judging.metrics import Judged
from scoring_service.calibration.results import Gate, Predictions, Refusal
from scoring_service.calibration.table import Flags, Floats

ROWS = 600
BASE = 0.3

COUNTS = [
    pytest.param((50, 50), (20, 20), True, id="just enough"),
    pytest.param((49, 400), (20, 20), False, id="one won too few to train on"),
    pytest.param((400, 49), (20, 20), False, id="one not won too few to train on"),
    pytest.param((50, 50), (19, 90), False, id="one won too few to judge by"),
    pytest.param((50, 50), (90, 19), False, id="one not won too few to judge by"),
    pytest.param((0, 0), (90, 90), False, id="nothing known before the window"),
]


@pytest.mark.parametrize(("train", "window", "enough"), COUNTS)
def test_the_least_data(
    tables: Any, train: tuple[int, int], window: tuple[int, int], enough: bool
) -> None:
    won = [w for pair in (train, window) for w, count in zip((1, 0), pair, strict=True)
           for _ in range(count)]  # fmt: skip
    in_window = np.arange(len(won)) >= sum(train)
    refused = too_few(tables.table(won), in_window, ~in_window)
    if enough:
        assert refused is None
        return
    assert refused is not None
    assert refused.refused is Refusal.TOO_FEW_OUTCOMES
    assert f"{train[0]} won and {train[1]} not won to train on" in refused.why
    assert f"{window[0]} won and {window[1]} not won in the last window" in refused.why


def test_three_rows_of_a_lead_are_one_outcome(tables: Any) -> None:
    won = np.repeat(np.arange(100) % 2 == 0, 3)
    table = tables.table(won, leads=np.repeat(np.arange(100), 3))
    in_window = np.arange(300) >= 180
    refused = too_few(table, in_window, ~in_window)
    assert refused is not None
    assert "30 won and 30 not won to train on" in refused.why


def test_rows_under_the_embargo_are_not_counted(tables: Any) -> None:
    table = tables.table([True, False] * 100)
    in_window, trains = np.arange(200) >= 160, np.arange(200) < 90
    refused = too_few(table, in_window, trains)
    assert refused is not None
    assert "45 won and 45 not won to train on" in refused.why


class Drawn:
    """Rows with a true P, and what models with more and less insight say of them."""

    def __init__(self, tables: Any, seed: int, rows: int = ROWS) -> None:
        chance = np.random.default_rng(seed)
        self.z = chance.normal(size=rows)
        self.true = _p(-0.9 + 1.2 * self.z)
        self.won: Flags = chance.random(rows) < self.true
        self.noise = chance.normal(size=rows)
        self.table = tables.table(self.won)

    def says(self, p: Floats) -> Predictions:
        return Predictions(self.table, p)


def _p(odds: Any) -> Floats:
    found: Floats = 1 / (1 + np.exp(-odds))
    return found


@pytest.fixture
def drawn(tables: Any) -> Drawn:
    return Drawn(tables, seed=3)


def _judged(
    window: Predictions,
    within: Predictions,
    current: Predictions | None = None,
    parts: int = 5,
) -> Gate:
    part_of = np.arange(len(within.p)) * parts // len(within.p)
    return gate(window, BASE, within, part_of, current, seed=1, replicates=200)


def test_a_model_that_tells_who_buys_is_published(drawn: Drawn) -> None:
    right = drawn.says(drawn.true)
    assert _judged(right, right) == PASSED


def test_noise_on_the_last_window_is_no_signal(drawn: Drawn) -> None:
    found = _judged(drawn.says(_p(-0.9 + drawn.noise)), drawn.says(drawn.true))
    assert found.refused is Refusal.NO_SIGNAL
    assert "on the last window the AUC is 0." in found.why
    assert "5 % bound 0." in found.why


def test_a_model_that_ranks_the_wrong_way_round_is_no_signal(drawn: Drawn) -> None:
    found = _judged(drawn.says(1 - drawn.true), drawn.says(drawn.true))
    assert found.refused is Refusal.NO_SIGNAL


def test_ranks_with_a_log_loss_worse_than_the_earlier_base_rate_are_no_signal(
    drawn: Drawn,
) -> None:
    found = _judged(drawn.says(_p(3 + 1.2 * drawn.z)), drawn.says(drawn.true))
    assert found.refused is Refusal.NO_SIGNAL
    assert f"the earlier base rate of {BASE:.3f} for every lead gives" in found.why


def test_the_base_rate_to_beat_is_the_training_windows(drawn: Drawn) -> None:
    """Against .01, far from what came, a model that is too low everywhere still says something."""
    low, right = drawn.says(drawn.true * 0.25), drawn.says(drawn.true)
    part_of = np.zeros(ROWS, dtype=np.int64)
    of_window, far = (
        gate(low, rate, right, part_of, None, 1, 50) for rate in (drawn.won.mean(), 0.01)
    )
    assert (of_window.refused, far) == (Refusal.NO_SIGNAL, PASSED)


def test_a_window_that_was_lucky_is_no_proof(drawn: Drawn) -> None:
    found = _judged(drawn.says(drawn.true), drawn.says(_p(-0.9 + drawn.noise)))
    assert found.refused is Refusal.NO_SIGNAL
    assert "inside parts of the training rows" in found.why


def test_that_the_base_rate_moves_from_part_to_part_is_no_signal(tables: Any) -> None:
    """Over all rows this P ranks well; inside each part it is noise."""
    chance = np.random.default_rng(5)
    part = np.repeat(np.arange(5), 200)
    rate = 0.1 + 0.15 * part
    won = chance.random(1_000) < rate
    moving = Predictions(tables.table(won), np.clip(rate + chance.normal(0, 0.01, 1_000), 0.01, 1))
    good = Drawn(tables, 3)
    found = gate(good.says(good.true), BASE, moving, part, None, 1, 100)
    assert found.refused is Refusal.NO_SIGNAL
    assert gate(moving, 0.4, good.says(good.true), np.zeros(ROWS, int), None, 1, 100) == PASSED


def test_parts_of_one_outcome_each_prove_nothing(drawn: Drawn) -> None:
    right = drawn.says(drawn.true)
    found = gate(right, BASE, right, drawn.won.astype(np.int64), None, 1, 50)
    assert found.refused is Refusal.NO_SIGNAL
    assert "no fold of the training rows has both outcomes" in found.why


CURRENT = [
    pytest.param(lambda d: d.true, None, id="the same"),
    pytest.param(lambda d: _p(-0.9 + 0.3 * d.z), None, id="one with less insight"),
    pytest.param(lambda d: _p(-0.9 + 1.19 * d.z), None, id="better by chance only"),
]


@pytest.mark.parametrize(("current", "refused"), CURRENT)
def test_no_worse_than_the_current_model(drawn: Drawn, current: Any, refused: None) -> None:
    right = drawn.says(drawn.true)
    assert _judged(right, right, drawn.says(current(drawn))).refused is refused


WORSE = [
    pytest.param(lambda d: _p(-0.9 + 0.4 * d.z), "log-loss", id="less insight"),
    pytest.param(lambda d: _p(-0.1 + 1.2 * d.z), "log-loss", id="the same ranks, P too high"),
]


@pytest.mark.parametrize(("new", "figure"), WORSE)
def test_worse_than_the_current_model_says_which_figure_and_by_how_much(
    drawn: Drawn, new: Any, figure: str
) -> None:
    found = _judged(drawn.says(new(drawn)), drawn.says(drawn.true), drawn.says(drawn.true))
    assert found.refused is Refusal.WORSE_THAN_CURRENT
    assert f"worse than the current model on the last window: {figure} 0." in found.why
    assert "at least 0." in found.why


def test_both_models_are_compared_on_the_same_drawn_rows(drawn: Drawn) -> None:
    """Paired: a small loss on every row is seen through the noise that both share."""
    slightly = drawn.says(_p(-0.9 + 1.2 * drawn.z + 0.35))
    alone = _interval_of_log_loss(slightly)
    best = _interval_of_log_loss(drawn.says(drawn.true))
    assert alone[0] < best[1], "the two intervals overlap"
    found = _judged(slightly, drawn.says(drawn.true), drawn.says(drawn.true))
    assert found.refused is Refusal.WORSE_THAN_CURRENT


def _interval_of_log_loss(says: Predictions) -> tuple[float, float]:
    from scoring_service.calibration.judging.metrics import metrics

    found = metrics(says, 1, 200).log_loss
    return found.low, found.high


@pytest.mark.parametrize(
    ("seen", "refused"),
    [
        pytest.param(0.0, Refusal.WORSE_THAN_CURRENT, id="none of the rows"),
        pytest.param(0.5, Refusal.WORSE_THAN_CURRENT, id="half of them: the others judge"),
        pytest.param(1.0, None, id="all of them"),
    ],
)
def test_rows_that_the_current_model_learned_from_are_not_held_against_the_new_one(
    drawn: Drawn, seen: float, refused: Refusal | None
) -> None:
    known = np.arange(len(drawn.true)) < seen * len(drawn.true)
    current = drawn.says(np.where(known, np.nan, drawn.true))
    found = _judged(drawn.says(_p(-0.1 + 1.2 * drawn.z)), drawn.says(drawn.true), current)
    assert found.refused is refused
    assert ("not compared with the current model" in found.why) is (refused is None)


def test_a_model_that_knew_the_rows_does_not_win_by_it(drawn: Drawn) -> None:
    """The outcomes themselves, learned by heart, on all rows but the last few hundred."""
    late = np.arange(len(drawn.true)) >= len(drawn.true) - 400
    current = drawn.says(np.where(late, _p(-0.9 + 0.2 * drawn.z), np.nan))
    right = drawn.says(drawn.true)
    assert _judged(right, right, current) == PASSED


def _recorded(says: Predictions, *, won_more: int = 0) -> Recorded:
    judged = Judged.of(says)
    _, _, log_loss, brier, *_ = judged.figures(judged.weights)
    won = int(says.table.won.sum()) + won_more
    return Recorded(len(says.table), won, log_loss, brier)


@pytest.mark.parametrize(
    ("new", "won_more", "refused"),
    [
        pytest.param(lambda d: d.true, 0, None, id="as good as was recorded"),
        pytest.param(lambda d: _p(-0.9 + 1.19 * d.z), 0, None, id="worse by chance only"),
        pytest.param(lambda d: _p(-0.9 + 0.2 * d.z), 0, "log-loss", id="worse"),
        pytest.param(lambda d: _p(-0.9 + 0.2 * d.z), 1, None, id="recorded on other rows"),
    ],
)
def test_where_the_current_model_learned_from_every_row_its_record_on_them_stands_in(
    drawn: Drawn, new: Any, won_more: int, refused: str | None
) -> None:
    nothing = drawn.says(np.full(len(drawn.true), np.nan))
    right = drawn.says(drawn.true)
    recorded = _recorded(right, won_more=won_more)
    parts = np.zeros(len(drawn.true), dtype=np.int64)
    found = gate(drawn.says(new(drawn)), BASE, right, parts, nothing, 1, 200, recorded)
    assert found.refused is (Refusal.WORSE_THAN_CURRENT if refused else None)
    assert ("worse than the current model was on the same rows" in found.why) is bool(refused)
    assert (refused or "") in found.why
