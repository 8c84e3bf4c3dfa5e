"""Telling people: held until their working hours, several of a kind as one."""

from datetime import datetime, timedelta

import msgspec

from scoring_service.domain.lifecycle.recipients import addressees, goes_out_at
from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.happening import Notice, Told
from scoring_service.values.stored import Timer
from scoring_service.workflows.events import emit

NOTICES = "notices"
"""The kind of the timer at which somebody is told; its subject is `recipient|kind`."""

AT_ONCE_MAX = 1_000
"""Notices that go out as one."""

ACTOR = "timer"
"""Who did what nobody did."""

_BETWEEN = "|"
_NOW = timedelta(0)


class NoticeLine(msgspec.Struct, frozen=True):
    """What is told of one lead."""

    lead_id: str
    at: datetime
    text: str


class NoticeSent(msgspec.Struct, frozen=True):
    """The payload of `notice`: everything of a kind that somebody is told at once."""

    recipient: str
    notice: str
    leads: tuple[NoticeLine, ...]


def tell(
    tx: Transaction,
    policy: Policy,
    recipient: str,
    kind: str,
    lead_id: str,
    text: str,
    now: datetime,
    actor: str = ACTOR,
) -> tuple[str, ...]:
    """Have a rep or a mailbox told of a lead; who is told: while one is away his backup too.

    `text` has no personal data. It goes out in the recipient's working hours, with everything else
    of its kind that he is told within 15 minutes.
    """
    told = addressees(policy, recipient, now)
    for one in told:
        tx.notice(Notice(one, kind, lead_id, now, text))
        tx.record(lead_id, Told(one, kind), actor)
        subject = f"{one}{_BETWEEN}{kind}"
        if tx.timer(NOTICES, subject) is None:
            due_at = goes_out_at(policy, one, now)
            tx.set_timer(Timer(NOTICES, subject, due_at, policy.revision))
    return told


def send(tx: Transaction, policy: Policy, timer: Timer, now: datetime) -> None:
    """What somebody is to be told of a kind goes out as one event; held on where his hours are
    others by now.
    """
    recipient, _, kind = timer.subject.rpartition(_BETWEEN)
    due_at = goes_out_at(policy, recipient, now, _NOW)
    held = tx.notices(recipient, kind, AT_ONCE_MAX) if due_at <= now else ()
    if held:
        lines = tuple(NoticeLine(one.lead_id, one.at, one.text) for one in held)
        emit(tx, "", "notice", NoticeSent(recipient, kind, lines), now)
        tx.notices_told(recipient, kind, held[-1].number)
    if due_at > now or len(held) == AT_ONCE_MAX:
        tx.set_timer(Timer(NOTICES, timer.subject, max(due_at, now), policy.revision))
    else:
        tx.clear_timer(NOTICES, timer.subject)
