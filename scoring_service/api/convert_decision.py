"""A decision record as a message."""

import msgspec
from leadscoring.v1 import routing_pb2

from scoring_service.api.convert_account import match_into
from scoring_service.api.convert_assignment import CAUSES, STAGES, considered_into, owner_into
from scoring_service.api.convert_explained import activation_into, explained_into, replay_into
from scoring_service.api.convert_score import instant_into, score_into
from scoring_service.values.decision import Decision, Draw
from scoring_service.values.facts import Facts
from scoring_service.workflows.requests import DecisionRecord


def decision_into(message: routing_pb2.Decision, record: DecisionRecord) -> None:
    """Fill an empty message with a decision record: facts while they are kept, outcome, and
    sentences that say why.
    """
    message.decision_id = record.decision_id
    message.assignment_id = record.assignment_id
    message.lead_id = record.lead_id
    message.actor_id = record.actor_id
    instant_into(message.decided_at, record.at)
    message.policy_revision = record.policy_revision
    message.model_version = record.model_version
    message.semantics_version = record.semantics_version
    message.sentences.extend(record.sentences)
    if record.facts is not None:
        _facts_into(message, record.facts)
    if record.facts_trimmed_at is not None:
        instant_into(message.facts_trimmed_at, record.facts_trimmed_at)
    explained_into(message, record.explained)
    replay_into(message.replay, record.replay)
    if record.activation is not None:
        activation_into(message.activation, record.activation)
    _outcome_into(message, record.decision)


def _facts_into(message: routing_pb2.Decision, facts: Facts) -> None:
    message.stage_before = STAGES[facts.stage]
    match_into(message.account, facts.account)
    message.facts_json = msgspec.json.encode(facts).decode()
    message.arms.update(facts.arms)


def _outcome_into(message: routing_pb2.Decision, made: Decision) -> None:
    owner_into(message, made.owner)
    message.cause = CAUSES[made.cause]
    message.stage = STAGES[made.stage]
    message.route = made.route
    if made.row is not None:
        message.row = made.row
    message.pool = made.pool
    considered_into(message.considered, made.considered)
    score_into(message.score, made.score)
    message.bars_missed.extend(made.bars_missed)
    message.stood_in_for = made.stood_in_for
    message.sla = made.sla
    message.note = made.note
    if made.respond_by is not None:
        instant_into(message.respond_by, made.respond_by)
    if made.enqueued_at is not None:
        instant_into(message.enqueued_at, made.enqueued_at)
    if made.draw is not None:
        _draw_into(message.draw, made.draw)
    for error in made.errors:
        message.errors.add(route=error.route, error=error.error)


def _draw_into(message: routing_pb2.Draw, draw: Draw) -> None:
    message.pool = draw.pool
    message.number = draw.number
    message.winner = draw.winner
    message.paid = draw.paid
    for rep_id, credit in draw.gains:
        message.gains.add(rep_id=rep_id, credit=credit)
