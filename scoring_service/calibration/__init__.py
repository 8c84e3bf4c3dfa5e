"""Calibration: what a score is worth in P(won), learned from leads that were won and lost.

For notebooks: `from scoring_service.calibration import read_file, train, publish`. Whatever
`__all__` names is loaded when it is asked for, so that importing the package costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scoring_service.calibration.learning.apply import log_odds, predictions
    from scoring_service.calibration.learning.model import scorecard_model
    from scoring_service.calibration.problem import CalibrationProblem
    from scoring_service.calibration.reporting.evaluate import evaluate
    from scoring_service.calibration.reporting.publish import publish, write_report
    from scoring_service.calibration.reporting.report_context import Context
    from scoring_service.calibration.rows.mapping import mapping_of
    from scoring_service.calibration.rows.read_file import read_file
    from scoring_service.calibration.rows.read_store import read_store
    from scoring_service.calibration.thresholds.bars import choose_bars
    from scoring_service.calibration.thresholds.threshold_results import By, Wish
    from scoring_service.calibration.thresholds.wishes import capacity, precision, value
    from scoring_service.calibration.training import TrainingOptions, train

__all__ = [
    "By",
    "CalibrationProblem",
    "Context",
    "TrainingOptions",
    "Wish",
    "capacity",
    "choose_bars",
    "evaluate",
    "log_odds",
    "mapping_of",
    "precision",
    "predictions",
    "publish",
    "read_file",
    "read_store",
    "scorecard_model",
    "train",
    "value",
    "write_report",
]

_PLACES = {
    "By": "thresholds.threshold_results",
    "CalibrationProblem": "problem",
    "Context": "reporting.report_context",
    "TrainingOptions": "training",
    "Wish": "thresholds.threshold_results",
    "capacity": "thresholds.wishes",
    "choose_bars": "thresholds.bars",
    "evaluate": "reporting.evaluate",
    "log_odds": "learning.apply",
    "mapping_of": "rows.mapping",
    "precision": "thresholds.wishes",
    "predictions": "learning.apply",
    "publish": "reporting.publish",
    "read_file": "rows.read_file",
    "read_store": "rows.read_store",
    "scorecard_model": "learning.model",
    "train": "training",
    "value": "thresholds.wishes",
    "write_report": "reporting.publish",
}
"""The module of each name that is offered."""


def __getattr__(name: str) -> Any:
    """A name of `__all__`, from its module; AttributeError for any other."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)


def __dir__() -> list[str]:
    """The names that are offered."""
    return sorted({*globals(), *__all__})
