"""A rep's leave begins: what he has not accepted yet is given to others, and his turns back."""

from datetime import datetime

from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.leave_begins import leave_begins, leave_ends
from scoring_service.store.transaction import Transaction
from scoring_service.values.stage import Stage
from scoring_service.values.stored import Timer
from scoring_service.values.team import Rep
from scoring_service.workflows.firing.slices import next_slice, of_subject
from scoring_service.workflows.notices import ACTOR
from scoring_service.workflows.reassigning import reassign

LEAVE = "leave"
"""The kind of the timer of a rep's leaves: the next beginning, and while he is away the end."""

REASON = "leave"
_MQL = frozenset({Stage.MQL})


def arm_leaves(tx: Transaction, policy: Policy, now: datetime) -> None:
    """Have each rep's leave begin when it does; one that has begun was seen to, if its timer waits
    for its end.
    """
    for rep in policy.reps.values():
        if rep.leave and rep.active:
            arm_leave(tx, policy, rep, now)


def arm_leave(
    tx: Transaction, policy: Policy, rep: Rep, now: datetime, before: Policy | None = None
) -> None:
    """Have a rep's leave begin when it does, or end. Where he was on leave by `before` too, his
    leads were seen to, and only the end moves.
    """
    ends, timer = leave_ends(policy, rep, now), tx.timer(LEAVE, rep.rep_id)
    ended = None if before is None else leave_ends(before, before.reps[rep.rep_id], now)
    if ends is None or ended is None:
        if ends is None or timer is None or timer.due_at != ends:
            _arm(tx, policy, rep, leave_begins(policy, rep, now))
    elif timer is not None and timer.due_at == ended:
        _arm(tx, policy, rep, ends)


def leave_due(tx: Transaction, policy: Policy, timer: Timer, now: datetime) -> None:
    """Reroute a slice of the mqls of a rep whose leave has begun: each turn is given back, the
    accept clock begins anew, clocks counted from entry run on, and he is not excluded.

    Where none has, his next one is waited for.
    """
    rep = policy.reps.get(of_subject(timer)[0])
    ends = leave_ends(policy, rep, now) if rep is not None and rep.active else None
    if rep is None or ends is None:
        tx.clear_timer(timer.kind, timer.subject)
        if rep is not None and rep.active:
            _arm(tx, policy, rep, leave_begins(policy, rep, now))
        return
    leads, last = next_slice(tx, timer, _MQL, now)
    for lead in leads:
        reassign(
            tx, policy, lead, now, actor=ACTOR, reason=REASON, excludes_owner=False, gives_back=True
        )
    if last:
        _arm(tx, policy, rep, ends)


def _arm(tx: Transaction, policy: Policy, rep: Rep, due_at: datetime | None) -> None:
    if due_at is None:
        tx.clear_timer(LEAVE, rep.rep_id)
    else:
        tx.set_timer(Timer(LEAVE, rep.rep_id, due_at, policy.revision))
