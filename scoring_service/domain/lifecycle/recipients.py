"""Who is told about a lead, and when: in the hours of the recipient."""

from datetime import datetime, timedelta

from scoring_service.domain.business_time.windows import NeverOpen, is_open, open_spans
from scoring_service.domain.lifecycle import telling
from scoring_service.domain.lifecycle.telling import MANAGER, copied, told_by
from scoring_service.domain.policy import Policy
from scoring_service.values.owner import RepOwner
from scoring_service.values.stored import StoredLead

TOGETHER = timedelta(minutes=15)
"""How long a notice waits for others of its kind."""

_LEAST = timedelta(microseconds=1)


def top(policy: Policy) -> str:
    """Who is told where there is nobody else."""
    return policy.lifecycle.escalation_contact


def manager(policy: Policy, lead: StoredLead, now: datetime) -> str:
    """The manager of the rep who has the lead, or who stands in for him; of a lead that nobody has
    yet, who answers for it.
    """
    if not isinstance(lead.owner, RepOwner):
        return answers_for(policy, lead)
    return told_by(policy, lead.owner.id, MANAGER, now)


def answers_for(policy: Policy, lead: StoredLead) -> str:
    """The owner of a lead as a person or a mailbox: the rep, or who owns the queue or track."""
    return telling.answers_for(policy, lead.owner, lead.waiting_in)


def addressees(policy: Policy, recipient: str, now: datetime) -> tuple[str, ...]:
    """Who gets what is meant for somebody: he himself and, while he is away, who stands in for him.

    One who is no longer active has his manager told. Whoever is no rep is a mailbox.
    """
    rep = policy.reps.get(recipient)
    if rep is not None and not rep.active:
        return (told_by(policy, recipient, MANAGER, now),)
    return copied(policy, recipient, now)


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
    if opens > now:
        return opens
    return now + together if is_open(calendar, now + together) else closes - _LEAST
