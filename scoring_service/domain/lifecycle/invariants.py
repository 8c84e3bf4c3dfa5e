"""What must be true of every stored lead and rotation, whatever happened to them."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise

from scoring_service.values.checkup import Finding, LeadCheckup, RotationCheckup
from scoring_service.values.clock import next_due
from scoring_service.values.owner import Owner, QueueOwner, RepOwner
from scoring_service.values.stored import StoredLead

Known = Callable[[Owner], bool]
"""Whether an owner is one: a rep that is active, a queue or a track of the policy."""


def findings_of_lead(checkup: LeadCheckup, known: Known) -> Iterator[Finding]:
    """Everything about a lead that must not be so; nothing of one that is whole."""
    for rule, found in (
        ("one owner", _owner(checkup, known)),
        ("a pending timer unless finished", _timer(checkup)),
        ("history consistent with state", _history(checkup)),
        ("one assignment, its owner's", _assignment(checkup)),
        ("a place in a queue, or none", _place(checkup)),
        ("a pin is to a rep", _pin(checkup, known)),
    ):
        for what in found:
            yield Finding(checkup.lead.lead.lead_id, rule, what)


def findings_of_arms(lead: StoredLead, known: frozenset[tuple[str, str]]) -> Iterator[Finding]:
    """Arms of a lead that never enrolled anybody; `known` are experiments with their arms."""
    for experiment, arm in lead.arms.items():
        if (experiment, arm) not in known:
            what = f"it is in the arm '{arm}' of '{experiment}', and nobody was ever enrolled there"
            yield Finding(lead.lead.lead_id, "arms that somebody was enrolled in", what)


def findings_of_rotation(checkup: RotationCheckup) -> Iterator[Finding]:
    """Everything about a pool's rotation that must not be so."""
    pool = checkup.rotation.pool
    for rule, found in (
        ("credit is what was gained less what was paid", _credits(checkup)),
        ("turns are assignments", _turns(checkup)),
    ):
        for what in found:
            yield Finding(f"pool {pool}", rule, what)


def _owner(checkup: LeadCheckup, known: Known) -> Iterator[str]:
    lead = checkup.lead
    if lead.owner is None:
        yield "nobody owns it"
    elif lead.unfinished and not known(lead.owner):
        yield f"its owner {lead.owner.id} is no owner of the active policy"


def _timer(checkup: LeadCheckup) -> Iterator[str]:
    lead, timer = checkup.lead, checkup.timer
    if not lead.unfinished:
        if timer is not None:
            yield f"{lead.stage} and finished, but a timer is set for {timer.due_at.isoformat()}"
        return
    due = next_due(lead.clocks)
    if timer is None:
        yield f"{lead.stage}, and nothing will ever look at it again"
    elif due is not None and timer.due_at != due and not timer.attempts:
        yield f"its timer is set for {timer.due_at.isoformat()}, its clocks say {due.isoformat()}"
    if timer is not None and timer.attempts:
        yield f"its timer failed {timer.attempts} times; see the log of the server"


def _history(checkup: LeadCheckup) -> Iterator[str]:
    lead, entries = checkup.lead, checkup.entries
    if not entries:
        yield f"{lead.stage} without any stage entered"
        return
    last = entries[-1]
    if (last.stage_to, last.visit) != (lead.stage.value, lead.visit):
        yield f"{lead.stage} in visit {lead.visit}; entered {last.stage_to} in {last.visit} last"
    if last.at != lead.entered_at and not lead.batch_id:
        yield f"entered {lead.stage} at {lead.entered_at.isoformat()} and {last.at.isoformat()}"
    for before, after in pairwise(entries):
        if after.visit != before.visit + 1:
            yield f"visit {before.visit} is followed by {after.visit}"
        if after.stage_from != before.stage_to:
            yield f"left {after.stage_from} in visit {after.visit}, but was in {before.stage_to}"
        if after.at < before.at:
            yield f"visit {after.visit} began before {before.visit}"


def _assignment(checkup: LeadCheckup) -> Iterator[str]:
    lead, standing = checkup.lead, checkup.assignments
    ids = [one.assignment_id for one in standing]
    wanted = [lead.assignment_id] if lead.assignment_id else []
    if ids != wanted:
        yield f"its assignment is {wanted or 'none'}, those that have not ended are {ids or 'none'}"
    for one in standing:
        if one.owner != lead.owner:
            yield f"owned by {_named(lead.owner)}, assigned to {_named(one.owner)}"
    if isinstance(lead.owner, RepOwner) and lead.unfinished and not lead.assignment_id:
        yield f"owned by {_named(lead.owner)} without an assignment"


def _place(checkup: LeadCheckup) -> Iterator[str]:
    lead, place = checkup.lead, checkup.place
    at = (place.pool, place.enqueued_at) if place else (None, None)
    if at != (lead.waiting_in, lead.enqueued_at):
        yield f"waits in {lead.waiting_in} since {lead.enqueued_at}; its place says {at}"
    if place and not isinstance(lead.owner, QueueOwner):
        yield f"waits in {place.pool} while {_named(lead.owner)} owns it"


def _pin(checkup: LeadCheckup, known: Known) -> Iterator[str]:
    lead = checkup.lead
    if lead.unfinished and lead.pinned_rep is not None and not known(RepOwner(lead.pinned_rep)):
        yield f"pinned to {lead.pinned_rep}, who is no active rep"


def _named(owner: Owner | None) -> str:
    return "nobody" if owner is None else owner.id


def _credits(checkup: RotationCheckup) -> Iterator[str]:
    sums: Counter[str] = Counter()
    for turn in checkup.turns:
        if not turn.given_back:
            sums.update(dict(turn.draw.gains))
            sums[turn.draw.winner] -= turn.draw.paid
    for credit in checkup.rotation.credits:
        if credit.credit != sums[credit.rep_id]:
            yield f"{credit.rep_id} has {credit.credit}, its turns make {sums[credit.rep_id]}"
    total = sum(credit.credit for credit in checkup.rotation.credits)
    if total:
        yield f"the credits of all its reps sum to {total}, not to 0"
    if len(checkup.turns) != checkup.rotation.draws:
        yield f"{checkup.rotation.draws} draws are counted, {len(checkup.turns)} recorded"


def _turns(checkup: RotationCheckup) -> Iterator[str]:
    for turn in checkup.turns:
        number, made = turn.draw.number, turn.assignment
        if made is None:
            yield f"draw {number} of {turn.draw.winner} made no assignment"
        elif made.owner != RepOwner(turn.draw.winner):
            yield f"draw {number} was won by {turn.draw.winner}, assigned to {made.owner.id}"
        elif made.given_back != turn.given_back:
            yield f"draw {number} and its assignment do not agree on whether it was given back"
