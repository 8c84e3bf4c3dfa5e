"""What is encoded by hand is what the library would have written."""

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given
from hypothesis import strategies as st
from leadscoring.v1 import scoring_pb2, types_pb2

from scoring_service.api.encoding import (
    DOUBLE,
    LENGTH,
    VARINT,
    delimited,
    instant_field,
    tag_of,
    varint,
)


@given(st.integers(0, 2**63 - 1))
def test_a_number_is_encoded_in_sevens_of_bits(number: int) -> None:
    encoded = varint(number)
    assert sum((byte & 0x7F) << 7 * i for i, byte in enumerate(encoded)) == number
    assert [byte >> 7 for byte in encoded] == [1] * (len(encoded) - 1) + [0]


@pytest.mark.parametrize(
    ("number", "encoded"),
    [
        (0, b"\x00"),
        (127, b"\x7f"),
        (128, b"\x80\x01"),
        (16_383, b"\xff\x7f"),
        (16_384, b"\x80\x80\x01"),
    ],
)
def test_a_byte_more_is_taken_at_every_seventh_bit(number: int, encoded: bytes) -> None:
    assert varint(number) == encoded


@given(st.integers(1, 2**31 - 1))
def test_a_tag_and_a_number_are_the_library_s(level: int) -> None:
    tag = tag_of(types_pb2.Score.DESCRIPTOR, "behaviour_level", VARINT)
    expected = types_pb2.Score(behaviour_level=level).SerializeToString()
    assert bytes((tag,)) + varint(level) == expected


@given(st.text(max_size=300))
def test_a_message_in_another_one_is_the_library_s(name: str) -> None:
    score = types_pb2.Score(fit=1.0, policy_revision=name)
    tag = tag_of(scoring_pb2.ScoreResponse.DESCRIPTOR, "score", LENGTH)
    expected = scoring_pb2.ScoreResponse(score=score).SerializeToString()
    assert delimited(tag, score.SerializeToString()) == expected


def test_a_double_has_the_tag_of_eight_bytes() -> None:
    tag = tag_of(types_pb2.Score.DESCRIPTOR, "fit", DOUBLE)
    assert types_pb2.Score(fit=0.5).SerializeToString()[0] == tag


def test_a_field_that_is_not_there_has_no_tag() -> None:
    with pytest.raises(KeyError):
        tag_of(types_pb2.Score.DESCRIPTOR, "fits", DOUBLE)


@given(st.integers(-2_208_988_800_000_000, 7_258_118_399_999_999))
def test_an_instant_is_the_library_s(at: int) -> None:
    tag = tag_of(types_pb2.Score.DESCRIPTOR, "as_of", LENGTH)
    seconds, nanos = at // 1_000_000, at % 1_000_000 * 1_000
    expected = types_pb2.Score(as_of=Timestamp(seconds=seconds, nanos=nanos))
    assert types_pb2.Score.FromString(instant_field(tag, at)) == expected
