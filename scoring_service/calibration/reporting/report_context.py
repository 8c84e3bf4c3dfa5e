"""What a report tells beside the training itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from scoring_service.calibration.thresholds.bars import ChosenBars
from scoring_service.domain.scoring.scoring import Scoring


@dataclass(frozen=True, slots=True)
class Context:
    """What a report tells beside the training itself.

    `now` is the instant of the report; `scoring` the points written by hand (None: no rules);
    `bars` what was chosen on P and on points (None: nothing was asked); `settings` how the command
    was called, by option.
    """

    now: datetime
    scoring: Scoring | None = None
    bars: ChosenBars | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
