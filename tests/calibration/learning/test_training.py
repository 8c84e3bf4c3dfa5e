"""One calibration from rows to a verdict."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from benchmarks.calibration.known_truth import Truth, drawn, truth
from scoring_service.calibration.judging.metrics import metrics
from scoring_service.calibration.judging.splits import folds, split
from scoring_service.calibration.learning.apply import log_odds, predictions
from scoring_service.calibration.learning.export import scorecard_bytes
from scoring_service.calibration.results import Predictions, Refusal, Severity, Training
from scoring_service.calibration.table import Column, Floats, Kind, Time, TrainingTable
from scoring_service.calibration.training import TrainingOptions, train

OPTIONS = TrainingOptions(replicates=40)
DEEP = truth(np.random.default_rng(21), spread=0.9)
NOTHING = Truth(-1.0, 0, 0, 0, np.zeros(4), np.zeros(4))
TOGETHER = replace(NOTHING, interaction=5.0)


@cache
def _rows(by: Truth = DEEP, rows: int = 2_000, seed: int = 22) -> TrainingTable:
    return drawn(np.random.default_rng(seed), rows, by).table


@cache
def _trained() -> Training:
    return train(_rows(), OPTIONS)


def _and(table: TrainingTable, name: str, values: Floats) -> TrainingTable:
    return replace(table, columns=(*table.columns, Column(name, Kind.NUMBER, values)))


def test_where_there_is_a_signal_the_gate_is_open_and_every_figure_is_there() -> None:
    training = _trained()
    assert training.gate.refused is None
    assert training.metrics is not None
    assert training.metrics.roc_auc.low > 0.6
    assert training.metrics.rows == training.in_window.sum() == 400
    assert training.fold_metrics is not None
    assert training.headroom is not None
    assert training.metrics_with_clocks is None, "there are no clocks"
    assert training.metrics_unrecycled is None, "nobody was recycled"


def test_metrics_are_of_a_model_that_knew_no_outcome_of_the_window() -> None:
    """Turning all outcomes from the window's begin on changes no prediction of the window."""
    training, table = _trained(), _rows()
    window, trains = split(table, 0.2, 0)
    turned = replace(table, won=np.where(trains, table.won, ~table.won))
    other = train(turned, OPTIONS)
    assert training.window is not None
    assert other.window is not None
    assert np.array_equal(training.window.p, other.window.p)
    assert other.gate.refused is Refusal.NO_SIGNAL, "what it says is the opposite of what came"
    assert not trains[window].any()


def test_published_is_the_same_specification_on_all_rows() -> None:
    training = _trained()
    assert training.before is not None
    assert training.published is not None
    assert training.published.c == training.before.c
    assert training.published.scorecard.rows == 2_000
    assert training.before.scorecard.rows == training.trains.sum()


def test_the_window_is_predicted_as_the_scorecard_of_before_predicts_it() -> None:
    training = _trained()
    assert training.before is not None
    assert training.window is not None
    again = predictions(training.before.scorecard, training.window.table)
    assert np.abs(again.p - training.window.p).max() < 1e-9


def test_training_rows_are_predicted_out_of_fold_and_the_first_ones_not_at_all() -> None:
    training = _trained()
    assert training.out_of_fold is not None
    assert len(training.out_of_fold.p) < training.trains.sum()
    assert not np.isnan(training.out_of_fold.p).any()
    assert np.isin(training.out_of_fold.table.leads, training.table.leads[training.trains]).all()


def test_two_trainings_give_the_same_bytes() -> None:
    once, again = _trained(), train(_rows(), OPTIONS)
    assert once.published is not None
    assert again.published is not None
    assert scorecard_bytes(once.published.scorecard) == scorecard_bytes(again.published.scorecard)
    assert once.metrics == again.metrics
    assert once.headroom == again.headroom


def test_without_a_signal_nothing_may_be_published() -> None:
    training = train(_rows(NOTHING, seed=23), OPTIONS)
    assert training.gate.refused is Refusal.NO_SIGNAL
    assert "AUC" in training.gate.why


