"""Assignments and decisions, read back as they were recorded."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.explain import sentences, sentences_of_outcome
from scoring_service.policy.explaining.explain import passed_over
from scoring_service.policy.explaining.explained import Explained, explained
from scoring_service.values.account import AccountMatch
from scoring_service.values.decision import Cause, Decision
from scoring_service.values.errors import NotFound
from scoring_service.values.facts import Facts
from scoring_service.values.score import Score
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StageEntry, StoredAssignment, StoredDecision
from scoring_service.workflows.replay import (
    Replay,
    Verdict,
    decision_in,
    kept_facts,
    replay,
    trimmed_note,
)
from scoring_service.workflows.requests import AssignmentView, DecisionRecord


class RecordLookup(Protocol):
    """Stored assignments and decisions; a reader or the unit of work."""

    def assignment(self, assignment_id: str) -> StoredAssignment | None:
        """The assignment of that id."""

    def decision(self, decision_id: str) -> StoredDecision | None:
        """The decision record of that id."""

    def stage_entries(self, lead_id: str) -> Sequence[StageEntry]:
        """Every stage a lead entered, by visit."""


class AssignmentsLookup(RecordLookup, Protocol):
    """Stored assignments by lead and by rep; a reader."""

    def assignments(
        self,
        lead_id: str = "",
        rep_id: str = "",
        before: tuple[datetime, str] | None = None,
        limit: int = 100,
    ) -> Sequence[StoredAssignment]:
        """Newest first, those before an instant and id."""


def assignment(records: RecordLookup, assignment_id: str) -> AssignmentView:
    """The assignment of that id, or NotFound (ASSIGNMENT_NOT_FOUND)."""
    found = records.assignment(assignment_id)
    if found is None:
        raise NotFound(f"no assignment {assignment_id!r} is stored", "ASSIGNMENT_NOT_FOUND")
    return assignment_view(records, found)


def assignments(
    records: AssignmentsLookup,
    lead_id: str = "",
    rep_id: str = "",
    before: tuple[datetime, str] | None = None,
    limit: int = 100,
) -> tuple[AssignmentView, ...]:
    """At most `limit` assignments, newest first, of a lead, a rep, both or everybody ("" is any).

    `before` is the instant and the id of the last one seen: where the next page begins.
    """
    found = records.assignments(lead_id, rep_id, before, limit)
    return tuple([assignment_view(records, one) for one in found])


def assignment_view(records: RecordLookup, found: StoredAssignment) -> AssignmentView:
    """A stored assignment with the score, the candidates and the account of its decision; without
    an account where the decision's facts are no longer kept. An imported one was decided elsewhere.
    """
    if found.cause == Cause.IMPORTED:
        return _imported(records, found)
    record = records.decision(found.decision_id)
    assert record is not None, f"assignment {found.assignment_id} without a decision"
    made, facts = decision_in(record), kept_facts(record)
    return AssignmentView(
        lead_id=found.lead_id,
        owner=found.owner,
        cause=Cause(found.cause),
        score=made.score,
        assigned_at=found.assigned_at,
        policy_revision=record.revision,
        stage=made.stage,
        assignment_id=found.assignment_id,
        decision_id=found.decision_id,
        pool=found.pool,
        route=found.route,
        row=made.row,
        considered=made.considered,
        account=facts.account if facts else AccountMatch(),
        bars_missed=made.bars_missed,
        stood_in_for=made.stood_in_for,
        sla=found.sla,
        enqueued_at=found.enqueued_at,
        respond_by=found.respond_by,
        note=made.note,
        arms=found.arms,
    )


def _imported(records: RecordLookup, found: StoredAssignment) -> AssignmentView:
    """An assignment with which a lead began: what it was worth then its first entry says."""
    began = records.stage_entries(found.lead_id)[0]
    return AssignmentView(
        lead_id=found.lead_id,
        owner=found.owner,
        cause=Cause.IMPORTED,
        score=msgspec.json.decode(began.score, type=Score),
        assigned_at=found.assigned_at,
        policy_revision=began.revision,
        stage=Stage(began.stage_to),
        assignment_id=found.assignment_id,
        bars_missed=began.bars_missed,
    )


PolicyOf = Callable[[str], Policy | None]
"""The compiled policy of a revision; None where it cannot be had."""


def decision(records: RecordLookup, decision_id: str, policy_of: PolicyOf) -> DecisionRecord:
    """The whole decision record, or NotFound (DECISION_NOT_FOUND).

    Its sentences end with each route before the one that was taken, and why it did not match:
    worked out by the policy that decided, from the record's facts. Where these are no longer kept
    they tell what was decided, and that.
    """
    found = records.decision(decision_id)
    if found is None:
        raise NotFound(f"no decision {decision_id!r} is stored", "DECISION_NOT_FOUND")
    made, facts = decision_in(found), kept_facts(found)
    again, told = _again(found, facts, policy_of)
    return DecisionRecord(
        decision_id=found.decision_id,
        lead_id=found.lead_id,
        at=found.at,
        actor_id=found.actor,
        policy_revision=found.revision,
        model_version=found.model,
        semantics_version=found.semantics,
        facts=facts,
        decision=made,
        sentences=(*_sentences(found, made, facts), *passed_over(told.tried)),
        assignment_id=found.assignment_id,
        explained=told,
        replay=again,
        facts_trimmed_at=found.trimmed_at,
    )


def _again(
    found: StoredDecision, facts: Facts | None, policy_of: PolicyOf
) -> tuple[Replay, Explained]:
    """The decision as it comes out now; nothing explained where it cannot be made now."""
    if facts is None:
        return Replay(Verdict.TRIMMED, note=trimmed_note(found)), Explained()
    policy = policy_of(found.revision)
    if policy is None:
        return Replay(Verdict.NO_POLICY), Explained()
    again = replay(policy, found)
    if again.decision is None:
        return again, Explained()
    return again, explained(policy, facts, again.decision)


def _sentences(found: StoredDecision, made: Decision, facts: Facts | None) -> tuple[str, ...]:
    if facts is not None:
        return sentences(made, facts)
    outcome = sentences_of_outcome(made, found.lead_id, found.at)
    return (*outcome, f"What was known then is gone: {trimmed_note(found)}.")
