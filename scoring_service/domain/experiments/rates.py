"""A rate with its interval, as of one look."""

from dataclasses import dataclass
from math import sqrt

Z90 = 1.6448536269514722
"""Of the standard normal distribution 90 % lies within this on either side."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many, with Wilson's 90 % interval (0 to 1 of nobody)."""

    successes: int
    leads: int

    @property
    def value(self) -> float | None:
        """The share; None of nobody."""
        return self.successes / self.leads if self.leads else None

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval.

        >>> tuple(round(bound, 3) for bound in Rate(10, 100).interval)
        (0.061, 0.16)
        """
        if not self.leads:
            return 0.0, 1.0
        n, share, square = self.leads, self.successes / self.leads, Z90 * Z90
        middle = (share + square / (2 * n)) / (1 + square / n)
        half = Z90 * sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
        return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))
