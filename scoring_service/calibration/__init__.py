"""Calibration: what a score is worth in P(won), learned from leads that were won and lost.

For notebooks: `from scoring_service.calibration import read_file, train, publish`. Whatever
`__all__` names is loaded when it is asked for, so that importing the package costs nothing.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scoring_service.calibration.apply import log_odds, predictions
    from scoring_service.calibration.bars import choose_bars
    from scoring_service.calibration.evaluate import evaluate
    from scoring_service.calibration.mapping import mapping_of
    from scoring_service.calibration.model import scorecard_model
    from scoring_service.calibration.problem import CalibrationProblem
    from scoring_service.calibration.publish import publish, write_report
    from scoring_service.calibration.read_file import read_file
    from scoring_service.calibration.read_store import read_store
    from scoring_service.calibration.report_context import Context
    from scoring_service.calibration.threshold_results import By, Wish
    from scoring_service.calibration.training import TrainingOptions, train
    from scoring_service.calibration.wishes import capacity, precision, value

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
    "By": "threshold_results",
    "CalibrationProblem": "problem",
    "Context": "report_context",
    "TrainingOptions": "training",
    "Wish": "threshold_results",
    "capacity": "wishes",
    "choose_bars": "bars",
    "log_odds": "apply",
    "mapping_of": "mapping",
    "precision": "wishes",
    "predictions": "apply",
    "scorecard_model": "model",
    "train": "training",
    "value": "wishes",
    "write_report": "publish",
}
"""The module of each name that is not called as its module is."""


def __getattr__(name: str) -> Any:
    """A name of `__all__`, from its module; AttributeError for any other."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES.get(name, name)}"), name)


def __dir__() -> list[str]:
    """The names that are offered."""
    return sorted({*globals(), *__all__})


class _Package(ModuleType):
    """Has `read_file` be the function, whether or not the module of that name has been loaded.

    Loading a module binds its name in its package, which would hide the function from
    `__getattr__`.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in __all__ and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
