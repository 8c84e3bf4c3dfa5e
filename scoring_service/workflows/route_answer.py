"""The answer to a Route as it is kept: what its decision and its assignment do not say already."""

import msgspec

from scoring_service.store.transaction import Transaction
from scoring_service.values.account import AccountMatch
from scoring_service.values.score import Score
from scoring_service.workflows.idempotency import Form
from scoring_service.workflows.recording import answer_of, standing_by
from scoring_service.workflows.replay import decision_in
from scoring_service.workflows.requests import AssignmentView


class KeptAnswer(msgspec.Struct, frozen=True, omit_defaults=True):
    """Account and arms are of the decision's facts, which are dropped one day. Earlier versions
    kept the whole view, its score with it.
    """

    decision_id: str
    assignment_id: str = ""
    account: AccountMatch = AccountMatch()
    arms: dict[str, str] = {}
    score: Score | None = None


def kept(view: AssignmentView) -> KeptAnswer:
    """What is kept of an answer whose decision is recorded."""
    return KeptAnswer(view.decision_id, view.assignment_id, view.account, view.arms)


def told(tx: Transaction, body: bytes) -> AssignmentView:
    """The answer again, equal to the first: nothing it is made of ever changes."""
    found = msgspec.json.decode(body, type=KeptAnswer)
    if found.score is not None:
        return msgspec.json.decode(body, type=AssignmentView)
    record = tx.decision(found.decision_id)
    assert record is not None, f"an answer without its decision {found.decision_id}"
    view = answer_of(
        decision_in(record),
        record.lead_id,
        record.at,
        record.revision,
        found.account,
        found.arms,
    )
    view = standing_by(view, tx.assignment(found.assignment_id))
    return msgspec.structs.replace(view, decision_id=found.decision_id)


BY_ITS_RECORDS = Form(kept, told)
"""How answers of Route are kept."""
