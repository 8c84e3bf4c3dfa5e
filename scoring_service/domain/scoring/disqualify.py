"""Criteria that end a lead."""

from scoring_service.domain.scoring.scoring import Disqualifier, Scoring
from scoring_service.values.condition import ConditionError, Symbols


def disqualified_by(scoring: Scoring, symbols: Symbols) -> Disqualifier | None:
    """The first disqualifier, in file order, that holds; one that cannot be evaluated does not."""
    for disqualifier in scoring.disqualify:
        try:
            if disqualifier.holds(symbols):
                return disqualifier
        except ConditionError:
            continue
    return None
