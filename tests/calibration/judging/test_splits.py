"""Who trains and who judges: by time, after an embargo, and never one lead on both sides."""

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.calibration.judging.splits import KNOWN_MIN, folds, split
from scoring_service.calibration.table import Time, TrainingTable

Row = tuple[int, int, bool]
ROWS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 15), st.booleans()), min_size=2, max_size=60
)
HORIZONS = st.integers(0, 12)


def _table(tables: Any, rows: list[Row], time: Time, horizon: int) -> TrainingTable:
    rows = sorted(rows)
    table: TrainingTable = tables.table(
        [won for *_, won in rows],
        time=time,
        leads=[lead for _, lead, _ in rows],
        scored_at=[at for at, *_ in rows],
        horizon=horizon,
    )
    return table


CUTS = [
    pytest.param(range(10), 0, 0.2, [8, 9], range(8), id="the last fifth judges"),
    pytest.param(range(10), 0, 0.3, [7, 8, 9], range(7), id="another share by --window"),
    pytest.param(range(10), 3, 0.2, [8, 9], range(5), id="what is known at the border came late"),
    pytest.param(range(10), 8, 0.2, [8, 9], [], id="a horizon as long as all leaves none"),
    pytest.param([0, 1, 2, 3, 4, 5, 6, 7, 7, 9], 0, 0.2, [7, 8, 9], range(7), id="a tie at it"),
    pytest.param([5] * 10, 0, 0.2, range(10), [], id="all of one instant judge"),
    pytest.param([9, 0, 1, 2, 3, 4, 5, 6, 7, 8], 0, 0.2, [0, 9], range(1, 9), id="in no order"),
]


@pytest.mark.parametrize(("at", "horizon", "share", "judges", "trains"), CUTS)
def test_the_last_rows_by_instant_judge_and_those_known_before_them_train(
    tables: Any, at: Any, horizon: int, share: float, judges: Any, trains: Any
) -> None:
    table = tables.table([True] * 10, scored_at=list(at), horizon=horizon)
    window, training = split(table, share, seed=0)
    assert np.flatnonzero(window).tolist() == list(judges)
    assert np.flatnonzero(training).tolist() == list(trains)


def test_a_lead_with_a_row_in_the_window_does_not_train(tables: Any) -> None:
    table = tables.table([True] * 10, leads=[0, 1, 2, 3, 4, 5, 6, 7, 0, 3])
    _, trains = split(table, 0.2, seed=0)
    assert np.flatnonzero(trains).tolist() == [1, 2, 4, 5, 6, 7]


def test_rows_in_order_only_know_no_embargo(tables: Any) -> None:
    window, trains = split(tables.table([True] * 10, time=Time.ORDER), 0.2, seed=0)
    assert np.array_equal(trains, ~window)
    assert np.flatnonzero(window).tolist() == [8, 9]


@given(rows=ROWS, horizon=HORIZONS, share=st.floats(0.05, 0.9))
def test_no_row_trains_that_was_known_later(
    tables: Any, rows: list[Row], horizon: int, share: float
) -> None:
    """Embargo: a row trains only if its label was known before the window."""
    table = _table(tables, rows, Time.INSTANTS, horizon)
    window, trains = split(table, share, seed=0)
    begins = min(at for at, here in zip(table.scored_at, window, strict=True) if here)
    assert all(known < begins for known in table.known_at[trains])
    assert not set(table.leads[trains]) & set(table.leads[window])
    assert not set(table.scored_at[window]) & set(table.scored_at[~window])
    assert window.sum() >= int(share * len(table))


@given(rows=ROWS, horizon=HORIZONS, share=st.floats(0.05, 0.9))
def test_a_row_that_could_train_does(
    tables: Any, rows: list[Row], horizon: int, share: float
) -> None:
    """The plain twin: row by row, with sets."""
    table = _table(tables, rows, Time.INSTANTS, horizon)
    window, trains = split(table, share, seed=0)
    judged = {int(lead) for lead in table.leads[window]}
    begins = int(table.scored_at[window].min())
    plain = [
        at < begins and at + horizon < begins and lead not in judged
        for at, lead in zip(table.scored_at.tolist(), table.leads.tolist(), strict=True)
    ]
    assert trains.tolist() == plain


@given(rows=ROWS, seed=st.integers(0, 9))
def test_without_times_a_random_fifth_of_the_leads_stands_in_by_outcome(
    tables: Any, rows: list[Row], seed: int
) -> None:
    table = _table(tables, rows, Time.NONE, 0)
    window, trains = split(table, 0.2, seed)
    assert np.array_equal(trains, ~window)
    assert not set(table.leads[trains]) & set(table.leads[window])
    won_leads = set(table.leads[table.won].tolist())
    held = set(table.leads[window].tolist())
    for leads in (won_leads, set(table.leads.tolist()) - won_leads):
        assert len(leads) / 5 <= len(leads & held) < len(leads) / 5 + 1


def test_the_random_fifth_hangs_on_the_seed_alone(tables: Any) -> None:
    table = tables.table([True, False] * 50, time=Time.NONE)
    first, again, other = (split(table, 0.2, seed)[0] for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@given(rows=ROWS, horizon=HORIZONS, count=st.integers(2, 6))
def test_no_fold_is_predicted_from_what_came_later(
    tables: Any, rows: list[Row], horizon: int, count: int
) -> None:
    """Folds look ahead never; nor is a lead on both sides, nor a tie."""
    table = _table(tables, rows, Time.INSTANTS, horizon)
    predicted: Counter[int] = Counter()
    for trains, tested in folds(table, count, seed=0):
        begins = table.scored_at[tested].min()
        assert table.scored_at[trains].max() < begins
        assert not set(table.leads[trains]) & set(table.leads[tested])
        predicted.update(tested.tolist())
    assert set(predicted.values()) <= {1}


@given(horizon=st.integers(0, 60), count=st.integers(2, 6))
def test_each_fold_learns_from_what_was_known_before_it(
    tables: Any, horizon: int, count: int
) -> None:
    table = tables.table([True, False] * 300, horizon=horizon)
    for trains, tested in folds(table, count, seed=0):
        assert table.known_at[trains].max() < table.scored_at[tested].min()
        assert min(table.won[trains].sum(), (~table.won[trains]).sum()) >= KNOWN_MIN


def test_a_horizon_longer_than_the_rows_leaves_folds_of_all_that_came_before(tables: Any) -> None:
    """All of it is known when the last window begins."""
    table = tables.table([True, False] * 300, horizon=10_000)
    found = folds(table, 5, seed=0)
    assert [len(tested) for _, tested in found] == [100] * 5
    assert [len(trains) for trains, _ in found] == [100, 200, 300, 400, 500]


@given(rows=ROWS, count=st.integers(2, 6), seed=st.integers(0, 9))
def test_without_times_every_row_is_predicted_once_and_from_other_leads(
    tables: Any, rows: list[Row], count: int, seed: int
) -> None:
    table = _table(tables, rows, Time.NONE, 0)
    found = folds(table, count, seed)
    assert sorted(np.concatenate([tested for _, tested in found])) == list(range(len(table)))
    for trains, tested in found:
        assert not set(table.leads[trains]) & set(table.leads[tested])
        assert len(trains) + len(tested) == len(table)
