"""BPIC 2012 by the notebook's way: in random order, and what a promised precision came to."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from scoring_service.calibration import mapping_of, read_file, train
from scoring_service.calibration.results import Training
from scoring_service.calibration.table import Time, TrainingTable
from scoring_service.calibration.thresholds.threshold_results import By, Wish
from scoring_service.calibration.thresholds.thresholds import threshold
from scoring_service.cli.rules.folder import source_in
from scoring_service.policy.load import load

PROMISES = (0.25, 0.3, 0.35, 0.4, 0.45, 0.5)


def table(place: Path) -> TrainingTable:
    return read_file(
        place / "leads.csv",
        outcome="outcome",
        mapping=mapping_of(place / "mapping.yaml"),
        activities=place / "activities.csv",
        policy=load(source_in(place / "rules")),
    ).table


def shuffled(rows: TrainingTable) -> Training:
    """Every fifth predicted from the others, as if there were no time."""
    return train(replace(rows, time=Time.NONE))


def promises(training: Training) -> Iterator[str]:
    """A line a promise: the bar chosen on the training window, and the share won beyond it there
    and in the last window.
    """
    yield "promised  bar      training window        last window            leads a week"
    for promise in PROMISES:
        found = threshold(training, Wish(By.PRECISION, promise))
        if found.threshold is None:
            yield f"{promise:.2f}      {found.sentence}"
            continue
        shares = "".join(
            "none                   "
            if one is None
            else f"{one.value:.3f} [{one.low:.3f}, {one.high:.3f}]   "
            for one in (found.precision, found.window_precision)
        )
        bar, weekly = found.threshold.value, found.leads_a_week or 0.0
        yield f"{promise:.2f}      {bar:.3f}    {shares}{weekly:.1f}"
