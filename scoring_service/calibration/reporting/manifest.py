"""manifest.json of a version: from which rows, by which program, with which result."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime, timedelta

import msgspec
import numpy as np

from scoring_service.calibration.judging.gate import Recorded
from scoring_service.calibration.reporting.evaluate import leaking
from scoring_service.calibration.reporting.figures import day
from scoring_service.calibration.reporting.report import libraries
from scoring_service.calibration.reporting.report_context import Context
from scoring_service.calibration.results import Interval, Metrics, Training
from scoring_service.calibration.table import Time, TrainingTable
from scoring_service.registry.adding import hashes


class Part(msgspec.Struct, frozen=True):
    """Some of the rows: the first and last instant as a day (rows that are only ordered: their
    number; without times None), and how many there are.
    """

    rows: int
    leads: int
    won: int
    base_rate: float
    first: str | None = None
    last: str | None = None


class Manifest(msgspec.Struct, frozen=True):
    """manifest.json. `files` are the SHA-256 of every other file of the version; `metrics` those of
    the model fitted before the window, on the window, `beside` those of other rows or models.
    """

    version: str
    created_at: datetime
    files: dict[str, str]
    source: str
    data_sha256: str
    time: str
    horizon_days: float | None
    learned_until: int
    parts: dict[str, Part]
    left_out: tuple[str, ...]
    seed: int
    c_before: float
    c_published: float
    metrics: dict[str, object]
    beside: dict[str, dict[str, object]]
    settings: dict[str, str]
    libraries: dict[str, str]


def manifest(
    training: Training, context: Context, version: str, files: Mapping[str, bytes]
) -> Manifest:
    """The manifest of a version with these files."""
    assert training.published is not None
    assert training.before is not None
    assert training.metrics is not None
    table = training.table
    held_back = ~(training.trains | training.in_window)
    return Manifest(
        version=version,
        created_at=context.now,
        files=hashes(files),
        source=table.source,
        data_sha256=table.digest,
        time=table.time.value,
        horizon_days=None if table.horizon is None else table.horizon / timedelta(days=1),
        learned_until=int(table.scored_at.max()),
        parts={
            "published_on": part(table),
            "trained_before_window": part(table.rows(training.trains)),
            "last_window": part(table.rows(training.in_window)),
            "held_back": part(table.rows(held_back)),
        },
        left_out=_left_out(training),
        seed=training.seed,
        c_before=training.before.c,
        c_published=training.published.c,
        metrics=figures(training.metrics),
        beside=_beside(training),
        settings=dict(context.settings),
        libraries=libraries(),
    )


def part(table: TrainingTable) -> Part:
    """The counts of some rows."""
    weight = float(table.weights.sum())
    return Part(
        rows=len(table),
        leads=len(np.unique(table.leads)),
        won=int(table.won.sum()),
        base_rate=round(float(table.weights[table.won].sum()) / weight, 10) if weight else 0.0,
        first=_place(table, first=True),
        last=_place(table, first=False),
    )


def _place(table: TrainingTable, *, first: bool) -> str | None:
    if table.time is Time.NONE or not len(table):
        return None
    at = int(table.scored_at.min() if first else table.scored_at.max())
    return day(at) if table.time is Time.INSTANTS else str(at)


def _left_out(training: Training) -> tuple[str, ...]:
    clocks = (clock.column for clock in training.clocks if not clock.allowed)
    return (*sorted(leaking(training)), *clocks)


def figures(metrics: Metrics) -> dict[str, object]:
    """Metrics by name, each as value, low and high."""
    found = {field.name: getattr(metrics, field.name) for field in fields(metrics)}
    return {
        name: value._asdict() if isinstance(value, Interval) else value
        for name, value in found.items()
    }


def _beside(training: Training) -> dict[str, dict[str, object]]:
    found = {
        "without_recycled": training.metrics_unrecycled,
        "with_clocks": training.metrics_with_clocks,
        "out_of_fold": training.fold_metrics,
    }
    return {name: figures(metrics) for name, metrics in found.items() if metrics is not None}


class _Figure(msgspec.Struct, frozen=True):
    value: float


class _Measured(msgspec.Struct, frozen=True):
    rows: int
    won: int
    log_loss: _Figure
    brier: _Figure


class _Learned(msgspec.Struct, frozen=True):
    """Of a manifest this one entry."""

    learned_until: int | None = None
    metrics: _Measured | None = None


def learned_until(manifest_json: bytes) -> int | None:
    """What a manifest says of it; None where it says nothing."""
    return msgspec.json.decode(manifest_json, type=_Learned).learned_until


def recorded(manifest_json: bytes) -> Recorded | None:
    """What a manifest says was measured on the last window; None where it says nothing."""
    found = msgspec.json.decode(manifest_json, type=_Learned).metrics
    if found is None:
        return None
    return Recorded(found.rows, found.won, found.log_loss.value, found.brier.value)
