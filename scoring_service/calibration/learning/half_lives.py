"""What other half-lives would say: they are given, never learned, but they can be doubted."""

from dataclasses import replace

from scoring_service.calibration.judging.metrics import Judged
from scoring_service.calibration.learning.fitting import fitted_pipeline, predicted
from scoring_service.calibration.results import Predictions
from scoring_service.calibration.table import Kind, TrainingTable

TIMES = (0.5, 1.0, 2.0)


def half_lives(
    trains: TrainingTable, window: TrainingTable, c: float
) -> tuple[tuple[float, float], ...]:
    """(times the half-lives, log-loss on the window) of models fitted anew with half, once and
    twice the half-lives; empty without activities.
    """
    if not any(column.kind is Kind.ACTIVITY for column in trains.columns):
        return ()
    return tuple((times, _log_loss(trains, window, c, times)) for times in TIMES)


def _log_loss(trains: TrainingTable, window: TrainingTable, c: float, times: float) -> float:
    pipeline, asked = fitted_pipeline(_faded(trains, times), c), _faded(window, times)
    judged = Judged.of(Predictions(asked, predicted(pipeline, asked)))
    return judged.figures(judged.weights)[2]


def _faded(table: TrainingTable, times: float) -> TrainingTable:
    """The table with the activities' points at so many times their half-lives."""
    if times == 1:
        return table
    columns = []
    for column in table.columns:
        values = column.halved if times < 1 else column.doubled
        columns.append(column if values is None else replace(column, values=values))
    return replace(table, columns=tuple(columns))
