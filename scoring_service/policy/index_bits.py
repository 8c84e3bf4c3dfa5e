"""Sets of positions: bit `p` of an integer stands for position `p` in the list of routes."""

from collections.abc import Iterable

Entry = int | tuple[int, ...]
"""Bits with those folded in that leave the symbol alone; or few positions, without those."""

FEW = 16
_BYTES_FEW = 512


def bits_of(positions: Iterable[int], count: int) -> int:
    """The integer with these bits set, of `count`.

    >>> bin(bits_of([0, 3], 10))
    '0b1001'
    """
    filled = bytearray(count // 8 + 1)
    for position in positions:
        filled[position >> 3] |= 1 << (position & 7)
    return int.from_bytes(filled, "little")


def with_bits(bits: int, positions: Iterable[int]) -> int:
    """`bits` with a few more set."""
    more = 0
    for position in positions:
        more |= 1 << position
    return bits | more


def bytes_of(count: int) -> int:
    """Memory of an integer of so many bits: 30 of them in 4 bytes."""
    return count // 30 * 4 + 32


def few_of(count: int) -> int:
    """How many positions are kept as numbers: none where bits are short, and so faster."""
    return FEW if bytes_of(count) > _BYTES_FEW else 0
