"""Columns that date a row: they tell the last window from earlier rows, and predict nothing."""

from typing import Any

import numpy as np
import pytest

from scoring_service.calibration.judging.clocks import clocks
from scoring_service.calibration.judging.splits import split
from scoring_service.calibration.table import Floats, Time

ROWS = 3_000
PART = np.arange(ROWS) / ROWS
NOISE = np.random.default_rng(2)


def _normal(spread: float) -> Floats:
    return NOISE.normal(0, spread, ROWS)


def _found(tables: Any, column: Any, time: Time = Time.ORDER, allow: str = "") -> list[Any]:
    table = tables.table(NOISE.random(ROWS) < 0.3, column, time=time)
    window, _ = split(table, 0.2, seed=0)
    return list(clocks(table, window, frozenset([allow])))


COLUMNS = [
    pytest.param(PART, True, id="a running number"),
    pytest.param(-PART, True, id="one that runs down"),
    pytest.param(np.abs(PART - 0.5), False, id="one that comes back: half of its ends are early"),
    pytest.param(PART + _normal(0.1), True, id="one that drifts with little noise"),
    pytest.param(PART + _normal(0.5), False, id="one that drifts with much noise"),
    pytest.param(_normal(1), False, id="noise"),
    pytest.param(np.floor(PART * 1_000) % 7, False, id="the day of the week"),
    pytest.param(np.where(PART > 0.8, np.nan, PART * 0), True, id="no longer filled"),
    pytest.param(np.where(PART > 0.5, PART * 0 + 1, 0), False, id="changed once, long before"),
    pytest.param(np.zeros(ROWS), False, id="a constant"),
    pytest.param(np.full(ROWS, np.nan), False, id="never filled"),
]


@pytest.mark.parametrize(("values", "expected"), COLUMNS)
def test_a_number_that_tells_when(tables: Any, values: Floats, expected: bool) -> None:
    found = _found(tables, tables.number("it", values))
    assert [clock.column for clock in found] == ["it"] * expected
    assert all(0.9 <= clock.auc <= 1 for clock in found)


def test_a_number_that_takes_the_same_values_in_short_turns(tables: Any) -> None:
    """Thirty levels in turn of which each fifth one is the window's: ten bins would not see it."""
    level = np.where(PART >= 0.8, NOISE.integers(0, 6, ROWS) * 5 + 2, 0)
    other = NOISE.integers(0, 24, ROWS)
    early = other // 4 * 5 + np.array([0, 1, 3, 4])[other % 4]
    found = _found(tables, tables.number("it", np.where(PART >= 0.8, level, early)))
    assert [clock.column for clock in found] == ["it"]


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        pytest.param(10, True, id="each month once"),
        pytest.param(2, False, id="months that come again"),
    ],
)
def test_a_text_that_tells_when(tables: Any, months: int, expected: bool) -> None:
    texts = [f"month {int(part * 10) % months}" for part in PART]
    found = _found(tables, tables.text("month", texts))
    assert bool(found) is expected


@pytest.mark.parametrize("time", Time)
def test_without_a_time_there_is_no_clock(tables: Any, time: Time) -> None:
    found = _found(tables, tables.number("it", PART), time)
    assert [clock.column for clock in found] == ([] if time is Time.NONE else ["it"])


def test_a_clock_allowed_by_name_is_still_told(tables: Any) -> None:
    kept, other = (_found(tables, tables.number("it", PART), allow=a) for a in ("it", "that"))
    assert [clock.allowed for clock in (*kept, *other)] == [True, False]
