"""What a report tells beside the training itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from scoring_service.domain.scoring.scoring import Scoring


@dataclass(frozen=True, slots=True)
class Context:
    """What a report tells beside the training itself.

    `now` is the instant of the report; `scoring` the points written by hand (None: no rules);
    `thresholds` what was chosen on P; `settings` how the command was called, by option.
    """

    now: datetime
    scoring: Scoring | None = None
    thresholds: Sequence[Any] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
