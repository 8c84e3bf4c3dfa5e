"""How messages are encoded, for what is written without one.

https://protobuf.dev/programming-guides/encoding/
"""

from struct import Struct

from google.protobuf.descriptor import Descriptor
from google.protobuf.timestamp_pb2 import Timestamp

VARINT, DOUBLE, LENGTH = 0, 1, 2
"""Wire types: a number in sevens of bits, eight bytes, and bytes after their length."""

_ONE_BYTE = 0x80
_TWO_BYTES = 0x4000


def tag_of(message: Descriptor, field: str, kind: int) -> int:
    """What comes before a field's value; one byte, as the field's number is below 16."""
    tag: int = message.fields_by_name[field].number << 3 | kind
    assert tag < _ONE_BYTE, field
    return tag


def varint(number: int) -> bytes:
    """A number of at least 0.

    >>> varint(1), varint(150)
    (b'\\x01', b'\\x96\\x01')
    """
    if number < _ONE_BYTE:
        return bytes((number,))
    if number < _TWO_BYTES:
        return bytes((number & 0x7F | 0x80, number >> 7))
    return bytes((number & 0x7F | 0x80,)) + varint(number >> 7)


def delimited(tag: int, encoded: bytes) -> bytes:
    """An encoded message as a field of another one."""
    return bytes((tag,)) + varint(len(encoded)) + encoded


SECONDS = tag_of(Timestamp.DESCRIPTOR, "seconds", VARINT)
NANOS = tag_of(Timestamp.DESCRIPTOR, "nanos", VARINT)
INSTANT_BYTES = 12
"""Of an instant whose two numbers have five bytes each."""

LAST_14 = 0x3FFF
SEVENS = [low & 0x7F | 0x80 | (low << 1 & 0x7F00) | 0x8000 for low in range(LAST_14 + 1)]
"""Two bytes of a varint, more following, by the 14 bits in them."""

FIVE_BYTES = "HHB"
"""A varint of five bytes as `struct` packs it: twice two of `SEVENS`, and what is above 28 bits."""

_instant = Struct(f"<BBB{FIVE_BYTES}B{FIVE_BYTES}").pack


def instant_field(tag: int, at: int) -> bytes:
    """An instant as a field; `at` is in microseconds since 1970.

    >>> instant_field(14, 1_000_005).hex(" ")
    '0e 0c 08 81 80 80 80 00 10 88 a7 80 80 00'
    """
    seconds, beyond = divmod(at, 1_000_000)
    nanos = beyond * 1000
    if at < 0:
        return delimited(tag, Timestamp(seconds=seconds, nanos=nanos).SerializeToString())
    return _instant(
        tag,
        INSTANT_BYTES,
        SECONDS,
        SEVENS[seconds & LAST_14],
        SEVENS[seconds >> 14 & LAST_14],
        seconds >> 28,
        NANOS,
        SEVENS[nanos & LAST_14],
        SEVENS[nanos >> 14 & LAST_14],
        nanos >> 28,
    )
