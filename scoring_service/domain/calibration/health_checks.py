"""The checks of a model's health, and the thresholds that raise an alarm."""

import math
from collections.abc import Iterator, Mapping

from scoring_service.domain.calibration.baseline import MISSING, Baseline, Shares
from scoring_service.domain.calibration.drift import by_chance, deviations, psi, shares
from scoring_service.domain.calibration.health import (
    Accepted,
    Check,
    Cohort,
    Finding,
    Health,
    Level,
    Observed,
)

PSI_WATCH, PSI_ALARM = 0.10, 0.25
"""Below .10 no change, from .25 on a large one: Siddiqi, Credit Risk Scorecards (2006)."""

MISSING_WATCH, MISSING_ALARM = 0.05, 0.10
"""How far the share of leads without a value may move from that of training."""

CALIBRATION_WATCH, CALIBRATION_ALARM = 0.10, 0.25
"""How far wins may be from those expected, as a share of the expected."""

ACCEPTANCE_WATCH, ACCEPTANCE_ALARM = 0.05, 0.10
"""By how much the share of accepted MQLs may fall."""

LEADS_MIN = 200
"""Leads below which nothing is judged."""

EXPECTED_MIN = 5.0
"""Wins expected below which a cohort is not judged."""

JUDGED_MIN = 30
"""MQLs accepted or sent back, lately and before, below which acceptance is not judged."""


def health(version: str, baseline: Baseline, observed: Observed) -> Health:
    """Every check. An alarm needs both: past its threshold, and more than chance, which may raise
    any alarm at all in one look of a hundred.
    """
    z = deviations(2 * len(baseline.features) + 3)
    return Health(
        version,
        observed.leads,
        (
            *_drifts(baseline, observed, z),
            *_missing(baseline, observed, z),
            *(_calibrated(cohort, z) for cohort in observed.cohorts),
            *(_acceptance(observed.accepted, z) if observed.accepted else ()),
        ),
    )


def _drifts(baseline: Baseline, observed: Observed, z: float) -> Iterator[Finding]:
    yield _drift(baseline, baseline.score, observed.score, z)
    for feature in baseline.features:
        yield _drift(baseline, feature, observed.features.get(feature.feature, {}), z)


def _drift(baseline: Baseline, before: Shares, counts: Mapping[str, float], z: float) -> Finding:
    leads, after = math.fsum(counts.values()), shares(counts)
    name = before.feature
    if leads < LEADS_MIN:
        told = _too_few(name, leads, LEADS_MIN, "leads")
        return Finding(Check.DRIFT, name, Level.TOO_FEW, 0.0, 0.0, leads, told)
    value = psi(before.by_slot, after)
    slots = len(before.by_slot.keys() | after.keys())
    sure = value > by_chance(slots, baseline.rows, int(leads), z)
    level = _level(value, PSI_WATCH, PSI_ALARM, sure=sure)
    most = max(
        sorted(before.by_slot.keys() | after.keys()),
        key=lambda slot: abs(after.get(slot, 0.0) - before.by_slot.get(slot, 0.0)),
    )
    told = (
        f"{name}: PSI {value:.3f} on {leads:,.0f} leads; most moved is '{most.removeprefix('=')}',"
        f" from {before.by_slot.get(most, 0.0):.1%} to {after.get(most, 0.0):.1%}"
    )
    return Finding(Check.DRIFT, name, level, value, 0.0, leads, told)


def _missing(baseline: Baseline, observed: Observed, z: float) -> Iterator[Finding]:
    for feature in baseline.features:
        counts = observed.features.get(feature.feature, {})
        leads = math.fsum(counts.values())
        if feature.kind not in ("number", "text") or leads < LEADS_MIN:
            continue
        now, before = counts.get(MISSING, 0.0) / leads, feature.missing
        sure = abs(now - before) > z * _spread(before, baseline.rows, now, leads)
        level = _level(abs(now - before), MISSING_WATCH, MISSING_ALARM, sure=sure)
        told = f"{feature.feature}: without a value in {now:.1%} of leads, in training {before:.1%}"
        yield Finding(Check.MISSING, feature.feature, level, now, before, leads, told)


def _calibrated(cohort: Cohort, z: float) -> Finding:
    """A cohort's wins against the sum of P; spread by the sum of P (1 - P)."""
    if cohort.leads < LEADS_MIN or cohort.expected < EXPECTED_MIN:
        told = (
            f"{cohort.name}: {cohort.leads:,.0f} leads with {cohort.expected:.1f} wins expected, "
            f"too few to judge P (at least {LEADS_MIN} and {EXPECTED_MIN:g})"
        )
        level = Level.TOO_FEW
    else:
        off = abs(cohort.won - cohort.expected)
        sure = off > z * math.sqrt(cohort.variance)
        level = _level(off / cohort.expected, CALIBRATION_WATCH, CALIBRATION_ALARM, sure=sure)
        told = f"{cohort.name}: {_too(cohort, level)}"
    leads = max(cohort.leads, 1e-9)
    now, before = cohort.won / leads, cohort.expected / leads
    return Finding(Check.CALIBRATION, cohort.name, level, now, before, cohort.leads, told)


def _too(cohort: Cohort, level: Level) -> str:
    said = "right" if level is Level.FINE else "low" if cohort.won > cohort.expected else "high"
    verb = "is right" if said == "right" else f"is too {said}"
    return (
        f"P {verb}: {cohort.expected:,.1f} wins expected of {cohort.leads:,.0f} leads, "
        f"{cohort.won:,.0f} came"
    )


def _acceptance(found: Accepted, z: float) -> Iterator[Finding]:
    """The share of MQLs that sales accepted; only a fall raises an alarm."""
    judged, before = found.judged, found.judged_before
    if min(judged, before) < JUDGED_MIN:
        told = _too_few("accepted MQLs", min(judged, before), JUDGED_MIN, "MQLs")
        yield Finding(Check.ACCEPTANCE, "mql", Level.TOO_FEW, 0.0, 0.0, judged, told)
        return
    now, was = found.accepted / judged, found.accepted_before / before
    sure = was - now > z * _spread(was, before, now, judged)
    level = _level(was - now, ACCEPTANCE_WATCH, ACCEPTANCE_ALARM, sure=sure)
    told = f"accepted MQLs: {now:.1%} of {judged:,}, {was:.1%} of {before:,} before"
    yield Finding(Check.ACCEPTANCE, "mql", level, now, was, judged, told)


def _spread(before: float, rows: float, after: float, leads: float) -> float:
    """The standard deviation of the difference of two shares that are one share: by the share of
    both together, since all or none of a few would seem to have no spread.
    """
    both = (before * rows + after * leads) / (rows + leads)
    return math.sqrt(both * (1 - both) * (1 / max(rows, 1) + 1 / leads))


def _level(value: float, watch: float, alarm: float, *, sure: bool) -> Level:
    if not sure or value < watch:
        return Level.FINE
    return Level.ALARM if value >= alarm else Level.WATCH


def _too_few(name: str, leads: float, least: int, what: str) -> str:
    return f"{name}: {leads:,.0f} {what} are too few to judge (at least {least})"
