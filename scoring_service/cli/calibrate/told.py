"""What a calibration found, in sentences and tables on a terminal."""

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.table import Table

from scoring_service.calibration.reporting.report_sections import judged_on
from scoring_service.calibration.results import Interval, Metrics, Training
from scoring_service.calibration.table import Time
from scoring_service.calibration.thresholds.threshold_results import BeforeAfter
from scoring_service.cli.calibrate.bars import Proposed
from scoring_service.cli.calibrate.bars_told import (
    bars_told,
    before_after,
    change_told,
    points_told,
    wrapped,
)
from scoring_service.cli.calibrate.found import Found
from scoring_service.cli.calibrate.sentences import (
    clocks,
    left_out,
    next_steps,
    verdict,
)

WIDTH_MIN = 100
FIGURES = {
    "ROC-AUC": "roc_auc",
    "PR-AUC": "pr_auc",
    "log-loss": "log_loss",
    "Brier": "brier",
    "ECE (15 bins)": "ece",
    "lift at 10 %": "lift_at_10",
}
ORDERED = {
    Time.INSTANTS: "ordered by the instant they were scored at",
    Time.ORDER: "in the order of the rows, taken as time",
    Time.NONE: "without times, so that random parts stand in for the last window, each in turn",
}


def told(console: Console, found: Found) -> None:
    """All of it, the verdict last but for what to do next."""
    training = found.training
    paragraph(console, "What was read", _read(training))
    paragraph(console, "What was left out", left_out(training))
    paragraph(console, "Clocks", clocks(training))
    _figures(console, training)
    paragraph(console, "What the figures say", found.sentences)
    paragraph(console, "Verdict", verdict(found))
    if found.proposed is not None:
        _proposed(console, found.proposed)
    paragraph(console, "What to do next", next_steps(found))


def _proposed(console: Console, proposed: Proposed) -> None:
    paragraph(console, "Bars", bars_told(proposed))
    _replayed(console, proposed.bars.before_after, "bars")
    if proposed.change is not None:
        where = "Written into" if proposed.written else "What --apply would write into"
        change_told(console, proposed.change, f"{where} scoring.yaml")
    if proposed.points is not None:
        paragraph(console, "Points", points_told(proposed.points))
        _replayed(console, proposed.points.before_after, "points and bars")
        change_told(console, proposed.points.change, "Proposed points beside today's scoring.yaml")


def _replayed(console: Console, found: BeforeAfter | None, what: str) -> None:
    if found is not None:
        console.print(before_after(found, what), highlight=False)
        console.print()


def paragraph(console: Console, heading: str, sentences: Iterable[str]) -> None:
    """A heading and its sentences; nothing where there is none."""
    lines = list(sentences)
    if lines:
        console.print(f"[bold]{heading}[/bold]")
        for line in lines:
            console.print(wrapped(line, console.width), markup=False, highlight=False)
        console.print()


def _read(training: Training) -> Iterator[str]:
    table = training.table
    leads, won = len(set(table.leads.tolist())), int(table.won.sum())
    rows = (
        f"{len(table):,} rows" if leads == len(table) else f"{len(table):,} rows of {leads:,} leads"
    )
    share = won / max(1, len(table))
    yield f"{table.source}: {rows}, {won:,} won ({share * 100:.1f} %), {ORDERED[table.time]}."
    if table.horizon is not None:
        yield f"Won means won within {table.horizon.total_seconds() / 86_400:.4g} days."
    trains, judge = int(training.trains.sum()), int(training.in_window.sum())
    which = "others" if table.time is Time.NONE else "later ones"
    yield f"{trains:,} rows train, {judge:,} {which} judge."
    yield from table.notes


def _figures(console: Console, training: Training) -> None:
    columns = {
        judged_on(training): training.metrics,
        "without recycled": training.metrics_unrecycled,
        "clocks kept": training.metrics_with_clocks,
        "out of fold": training.fold_metrics,
    }
    shown = {name: metrics for name, metrics in columns.items() if metrics is not None}
    if shown:
        console.print(_table(shown), highlight=False)
        console.print()


def _table(shown: dict[str, Metrics]) -> Table:
    table = Table(title="How good it is, with 90 % intervals", title_justify="left")
    table.add_column("figure")
    for name in shown:
        table.add_column(name, justify="right")
    for label, figure in FIGURES.items():
        table.add_row(label, *(_interval(getattr(metrics, figure)) for metrics in shown.values()))
    table.add_row("ECE by chance alone", *(f"{m.perfect_ece:.3f}" for m in shown.values()))
    table.add_row("rows, won", *(f"{m.rows:,}, {m.won:,}" for m in shown.values()))
    return table


def _interval(figure: Interval) -> str:
    return f"{figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f})"
