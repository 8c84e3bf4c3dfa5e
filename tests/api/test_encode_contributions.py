"""Contributions in their encoding are what the protobuf library makes of them."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from leadscoring.v1 import types_pb2

from scoring_service.api.encode_contributions import encoded
from scoring_service.values.instant import micros
from scoring_service.values.score import Contribution, Dimension

DIMENSIONS = {
    Dimension.FIT: types_pb2.DIMENSION_FIT,
    Dimension.BEHAVIOUR: types_pb2.DIMENSION_BEHAVIOUR,
}
AT = datetime(2026, 3, 2, 10, 0, 0, 123_456, tzinfo=UTC)


def by_library(contributions: Sequence[Contribution]) -> types_pb2.Score:
    score = types_pb2.Score()
    for one in contributions:
        added = score.contributions.add(name=one.name, points=one.points)
        added.dimension = DIMENSIONS[one.dimension]
        if one.occurred_at is not None:
            added.occurred_at.FromDatetime(one.occurred_at)
        if one.undecayed is not None:
            added.undecayed_points = one.undecayed
        if one.count is not None:
            added.count = one.count
    return score


def read(contributions: Sequence[Contribution]) -> types_pb2.Score:
    score = types_pb2.Score()
    score.MergeFromString(encoded(contributions))
    return score


instants = st.integers(-2_208_988_800_000_000, 7_258_118_399_999_999)
points = st.floats(allow_nan=False)
anything = st.builds(
    Contribution,
    st.sampled_from(Dimension),
    st.text(max_size=300),
    points,
    st.none() | instants,
    st.none() | points,
    st.none() | st.integers(0, 2**31 - 1),
)


@given(st.lists(anything, max_size=5))
def test_whatever_they_are(contributions: list[Contribution]) -> None:
    assert read(contributions) == by_library(contributions)


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(Contribution(Dimension.FIT, "size", 20.0), id="a-criterion"),
        pytest.param(Contribution(Dimension.FIT, "", 0.0), id="nothing-of-no-name"),
        pytest.param(Contribution(Dimension.BEHAVIOUR, "at most 100", -5.0), id="a-clip"),
        pytest.param(Contribution(Dimension.BEHAVIOUR, "call", 1.0, count=0), id="none-counted"),
        pytest.param(Contribution(Dimension.BEHAVIOUR, "call", 1.0, count=127), id="in-a-byte"),
        pytest.param(Contribution(Dimension.BEHAVIOUR, "call", 1.0, count=128), id="in-two"),
        pytest.param(
            Contribution(Dimension.BEHAVIOUR, "call", 1.0, micros(AT), 2.0), id="an-activity"
        ),
        pytest.param(
            Contribution(Dimension.BEHAVIOUR, "call", 0.0, 0, 0.0),
            id="of-the-first-instant",
        ),
        pytest.param(
            Contribution(Dimension.BEHAVIOUR, "call", 1.0, -999_991, 2.0),
            id="of-before-it",
        ),
        pytest.param(
            Contribution(
                Dimension.BEHAVIOUR,
                "x" * 4096,
                1.0,
                micros(datetime(2199, 12, 31, 0, 0, 0, 999_999, UTC)),
            ),
            id="far-out-by-a-long-name",
        ),
    ],
)
def test_what_has_an_edge(one: Contribution) -> None:
    assert read([one]) == by_library([one])
    assert read([one]).SerializeToString() == by_library([one]).SerializeToString()
