"""Whether a model still sees the leads it was trained on, and still says what comes true."""

from dataclasses import dataclass
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

    `value` is the PSI (drift) or the figure now; `before` the figure it is held against.
    """

    check: Check
    subject: str
    level: Level
    value: float
    before: float
    leads: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Health:
    """All findings about a version."""

    version: str
    leads: int
    findings: tuple[Finding, ...]

    @property
    def alarms(self) -> tuple[Finding, ...]:
        """Those that raise an alarm."""
        return tuple(found for found in self.findings if found.level is Level.ALARM)
