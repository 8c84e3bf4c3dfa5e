"""The stage table's clocks: which a lead has in each stage, how long, and what they count from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from enum import StrEnum

from scoring_service.domain.business_time.duration import Duration
from scoring_service.domain.policy import Policy
from scoring_service.values.clock import ClockName
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead


class From(StrEnum):
    """What a clock counts from.

    `assignment` starts anew with each, `entry` runs on with another owner. An activity or a contact
    starts `activity` and `contact` anew; so does a new owner `contact` in sal.
    """

    ENTRY = "entry"
    ASSIGNMENT = "assignment"
    ACTIVITY = "activity"
    CONTACT = "contact"
    EXPECTED_CLOSE = "expected_close"
    REEVALUATION = "reevaluation"


@dataclass(frozen=True, slots=True)
class StageClock:
    """One clock of a stage: `key` is its span's in `slas:`, or below its stage in `stale:`.

    `lasts` is the one that stays when the others are done: it moves the lead, or comes again.
    """

    name: ClockName
    counts: From
    key: str
    stale: bool = True
    lasts: bool = False


_C, _F = ClockName, From

STAGE_CLOCKS: Mapping[Stage, tuple[StageClock, ...]] = {
    Stage.ANONYMOUS: (StageClock(_C.NEVER_IDENTIFIED, _F.ACTIVITY, "disqualify", lasts=True),),
    Stage.KNOWN: (
        StageClock(_C.INCOMPLETE_NOTICE, _F.ENTRY, "notice"),
        StageClock(_C.INCOMPLETE, _F.ENTRY, "disqualify", lasts=True),
    ),
    Stage.NURTURE: (
        StageClock(_C.REVIEW, _F.ACTIVITY, "review"),
        StageClock(_C.NO_ENGAGEMENT, _F.ACTIVITY, "disqualify", lasts=True),
    ),
    Stage.MQL: (
        StageClock(_C.ACCEPT, _F.ASSIGNMENT, "accept", stale=False),
        StageClock(_C.ESCALATE, _F.ENTRY, "escalate"),
        StageClock(_C.NOT_WORKED, _F.ENTRY, "recycle", lasts=True),
    ),
    Stage.SAL: (
        StageClock(_C.FIRST_CONTACT, _F.ASSIGNMENT, "first_contact", stale=False),
        StageClock(_C.NO_CONTACT, _F.CONTACT, "reassign", lasts=True),
    ),
    Stage.SQL: (
        StageClock(_C.OPEN_OPPORTUNITY, _F.ASSIGNMENT, "open_opportunity", stale=False),
        StageClock(_C.STALLED, _F.ASSIGNMENT, "recycle", lasts=True),
    ),
    Stage.OPPORTUNITY: (
        StageClock(_C.OVERDUE, _F.EXPECTED_CLOSE, "overdue"),
        StageClock(_C.SILENT, _F.CONTACT, "silent", lasts=True),
    ),
    Stage.CUSTOMER: (),
    Stage.CLOSED_LOST: (
        StageClock(_C.DISPOSITION, _F.ENTRY, "disposition", stale=False, lasts=True),
    ),
    Stage.RECYCLED: (
        StageClock(_C.REEVALUATE, _F.REEVALUATION, ""),
        StageClock(_C.NO_ENGAGEMENT, _F.ACTIVITY, "disqualify", lasts=True),
    ),
    Stage.DISQUALIFIED: (),
}

PAUSABLE = frozenset({_C.FIRST_CONTACT, _C.NO_CONTACT, _C.OPEN_OPPORTUNITY, _C.STALLED})
"""Clocks of sal and sql, which stop until the next contact that was agreed on."""

REPEATED = frozenset({_C.OVERDUE, _C.SILENT, _C.NOBODY})
"""Clocks that come again as long as nothing happens."""

LAPSES_IN = frozenset({Stage.MQL, Stage.SAL, Stage.SQL})
"""Stages whose owner is told when time alone has taken a lead below its bar."""


def clocks_of(policy: Policy, stage: Stage) -> tuple[StageClock, ...]:
    """The clocks that a lead has in a stage: those of the table that the rules did not drop."""
    rule = policy.lifecycle.stages.get(stage)
    rows = STAGE_CLOCKS[stage]
    return rows if rule is None else tuple([row for row in rows if row.name in rule.clocks])


def span_of(policy: Policy, stage: Stage, row: StageClock, sla: str = "") -> Duration:
    """How long a clock runs; that of accepting may have an SLA of its own."""
    slas = policy.lifecycle.slas
    if row.stale:
        return policy.lifecycle.stale[stage.value][row.key]
    return slas[sla if row.name is ClockName.ACCEPT and sla in slas else row.key]


def counts_anew(stage: Stage, row: StageClock) -> bool:
    """Whether a clock starts anew with each assignment."""
    return row.counts is From.ASSIGNMENT or (stage is Stage.SAL and row.counts is From.CONTACT)


def counted_from(row: StageClock, lead: StoredLead, now: datetime) -> datetime | None:
    """The instant that a clock begun at `now` counts from; None: the lead has none.

    A visit is given its whole time before silence ends it: history older than it does not count.
    A review is 180 days after the latest activity, whenever that was.
    """
    latest = lead.last_activity_at
    match row.counts:
        case From.ACTIVITY if latest is not None:
            return latest if row.name is ClockName.REVIEW else max(latest, now)
        case From.EXPECTED_CLOSE:
            closes = lead.opportunity.expected_close if lead.opportunity else None
            return None if closes is None else datetime.combine(closes, time(), UTC)
        case From.REEVALUATION:
            return lead.reevaluate_at
    return now
