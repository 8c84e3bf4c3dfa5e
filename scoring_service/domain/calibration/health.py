"""Whether a model still sees the leads it was trained on, and still says what comes true."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Level(StrEnum):
    """How bad a finding is. TOO_FEW: not judged, for want of leads."""

    FINE = "fine"
    WATCH = "watch"
    ALARM = "alarm"
    TOO_FEW = "too_few"


class Check(StrEnum):
    """What is looked at."""

    DRIFT = "drift"
    MISSING = "missing"
    CALIBRATION = "calibration"
    ACCEPTANCE = "acceptance"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check of one subject: a feature, P itself, a cohort.

    `value` is the PSI (drift) or the figure now; `before` the figure it is held against. `leads`
    are those it was judged on.
    """

    check: Check
    subject: str
    level: Level
    value: float
    before: float
    leads: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Cohort:
    """Leads whose horizon has passed: what P promised, and what came true.

    `expected` is the sum of P, `variance` that of P (1 - P), `won` how many were won.
    """

    name: str
    leads: float
    expected: float
    variance: float
    won: float


@dataclass(frozen=True, slots=True)
class Accepted:
    """Leads that became MQL and were accepted or sent back, lately and in as long a time before."""

    accepted: int
    judged: int
    accepted_before: int
    judged_before: int


@dataclass(frozen=True, slots=True)
class Observed:
    """What was counted of recent leads: by feature and slot, and of P by slot.

    `cohorts` and `accepted` are empty where nothing has matured or no stage is known.
    """

    leads: float
    features: Mapping[str, Mapping[str, float]]
    score: Mapping[str, float]
    cohorts: tuple[Cohort, ...] = ()
    accepted: Accepted | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """All findings about a version, in the order of their checks."""

    version: str
    leads: float
    findings: tuple[Finding, ...] = field(default=())

    @property
    def alarms(self) -> tuple[Finding, ...]:
        """Those that raise an alarm."""
        return tuple(found for found in self.findings if found.level is Level.ALARM)
