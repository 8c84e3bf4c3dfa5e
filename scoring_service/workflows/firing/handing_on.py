"""A lead is taken from who does nothing with it; the top is told where nobody else may have it."""

from dataclasses import replace

import msgspec

from scoring_service.domain.lifecycle.ladder import nobody
from scoring_service.domain.lifecycle.recipients import top
from scoring_service.values.clock import ClockName
from scoring_service.values.owner import RepOwner
from scoring_service.workflows.firing.downtime import reassigned_at
from scoring_service.workflows.firing.firing import Firing
from scoring_service.workflows.notices import ACTOR
from scoring_service.workflows.reassigning import reassign


def hand_on(firing: Firing) -> None:
    """Reassign the lead through routing, with every owner of its visit excluded.

    What ran out while nobody looked waits one business hour. A lead in a queue stays there: drains
    give it away, and the top is told.
    """
    waits = reassigned_at(firing.tx, firing.policy, firing.lead, firing.clock, firing.now)
    if waits is not None and isinstance(firing.lead.owner, RepOwner):
        breach = firing.clock.breached_at or firing.clock.due_at
        firing.keep(msgspec.structs.replace(firing.clock, due_at=waits, breached_at=breach))
    else:
        nobody_yet(firing)


def nobody_yet(firing: Firing) -> None:
    """Somebody else gets the lead; else it stays, the top is told, and again after a while."""
    after = firing.lead
    if isinstance(after.owner, RepOwner):
        after = reassign(firing.tx, firing.policy, after, firing.now, actor=ACTOR)
    if after.owner != firing.lead.owner:
        firing.breach()
        firing.escalated((), "reassigned")
    else:
        _nobody(replace(firing, lead=after))


def _nobody(firing: Firing) -> None:
    text = f"{firing.lead_id} waits, and nobody else may take it"
    firing.escalated(firing.tell(top(firing.policy), ClockName.NOBODY, text), "nobody else")
    if firing.clock.name is ClockName.NOBODY:
        firing.keep(firing.after())
    else:
        firing.keep(firing.after(), nobody(firing.policy, firing.lead, firing.now))
