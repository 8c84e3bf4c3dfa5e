"""What comes before the routes, in its order."""

from scoring_service.domain.lifecycle.path import BEFORE_MQL, BEFORE_OPPORTUNITY, UP_TO_MQL
from scoring_service.domain.routing.by_hand import BY_HAND
from scoring_service.domain.routing.case import Case
from scoring_service.domain.routing.choice import Choice, keeps, to_rep
from scoring_service.domain.routing.drawing import charged
from scoring_service.domain.routing.stand_in import claimant
from scoring_service.domain.scoring.disqualify import disqualified_by
from scoring_service.values.decision import Cause, Passed
from scoring_service.values.facts import Asked
from scoring_service.values.owner import SUPPRESSED, RepOwner
from scoring_service.values.stage import Stage


def suppressed(case: Case) -> Choice | None:
    """The built-in track of leads that must not be contacted, or that are disqualified."""
    facts = case.facts
    if facts.stage is Stage.DISQUALIFIED:
        return keeps(case, facts.owner or SUPPRESSED, "disqualified; only a move brings it back")
    if facts.do_not_contact and facts.stage in BEFORE_OPPORTUNITY:
        return _disqualified("must not be contacted", "do_not_contact")
    if case.drains or facts.asked in BY_HAND or facts.stage not in UP_TO_MQL:
        return None
    found = disqualified_by(case.policy.scoring, case.fit_symbols)
    return None if found is None else _disqualified(f"disqualified: {found.name}", found.reason)


def standing(case: Case) -> Choice | None:
    """The owner a lead has a claim to: customer, pin, active owner, place in a queue, previous
    owner; None where the routes decide.
    """
    facts = case.facts
    if facts.stage is Stage.CUSTOMER and facts.owner is not None:
        return keeps(case, facts.owner, "a customer keeps its owner")
    if facts.asked is not Asked.REASSIGN:
        return pinned(case) or _kept(case) or _previous(case)
    return pinned(case) or _previous(case)


def pinned(case: Case) -> Choice | None:
    """The rep the lead is pinned to; None without one, or where he is gone or excluded."""
    return _pinned(case, case.facts.pinned_rep) if case.facts.pinned_rep is not None else None


def _disqualified(note: str, reason: str) -> Choice:
    return Choice(SUPPRESSED, Stage.DISQUALIFIED, Cause.ROUTED, note=note, reason=reason)


def _pinned(case: Case, rep_id: str) -> Choice | None:
    if case.rep(rep_id) is None:
        case.consider(
            rep_id, Passed.INACTIVE, "is the rep the lead is pinned to, but is no longer active"
        )
        return None
    if rep_id in case.excluded:
        case.consider(rep_id, Passed.EXCLUDED, "excluded from this lead")
        return None
    case.consider(rep_id, Passed.CHOSEN, "is the rep the lead is pinned to")
    owner = RepOwner(rep_id)
    if owner == case.facts.owner:
        return keeps(case, owner, "pinned to its owner")
    return to_rep(case, rep_id, draw=charged(case, rep_id), note="pinned")


def _kept(case: Case) -> Choice | None:
    """An active rep keeps his lead, a lead its place in the queue of a pool there still is."""
    facts = case.facts
    if facts.waiting_in in case.policy.pools and facts.owner is not None:
        return keeps(case, facts.owner, f"waits for {facts.waiting_in}, and keeps its place")
    if not isinstance(facts.owner, RepOwner):
        return None
    rep_id = facts.owner.id
    if case.rep(rep_id) is None:
        case.consider(rep_id, Passed.INACTIVE, "owns the lead, but is no longer active")
        return None
    if rep_id in case.excluded:
        case.consider(rep_id, Passed.EXCLUDED, "excluded from this lead")
        return None
    case.consider(rep_id, Passed.CHOSEN, "owns the lead and keeps it")
    return keeps(case, facts.owner, "its owner keeps it")


def _previous(case: Case) -> Choice | None:
    """A re-qualifying lead goes to its previous owner, a customer's next one to the customer's."""
    facts = case.facts
    if facts.previous_owner is None or facts.stage not in BEFORE_MQL:
        return None
    if facts.asked is Asked.CYCLE:
        return claimant(case, facts.previous_owner, "has the customer")
    requalifies = case.score.mql_ready or facts.asked is Asked.RECYCLED
    if not (requalifies and case.policy.lifecycle.prefer_previous_owner):
        return None
    return claimant(case, facts.previous_owner, "owned the lead before")
