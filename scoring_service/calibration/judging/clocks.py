"""Columns that tell the last window from earlier rows: they date a row, and predict nothing."""

from dataclasses import replace

from scoring_service.calibration.judging.telling import sampled, telling
from scoring_service.calibration.results import Clock
from scoring_service.calibration.table import Flags, Kind, Time, TrainingTable

BINS_MAX = 50
"""With 10 bins a column that only drifts within the window stays unseen."""

AUC_MIN = 0.90


def clocks(table: TrainingTable, in_window: Flags, allow: frozenset[str]) -> tuple[Clock, ...]:
    """The columns that tell the last window from earlier rows with an AUC of at least .90, out of
    fold; none where there is no time.
    """
    if table.time is Time.NONE:
        return ()
    few = sampled(replace(table, won=in_window))
    found = []
    for column in few.columns:
        if column.kind in (Kind.NUMBER, Kind.TEXT):
            told = telling(few, column, few.won, BINS_MAX)
            if told >= AUC_MIN:
                found.append(Clock(column.name, told, allowed=column.name in allow))
    return tuple(found)
