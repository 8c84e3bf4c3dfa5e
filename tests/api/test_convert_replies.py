"""Values as messages: nothing is left behind, and what is absent is not sent."""

from datetime import datetime

import msgspec
import pytest
from google.protobuf.message import Message
from google.rpc.code_pb2 import Code
from google.rpc.error_details_pb2 import BadRequest
from leadscoring.v1 import routing_pb2, types_pb2

from scoring_service.api.convert_account import account_into, match_into, upserted
from scoring_service.api.convert_assignment import owner_into
from scoring_service.api.convert_decision import decision_into
from scoring_service.api.convert_score import score_encoded, score_into
from scoring_service.api.encode_assignment import assignment_into
from scoring_service.values.account import Account, AccountMatch, MatchedBy
from scoring_service.values.decision import Cause, Passed
from scoring_service.values.facts import Facts
from scoring_service.values.lead import AttributeValue
from scoring_service.values.owner import Owner, QueueOwner, RepOwner, TrackOwner
from scoring_service.values.score import Dimension, Quadrant, Score
from scoring_service.values.stage import Stage
from scoring_service.workflows.requests import (
    AccountResult,
    AccountsUpserted,
    AssignmentView,
    DecisionRecord,
    ItemRefusal,
)


def not_set(message: Message) -> set[str]:
    """The fields of a message that have nothing; of a oneof all but one are expected to."""
    names = {field.name for field in message.DESCRIPTOR.fields}
    return names - {field.name for field, _ in message.ListFields()}


def test_every_field_of_a_score_is_sent(score: Score) -> None:
    message = types_pb2.Score()
    score_into(message, score)
    assert not_set(message) == set()
    assert (message.fit, message.behaviour) == (score.fit, score.behaviour)
    assert (message.fit_grade, message.behaviour_level) == ("B", 2)
    assert message.quadrant == types_pb2.QUADRANT_NURTURE
    assert (message.mql_ready, message.sql_ready) == (True, False)
    assert (message.policy_revision, message.model_version) == ("r1", "m1")
    assert message.as_of.ToNanoseconds() == nanoseconds(score.as_of)
    assert message.qualified_until.ToDatetime(score.as_of.tzinfo) == score.qualified_until
    assert message.win_probability == 0.12
    assert message.win_probability_low == 0.0001
    assert message.win_probability_high == 0.9999
    assert dict(message.arms) == {"bar": "lower"}


def nanoseconds(instant: datetime) -> int:
    return int(instant.timestamp()) * 10**9 + instant.microsecond * 1000


def test_bars_and_contributions_keep_their_order_and_their_numbers(score: Score) -> None:
    message = types_pb2.Score()
    score_into(message, score)
    assert [(b.name, b.value, b.threshold, b.met) for b in message.bars] == [
        (b.name, b.value, b.threshold, b.met) for b in score.bars
    ]
    fit, visit, call = message.contributions
    assert (fit.dimension, fit.name, fit.points) == (types_pb2.DIMENSION_FIT, "size", 60.0)
    assert not_set(fit) == {"occurred_at", "undecayed_points", "count"}
    assert (visit.dimension, visit.points) == (types_pb2.DIMENSION_BEHAVIOUR, 0.3)
    assert (visit.undecayed_points, visit.occurred_at.nanos) == (0.5, 123_456_000)
    assert call.count == 3
    assert not call.HasField("occurred_at")


def test_a_probability_that_is_unknown_is_absent_and_not_zero(score: Score) -> None:
    message = types_pb2.Score()
    score_into(
        message,
        msgspec.structs.replace(
            score, win_probability=None, sql_ready=None, qualified_until=None, model_version=""
        ),
    )
    absent = {"win_probability", "win_probability_low", "win_probability_high", "model_version"}
    absent |= {"model_contributions"}
    assert not_set(message) == absent | {"sql_ready", "qualified_until"}


def test_a_score_put_together_from_encoded_parts_is_the_message(score: Score) -> None:
    message = types_pb2.Score()
    score_into(message, score)
    assert types_pb2.Score.FromString(score_encoded(score)) == message


@pytest.mark.parametrize(
    ("words", "prefix", "enum"),
    [
        (Quadrant, "QUADRANT", types_pb2.Quadrant),
        (Dimension, "DIMENSION", types_pb2.Dimension),
        (Stage, "STAGE", types_pb2.Stage),
        (Cause, "CAUSE", routing_pb2.Cause),
        (Passed, "OUTCOME", routing_pb2.Outcome),
    ],
)
def test_the_wire_has_the_same_words_as_the_values(words, prefix, enum) -> None:  # type: ignore[no-untyped-def]
    assert set(enum.keys()) == {f"{prefix}_UNSPECIFIED"} | {f"{prefix}_{w.name}" for w in words}


def test_the_evidence_of_a_match_has_the_same_words_on_the_wire() -> None:
    known = {f"MATCHED_BY_{evidence.name}" for evidence in MatchedBy if evidence != MatchedBy.NONE}
    assert set(types_pb2.MatchedBy.keys()) == known | {"MATCHED_BY_UNSPECIFIED"}


