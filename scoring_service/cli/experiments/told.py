"""Experiments as people read them, and as JSON."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from math import isinf

from scoring_service.domain.experiments.experiment import Experiment
from scoring_service.domain.experiments.report import ArmReport, Report
from scoring_service.domain.experiments.sentences import sentences
from scoring_service.workflows.experiments.reporting import Known, Unread


def listed(found: Sequence[Known | Unread], now: datetime, *, as_json: bool) -> str:
    """Each experiment in a line, or as JSON."""
    if as_json:
        rows = [
            _unread_row(one)
            if isinstance(one, Unread)
            else {**_head(one.experiment, now, in_rules=one.in_rules), "enrolled": one.enrolled}
            for one in found
        ]
        return json.dumps(rows, ensure_ascii=False)
    if not found:
        return "no experiment; experiments.yaml beside the rules describes one"
    return "\n".join(_unread(one) if isinstance(one, Unread) else _line(one, now) for one in found)


def told(found: Sequence[Report | Unread], *, as_json: bool) -> str:
    """Each report in a table and sentences, or as JSON."""
    if as_json:
        rows = [_unread_row(one) if isinstance(one, Unread) else _row(one) for one in found]
        return json.dumps(rows, ensure_ascii=False)
    if not found:
        return "no experiment; experiments.yaml beside the rules describes one"
    return "\n\n".join(
        _unread(one) if isinstance(one, Unread) else "\n".join(_lines(one)) for one in found
    )


def _unread(one: Unread) -> str:
    return (
        f"{one.name}: taken out of the rules; {one.enrolled:,} enrolled; what it was cannot be told"
        f" from the rules of then, revision {one.revision}: {one.why}"
    )


def _unread_row(one: Unread) -> dict[str, object]:
    return {
        "experiment": one.name,
        "state": "unreadable",
        "enrolled": one.enrolled,
        "revision": one.revision,
        "why": one.why,
    }


def _state(experiment: Experiment, now: datetime, *, in_rules: bool) -> str:
    if not in_rules:
        return "taken out of the rules"
    if now < experiment.starts:
        return "to come"
    if experiment.runs(now):
        return "running"
    verdict = experiment.verdict
    return "decided" if verdict and verdict.on <= now else "over"


def _head(experiment: Experiment, now: datetime, *, in_rules: bool) -> dict[str, object]:
    verdict = experiment.verdict
    return {
        "experiment": experiment.name,
        "state": _state(experiment, now, in_rules=in_rules),
        "from": _day(experiment.starts),
        "to": _day(experiment.over_at),
        "outcome": experiment.stage.value,
        "within": experiment.span,
        "decided_for": verdict.arm if verdict else None,
    }


def _line(one: Known, now: datetime) -> str:
    experiment = one.experiment
    when = f"{_day(experiment.starts)} to {_day(experiment.over_at)}"
    arms = ", ".join(f"{arm.name} {arm.weight}" for arm in experiment.arms)
    return (
        f"{experiment.name}: {_state(experiment, now, in_rules=one.in_rules)}, {when}, arms {arms};"
        f" {one.enrolled:,} enrolled"
    )


def _lines(each: Report) -> Iterator[str]:
    experiment = each.experiment
    state = _state(experiment, each.at, in_rules=each.in_rules)
    yield (
        f"{experiment.name}: {state}, {_day(experiment.starts)} to"
        f" {_day(experiment.over_at)}; outcome: {experiment.stage.value} within"
        f" {experiment.span} of the enrolment"
    )
    rows = [
        ("arm", "weight", "enrolled", "time passed", "reached", "rate (90 %)", "ratio to control"),
        *(_cells(arm, judged=not each.unbalanced) for arm in each.arms),
    ]
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield f"  {'  '.join(cells)}".rstrip()
    for sentence in sentences(each):
        yield f"- {sentence}"


def _cells(arm: ArmReport, *, judged: bool) -> tuple[str, ...]:
    counts = (f"{arm.weight}", f"{arm.enrolled:,}", f"{arm.rate.leads:,}")
    return (arm.name, *counts, f"{arm.rate.successes:,}", _rate(arm), _ratio(arm, judged=judged))


def _rate(arm: ArmReport) -> str:
    share, (low, high) = arm.rate.value, arm.rate.interval
    return "-" if share is None else f"{share:.1%} ({low:.1%} to {high:.1%})"


def _ratio(arm: ArmReport, *, judged: bool) -> str:
    if arm.ratio is None or not judged:
        return "-" if arm.ratio is None else "not judged"
    high = "any" if isinf(arm.ratio.high) else f"{arm.ratio.high:.2f}"
    return f"{arm.ratio.low:.2f} to {high}, p {arm.ratio.p:.2g}"


def _row(each: Report) -> dict[str, object]:
    return {
        **_head(each.experiment, each.at, in_rules=each.in_rules),
        "as_of": each.at.isoformat(),
        "enrolled": each.enrolled,
        "matured": each.matured,
        "in_two_arms": each.crossed,
        "balance_p": each.balance,
        "unbalanced": each.unbalanced,
        "alpha": each.alpha,
        "arms": [_arm(arm, judged=not each.unbalanced) for arm in each.arms],
        "sentences": list(sentences(each)),
    }


def _arm(arm: ArmReport, *, judged: bool) -> dict[str, object]:
    ratio = arm.ratio
    row: dict[str, object] = {
        "arm": arm.name,
        "weight": arm.weight,
        "enrolled": arm.enrolled,
        "matured": arm.rate.leads,
        "reached": arm.rate.successes,
        "rate": arm.rate.value,
        "rate_90": list(arm.rate.interval),
    }
    if ratio is not None and judged:
        high = None if isinf(ratio.high) else ratio.high
        row |= {"ratio": [ratio.low, high], "p": ratio.p, "differs": ratio.refutes_same}
    return row


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d}"
