"""The latest leads of a store as a past: as much of it as a reload can wait for.

What is read grows with the number of leads asked for, not with the store. So of leads that nothing
was decided on meanwhile only this counts: how many each rep holds.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from scoring_service.domain.routing.case import SOLD
from scoring_service.domain.routing.rotation import give_back
from scoring_service.store.reader import Reader
from scoring_service.values.checkup import RotationCheckup
from scoring_service.values.facts import Asked
from scoring_service.values.owner import RepOwner
from scoring_service.values.record import LeadRecord
from scoring_service.values.stage import Stage
from scoring_service.values.stored import Rotation, StoredAssignment, StoredDecision
from scoring_service.values.team import Rep
from scoring_service.workflows.diff.availability import went_in
from scoring_service.workflows.diff.counts import HELD
from scoring_service.workflows.diff.past import Past
from scoring_service.workflows.diff.stored_past import (
    LIMITS_LOOK_BACK,
    AskedThen,
    Recorded,
    firsts_of,
    past_in,
)

PAGE = 500
DECISIONS_MAX = 20_000
"""Decisions looked through for the latest leads: an import can have made many on few of them."""

ASSIGNMENTS_MAX = 1_000
"""Of a lead, or of a rep in the days that his limits look back."""


class _Asked(msgspec.Struct, frozen=True):
    """Of a decision's facts what was asked, in which stage, and what people had set."""

    asked: Asked = Asked.ROUTE
    stage: Stage = Stage.ANONYMOUS
    given_to: str = ""
    pinned_rep: str | None = None


_asked = msgspec.json.Decoder(_Asked).decode


def asked_then(record: StoredDecision) -> AskedThen | None:
    """What was asked of a recorded decision; None where its facts are no longer kept. From whom a
    lead was to be taken that sales had not, it was routed like any.
    """
    if not record.facts:
        return None
    facts = _asked(record.facts)
    routed = facts.asked is Asked.REASSIGN and facts.stage not in SOLD
    asked = Asked.ROUTE if routed else facts.asked
    return AskedThen(record.at, record.decision_id, asked, facts.given_to, facts.pinned_rep)


def latest_leads(reader: Reader, leads: int, reps: Mapping[str, Rep]) -> Past:
    """The last `leads` leads that something was decided on, from the earliest of these decisions
    on. `reps` are those whose limits are looked at. Without such a lead there are no moments.
    """
    asked, since = _latest_asked(reader, leads)
    if since is None:
        return Past(())
    records = tuple(reader.records_of(asked))
    given = {lead_id: reader.assignments(lead_id, limit=ASSIGNMENTS_MAX) for lead_id in asked}
    firsts = firsts_of(records, reader)
    past = past_in(Recorded(records, asked, given, firsts=firsts), since)
    return msgspec.structs.replace(
        past,
        rotations=tuple(_rotation(checkup) for checkup in reader.turns_since(since)),
        taken=tuple(sorted(_taken(reader, since, reps))),
        held=tuple(_held(reader, records)),
        went=went_in(reader.absences(since), reader.absences_changed(since), since),
    )


def _latest_asked(
    reader: Reader, leads: int
) -> tuple[defaultdict[str, list[AskedThen]], datetime | None]:
    """What was asked of the latest leads' decisions, by lead, and the first instant of it."""
    found: defaultdict[str, list[AskedThen]] = defaultdict(list)
    since = None
    for record in _decisions_backward(reader):
        if record.lead_id not in found and len(found) == leads:
            return found, since
        then = asked_then(record)
        if then is not None:
            found[record.lead_id].append(then)
            since = record.at
    return found, since


def _decisions_backward(reader: Reader) -> Iterator[StoredDecision]:
    before, seen = "", 0
    while seen < DECISIONS_MAX and (page := reader.latest_decisions(before, PAGE)):
        yield from page
        before, seen = page[-1].decision_id, seen + len(page)


def _rotation(checkup: RotationCheckup) -> Rotation:
    """A pool's rotation as it was: the turns taken since are undone."""
    rotation = checkup.rotation
    for turn in checkup.turns:
        if not turn.given_back:
            rotation = give_back(rotation, turn.draw)
    return rotation


def _taken(
    reader: Reader, since: datetime, reps: Mapping[str, Rep]
) -> Iterator[tuple[str, datetime]]:
    """What reps with a limit a day or a week were given shortly before."""
    for rep_id, rep in reps.items():
        if rep.per_day_max is None and rep.per_week_max is None:
            continue
        for one in reader.assignments(rep_id=rep_id, before=(since, ""), limit=ASSIGNMENTS_MAX):
            if _counts(one, since):
                yield rep_id, one.assigned_at


def _counts(one: StoredAssignment, since: datetime) -> bool:
    back = one.given_back and (one.ended_at or since) < since
    return one.assigned_at >= since - LIMITS_LOOK_BACK and not back


def _held(reader: Reader, replayed: Sequence[LeadRecord]) -> Iterator[tuple[str, int]]:
    """How many open leads each rep has beside those that are replayed, by his id."""
    held = Counter[str]()
    for rep_id, stage, count in reader.leads_of_reps():
        held[rep_id] += count if stage in HELD else 0
    for record in replayed:
        lead = record.lead
        if lead.stage in HELD and isinstance(lead.owner, RepOwner):
            held[lead.owner.id] -= 1
    yield from sorted((+held).items())
