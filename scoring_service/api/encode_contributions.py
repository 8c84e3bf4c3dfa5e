"""Contributions in their encoding: a score has dozens, and most of a message is filling them in."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from struct import Struct, calcsize

from leadscoring.v1 import types_pb2

from scoring_service.api.encoding import (
    DOUBLE,
    INSTANT_BYTES,
    LENGTH,
    NANOS,
    SECONDS,
    VARINT,
    delimited,
    tag_of,
)
from scoring_service.values.score import Contribution, Dimension

_BEHAVIOUR = Dimension.BEHAVIOUR
_MADE = types_pb2.Contribution.DESCRIPTOR
_LIST = tag_of(types_pb2.Score.DESCRIPTOR, "contributions", LENGTH)
_POINTS = tag_of(_MADE, "points", DOUBLE)
_UNDECAYED = tag_of(_MADE, "undecayed_points", DOUBLE)
_COUNT = tag_of(_MADE, "count", VARINT)
_AT = tag_of(_MADE, "occurred_at", LENGTH)
_SECONDS = bytes((_AT, INSTANT_BYTES, SECONDS))
_COUNT_MAX = 127
"""Of what is written in one byte."""

_bare = Struct("<Bd").pack
_counted = Struct("<BdBB").pack
_activity = Struct("<Bd3s5BB5BBd").pack
"""Points; an instant, its two numbers in five bytes each; points before decay."""


def encoded(contributions: Iterable[Contribution]) -> bytes:
    """The contributions as the field of a score, to be added to its encoding or merged into it."""
    return b"".join(
        [
            _of_points(one)
            if one.at is None or one.undecayed is None
            else _of_activity(one, one.at, one.undecayed)
            for one in contributions
        ]
    )


def _of_activity(one: Contribution, at: int, undecayed: float) -> bytes:
    if at < 0 or one.count is not None or one.dimension is not _BEHAVIOUR:
        return _by_message(one)
    seconds, beyond = divmod(at, 1_000_000)
    nanos = beyond * 1000
    return _activity_head(one.name) + _activity(
        _POINTS,
        one.points,
        _SECONDS,
        seconds & 0x7F | 0x80,
        seconds >> 7 & 0x7F | 0x80,
        seconds >> 14 & 0x7F | 0x80,
        seconds >> 21 & 0x7F | 0x80,
        seconds >> 28,
        NANOS,
        nanos & 0x7F | 0x80,
        nanos >> 7 & 0x7F | 0x80,
        nanos >> 14 & 0x7F | 0x80,
        nanos >> 21 & 0x7F | 0x80,
        nanos >> 28,
        _UNDECAYED,
        undecayed,
    )


def _of_points(one: Contribution) -> bytes:
    if one.at is not None or one.undecayed is not None:
        return _by_message(one)
    count, behaviour = one.count, one.dimension is _BEHAVIOUR
    if count is None:
        head = _behaviour_head(one.name) if behaviour else _fit_head(one.name)
        return head + _bare(_POINTS, one.points)
    if behaviour and 0 <= count <= _COUNT_MAX:
        return _counted_head(one.name) + _counted(_POINTS, one.points, _COUNT, count)
    return _by_message(one)


def _heads(dimension: types_pb2.Dimension.ValueType, more: int) -> Callable[[str], bytes]:
    """Contributions up to their points, of which `more` bytes follow; by name."""

    def head(name: str) -> bytes:
        first = types_pb2.Contribution(dimension=dimension, name=name).SerializeToString()
        return delimited(_LIST, first + bytes(more))[:-more]

    return lru_cache(maxsize=4_096)(head)


_fit_head = _heads(types_pb2.DIMENSION_FIT, calcsize("<Bd"))
_behaviour_head = _heads(types_pb2.DIMENSION_BEHAVIOUR, calcsize("<Bd"))
_counted_head = _heads(types_pb2.DIMENSION_BEHAVIOUR, calcsize("<BdBB"))
_activity_head = _heads(types_pb2.DIMENSION_BEHAVIOUR, calcsize("<Bd3s5BB5BBd"))


def _by_message(one: Contribution) -> bytes:
    """What no score has many of: instants before 1970, and whatever else a contribution may be."""
    message = types_pb2.Score()
    added = message.contributions.add()
    behaviour = one.dimension is _BEHAVIOUR
    added.dimension = types_pb2.DIMENSION_BEHAVIOUR if behaviour else types_pb2.DIMENSION_FIT
    added.name = one.name
    added.points = one.points
    if one.at is not None:
        added.occurred_at.seconds = one.at // 1_000_000
        added.occurred_at.nanos = one.at % 1_000_000 * 1000
    if one.undecayed is not None:
        added.undecayed_points = one.undecayed
    if one.count is not None:
        added.count = one.count
    return message.SerializeToString()
