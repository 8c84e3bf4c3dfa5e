"""A score as a message: what every score has in its encoding, field by field what few have."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from struct import Struct, calcsize

from google.protobuf.timestamp_pb2 import Timestamp
from leadscoring.v1 import types_pb2

from scoring_service.api.encode_contributions import encoded
from scoring_service.api.encoding import DOUBLE, LENGTH, delimited, instant_field, tag_of
from scoring_service.values.instant import EPOCH, micros
from scoring_service.values.score import Bar, Quadrant, Score

QUADRANTS = {
    Quadrant.SALES_READY: types_pb2.QUADRANT_SALES_READY,
    Quadrant.NURTURE: types_pb2.QUADRANT_NURTURE,
    Quadrant.QUALIFY_CAREFULLY: types_pb2.QUADRANT_QUALIFY_CAREFULLY,
    Quadrant.DEPRIORITISE: types_pb2.QUADRANT_DEPRIORITISE,
}

_MADE = types_pb2.Score.DESCRIPTOR
_FIT = tag_of(_MADE, "fit", DOUBLE)
_BEHAVIOUR = tag_of(_MADE, "behaviour", DOUBLE)
_BARS = tag_of(_MADE, "bars", LENGTH)
_AS_OF = tag_of(_MADE, "as_of", LENGTH)
_UNTIL = tag_of(_MADE, "qualified_until", LENGTH)
_VALUE = tag_of(types_pb2.Bar.DESCRIPTOR, "value", DOUBLE)
_THRESHOLD = tag_of(types_pb2.Bar.DESCRIPTOR, "threshold", DOUBLE)
_TWO = "<BdBd"
_two = Struct(_TWO).pack
"""Two numbers, each after its tag."""


def score_into(message: types_pb2.Score, score: Score) -> None:
    """Fill an empty message with a score."""
    message.MergeFromString(score_encoded(score))


def score_encoded(score: Score) -> bytes:
    """A score as its message is encoded, most of it without a message."""
    return scores_encoded((score,))[0]


def scores_encoded(scores: Sequence[Score]) -> list[bytes]:
    """Scores as their messages are encoded; each step for all of them."""
    because = [encoded(score.contributions) for score in scores]
    return [_all_but(score) + end for score, end in zip(scores, because, strict=True)]


def _all_but(score: Score) -> bytes:
    """All but the contributions."""
    words = _words(
        score.fit_grade, score.behaviour_level, score.quadrant, score.mql_ready,
        score.policy_revision, score.model_version,
    )  # fmt: skip
    points = _two(_FIT, score.fit, _BEHAVIOUR, score.behaviour)
    bars = b"".join([_bar(bar) for bar in score.bars])
    return words + points + bars + _instants(score) + _rest(score)


@lru_cache(maxsize=1_024)
def _words(
    fit_grade: str, level: int, quadrant: Quadrant, mql_ready: bool, revision: str, model: str
) -> bytes:
    """What few scores differ in."""
    return types_pb2.Score(
        fit_grade=fit_grade,
        behaviour_level=level,
        quadrant=QUADRANTS[quadrant],
        mql_ready=mql_ready,
        policy_revision=revision,
        model_version=model,
    ).SerializeToString()


def _bar(bar: Bar) -> bytes:
    return _bar_head(bar.name, bar.met) + _two(_VALUE, bar.value, _THRESHOLD, bar.threshold)


@lru_cache(maxsize=64)
def _bar_head(name: str, met: bool) -> bytes:
    """A bar up to its numbers."""
    first = types_pb2.Bar(name=name, met=met).SerializeToString()
    more = calcsize(_TWO)
    return delimited(_BARS, first + bytes(more))[:-more]


def _instants(score: Score) -> bytes:
    as_of = instant_field(_AS_OF, micros(score.as_of))
    if score.qualified_until is None:
        return as_of
    return as_of + instant_field(_UNTIL, micros(score.qualified_until))


def _rest(score: Score) -> bytes:
    """What only a model or an experiment gives."""
    if score.win_probability is None and score.sql_ready is None and not score.arms:
        return b""
    message = types_pb2.Score(sql_ready=score.sql_ready, arms=score.arms)
    if score.win_probability is not None:
        message.win_probability = score.win_probability.value
        message.win_probability_low = score.win_probability.low
        message.win_probability_high = score.win_probability.high
        add = message.model_contributions.add
        for one in score.model_contributions:
            added = add()
            added.name = one.name
            added.log_odds = one.log_odds
    return message.SerializeToString()


def instant_into(message: Timestamp, instant: datetime) -> None:
    """Fill an empty timestamp with an instant."""
    since = instant - EPOCH
    message.seconds = since.days * 86_400 + since.seconds
    if since.microseconds:
        message.nanos = since.microseconds * 1000
