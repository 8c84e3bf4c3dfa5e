"""A score as a message: field by field, and its contributions in their encoding."""

from collections.abc import Sequence
from datetime import datetime

from google.protobuf.timestamp_pb2 import Timestamp
from leadscoring.v1 import types_pb2

from scoring_service.api.encode_contributions import encoded
from scoring_service.values.instant import EPOCH
from scoring_service.values.score import Bar, ModelContribution, Quadrant, Score

QUADRANTS = {
    Quadrant.SALES_READY: types_pb2.QUADRANT_SALES_READY,
    Quadrant.NURTURE: types_pb2.QUADRANT_NURTURE,
    Quadrant.QUALIFY_CAREFULLY: types_pb2.QUADRANT_QUALIFY_CAREFULLY,
    Quadrant.DEPRIORITISE: types_pb2.QUADRANT_DEPRIORITISE,
}


def score_into(message: types_pb2.Score, score: Score) -> None:
    """Fill an empty message with a score."""
    _all_else_into(message, score)
    message.MergeFromString(encoded(score.contributions))


def score_encoded(score: Score) -> bytes:
    """A score as its message is encoded, without a message for its contributions."""
    message = types_pb2.Score()
    _all_else_into(message, score)
    return message.SerializeToString() + encoded(score.contributions)


def _all_else_into(message: types_pb2.Score, score: Score) -> None:
    message.fit = score.fit
    message.behaviour = score.behaviour
    message.fit_grade = score.fit_grade
    message.behaviour_level = score.behaviour_level
    message.quadrant = QUADRANTS[score.quadrant]
    message.mql_ready = score.mql_ready
    message.policy_revision = score.policy_revision
    message.model_version = score.model_version
    instant_into(message.as_of, score.as_of)
    if score.qualified_until is not None:
        instant_into(message.qualified_until, score.qualified_until)
    if score.sql_ready is not None:
        message.sql_ready = score.sql_ready
    if score.win_probability is not None:
        message.win_probability = score.win_probability.value
        message.win_probability_low = score.win_probability.low
        message.win_probability_high = score.win_probability.high
        _model_into(message, score.model_contributions)
    _bars_into(message, score.bars)
    if score.arms:
        message.arms.update(score.arms)


def instant_into(message: Timestamp, instant: datetime) -> None:
    """Fill an empty timestamp with an instant."""
    since = instant - EPOCH
    message.seconds = since.days * 86_400 + since.seconds
    if since.microseconds:
        message.nanos = since.microseconds * 1000


def _bars_into(message: types_pb2.Score, bars: Sequence[Bar]) -> None:
    for bar in bars:
        added = message.bars.add()
        added.name = bar.name
        added.value = bar.value
        added.threshold = bar.threshold
        added.met = bar.met


def _model_into(message: types_pb2.Score, contributions: Sequence[ModelContribution]) -> None:
    add = message.model_contributions.add
    for contribution in contributions:
        added = add()
        added.name = contribution.name
        added.log_odds = contribution.log_odds
