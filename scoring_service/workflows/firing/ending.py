"""Clocks that move a lead: out of the path, back to marketing, or to sales again."""

import msgspec

from scoring_service.domain.lifecycle.lifecycle import Reason, Then
from scoring_service.domain.lifecycle.moves import Mover
from scoring_service.domain.lifecycle.reasons import NOT_WORKED, STALLED
from scoring_service.domain.lifecycle.recycling import comes_back
from scoring_service.domain.lifecycle.running import fired, replaced
from scoring_service.values.facts import Asked
from scoring_service.workflows.account_lookup import account_of
from scoring_service.workflows.behaviour import with_behaviour
from scoring_service.workflows.experiments.joining import with_joined
from scoring_service.workflows.facts import facts_of
from scoring_service.workflows.firing.firing import Firing
from scoring_service.workflows.lead_view import score_of
from scoring_service.workflows.notices import ACTOR
from scoring_service.workflows.pools import decided
from scoring_service.workflows.recording import Outcome, record
from scoring_service.workflows.recycling import Disposal, disqualify, recycle

CAUSE = "clock"
"""Why a lead was moved where nobody moved it."""

_DISPOSAL = Disposal(Mover.AUTOMATION, CAUSE, ACTOR)


def disqualified(firing: Firing) -> None:
    """Nothing came of the lead: disqualified, for what its clock is called."""
    firing.breach()
    reason = firing.clock.name.value
    disqualify(firing.tx, firing.policy, firing.lead, reason, _DISPOSAL, firing.now)


def not_worked(firing: Firing) -> None:
    """Nobody worked the mql: recycled."""
    _dispose(firing, NOT_WORKED)


def stalled(firing: Firing) -> None:
    """Nothing came of the sql: recycled."""
    _dispose(firing, STALLED)


def disposed(firing: Firing) -> None:
    """Nobody said what becomes of what was lost: what its reason says is done."""
    _dispose(firing, firing.lead.reason)


def reevaluate(firing: Firing) -> None:
    """The date to look again has passed: with any interest since, the lead is routed again; else it
    waits for what it does next.
    """
    tx, policy, now = firing.tx, firing.policy, firing.now
    clocks = replaced(firing.lead.clocks, fired(policy, firing.lead, firing.clock, now))
    lead = with_behaviour(tx, policy, firing.lead, (), now)
    lead = msgspec.structs.replace(lead, clocks=clocks, updated_at=now)
    lead = with_joined(tx, policy, lead, now)
    if comes_back(policy, lead, score_of(tx, policy, lead, now), (), now) is None:
        tx.save_lead(lead)
        return
    facts = facts_of(policy, lead, account_of(tx, lead.lead), now, asked=Asked.RECYCLED)
    record(tx, policy, Outcome(lead, *decided(tx, policy, facts), ACTOR))


def _dispose(firing: Firing, name: str) -> None:
    """Recycled or disqualified, as the reason says; a reason that is gone recycles."""
    firing.breach()
    reason = firing.policy.lifecycle.reasons.get(name) or Reason(name, Then.RECYCLE)
    if reason.then is Then.DISQUALIFY:
        disqualify(firing.tx, firing.policy, firing.lead, reason.name, _DISPOSAL, firing.now)
    else:
        recycle(firing.tx, firing.policy, firing.lead, reason, _DISPOSAL, firing.now)
