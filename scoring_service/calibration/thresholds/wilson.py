"""Bounds of a share that hold for few rows, too (Wilson 1927)."""

from math import sqrt

Z = 1.645
"""90 % between both bounds, 95 % above the lower and below the upper one."""


def wilson(won: float, rows: float) -> tuple[float, float]:
    """The bounds of the share won; (0, 1) without rows.

    >>> [round(bound, 3) for bound in wilson(10, 50)]
    [0.123, 0.307]
    """
    if rows <= 0:
        return 0.0, 1.0
    share, z2 = won / rows, Z * Z
    centre = (share + z2 / (2 * rows)) / (1 + z2 / rows)
    half = Z * sqrt(share * (1 - share) / rows + z2 / (4 * rows * rows)) / (1 + z2 / rows)
    return max(0.0, centre - half), min(1.0, centre + half)