def test_with_few_outcomes_nothing_is_fitted() -> None:
    training = train(_rows(rows=200), OPTIONS)
    assert training.gate.refused is Refusal.TOO_FEW_OUTCOMES
    assert (training.before, training.published, training.metrics) == (None, None, None)


def test_without_a_column_there_is_no_signal() -> None:
    table = replace(_rows(), columns=())
    assert train(table, OPTIONS).gate.refused is Refusal.NO_SIGNAL


def test_a_leak_is_left_out_unless_it_is_allowed() -> None:
    table = _rows()
    told = _and(table, "told", table.won + np.random.default_rng(1).normal(0, 0.2, len(table)))
    training = train(told, OPTIONS)
    assert [leak.column for leak in training.leaks] == ["told"]
    assert training.leaks[0].severity is Severity.EXCLUDED
    assert "told" not in {column.name for column in training.table.columns}
    assert training.metrics == _trained().metrics, "as if it had never been there"
    kept = train(told, replace(OPTIONS, allow=frozenset({"told"})))
    assert kept.metrics is not None
    assert kept.metrics.roc_auc.value > 0.95


def test_a_signal_only_in_what_is_asked_about_is_none_until_it_is_allowed() -> None:
    """A value that is never there for one in six of the won: one mark, and all there is to see."""
    table = _rows()
    noise = np.random.default_rng(5)
    there = np.where(table.won, noise.random(len(table)) < 0.95, noise.random(len(table)) < 0.78)
    telling = np.where(there, noise.normal(size=len(table)), np.nan)
    lost_gap = np.where(~table.won & (noise.random(len(table)) < 0.2), 9.0, telling)
    only = replace(table, columns=(Column("visits", Kind.NUMBER, lost_gap),))
    asked = train(only, OPTIONS)
    assert [leak.severity for leak in asked.leaks] == [Severity.ASKED]
    assert asked.gate.refused is Refusal.NO_SIGNAL
    assert "(visits): say by --allow" in asked.gate.why
    assert train(only, replace(OPTIONS, allow=frozenset({"visits"}))).gate.refused is None
    beside = replace(only, columns=(*table.columns, *only.columns))
    assert train(beside, OPTIONS).gate.refused is None, "there is a signal without it"


def test_a_clock_is_left_out_and_what_the_window_says_with_it_is_told_too() -> None:
    table = _rows()
    dated = _and(table, "index", np.arange(len(table)) / 7)
    training = train(dated, OPTIONS)
    assert [clock.column for clock in training.clocks] == ["index"]
    assert training.metrics == _trained().metrics, "as if it had never been there"
    assert training.metrics_with_clocks is not None
    assert training.metrics_with_clocks != training.metrics
    kept = train(dated, replace(OPTIONS, allow=frozenset({"index"})))
    assert kept.clocks[0].allowed
    assert kept.metrics == training.metrics_with_clocks
    assert kept.metrics_with_clocks is None


def test_without_times_every_row_is_measured_by_a_model_that_did_not_see_it() -> None:
    table = replace(_rows(), time=Time.NONE)
    training = train(table, OPTIONS)
    assert training.metrics is not None
    assert training.headroom is not None
    assert training.metrics.rows == 2_000
    assert training.in_window.sum() == 400
    assert not (training.in_window & training.trains).any()
    assert training.clocks == ()


def test_the_window_is_as_wide_as_is_asked() -> None:
    training = train(_rows(), replace(OPTIONS, window=0.4))
    assert training.in_window.sum() == 800


def test_recycled_leads_are_told_apart() -> None:
    table = _rows()
    recycled = np.arange(len(table)) % 3 == 0
    training = train(replace(table, recycled=recycled), OPTIONS)
    assert training.window is not None
    assert training.metrics_unrecycled is not None
    fresh = ~training.window.table.recycled
    only = Predictions(training.window.table.rows(fresh), training.window.p[fresh])
    assert training.metrics_unrecycled == metrics(only, seed=0, replicates=40)
    assert training.metrics == _trained().metrics, "they are not dropped, else P(won) flatters"


