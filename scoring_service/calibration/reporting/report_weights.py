"""The sections about what was learned: weights, and the points written by hand."""

from scoring_service.calibration.reporting.evaluation import Evaluation, Weight
from scoring_service.calibration.reporting.figures import signed
from scoring_service.calibration.reporting.plots import drawn, largest
from scoring_service.calibration.reporting.report_document import Section, Table

AGREES = {True: "yes", False: "no", None: "open: too few leads tell"}


def learned(evaluation: Evaluation) -> Section:
    """The largest weights, and signs that surprise."""
    rows = tuple(
        (weight.term, weight.kind, signed(drawn(weight)), weight.surprise)
        for weight in largest(evaluation.weights)
    )
    if not rows:
        return Section("What it learned")
    return Section(
        "What it learned",
        (
            "Log-odds that a lead gains or loses, largest first, with 90 % intervals; of an "
            "activity type those of one fresh activity, of a level or bin against the average.",
        ),
        tables=(Table(("term", "kind", "log-odds", "surprising"), rows),),
        pictures=("weights.png",),
    )


def points(evaluation: Evaluation) -> Section:
    """Each hand-written number of points beside what the outcomes give it."""
    rows = tuple(_row(weight) for weight in evaluation.weights if weight.points is not None)
    if not rows:
        return Section("The points written by hand")
    wrong = sum(weight.agrees is False for weight in evaluation.weights)
    open_ = sum(
        weight.points is not None and weight.agrees is None for weight in evaluation.weights
    )
    return Section(
        "The points written by hand",
        (
            f"Of {len(rows)} numbers of points {len(rows) - wrong - open_} agree with the outcomes "
            f"in sign and size (within twice, or within the interval), {wrong} do not, and of "
            f"{open_} the data leaves it open.",
        ),
        tables=(Table(("term", "points", "by the outcomes", "log-odds", "agrees"), rows),),
    )


def _row(weight: Weight) -> tuple[str, ...]:
    fair = 0.0 if weight.fair_points is None else weight.fair_points
    return (
        weight.term,
        f"{weight.points:+g}",
        f"{fair:+.1f}",
        signed(drawn(weight)),
        AGREES[weight.agrees],
    )
