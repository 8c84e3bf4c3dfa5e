"""A lead that somebody gives to a rep, or moves to another stage, by hand."""

from dataclasses import replace

from scoring_service.domain.routing.case import Case
from scoring_service.domain.routing.choice import Choice, to_rep
from scoring_service.domain.routing.drawing import charged
from scoring_service.values.decision import Cause, Passed
from scoring_service.values.facts import Asked

BY_HAND = frozenset({Asked.ASSIGN, Asked.MOVE})
"""What somebody asks for by name: no rule is asked whether the lead is worth it."""


def given(case: Case) -> Choice:
    """The rep that was named gets the lead; hours and limits do not apply.

    It is no draw, unless the pool of the lead's queue or last assignment says `counts: all`.
    """
    rep_id = case.facts.given_to
    case.consider(rep_id, Passed.CHOSEN, "was given the lead by hand")
    return by_hand(to_rep(case, rep_id, draw=charged(case, rep_id)))


def by_hand(choice: Choice) -> Choice:
    """The choice as one that somebody brought about."""
    return replace(choice, cause=Cause.MANUAL)
