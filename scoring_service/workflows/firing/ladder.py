"""The accept clock ran out: the next rung of its ladder."""

from dataclasses import replace

from scoring_service.domain.lifecycle.ladder import climbed, last_overdue, step_of
from scoring_service.workflows.firing.firing import Firing
from scoring_service.workflows.firing.handing_on import hand_on


def rung_due(firing: Firing) -> None:
    """Do what the ladder says next; of several notices that are overdue only the last goes out."""
    policy, lead, now = firing.policy, firing.lead, firing.now
    reached = replace(firing, clock=last_overdue(policy, lead, firing.clock, now))
    step = step_of(policy, lead, reached.clock, now)
    if step.reassign:
        hand_on(reached)
        return
    text = f"{firing.lead_id} is not accepted in time"
    told = [reached.tell(one, reached.clock.name, text) for one in step.told]
    reached.escalated(tuple(name for names in told for name in names))
    reached.keep(climbed(policy, lead, reached.clock))
