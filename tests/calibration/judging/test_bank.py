"""The bank's 41,188 calls, without fitting anything: one leak, five clocks."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from scoring_service.calibration.judging.clocks import clocks
from scoring_service.calibration.judging.leaks import leaks
from scoring_service.calibration.judging.splits import split
from scoring_service.calibration.results import Severity
from scoring_service.calibration.rows.read_file import read_file
from scoring_service.calibration.table import TrainingTable

BANK = Path(__file__).parents[3] / "examples" / "bank" / "bank-additional-full.csv.gz"
ECONOMY = {"emp.var.rate", "cons.price.idx", "cons.conf.idx", "euribor3m", "nr.employed"}


@pytest.fixture(scope="module")
def calls() -> TrainingTable:
    return read_file(BANK, outcome="y", ordered=True).table


def _excluded(table: TrainingTable) -> set[str]:
    return {k.column for k in leaks(table, frozenset()) if k.severity is Severity.EXCLUDED}


def test_the_length_of_the_call_is_the_only_leak(calls: TrainingTable) -> None:
    assert _excluded(calls) == {"duration"}


def test_what_else_tells_strongly_is_asked_about_only(calls: TrainingTable) -> None:
    asked = {k.column for k in leaks(calls, frozenset()) if k.severity is Severity.ASKED}
    assert asked <= ECONOMY


def test_by_another_name_and_beside_noisy_copies_it_is_found_as_well(calls: TrainingTable) -> None:
    seconds = calls.column("duration")
    chance = np.random.default_rng(9)
    copies = [
        replace(seconds, name=name, values=seconds.values * chance.normal(1, 0.1, len(calls)))
        for name in ("copy 1", "copy 2")
    ]
    rest = calls.without({"duration"}).columns
    disguised = replace(calls, columns=(*rest, replace(seconds, name="talk"), *copies))
    assert _excluded(disguised) == {"talk", "copy 1", "copy 2"}


@pytest.mark.parametrize("share", [0.15, 0.2, 0.25])
def test_the_five_economic_columns_are_the_clocks(calls: TrainingTable, share: float) -> None:
    window, _ = split(calls, share, seed=0)
    found = clocks(calls, window, frozenset())
    assert {clock.column for clock in found} == ECONOMY
    assert all(0.90 <= clock.auc <= 1.0 for clock in found)


def test_the_last_fifth_of_the_calls_judges(calls: TrainingTable) -> None:
    window, trains = split(calls, 0.2, seed=0)
    assert (trains.sum(), window.sum()) == (32_951, 8_237)
    assert np.flatnonzero(window).min() > np.flatnonzero(trains).max()
