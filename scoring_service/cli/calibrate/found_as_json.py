"""What a calibration found, as JSON for machines."""

import json
import math
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from typing import Any

from scoring_service.calibration.results import (
    Clock,
    Headroom,
    Interval,
    Leak,
    Metrics,
    Predictions,
    Training,
)
from scoring_service.cli.calibrate.bars import Proposed
from scoring_service.cli.calibrate.found import Found, columns_used

FIGURES = ("roc_auc", "pr_auc", "log_loss", "brier", "ece", "lift_at_10")

Json = dict[str, Any]


def said(found: Found) -> str:
    """One JSON object; a figure that cannot be said is null."""
    return json.dumps(as_json(found), ensure_ascii=False, allow_nan=False, indent=2)


def as_json(found: Found) -> Json:
    """`published`, `version`, `refused` and `why` first; figures are those of the last window."""
    training, gate = found.training, found.training.gate
    return {
        "published": found.version is not None,
        "version": found.version,
        "refused": gate.refused and gate.refused.value,
        "why": gate.why,
        **_read(training),
        "metrics": _metrics(training.metrics),
        "metrics_without_recycled": _metrics(training.metrics_unrecycled),
        "metrics_with_clocks": _metrics(training.metrics_with_clocks),
        "cross_validated": _metrics(training.fold_metrics),
        "window": _window(training),
        "headroom": training.headroom and _headroom(training.headroom),
        **_proposed(found.proposed),
        "sentences": list(found.sentences),
        "half_lives": [{"factor": f, "log_loss": _number(x)} for f, x in training.half_lives],
    }


def _proposed(proposed: Proposed | None) -> Json:
    if proposed is None:
        return {"thresholds": None, "before_after": None, "change": None, "points": None}
    bars, change = proposed.bars, proposed.change
    points = proposed.points
    return {
        "thresholds": {"win_probability": plain(bars.threshold), "points": plain(bars.pair)},
        "before_after": plain(bars.before_after),
        "change": change and {
            "written": proposed.written, "diff": change.diff, "notes": list(change.notes)
        },
        "points": points and {
            "diff": points.change.diff,
            "notes": list(points.change.notes),
            "bars": plain(points.pair),
            "before_after": plain(points.before_after),
            "fidelity": plain(points.fidelity),
            "becomes": list(points.becomes),
            "stops": list(points.stops),
            "looked_at": points.looked_at,
        },
    }  # fmt: skip


def plain(value: Any) -> Any:
    """A value of ours as JSON has it: fields by their names, what cannot be said null."""
    if isinstance(value, Interval):
        return _interval(value)
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    return _number(value) if isinstance(value, float) else value


def _read(training: Training) -> Json:
    table = training.table
    horizon = table.horizon and table.horizon.total_seconds() / 86_400
    return {
        "source": table.source,
        "digest": table.digest,
        "time": table.time.value,
        "horizon_days": horizon,
        "rows": len(table),
        "leads": len(set(table.leads.tolist())),
        "won": int(table.won.sum()),
        "seed": training.seed,
        "notes": list(table.notes),
        "leaks": [_leak(leak) for leak in training.leaks],
        "clocks": [_clock(clock) for clock in training.clocks],
        "columns": list(columns_used(training)),
    }


def _leak(leak: Leak) -> Json:
    return {
        "column": leak.column,
        "severity": leak.severity.value,
        "marks": list(leak.marks),
        "lone_auc": _number(leak.lone_auc),
        "filled_gap": _number(leak.filled_gap),
        "allowed": leak.allowed,
    }


def _clock(clock: Clock) -> Json:
    return {"column": clock.column, "auc": _number(clock.auc), "allowed": clock.allowed}


def _metrics(metrics: Metrics | None) -> Json | None:
    if metrics is None:
        return None
    figures: Json = {name: _interval(getattr(metrics, name)) for name in FIGURES}
    return figures | {
        "perfect_ece": _number(metrics.perfect_ece),
        "rows": metrics.rows,
        "won": metrics.won,
    }


def _interval(interval: Interval) -> Json:
    return {name: _number(value) for name, value in interval._asdict().items()}


def _window(training: Training) -> Json:
    won, trains, window = training.table.won, training.trains, training.in_window
    return {
        "training": _counts(won[trains]),
        "last": _counts(won[window]) | {"predicted": _predicted(training.window)},
    }


def _counts(won: Iterable[bool]) -> Json:
    outcomes = [bool(outcome) for outcome in won]
    rate = sum(outcomes) / len(outcomes) if outcomes else None
    return {"rows": len(outcomes), "won": sum(outcomes), "base_rate": rate}


def _predicted(window: Predictions | None) -> float | None:
    return None if window is None else _number(float(window.p.mean()))


def _headroom(headroom: Headroom) -> Json:
    return {"roc_auc": _number(headroom.roc_auc), "log_loss": _number(headroom.log_loss)}


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
