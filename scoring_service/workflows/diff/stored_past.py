"""A window of what a store has recorded, as a past that any policy can be replayed through.

From the record come the leads as they were known at each instant, what they did, what was asked of
each decision, and when a lead left its owner's hands. What was decided is not looked at.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from scoring_service.domain.calibration.as_known import account_at, lead_at
from scoring_service.domain.experiments.enrolling import first_of
from scoring_service.domain.routing.rotation import apply, give_back
from scoring_service.values.checkup import RotationCheckup, TakenTurn
from scoring_service.values.facts import Asked
from scoring_service.values.owner import RepOwner
from scoring_service.values.record import LeadRecord
from scoring_service.values.stage import Stage
from scoring_service.values.stored import Rotation, StoredAssignment, StoredLead
from scoring_service.workflows.diff.counts import HELD
from scoring_service.workflows.diff.past import Arrived, Left, Moment, Past, Stood
from scoring_service.workflows.diff.standing import stood_at

LIMITS_LOOK_BACK = timedelta(days=8)
"""How far before the window assignments count to limits a day and a week, in any zone."""

_RECOMPUTED = frozenset({Asked.DRAIN, Asked.MOVE})


class AskedThen(msgspec.Struct, frozen=True):
    """What was asked of a recorded decision. Of its facts only what people had set."""

    at: datetime
    decision_id: str
    asked: Asked = Asked.ROUTE
    given_to: str = ""
    pinned_rep: str | None = None


class Recorded(msgspec.Struct, frozen=True):
    """A store's record: leads, what was asked of their decisions, assignments by lead, turns.

    `firsts` are the ids of persons' first leads by their later ones.
    """

    leads: Sequence[LeadRecord]
    asked: Mapping[str, Sequence[AskedThen]]
    assignments: Mapping[str, Sequence[StoredAssignment]]
    rotations: Sequence[RotationCheckup] = ()
    firsts: Mapping[str, str] = {}


class Persons(Protocol):
    """Who finds all leads of a person; a reader."""

    def leads_of_person(self, person_id: str) -> Sequence[StoredLead]:
        """Every lead of a person."""


def firsts_of(records: Iterable[LeadRecord], persons: Persons) -> dict[str, str]:
    """The id of the person's first lead, by the id of each that may be a later one."""
    return {
        lead.lead.lead_id: first_of((*persons.leads_of_person(lead.person_id), lead))
        for lead in (record.lead for record in records)
        if lead.cycle > 1 or lead.merged_from
    }


def past_in(recorded: Recorded, since: datetime) -> Past:
    """The window from `since` on. A lead that was merged into another is not replayed."""
    moments: list[tuple[datetime, str, Moment]] = []
    turns = {(turn.draw.pool, turn.draw.number): turn.draw for turn in _turns(recorded)}
    stood: list[Stood] = []
    responses: dict[str, datetime] = {}
    for record in recorded.leads:
        lead_id = record.lead.lead.lead_id
        if record.lead.merged_into:
            continue
        given = recorded.assignments.get(lead_id, ())
        first = recorded.firsts.get(lead_id, lead_id)
        moments += _moments(record, first, recorded.asked.get(lead_id, ()), given, since)
        if record.lead.created_at < since:
            stood.append(stood_at(record, given, turns, since))
        if record.lead.first_contact_at is not None:
            responses[lead_id] = record.lead.first_contact_at
    moments.sort(key=lambda moment: moment[:2])
    return Past(
        moments=tuple(moment for _, _, moment in moments),
        stood=tuple(stood),
        rotations=tuple(_rotation(checkup, since) for checkup in recorded.rotations),
        taken=tuple(sorted(_taken(recorded.assignments.values(), since))),
        responses=responses,
    )


def _moments(
    record: LeadRecord,
    first: str,
    asked: Sequence[AskedThen],
    given: Sequence[StoredAssignment],
    since: datetime,
) -> Iterator[tuple[datetime, str, Moment]]:
    """What happened to a lead, each with its instant and its decision's id, for their order."""
    decided = _by_instant(asked, since)
    happened = {at for at, _ in (*record.activities, *record.changes) if at >= since}
    for at in sorted({*decided, *happened}):
        for nth, then in enumerate(decided.get(at) or (AskedThen(at, "", Asked.EVALUATE),)):
            yield at, then.decision_id, _arrived(record, then, first, brings=nth == 0)
    for entry in record.entries:
        leaves = entry.stage_from in HELD and entry.stage_to not in HELD
        if leaves and entry.at >= since and entry.at not in decided:
            back = any(one.given_back and one.ended_at == entry.at for one in given)
            yield entry.at, "", Left(entry.at, entry.lead_id, Stage(entry.stage_to), back)


def _by_instant(asked: Sequence[AskedThen], since: datetime) -> dict[datetime, list[AskedThen]]:
    """What is asked anew, in the order in which it was: units of one batch share their instant."""
    found: defaultdict[datetime, list[AskedThen]] = defaultdict(list)
    for one in sorted(asked, key=lambda one: one.decision_id):
        if one.at >= since and one.asked not in _RECOMPUTED:
            found[one.at].append(one)
    return found


def _arrived(record: LeadRecord, then: AskedThen, first: str, *, brings: bool) -> Arrived:
    """What was asked of a lead then; `brings` is whether it came with what was new."""
    at = then.at
    came = tuple(activity for recorded, activity in record.activities if recorded == at and brings)
    changed = bool(came) or (brings and any(when == at for when, _ in record.changes))
    return Arrived(
        at=at,
        lead=lead_at(record, at),
        activities=came,
        account=account_at(record, at),
        asked=then.asked,
        given_to=then.given_to,
        pinned_rep=then.pinned_rep,
        changed=changed,
        arms=record.lead.arms,
        first=first,
    )


def _rotation(checkup: RotationCheckup, since: datetime) -> Rotation:
    """A pool's rotation as it was: its turns taken anew, up to the window."""
    rotation = Rotation(checkup.rotation.pool)
    for turn in checkup.turns:
        made = turn.assignment
        if made is not None and made.assigned_at >= since:
            break
        rotation = apply(rotation, turn.draw)
        if turn.given_back and (made is None or (made.ended_at or since) < since):
            rotation = give_back(rotation, turn.draw)
    return rotation


def _turns(recorded: Recorded) -> Iterator[TakenTurn]:
    return (turn for checkup in recorded.rotations for turn in checkup.turns)


def _taken(
    given: Iterable[Sequence[StoredAssignment]], since: datetime
) -> Iterator[tuple[str, datetime]]:
    """What reps were given shortly before the window, and did not give back by then."""
    for one in (one for each in given for one in each):
        if not isinstance(one.owner, RepOwner):
            continue
        back = one.given_back and (one.ended_at or since) < since
        if since - LIMITS_LOOK_BACK <= one.assigned_at < since and not back:
            yield one.owner.id, one.assigned_at
