"""Proposed bars and points on a terminal: what they bring, and the change that they are."""

from collections.abc import Iterator
from textwrap import fill
from typing import Any

from rich.console import Console
from rich.table import Table

from scoring_service.calibration.reporting.report_bars import volume
from scoring_service.calibration.results import Interval
from scoring_service.calibration.thresholds.bars_in_file import Change
from scoring_service.calibration.thresholds.proposal import Fidelity, Proposal
from scoring_service.calibration.thresholds.threshold_results import BeforeAfter
from scoring_service.cli.calibrate.bars import Proposed

NAMES_MAX = 5


def bars_told(proposed: Proposed) -> Iterator[str]:
    """Whether the wish can be had, on P(won) and on points."""
    yield proposed.bars.threshold.sentence
    if proposed.bars.pair is not None:
        yield proposed.bars.pair.sentence


def before_after(found: BeforeAfter, what: str) -> Table:
    """Today's bars, or whatever else, beside the proposed ones: what a replay of the same leads
    counts.
    """
    title = f"Today's {what} beside the proposed ones, by replay"
    table = Table(title=title, title_justify="left")
    for column in ("", "today", "proposed"):
        table.add_column(column, justify="right" if column else "left")
    today, proposed = (volume(one, _interval, _number) for one in (found.before, found.after))
    for name, told in today.items():
        table.add_row(name, told, proposed[name])
    return table


def change_told(console: Console, change: Change, where: str) -> None:
    """The difference, and what checking finds of it."""
    console.print(f"[bold]{where}[/bold]")
    plainly: dict[str, Any] = {"markup": False, "highlight": False, "soft_wrap": True}
    console.print(change.diff or "  nothing changes", **plainly)
    for note in change.notes:
        console.print(wrapped(note, console.width), **plainly)
    console.print()


def wrapped(line: str, width: int) -> str:
    """A sentence in lines of this width, indented, further in from the second on."""
    return fill(line, width, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)


def _near(near: Fidelity) -> str:
    if near.clipped == 1:
        return (
            "A cap, a clip or a type at 0 points binds on every row, so nothing bounds how far the "
            "points are from the model's log-odds on their scale"
        )
    return (
        f"The points are at most {near.error_largest:.1f} from the model's log-odds on their scale "
        f"(bound {near.error_bound:.1f}) but where a cap, a clip or a type at 0 points binds, on "
        f"{near.clipped * 100:.1f} % of the rows"
    )


def points_told(found: Proposal) -> Iterator[str]:
    """How near the points are to the model, and whom they change."""
    near = found.fidelity
    yield (
        f"{_near(near)}; on all rows at most {near.error_anywhere:.1f}; rank correlation "
        f"{near.rank_correlation:.3f}."
    )
    yield found.pair.sentence
    yield (
        f"Of {found.looked_at:,} leads of the last quarter {len(found.becomes):,} become MQL"
        f"{_named(found.becomes)}, {len(found.stops):,} stop being one{_named(found.stops)}."
    )


def _named(leads: tuple[str, ...]) -> str:
    if not leads:
        return ""
    more = " ..." if len(leads) > NAMES_MAX else ""
    return f" ({', '.join(leads[:NAMES_MAX])}{more})"


def _interval(found: Interval) -> str:
    return f"{found.value:.3f} ({found.low:.3f} to {found.high:.3f})"


def _number(value: float | None) -> str:
    return "no dates" if value is None else f"{value:,.1f}"
