"""How messages are encoded, for what is written without one.

https://protobuf.dev/programming-guides/encoding/
"""

from google.protobuf.descriptor import Descriptor

VARINT, DOUBLE, LENGTH = 0, 1, 2
"""Wire types: a number in sevens of bits, eight bytes, and bytes after their length."""

_ONE_BYTE = 0x80


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
    return bytes((number & 0x7F | 0x80,)) + varint(number >> 7)


def delimited(tag: int, encoded: bytes) -> bytes:
    """An encoded message as a field of another one."""
    return bytes((tag,)) + varint(len(encoded)) + encoded
