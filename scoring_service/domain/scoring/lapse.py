"""When time alone takes behaviour below a threshold."""

from datetime import datetime

from scoring_service.domain.scoring.behaviour import Behaviour
from scoring_service.domain.scoring.scoring import Scoring


def lapse(
    scoring: Scoring, behaviour: Behaviour, threshold: float, now: datetime
) -> datetime | None:
    """The first whole second at which behaviour is below `threshold`; None: never."""
    return None
