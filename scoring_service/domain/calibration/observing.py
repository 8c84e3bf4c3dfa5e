"""What is counted of stored leads for a model's health: slots of the recent ones, promises to those
whose horizon has passed, and what sales accepted.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scoring_service.domain.calibration.as_known import account_at, lead_at
from scoring_service.domain.calibration.baseline import Baseline
from scoring_service.domain.calibration.estimate import estimate, sums_of_events
from scoring_service.domain.calibration.health import Accepted, Cohort, Observed
from scoring_service.domain.calibration.model import Model
from scoring_service.domain.calibration.scorecard import ActivityTerm, NumberTerm, TextTerm
from scoring_service.domain.calibration.slots import (
    activity_slot,
    criterion_slot,
    number_slot,
    score_slot,
    text_slot,
)
from scoring_service.domain.calibration.stored_outcomes import begun, left_out, won_at
from scoring_service.domain.policy import Policy
from scoring_service.domain.scoring.behaviour import of_dated
from scoring_service.domain.symbols import lead_symbols
from scoring_service.values.activity import dated
from scoring_service.values.condition import Symbols
from scoring_service.values.record import LeadRecord
from scoring_service.values.stage import PATH, Stage

RECENT = timedelta(days=30)
"""Leads that came in within this time are held against training; MQLs against those before."""

MATURED = timedelta(days=90)
"""Leads whose horizon passed within this time are the cohort that P is held to."""

_ACCEPTED = frozenset(PATH[PATH.index(Stage.MQL) + 1 :])


@dataclass(slots=True)
class Observing:
    """Counts leads one at a time; `observed` gives what was counted.

    The policy has a model, and `baseline` is that of its version.
    """

    policy: Policy
    model: Model
    baseline: Baseline
    now: datetime
    features: dict[str, Counter[str]] = field(default_factory=dict)
    score: Counter[str] = field(default_factory=Counter)
    leads: int = 0
    promised: list[tuple[float, bool]] = field(default_factory=list)
    accepted: list[int] = field(default_factory=lambda: [0, 0, 0, 0])

    @property
    def since(self) -> datetime:
        """The instant before whose creation no lead needs to be looked at."""
        horizon = self.horizon
        return self.now - (2 * RECENT if horizon is None else max(2 * RECENT, horizon + MATURED))

    @property
    def horizon(self) -> timedelta | None:
        """The model's; None where it has none, and then nothing matures."""
        days = self.model.scorecard.horizon_days
        return None if days is None else timedelta(days=days)

    def take(self, record: LeadRecord) -> None:
        """Count one lead, as it was known when it came in."""
        if left_out(record) is not None:
            return
        at, horizon = begun(record), self.horizon
        if self.now - RECENT < at <= self.now:
            symbols, sums = self._seen(record, at)
            self._count(symbols, sums)
        if horizon is not None and self.now - MATURED < at + horizon <= self.now:
            symbols, sums = self._seen(record, at)
            p = estimate(self.model, symbols, sums).win.value
            self.promised.append((p, won_at(record, at + horizon)))
        self._mqls(record)

    def observed(self) -> Observed:
        """What was counted until now."""
        cohort = self._cohort()
        return Observed(
            self.leads,
            self.features,
            self.score,
            (cohort,) if cohort else (),
            Accepted(*self.accepted) if any(self.accepted) else None,
        )

    def _seen(self, record: LeadRecord, at: datetime) -> tuple[Symbols, Mapping[str, float]]:
        symbols = lead_symbols(lead_at(record, at), self.policy.schema, account_at(record, at))
        done = dated([activity for recorded, activity in record.activities if recorded <= at])
        behaviour = of_dated(self.policy.scoring, done, at)
        return symbols, sums_of_events(self.model, behaviour, done, at)

    def _count(self, symbols: Symbols, sums: Mapping[str, float]) -> None:
        self.leads += 1
        p = estimate(self.model, symbols, sums).win.value
        self.score[score_slot(p, self.baseline.score_edges)] += 1
        for feature, slot in slots(self.model, symbols, sums):
            self.features.setdefault(feature, Counter())[slot] += 1

    def _cohort(self) -> Cohort | None:
        if not self.promised:
            return None
        assert self.horizon is not None
        last = self.now - self.horizon
        return Cohort(
            name=f"leads of {(last - MATURED).date()} to {last.date()}",
            leads=len(self.promised),
            expected=sum(p for p, _ in self.promised),
            variance=sum(p * (1 - p) for p, _ in self.promised),
            won=sum(won for _, won in self.promised),
        )

    def _mqls(self, record: LeadRecord) -> None:
        for entry in record.entries:
            age = self.now - entry.at
            if entry.stage_from != Stage.MQL or not timedelta(0) <= age < 2 * RECENT:
                continue
            place = 0 if age < RECENT else 2
            self.accepted[place] += entry.stage_to in _ACCEPTED
            self.accepted[place + 1] += 1


def slots(model: Model, symbols: Symbols, sums: Mapping[str, float]) -> list[tuple[str, str]]:
    """The slot of a lead by each of the model's features."""
    found = [
        (criterion.name, criterion_slot(criterion.holds_for(symbols)))
        for criterion in model.criteria
    ]
    capped = {done.type: done.capped(sums.get(done.type, 0.0)) for done in model.activities}
    for term in model.scorecard.terms:
        match term:
            case NumberTerm(attribute=name, edges=edges):
                found.append((name, number_slot(_number(symbols.get(name)), edges)))
            case TextTerm(attribute=name, levels=levels):
                found.append((name, text_slot(_level(symbols.get(name)), levels)))
            case ActivityTerm(type=name, points=points):
                found.append((name, activity_slot(capped[name], points)))
    return found


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value)


def _level(value: object) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value or None if isinstance(value, str) else None