def test_other_half_lives_are_judged_on_the_window() -> None:
    training = _trained()
    times = dict(training.half_lives)
    assert list(times) == [0.5, 1.0, 2.0]
    assert training.metrics is not None
    assert times[1.0] == pytest.approx(training.metrics.log_loss.value, abs=1e-9)
    assert min(times, key=lambda factor: times[factor]) == 1.0, "leads were drawn by this one"


def test_without_activities_there_are_no_half_lives_to_try() -> None:
    table = _rows().without({"demo_request", "page_view"})
    assert train(table, OPTIONS).half_lives == ()


@pytest.mark.parametrize(
    ("by", "gain"),
    [
        pytest.param(DEEP, False, id="traits that add up leave nothing"),
        pytest.param(TOGETHER, True, id="traits that act together leave something"),
    ],
)
def test_the_headroom_is_what_the_additive_form_cannot_say(by: Truth, gain: bool) -> None:
    training = train(_rows(by, 3_000), OPTIONS)
    assert training.headroom is not None
    assert training.metrics is not None
    assert (training.headroom.log_loss < training.metrics.log_loss.value) == gain
    assert (training.headroom.roc_auc > training.metrics.roc_auc.value) == gain


def test_a_model_learned_from_wrong_outcomes_does_not_replace_the_current_one() -> None:
    table, best = _rows(), _trained().before
    assert best is not None
    _, trains = split(table, 0.2, 0)
    wrong = trains & (np.random.default_rng(2).random(len(table)) < 0.35)
    spoiled = replace(table, won=table.won ^ wrong)
    assert train(spoiled, OPTIONS, current=best.scorecard).gate.refused is (
        Refusal.WORSE_THAN_CURRENT
    )
    assert train(spoiled, OPTIONS).gate.refused is None, "alone it would do"
    assert train(table, OPTIONS, current=best.scorecard).gate.refused is None, (
        "no worse than itself"
    )


def test_rows_that_the_current_model_learned_from_are_not_compared_on() -> None:
    table, best = _rows(), _trained().before
    assert best is not None
    _, trains = split(table, 0.2, 0)
    wrong = trains & (np.random.default_rng(2).random(len(table)) < 0.35)
    spoiled = replace(table, won=table.won ^ wrong)
    known = replace(OPTIONS, current_until=int(table.scored_at[-1]))
    assert train(spoiled, known, current=best.scorecard).gate.refused is None


def test_a_current_model_that_lives_on_clocks_is_judged_with_them() -> None:
    """What it would say in service, not what is left of it without them."""
    table = _rows()
    dated = _and(table, "index", np.arange(len(table)) / 7)
    kept = train(dated, replace(OPTIONS, allow=frozenset({"index"})))
    assert kept.before is not None
    assert kept.window is not None
    alone = log_odds(kept.before.scorecard, kept.window.table.without({"index"})).eta
    with_it = log_odds(kept.before.scorecard, kept.window.table).eta
    assert not np.allclose(alone, with_it)
    other = train(dated, OPTIONS, current=kept.before.scorecard)
    assert other.gate.refused is None


def test_progress_is_told_from_nothing_on_and_never_goes_back() -> None:
    told: list[tuple[str, float]] = []
    train(_rows(), OPTIONS, progress=lambda what, share: told.append((what, share)))
    shares = [share for _, share in told]
    assert shares[0] == 0.0
    assert shares == sorted(shares)
    assert shares[-1] < 1
    assert {"looking for leaks", "choosing C", "measuring"} <= {what for what, _ in told}


def test_folds_go_by_lead() -> None:
    table = replace(_rows(), leads=np.arange(2_000) // 2, weights=np.full(2_000, 0.5))
    training = train(table, OPTIONS)
    assert training.window is not None
    known = set(table.leads[training.trains])
    assert not known & set(training.window.table.leads)
    for trains, tested in folds(table.rows(training.trains), 5, 0):
        rows = table.rows(training.trains)
        assert not set(rows.leads[trains]) & set(rows.leads[tested])
