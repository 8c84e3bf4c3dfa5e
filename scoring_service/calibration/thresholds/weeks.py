"""How many leads a week: the last eight full weeks say."""

from collections.abc import Iterator

import numpy as np

from scoring_service.calibration.table import Flags, Floats, Integers, Time, TrainingTable

WEEKS = 8
WEEK = 7 * 86_400 * 1_000_000
"""In microseconds."""


def last_weeks(instants: Integers) -> tuple[Flags, float]:
    """The rows of the last eight full weeks before the newest one, and how many weeks these are.

    A shorter past counts as long as it is, at least one week.
    """
    newest = instants.max(initial=0)
    begins = max(int(newest - WEEKS * WEEK), int(instants.min(initial=newest)) - 1)
    weeks = max((newest - begins) / WEEK, 1.0)
    flags: Flags = instants > begins
    return flags, float(weeks)


def per_week(table: TrainingTable, which: Flags | None = None) -> float | None:
    """Leads that arrive a week, or of them the flagged ones; None without dates."""
    if table.time is not Time.INSTANTS or not len(table):
        return None
    recent, weeks = last_weeks(table.scored_at)
    counted = recent if which is None else recent & which
    return float(table.weights[counted].sum() / weeks)


def drawn_times(leads: Integers, seed: int, replicates: int) -> Iterator[Floats]:
    """How often each row counts in each bootstrap replicate, shape (n,): leads are drawn."""
    chance = np.random.default_rng(seed)
    _, row_lead = np.unique(leads, return_inverse=True)
    count = int(row_lead.max(initial=-1)) + 1
    for _ in range(replicates):
        times = np.bincount(chance.integers(0, count, count), minlength=count)
        yield times[row_lead].astype(np.float64)
