"""Who is told: reps, their managers, those who answer for queues and tracks, and when."""

from datetime import datetime, timedelta

from scoring_service.domain.business_time.windows import NeverOpen, open_spans
from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.leave_begins import away
from scoring_service.domain.routing.managers import managers_above
from scoring_service.values.owner import Owner, QueueOwner, RepOwner
from scoring_service.values.stored import StoredLead
from scoring_service.values.team import Rep

TOGETHER = timedelta(minutes=15)
"""How long a notice waits for others of its kind."""

_LEAST = timedelta(microseconds=1)


def top(policy: Policy) -> str:
    """Who is told where there is nobody else."""
    return policy.lifecycle.escalation_contact


def manager(policy: Policy, lead: StoredLead, level: int = 1) -> str:
    """The manager above the rep who has the lead, at level 2 the manager's manager and so on.

    A missing one's notices go to the next above, at the top to `escalation_contact`; of a lead that
    nobody has yet they go to who answers for it.
    """
    if not isinstance(lead.owner, RepOwner):
        return answers_for(policy, lead)
    above = tuple(managers_above(policy, lead.owner.id))[level - 1 :]
    return next((one for one in above if _active(policy, one) is not None), top(policy))


def answers_for(policy: Policy, lead: StoredLead) -> str:
    """The owner of a lead as a person or a mailbox: the rep, or who owns the queue or track."""
    owner, lifecycle = lead.owner, policy.lifecycle
    if isinstance(owner, RepOwner):
        return owner.id
    if isinstance(owner, QueueOwner):
        return _of_queue(policy, owner, lead.waiting_in)
    track = lifecycle.tracks.get(owner.id) if owner else None
    return track.owner if track else top(policy)


def addressees(policy: Policy, recipient: str, now: datetime) -> tuple[str, ...]:
    """Who gets what is meant for somebody: he himself and, while he is away, who stands in for him.

    One who is no longer active has his manager told. Whoever is no rep is a mailbox.
    """
    rep = policy.reps.get(recipient)
    if rep is None:
        return (recipient,)
    if not rep.active:
        above = managers_above(policy, recipient)
        return (next((one for one in above if _active(policy, one)), top(policy)),)
    stands_in = _backup(policy, rep, now)
    return (recipient,) if stands_in is None else (recipient, stands_in)


def present(policy: Policy, manager: str, now: datetime) -> str:
    """The manager, or who stands in for him while he is away."""
    rep = _active(policy, manager)
    return (_backup(policy, rep, now) if rep else None) or manager


def goes_out_at(
    policy: Policy, recipient: str, now: datetime, together: timedelta = TOGETHER
) -> datetime:
    """When a notice of `now` goes out: in the recipient's working hours, after it has waited for
    others, or just before those hours end.
    """
    rep = policy.reps.get(recipient)
    calendar = policy.calendars[rep.calendar if rep else "default"]
    try:
        opens, closes = next(open_spans(calendar, now))
    except NeverOpen:
        return now + together
    return opens if opens > now else max(now, min(now + together, closes - _LEAST))


def _backup(policy: Policy, rep: Rep, now: datetime) -> str | None:
    leave = away(policy, rep, now)
    backup = _active(policy, leave.backup) if leave and leave.backup else None
    return backup.rep_id if backup else None


def _active(policy: Policy, rep_id: str) -> Rep | None:
    rep = policy.reps.get(rep_id)
    return rep if rep is not None and rep.active else None


def _of_queue(policy: Policy, queue: Owner, waiting_in: str | None) -> str:
    lifecycle = policy.lifecycle
    if queue.id == lifecycle.intake_queue:
        return lifecycle.intake_owner
    own = policy.pools.get(waiting_in or "")
    named = own or next((p for p in policy.pools.values() if p.queue.name == queue.id), None)
    return named.queue.owner if named else top(policy)
