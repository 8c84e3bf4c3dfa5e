"""Who answers for a lead, in its encoding: what many answers share is encoded once."""

from functools import lru_cache

from leadscoring.v1 import routing_pb2, types_pb2

from scoring_service.api.convert_account import match_into
from scoring_service.api.convert_assignment import CAUSES, OUTCOMES, STAGES, owner_into
from scoring_service.api.convert_score import score_encoded
from scoring_service.api.encoding import LENGTH, instant_field, varint
from scoring_service.values.account import AccountMatch
from scoring_service.values.decision import Cause, Considered
from scoring_service.values.instant import micros
from scoring_service.values.owner import Owner
from scoring_service.values.stage import Stage
from scoring_service.workflows.requests import AssignmentView


def _tag(field: str) -> bytes:
    number = routing_pb2.Assignment.DESCRIPTOR.fields_by_name[field].number
    return varint(number << 3 | LENGTH)


_ASSIGNMENT_ID, _LEAD_ID, _DECISION_ID = map(_tag, ("assignment_id", "lead_id", "decision_id"))
_ACCOUNT, _SCORE = map(_tag, ("account", "score"))
_ASSIGNED_AT, _ENQUEUED_AT, _RESPOND_BY = map(_tag, ("assigned_at", "enqueued_at", "respond_by"))


def assignment_into(message: routing_pb2.Assignment, view: AssignmentView) -> None:
    """Fill an empty message with an assignment."""
    message.MergeFromString(assignment_encoded(view))


def assignment_encoded(view: AssignmentView) -> bytes:
    """An assignment as its message is encoded."""
    encoded = [
        _field(_LEAD_ID, view.lead_id.encode()),
        _field(_ASSIGNMENT_ID, view.assignment_id.encode()),
        _field(_DECISION_ID, view.decision_id.encode()),
        _words(
            view.owner, view.pool, view.route, view.row, view.cause, view.bars_missed,
            view.stood_in_for, view.sla, view.policy_revision, view.replayed, view.stage, view.note,
        ),
        *map(_considered, view.considered),
        _field(_ACCOUNT, _match(view.account)),
        _field(_SCORE, score_encoded(view.score)),
        _instants(view),
    ]  # fmt: skip
    if view.arms:
        encoded.append(routing_pb2.Assignment(arms=view.arms).SerializeToString())
    return b"".join(encoded)


def _field(tag: bytes, encoded: bytes) -> bytes:
    return tag + varint(len(encoded)) + encoded


@lru_cache(maxsize=4_096)
def _words(
    owner: Owner,
    pool: str,
    route: str,
    row: int | None,
    cause: Cause,
    bars_missed: tuple[str, ...],
    stood_in_for: str,
    sla: str,
    revision: str,
    replayed: bool,
    stage: Stage,
    note: str,
) -> bytes:
    """What the answers of one route to one owner share."""
    message = routing_pb2.Assignment(
        pool=pool,
        route=route,
        row=row,
        cause=CAUSES[cause],
        bars_missed=bars_missed,
        stood_in_for=stood_in_for,
        sla=sla,
        policy_revision=revision,
        replayed=replayed,
        stage=STAGES[stage],
        note=note,
    )
    owner_into(message, owner)
    return message.SerializeToString()


@lru_cache(maxsize=4_096)
def _considered(one: Considered) -> bytes:
    """One who was looked at, as a field."""
    sent = routing_pb2.Considered(
        rep_id=one.rep_id, outcome=OUTCOMES[one.outcome], reason=one.reason, pool=one.pool
    )
    return routing_pb2.Assignment(considered=(sent,)).SerializeToString()


def _match(match: AccountMatch) -> bytes:
    message = types_pb2.AccountMatch()
    match_into(message, match)
    return message.SerializeToString()


def _instants(view: AssignmentView) -> bytes:
    """When it was assigned, since when it waits and by when its owner must respond."""
    found = ((_ENQUEUED_AT, view.enqueued_at), (_RESPOND_BY, view.respond_by))
    encoded = _ASSIGNED_AT + instant_field(0, micros(view.assigned_at))[1:]
    for tag, at in found:
        if at is not None:
            encoded += tag + instant_field(0, micros(at))[1:]
    return encoded
