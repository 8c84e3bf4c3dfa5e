"""Fitted scorecards on rows whose truth is known."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.calibration.known_truth import drawn, truth
from scoring_service.calibration.learning.fitting import fit
from scoring_service.calibration.results import Fitted
from scoring_service.calibration.table import TrainingTable


@pytest.fixture(scope="session")
def table() -> TrainingTable:
    """2,000 leads, one of eight sources rare, the number and the source missing now and then."""
    chance = np.random.default_rng(5)
    known = drawn(chance, 2_000, truth(chance, levels=8)).table
    rare = (known.column("source").values == 7) & (chance.random(len(known)) < 0.8)
    return known.rows(~rare)


@pytest.fixture(scope="session")
def fitted(table: TrainingTable) -> Fitted:
    return fit(table, 0.5)


@pytest.fixture(scope="session")
def complete(table: TrainingTable) -> TrainingTable:
    """The rows without a missing value or a rare level."""
    whole = ~table.column("employees").missing & ~table.column("source").missing
    return table.rows(whole & (table.column("source").values < 7))


@pytest.fixture(scope="session")
def asked(table: TrainingTable) -> TrainingTable:
    """10,000 other rows of the same leads' kind, some with a source that nobody had before."""
    chance = np.random.default_rng(6)
    new = drawn(chance, 10_000, truth(chance, levels=8)).table
    source = new.column("source")
    codes = np.where(chance.random(len(new)) < 0.1, 8, source.values)
    other = replace(source, values=codes, levels=(*source.levels, "telegram"))
    return replace(new, columns=(*new.without({"source"}).columns, other))