def test_every_field_of_an_account_is_sent(account: Account) -> None:
    message = types_pb2.Account()
    account_into(message, account)
    assert not_set(message) == set()
    assert list(message.domains) == ["acme.de", "acme.com"]
    assert (message.parent_id, message.owner_rep_id) == ("holding", "ann")
    assert message.attributes["tier"].text == "gold"


def test_attributes_of_an_account_keep_their_types() -> None:
    attributes: dict[str, AttributeValue] = {
        "n": 3,
        "x": 0.5,
        "yes": True,
        "day": "2026-03-31",
        "tags": ("a", "b"),
    }
    attributes["none"] = ()
    message = types_pb2.Account()
    account_into(message, Account("a", attributes=attributes))
    sent = {name: value.WhichOneof("value") for name, value in message.attributes.items()}
    assert sent == {
        "n": "integer",
        "x": "number",
        "yes": "boolean",
        "day": "text",
        "tags": "texts",
        "none": "texts",
    }
    assert list(message.attributes["tags"].texts.values) == ["a", "b"]


def test_an_account_without_parent_and_owner_has_neither_on_the_wire() -> None:
    message = types_pb2.Account()
    account_into(message, Account("a"))
    assert not_set(message) >= {"country", "parent_id", "owner_rep_id"}


def test_every_field_of_a_match_is_sent(match: AccountMatch) -> None:
    message = types_pb2.AccountMatch()
    match_into(message, match)
    assert not_set(message) == {"ambiguous"}
    assert message.matched_by == types_pb2.MATCHED_BY_NAME
    assert not_set(message.named[0]) == set()
    assert message.named[0].of_account == ["group"]
    match_into(message, AccountMatch(ambiguous=True, candidates=("a", "b")))
    assert message.ambiguous


def test_each_account_of_an_upsert_has_its_own_result(account: Account) -> None:
    refusal = ItemRefusal("country: no", "INVALID", (("country", "no"),))
    reply = upserted(
        AccountsUpserted((AccountResult(account), AccountResult(refusal=refusal)), replayed=True)
    )
    stored, refused = reply.results
    assert reply.replayed
    assert stored.account.account_id == "acme"
    assert refused.error.code == Code.INVALID_ARGUMENT
    detail = BadRequest()
    assert any(each.Unpack(detail) for each in refused.error.details)
    assert [(v.field, v.description) for v in detail.field_violations] == [("country", "no")]


def test_every_field_of_an_assignment_is_sent(view: AssignmentView) -> None:
    message = routing_pb2.Assignment()
    assignment_into(message, view)
    assert not_set(message) == {"queue", "track"}
    assert message.cause == routing_pb2.CAUSE_ROUTED
    assert message.stage == types_pb2.STAGE_MQL
    ann, bob = message.considered
    assert (ann.rep_id, ann.outcome, ann.reason, ann.pool) == (
        "ann",
        routing_pb2.OUTCOME_ON_LEAVE,
        "away until Friday",
        "west",
    )
    assert bob.outcome == routing_pb2.OUTCOME_CHOSEN
    for field in ("assigned_at", "respond_by", "enqueued_at"):
        sent = getattr(message, field).ToDatetime(view.assigned_at.tzinfo)
        assert sent == getattr(view, field), field
    for field in ("lead_id", "assignment_id", "decision_id", "pool", "route", "row", "sla", "note"):
        assert getattr(message, field) == getattr(view, field), field


def test_an_assignment_on_a_track_has_no_time_to_respond(view: AssignmentView) -> None:
    message = routing_pb2.Assignment()
    on_track = msgspec.structs.replace(
        view, owner=TrackOwner("newsletter"), respond_by=None, enqueued_at=None, row=None
    )
    assignment_into(message, on_track)
    assert not_set(message) == {"rep_id", "queue", "respond_by", "enqueued_at", "row"}


@pytest.mark.parametrize(
    ("owner", "field"),
    [(RepOwner("x"), "rep_id"), (QueueOwner("x"), "queue"), (TrackOwner("x"), "track")],
)
def test_a_lead_has_exactly_one_owner(owner: Owner, field: str) -> None:
    message = routing_pb2.Assignment()
    owner_into(message, owner)
    assert message.WhichOneof("owner") == field
    assert getattr(message, field) == "x"


def test_every_field_of_a_decision_is_sent(record: DecisionRecord) -> None:
    message = routing_pb2.Decision()
    decision_into(message, record)
    assert not_set(message) == {"queue", "track", "facts_trimmed_at"}
    assert message.stage_before == types_pb2.STAGE_KNOWN
    assert message.stage == types_pb2.STAGE_MQL
    assert message.cause == routing_pb2.CAUSE_QUALIFIED
    assert list(message.sentences) == ["it was bob's turn", "ann is away"]
    assert not_set(message.draw) == set()
    assert [(g.rep_id, g.credit) for g in message.draw.gains] == [("ann", 1), ("bob", 2)]
    assert [(e.route, e.error) for e in message.errors] == [("small firms", "employees is unknown")]


def test_the_facts_of_a_decision_can_be_read_back_for_a_replay(record: DecisionRecord) -> None:
    message = routing_pb2.Decision()
    decision_into(message, record)
    assert msgspec.json.decode(message.facts_json, type=Facts) == record.facts
