"""What sales found out about a lead: a sal becomes an sql once every question has an answer."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from scoring_service.domain.lifecycle.moves import Mover
from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.errors import InvalidArgument
from scoring_service.values.happening import Qualified
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead
from scoring_service.workflows.entering import Entry
from scoring_service.workflows.idempotency import once
from scoring_service.workflows.lifecycle_requests import LeadView, QualifyLead
from scoring_service.workflows.sales.acting import (
    answered,
    lead_of,
    require_owner,
    require_stage,
)
from scoring_service.workflows.sales.moving import move_on
from scoring_service.workflows.sales.required import missing
from scoring_service.workflows.sales.telling import acted

METHOD = "QualifyLead"

_ASKED_IN = frozenset({Stage.MQL, Stage.SAL, Stage.SQL, Stage.OPPORTUNITY})


@once(METHOD, LeadView)
def qualify_lead(tx: Transaction, policy: Policy, request: QualifyLead, now: datetime) -> LeadView:
    """Add answers to those there are; a later one replaces an earlier. A sal of which nothing more
    is asked becomes an sql, without new answers too where they came before; one that is not
    complete stays, and what it has is kept.

    Raises InvalidArgument, NotFound, and FailedPrecondition (MOVE_NOT_ALLOWED, FINISHED,
    NOT_OWNER).
    """
    lead = lead_of(tx, request, *_wrong(policy, request))
    require_stage(lead, _ASKED_IN, METHOD)
    require_owner(policy, lead, request.actor_id)
    _require_answers(policy, lead, request)
    after = _qualified(tx, policy, lead, request, now)
    asked = still_asked(policy, after)
    return answered(tx, policy, request, after, now, still_asked=asked)


def questions(policy: Policy) -> tuple[str, ...]:
    """Everything that may be answered: the questions, and what the stages require."""
    required = (name for names in policy.lifecycle.required.values() for name in names)
    return tuple(dict.fromkeys((*policy.lifecycle.questions, *required)))


def still_asked(policy: Policy, lead: StoredLead) -> tuple[str, ...]:
    """What keeps a sal from being an sql; nothing in another stage."""
    return open_questions(policy, lead) if lead.stage is Stage.SAL else ()


def open_questions(policy: Policy, lead: StoredLead) -> tuple[str, ...]:
    """What is still to be found out before a sal becomes an sql."""
    asked = (name for name in policy.lifecycle.questions if not lead.qualification.get(name))
    return tuple(dict.fromkeys((*asked, *missing(policy, lead, Stage.SQL))))


def _wrong(policy: Policy, request: QualifyLead) -> Iterator[tuple[str, str]]:
    known = questions(policy)
    for name, text in request.criteria.items():
        if name not in known:
            remedy = f"is no question; answer any of {', '.join(known) or 'none'}"
            yield f"criteria[{name[:60]}]", remedy
        elif not text.strip():
            yield f"criteria[{name}]", "is blank; leave it out, a blank erases nothing"


def _require_answers(policy: Policy, lead: StoredLead, request: QualifyLead) -> None:
    """An act that answers nothing and moves nothing is a mistake of the caller's."""
    if request.criteria or (lead.stage is Stage.SAL and not open_questions(policy, lead)):
        return
    asked = open_questions(policy, lead) or questions(policy)
    if asked:
        remedy = f"is empty; send answers to any of {', '.join(asked)}"
        raise InvalidArgument((("criteria", remedy),))


def _qualified(
    tx: Transaction, policy: Policy, lead: StoredLead, request: QualifyLead, now: datetime
) -> StoredLead:
    actor = request.actor_id
    known = msgspec.structs.replace(
        lead, qualification={**lead.qualification, **request.criteria}, updated_at=now
    )
    if request.criteria:
        tx.record(lead.lead.lead_id, Qualified(request.criteria), actor)
    if lead.stage is Stage.SAL and not open_questions(policy, known):
        entry = Entry(Stage.SQL, Mover.SALES, "qualified by sales", actor)
        after = move_on(tx, policy, known, entry, now)
    else:
        after = known
        tx.save_lead(after)
    acted(tx, "lead.qualified", after, actor, now, asked=tuple(sorted(request.criteria)))
    return after
