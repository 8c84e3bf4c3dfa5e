"""Contributions in their encoding: a score has dozens, and most of a message is filling them in."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from struct import Struct, calcsize

from leadscoring.v1 import types_pb2

from scoring_service.api.encoding import (
    DOUBLE,
    FIVE_BYTES,
    INSTANT_BYTES,
    LAST_14,
    LENGTH,
    NANOS,
    SECONDS,
    SEVENS,
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
_activity = Struct(f"<Bd3s{FIVE_BYTES}B{FIVE_BYTES}Bd").pack
"""Points; an instant, its two numbers in five bytes each; points before decay."""


def encoded(contributions: Iterable[Contribution]) -> bytes:
    """The contributions as the field of a score, to be added to its encoding or merged into it."""
    parts: list[bytes] = []
    add = parts.append
    for one in contributions:
        at, undecayed = one.at, one.undecayed
        if (
            at is None or at < 0 or undecayed is None
            or one.count is not None or one.dimension is not _BEHAVIOUR
        ):  # fmt: skip
            add(_of_points(one))
            continue
        seconds, nanos = at // 1_000_000, at % 1_000_000 * 1000
        add(_activity_head(one.name))
        add(
            _activity(
                _POINTS,
                one.points,
                _SECONDS,
                SEVENS[seconds & LAST_14],
                SEVENS[seconds >> 14 & LAST_14],
                seconds >> 28,
                NANOS,
                SEVENS[nanos & LAST_14],
                SEVENS[nanos >> 14 & LAST_14],
                nanos >> 28,
                _UNDECAYED,
                undecayed,
            )
        )
    return b"".join(parts)


def _of_points(one: Contribution) -> bytes:
    """One that is of no activity."""
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
_activity_head = _heads(
    types_pb2.DIMENSION_BEHAVIOUR, calcsize(f"<Bd3s{FIVE_BYTES}B{FIVE_BYTES}Bd")
)


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
