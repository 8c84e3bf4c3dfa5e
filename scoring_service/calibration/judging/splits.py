"""Which rows train and which judge: by time wherever there is one, and never one lead on both
sides.
"""

import numpy as np

from scoring_service.calibration.table import Flags, Integers, Time, TrainingTable

KNOWN_MIN = 10

Fold = tuple[Integers, Integers]
"""Row numbers that train, and those that are predicted."""


def split(table: TrainingTable, share: float, seed: int) -> tuple[Flags, Flags]:
    """(in the last window, trains), each of shape (n,).

    The window is the last `share` of rows by scoring instant, rows of one instant together; a row
    trains only if its label was known before the window began, and no row of a lead trains that has
    one in the window. Without times a random share of the leads stands in, stratified by outcome.
    """
    assert 0 < share < 1, share
    if table.time is Time.NONE:
        held = _random_groups(table, max(2, round(1 / share)), seed) == 0
        return held, ~held
    begins = _begin(table.scored_at, 1 - share)
    window = table.scored_at >= begins
    before = ~window & ~np.isin(table.leads, table.leads[window])
    return window, before & _known_before(table, begins)


def folds(table: TrainingTable, count: int, seed: int) -> tuple[Fold, ...]:
    """Folds for cross-validation: `count` later parts of the table, each predicted from what was
    known before it began; without times `count` random parts of the leads, each from the others.

    Parts before which fewer than 10 of each outcome were known are left out. Where that leaves less
    than half of them, as the horizon is long beside the time that the rows span, each is predicted
    from all rows before it, known by then or not: all are known when the last window begins.
    """
    if table.time is Time.NONE:
        group = _random_groups(table, count, seed)
        return tuple((_where(group != k), _where(group == k)) for k in range(count))
    begins = [_begin(table.scored_at, k / (count + 1)) for k in range(1, count + 1)]
    known = [f for f in _later_parts(table, begins, embargo=True) if _learnable(table.won[f[0]])]
    return tuple(known) if len(known) * 2 >= count else _later_parts(table, begins, embargo=False)


def _learnable(won: Flags) -> bool:
    return bool(KNOWN_MIN <= won.sum() <= len(won) - KNOWN_MIN)


def _later_parts(table: TrainingTable, begins: list[int], *, embargo: bool) -> tuple[Fold, ...]:
    found = []
    for k, begin in enumerate(begins):
        part = table.scored_at >= begin
        if k + 1 < len(begins):
            part &= table.scored_at < begins[k + 1]
        trains = table.scored_at < begin
        if embargo:
            trains &= _known_before(table, begin)
        trains &= ~np.isin(table.leads, table.leads[part])
        if trains.any() and part.any():
            found.append((_where(trains), _where(part)))
    return tuple(found)


def _begin(instants: Integers, share: float) -> int:
    """The instant that the last 1 - `share` of rows begins with."""
    if not len(instants):
        return 0
    return int(np.sort(instants)[min(len(instants) - 1, int(np.ceil(len(instants) * share)))])


def _known_before(table: TrainingTable, instant: int) -> Flags:
    known: Flags = table.known_at < instant
    return known


def _random_groups(table: TrainingTable, count: int, seed: int) -> Integers:
    """A group from 0 to count - 1 for each row, the same for all rows of a lead; each group has its
    share of the leads that were won and of those that were not.
    """
    leads, row_lead = np.unique(table.leads, return_inverse=True)
    won = np.bincount(row_lead, weights=table.won, minlength=len(leads)) > 0
    chance, group = np.random.default_rng(seed), np.empty(len(leads), dtype=np.int64)
    for outcome in (False, True):
        members = np.flatnonzero(won == outcome)
        group[chance.permutation(members)] = np.arange(len(members)) % count
    found: Integers = group[row_lead]
    return found


def _where(flags: Flags) -> Integers:
    return np.flatnonzero(flags)
