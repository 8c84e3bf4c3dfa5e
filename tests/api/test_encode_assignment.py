"""An assignment in its encoding is what the protobuf library makes of it, field by field."""

from datetime import UTC

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from leadscoring.v1 import routing_pb2

from scoring_service.api.convert_account import match_into
from scoring_service.api.convert_assignment import CAUSES, STAGES, considered_into, owner_into
from scoring_service.api.convert_score import score_into
from scoring_service.api.encode_assignment import assignment_encoded, assignment_into
from scoring_service.values.account import Account, AccountMatch, MatchedBy
from scoring_service.values.decision import Cause, Considered, Passed
from scoring_service.values.instant import EPOCH, instant
from scoring_service.values.owner import Owner, QueueOwner, RepOwner, TrackOwner
from scoring_service.values.score import Contribution, Dimension, Quadrant, Score
from scoring_service.values.stage import Stage
from scoring_service.workflows.requests import AssignmentView

SCORE = Score(
    fit=20.0,
    behaviour=0.0,
    fit_grade="C",
    behaviour_level=1,
    quadrant=Quadrant.NURTURE,
    mql_ready=False,
    bars=(),
    contributions=(Contribution(Dimension.FIT, "size", 20.0),) * 12,
    as_of=EPOCH,
    policy_revision="r1",
)
texts = st.sampled_from(["", "a", "Zoë ☃"]) | st.text(max_size=200)
"""Some of them again and again: what was encoded before is not encoded anew."""
instants = st.integers(-2_208_988_800_000_000, 7_258_118_399_999_999).map(instant)
matches = st.builds(
    AccountMatch,
    account=st.none() | st.builds(Account, texts, texts),
    matched_by=st.sampled_from(MatchedBy),
    owner_rep_id=st.none() | texts,
    owner_account_id=st.none() | texts,
    candidates=st.lists(texts, max_size=2).map(tuple),
    ambiguous=st.booleans(),
    note=texts,
)
views = st.builds(
    AssignmentView,
    lead_id=texts,
    owner=st.builds(RepOwner, texts) | st.builds(QueueOwner, texts) | st.builds(TrackOwner, texts),
    cause=st.sampled_from(Cause),
    score=st.just(SCORE),
    assigned_at=instants,
    policy_revision=texts,
    stage=st.sampled_from(Stage),
    assignment_id=texts,
    decision_id=texts,
    pool=texts,
    route=texts,
    row=st.none() | st.integers(0, 2**31 - 1),
    considered=st.lists(
        st.builds(Considered, texts, st.sampled_from(Passed), texts, texts), max_size=3
    ).map(tuple),
    account=matches,
    bars_missed=st.lists(texts, max_size=2).map(tuple),
    stood_in_for=texts,
    sla=texts,
    enqueued_at=st.none() | instants,
    respond_by=st.none() | instants,
    note=texts,
    replayed=st.booleans(),
    arms=st.dictionaries(texts, texts, max_size=2),
)


def by_library(view: AssignmentView) -> routing_pb2.Assignment:
    message = routing_pb2.Assignment(
        assignment_id=view.assignment_id,
        lead_id=view.lead_id,
        decision_id=view.decision_id,
        pool=view.pool,
        route=view.route,
        row=view.row,
        cause=CAUSES[view.cause],
        stage=STAGES[view.stage],
        bars_missed=view.bars_missed,
        stood_in_for=view.stood_in_for,
        sla=view.sla,
        policy_revision=view.policy_revision,
        replayed=view.replayed,
        note=view.note,
        arms=view.arms,
    )
    owner_into(message, view.owner)
    considered_into(message.considered, view.considered)
    match_into(message.account, view.account)
    score_into(message.score, view.score)
    message.assigned_at.FromDatetime(view.assigned_at)
    if view.enqueued_at is not None:
        message.enqueued_at.FromDatetime(view.enqueued_at)
    if view.respond_by is not None:
        message.respond_by.FromDatetime(view.respond_by)
    return message


@settings(max_examples=60)
@given(views)
def test_whatever_was_decided(view: AssignmentView) -> None:
    assert routing_pb2.Assignment.FromString(assignment_encoded(view)) == by_library(view)
    message = routing_pb2.Assignment()
    assignment_into(message, view)
    assert message == by_library(view)


@pytest.mark.parametrize("kind", [RepOwner, QueueOwner, TrackOwner])
def test_owners_of_one_name_are_told_apart_by_their_kind(
    view: AssignmentView, kind: type[Owner]
) -> None:
    before = assignment_encoded(msgspec.structs.replace(view, owner=RepOwner("x")))
    after = assignment_encoded(msgspec.structs.replace(view, owner=kind("x")))
    sent = routing_pb2.Assignment.FromString(after)
    assert sent.WhichOneof("owner") == {RepOwner: "rep_id", QueueOwner: "queue"}.get(kind, "track")
    assert (after == before) == (kind is RepOwner)


def test_two_answers_that_differ_in_ids_and_instants_alone_share_nothing_of_these(
    view: AssignmentView,
) -> None:
    assignment_encoded(view)
    other = msgspec.structs.replace(
        view, lead_id="l-2", assignment_id="as-2", decision_id="", respond_by=None
    )
    sent = routing_pb2.Assignment.FromString(assignment_encoded(other))
    assert (sent.lead_id, sent.assignment_id, sent.decision_id) == ("l-2", "as-2", "")
    assert sent.assigned_at.ToDatetime(UTC) == view.assigned_at
    assert not sent.HasField("respond_by")
