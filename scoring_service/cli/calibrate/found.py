"""What `leadscoring calibrate` has to tell: what was found, and what became of it."""

from dataclasses import dataclass
from pathlib import Path

from scoring_service.calibration.results import Clock, Leak, Severity, Training
from scoring_service.cli.calibrate.bars import Proposed


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """One calibration.

    `version` is what was published in `models`, None where it was refused; `compared_with` the
    version that was current before, None where there was none; `new` is False where the version
    was there already; `unserved` says why the rules that were given would not load with it;
    `sentences` say what the figures mean; `proposed` are the bars that were asked for.
    """

    training: Training
    models: Path
    version: str | None = None
    compared_with: str | None = None
    sentences: tuple[str, ...] = ()
    proposed: Proposed | None = None
    unserved: str = ""
    new: bool = True


def is_left_out(mark: Leak | Clock) -> bool:
    """Whether the model does without this column."""
    if isinstance(mark, Leak) and mark.severity is not Severity.EXCLUDED:
        return False
    return not mark.allowed


def columns_used(training: Training) -> tuple[str, ...]:
    """The names of the columns that the model reads, in the table's order."""
    marks: list[Leak | Clock] = [*training.leaks, *training.clocks]
    out = {mark.column for mark in marks if is_left_out(mark)}
    return tuple(c.name for c in training.table.columns if c.name not in out)
