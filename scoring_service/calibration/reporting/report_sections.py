"""The sections of a report: what was read, what it is worth, what it does not show."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from scoring_service.calibration.reporting.evaluation import Evaluation, SegmentTable
from scoring_service.calibration.reporting.figures import NONE, between, day, days, share, times
from scoring_service.calibration.reporting.report_document import Section, Table
from scoring_service.calibration.results import Clock, Leak, Metrics, Severity, Training
from scoring_service.calibration.table import Time, TrainingTable

METRICS = {
    "ROC-AUC": "roc_auc",
    "PR-AUC": "pr_auc",
    "log-loss": "log_loss",
    "Brier": "brier",
    "ECE (15 bins)": "ece",
}

BY_MODEL = {
    Time.INSTANTS: "the model fitted before the window",
    Time.ORDER: "the model fitted before the window",
    Time.NONE: "models each fitted without the part it is judged on",
}


def verdict(training: Training, now: datetime) -> Section:
    """Whether it may be published, and why."""
    gate, at = training.gate, f"Judged at {now.strftime('%Y-%m-%d %H:%M UTC')}."
    if gate.refused is not None:
        why = gate.refused.value.replace("_", " ")
        return Section("Verdict", (f"Not published ({why}): {gate.why}.", at))
    assert training.metrics is not None
    auc, loss = between(training.metrics.roc_auc), between(training.metrics.log_loss)
    said = [f"Fit to be published: on the last window AUC {auc}, log-loss {loss}."]
    if gate.why:
        said.append(f"It was {gate.why}.")
    return Section("Verdict", (*said, at))


def data(training: Training) -> Section:
    """Rows, windows, labels, and what looked wrong."""
    table = training.table
    held_back = ~(training.trains | training.in_window)
    parts = {
        "all": table,
        "trained on": table.rows(training.trains),
        "last window": table.rows(training.in_window),
        "held back: outcome not known before the window": table.rows(held_back),
    }
    rows = tuple(_part(name, part) for name, part in parts.items() if len(part))
    won = "won" if table.horizon is None else f"won within {days(table.horizon)}"
    return Section(
        "Data",
        (f"{table.source}; P(won) is the probability to be {won}.", f"Data hash: {table.digest}."),
        points=table.notes,
        tables=(Table(("part", "from", "to", "rows", "leads", "won", "base rate"), rows),),
    )


def _part(name: str, table: TrainingTable) -> tuple[str, ...]:
    leads, won = len(set(table.leads.tolist())), int(table.won.sum())
    rate = float(table.weights[table.won].sum() / table.weights.sum())
    dates = (NONE, NONE)
    if table.time is Time.INSTANTS:
        dates = day(int(table.scored_at.min())), day(int(table.scored_at.max()))
    elif table.time is Time.ORDER:
        dates = f"row {int(table.scored_at.min()) + 1:,}", f"row {int(table.scored_at.max()) + 1:,}"
    return (name, *dates, f"{len(table):,}", f"{leads:,}", f"{won:,}", share(rate))


def columns(training: Training) -> Section:
    """Columns that bear marks, and what became of each."""
    leaks = tuple(
        (leak.column, _became(leak), share(leak.lone_auc), "; ".join(leak.marks))
        for leak in training.leaks
    )
    clocks = tuple(
        (clock.column, "kept, allowed" if clock.allowed else "left out", share(clock.auc))
        for clock in training.clocks
    )
    headings = ("column", "what became of it", "lone AUC", "marks")
    tables = [Table(headings, leaks, "Columns that tell the outcome")] if leaks else []
    if clocks:
        title = "Clocks: columns that tell the last window from the rows before it"
        tables.append(Table(("column", "what became of it", "AUC"), clocks, title))
    return Section("Columns looked at twice", tables=tuple(tables))


def _became(leak: Leak | Clock) -> str:
    if leak.allowed:
        return "kept, allowed"
    excluded = isinstance(leak, Leak) and leak.severity is Severity.EXCLUDED
    return "left out" if excluded else "kept: is it known when a lead is scored?"


def judged_on(training: Training) -> str:
    """What the first column of the figures is of."""
    return "each part in turn" if training.table.time is Time.NONE else "last window"


def metrics(training: Training) -> Section:
    """The metrics with their intervals, on the last window and beside it."""
    found = {
        judged_on(training): training.metrics,
        "without recycled leads": training.metrics_unrecycled,
        "with the clocks": training.metrics_with_clocks,
        "out of fold, training rows": training.fold_metrics,
    }
    shown = {name: value for name, value in found.items() if value is not None}
    if not shown:
        return Section("How good it is")
    rows = [
        (label, *(between(getattr(m, name)) for m in shown.values()))
        for label, name in METRICS.items()
    ]
    rows.append(("lift at 10 %", *(times(m.lift_at_10) for m in shown.values())))
    rows.append(("ECE of a perfect model", *(share(m.perfect_ece) for m in shown.values())))
    rows.append(("rows, won", *(_counts(m) for m in shown.values())))
    return Section(
        "How good it is",
        (f"Each figure with its 90 % bootstrap interval, by {BY_MODEL[training.table.time]}.",),
        tables=(Table(("metric", *shown), tuple(rows)),),
    )


def _counts(metrics: Metrics) -> str:
    return f"{metrics.rows:,}, {metrics.won:,}"


def reliability(evaluation: Evaluation) -> Section:
    """Whether P comes true: on average, and bin by bin."""
    if evaluation.base_rates is None:
        return Section("Does P come true?")
    rows = tuple(
        (f"{place.low:.3f} to {place.high:.3f}", f"{place.rows:,}", share(place.predicted),
         between(place.won), _fits(place.predicted, place.won.low, place.won.high))
        for place in evaluation.reliability
    )  # fmt: skip
    return Section(
        "Does P come true?",
        (evaluation.base_rates.sentence,),
        tables=(Table(("P(won)", "rows", "mean P", "share won", "P fits"), rows),),
        pictures=("reliability.png", "distribution.png", "gain.png"),
    )


def _fits(predicted: float, low: float, high: float) -> str:
    return "yes" if low <= predicted <= high else "too low" if predicted < low else "too high"


def segments(evaluation: Evaluation) -> Section:
    """Base rate, P and AUC of each level with enough leads."""
    return Section(
        "Segments",
        ("On the last window. A segment whose P is outside its interval is wrong for that group.",)
        if evaluation.segments
        else (),
        tables=tuple(map(_segment_table, evaluation.segments)),
    )


def _segment_table(table: SegmentTable) -> Table:
    rows = []
    for part in table.segments:
        predicted, fits = NONE, NONE
        if part.predicted is not None and part.base_rate is not None:
            predicted = share(part.predicted)
            fits = _fits(part.predicted, part.base_rate.low, part.base_rate.high)
        auc = part.too_small or between(part.roc_auc)
        row = (part.level, f"{part.rows:,}", between(part.base_rate), predicted, fits, auc)
        rows.append(row)
    headings = ("level", "rows", "share won", "mean P", "P fits", "ROC-AUC")
    return Table(headings, tuple(rows), table.column)


def findings(evaluation: Evaluation) -> Section:
    """What the figures say and what they cannot."""
    rates = evaluation.base_rates
    said = (s for s in evaluation.sentences if rates is None or s != rates.sentence)
    return Section("What the figures say, and what they cannot", points=tuple(said))


def making(
    training: Training, settings: Mapping[str, str], libraries: Mapping[str, str]
) -> Section:
    """How to make it again."""
    return Section(
        "How it was made",
        ("The same data, options and library versions give the same scorecard, byte for byte.",),
        points=tuple(_making(training, settings, libraries)),
    )


def _making(
    training: Training, settings: Mapping[str, str], libraries: Mapping[str, str]
) -> Iterator[str]:
    yield f"seed {training.seed}"
    if training.published is not None and training.before is not None:
        yield f"C {training.before.c:g} before the window, {training.published.c:g} published"
    yield from (f"{name} {value}" for name, value in settings.items())
    yield from (f"{name} {version}" for name, version in libraries.items())
