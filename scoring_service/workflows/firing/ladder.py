"""The ladder of the accept clock: rung after rung, counted from the assignment."""

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from scoring_service.domain.lifecycle.clocks import breached, laid_on, left_of
from scoring_service.domain.lifecycle.lifecycle import Rung
from scoring_service.domain.lifecycle.recipients import manager, present
from scoring_service.domain.policy import Policy
from scoring_service.values.clock import Clock, Left
from scoring_service.workflows.firing.firing import Firing
from scoring_service.workflows.firing.handing_on import hand_on

_LEVELS = {"manager": 1, "manager's manager": 2}


def rung_due(firing: Firing) -> None:
    """Do what the ladder says next; of several notices that are overdue only the last goes out."""
    rungs = rungs_of(firing.policy, firing.clock.sla)
    firing = _at_last_notice(firing, rungs)
    step = firing.clock.step
    if step < len(rungs) and rungs[step].reassign:
        hand_on(firing)
        return
    if step < len(rungs):
        _tell(firing, rungs[step])
    firing.keep(_next(firing, rungs) or breached(firing.clock))


def rungs_of(policy: Policy, sla: str) -> tuple[Rung, ...]:
    """The ladder of an SLA: its own, else that of all."""
    return policy.lifecycle.sla_ladders.get(sla, policy.lifecycle.ladder)


def _at_last_notice(firing: Firing, rungs: Sequence[Rung]) -> Firing:
    """The firing at the last overdue rung that tells somebody, where several are overdue."""
    following = _next(firing, rungs)
    if following is None or following.due_at is None or following.due_at >= firing.now:
        return firing
    if rungs[firing.clock.step].reassign or rungs[following.step].reassign:
        return firing
    return _at_last_notice(replace(firing, clock=following), rungs)


def _next(firing: Firing, rungs: Sequence[Rung]) -> Clock | None:
    """The clock at its next rung, its breach kept; None behind the last."""
    clock, step = firing.clock, firing.clock.step + 1
    if step >= len(rungs):
        return None
    assert clock.due_at is not None, clock
    left = _between(firing.policy, clock, rungs[step])
    since = clock.due_at if left else clock.started_at
    left = left or left_of(rungs[step].after)
    due_at = max(laid_on(firing.calendar, since, left), clock.due_at)
    return msgspec.structs.replace(
        breached(clock), since=since, left=left, due_at=due_at, step=step
    )


def _between(policy: Policy, clock: Clock, rung: Rung) -> Left | None:
    """What is to pass from the rung the clock is at to the next; None where they are counted in
    other units.

    The first rung is the lead's own SLA, whatever that is.
    """
    first, rungs = policy.lifecycle.slas.get(clock.sla), rungs_of(policy, clock.sla)
    before = first if clock.step == 0 and first is not None else rungs[clock.step].after
    earlier, later = left_of(before), left_of(rung.after)
    if earlier.unit is not later.unit:
        return None
    return Left(later.unit, max(later.amount - earlier.amount, 0))


def _tell(firing: Firing, rung: Rung) -> None:
    policy, lead = firing.policy, firing.lead
    level = _LEVELS.get(rung.tell or "")
    who = manager(policy, lead, level) if level else rung.tell or ""
    text = f"{firing.lead_id} is not accepted in time"
    firing.escalated(firing.tell(present(policy, who, firing.now), firing.clock.name, text))
