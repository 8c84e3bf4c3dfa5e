"""Who is told: the owner, a manager above him, whoever stands in, or the top."""

from collections.abc import Iterator
from datetime import datetime

from scoring_service.domain.business_time.windows import NeverOpen, next_open
from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.leave import covering, local_date
from scoring_service.domain.routing.managers import managers_above
from scoring_service.domain.routing.routes import ToQueue
from scoring_service.values.owner import Owner, QueueOwner, RepOwner
from scoring_service.values.team import Leave, Rep

OWNER = "owner"
TOP = "top"
MANAGER = "manager"
_ABOVE = "'s manager"


def told_by(policy: Policy, rep_id: str, word: str, now: datetime) -> str:
    """Whom a word of the ladder means for a rep's lead: `owner`, `manager`, `manager's manager` and
    so on, `top`, or a name.

    An absent one's notices go to the backup of the leave; a missing manager's to the next above,
    and where nobody is left above to the escalation contact. Nobody is told of himself.
    """
    if word == TOP:
        return policy.lifecycle.escalation_contact
    if word == OWNER:
        return stands_for(policy, rep_id, now) or rep_id
    level = level_of(word)
    if level is None:
        return stands_for(policy, word, now) or word
    above = _reachable(policy, rep_id, level, now)
    return next(above, policy.lifecycle.escalation_contact)


def level_of(word: str) -> int | None:
    """How far above the owner a word points; None where it is a name.

    >>> level_of("manager"), level_of("manager's manager"), level_of("ann")
    (1, 2, None)
    """
    steps = word.removeprefix(MANAGER)
    above = steps.count(_ABOVE)
    return above + 1 if word.startswith(MANAGER) and steps == _ABOVE * above else None


def stands_for(policy: Policy, rep_id: str, now: datetime) -> str | None:
    """Who gets a rep's notices at `now`: himself, the backup of his leave, or nobody (he is gone,
    or away without a backup who is there).
    """
    rep = policy.reps.get(rep_id)
    if rep is None or not rep.active:
        return None
    leave = away(policy, rep, now)
    if leave is None:
        return rep_id
    backup = policy.reps.get(leave.backup or "")
    there = backup is not None and backup.active and away(policy, backup, now) is None
    return leave.backup if there else None


def away(policy: Policy, rep: Rep, now: datetime) -> Leave | None:
    """The leave a rep is in when he could next read a notice: at his calendar's next opening."""
    if not rep.leave:
        return None
    try:
        opens = next_open(policy.calendars[rep.calendar], now)
    except NeverOpen:
        opens = now
    return covering(rep, (local_date(rep, opens),))


def copied(policy: Policy, rep_id: str, now: datetime) -> tuple[str, ...]:
    """A rep and, while he is on leave, the backup who gets copies of his notices."""
    stand_in = stands_for(policy, rep_id, now)
    return (rep_id,) if stand_in in (None, rep_id) else (rep_id, str(stand_in))


def answers_for(policy: Policy, owner: Owner | None, waiting_in: str | None) -> str:
    """Who answers for a lead: the rep himself, or the owner of its queue or track."""
    if isinstance(owner, RepOwner):
        return owner.id
    if isinstance(owner, QueueOwner):
        pool = policy.pools.get(waiting_in or "")
        return pool.queue.owner if pool else _keeper(policy, owner.id)
    track = policy.lifecycle.tracks.get(owner.id) if owner else None
    return track.owner if track else policy.lifecycle.escalation_contact


def _keeper(policy: Policy, queue: str) -> str:
    """Who empties a queue by hand: the intake's, or one that a route names with its owner."""
    if queue == policy.lifecycle.intake_queue:
        return policy.lifecycle.intake_owner
    named = (route.assign for route in policy.routes.routes if isinstance(route.assign, ToQueue))
    owners = (one.owner for one in named if one.queue == queue)
    return next(owners, policy.lifecycle.escalation_contact)


def _reachable(policy: Policy, rep_id: str, level: int, now: datetime) -> Iterator[str]:
    """Those who can be told from a level upwards, each once, never the owner himself."""
    for index, manager in enumerate(managers_above(policy, rep_id), start=1):
        if index < level:
            continue
        told = stands_for(policy, manager, now)
        if told is not None and told != rep_id:
            yield told
