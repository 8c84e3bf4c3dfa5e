"""The section about bars: what was chosen, what it would bring, and where it cannot be had."""

from collections.abc import Callable

from scoring_service.calibration.reporting.figures import NONE, between
from scoring_service.calibration.reporting.report_document import Section, Table
from scoring_service.calibration.results import Interval
from scoring_service.calibration.thresholds.bars import ChosenBars
from scoring_service.calibration.thresholds.threshold_results import BeforeAfter, Threshold, Volume
from scoring_service.domain.scoring.scoring import Scoring

Written = Callable[[Interval], str]
Rate = Callable[[float | None], str]


def volume(found: Volume, interval: Written, rate: Rate) -> dict[str, str]:
    """What a pair of bars brings, by name; intervals, and what may have no dates, as the reader is
    used to them.
    """
    return {
        "bars": str(found.bars),
        "leads": f"{found.leads:,}",
        "leads a week": rate(found.leads_a_week),
        "known outcomes, won": f"{found.labelled:,}, {found.won:,}",
        "precision": interval(found.precision),
        "recall": interval(found.recall),
        "expected wins": f"{found.wins:,.1f}",
        "expected wins a week": rate(found.wins_a_week),
    }


def bars(chosen: ChosenBars | None) -> Section:
    """What was chosen on P and on points; empty where nothing was asked."""
    if chosen is None:
        return Section("Bars")
    said = [chosen.threshold.sentence]
    if chosen.pair is not None:
        said.append(chosen.pair.sentence)
    tables = [_on_p(chosen.threshold)]
    if chosen.before_after is not None:
        tables.append(_volumes(chosen.before_after))
    remark = "Publishing changes no rule: bars are written by --apply, as a change to be reviewed."
    return Section("Bars", (*said, remark), tables=tuple(tables))


def drawn_bars(chosen: ChosenBars | None, scoring: Scoring | None) -> dict[str, float]:
    """The bars on P to draw: today's of scoring.yaml, and the chosen one."""
    found: dict[str, float | None] = {}
    if scoring is not None:
        found |= {
            "mql today": scoring.mql.win_probability_min,
            "sql today": scoring.sql_win_probability_min,
        }
    if chosen is not None and chosen.threshold.threshold is not None:
        found[f"by {chosen.threshold.wish.by.value}"] = chosen.threshold.threshold.value
    return {name: bar for name, bar in found.items() if bar is not None}


def _on_p(found: Threshold) -> Table:
    row = (
        found.wish.by.value,
        f"{found.wish.amount:g}",
        between(found.threshold),
        f"{found.leads:,.0f}",
        _rate(found.leads_a_week),
        between(found.precision),
        between(found.window_precision),
    )
    headings = (
        "by", "wish", "bar on P", "leads", "leads a week", "precision", "precision, last window",
    )  # fmt: skip
    return Table(headings, (row,), "On P(won)")


def _volumes(found: BeforeAfter) -> Table:
    today, proposed = (volume(one, between, _rate) for one in (found.before, found.after))
    rows = tuple((name, told, proposed[name]) for name, told in today.items())
    return Table(("by replay", "today", "proposed"), rows, "On points")


def _rate(value: float | None) -> str:
    return NONE if value is None else f"{value:,.1f}"
