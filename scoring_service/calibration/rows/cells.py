"""A column of a file as it stands: texts, each distinct one once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring_service.calibration.table import MISSING, Flags, Floats, Integers

Codes = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Cells:
    """n cells: `codes`, shape (n,), are indices into `levels`, MISSING where a cell is empty."""

    codes: Codes
    levels: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def counts(self) -> Integers:
        """In how many cells each level stands, shape (levels,)."""
        filled = self.codes[self.codes != MISSING]
        return np.bincount(filled, minlength=len(self.levels)).astype(np.int64)

    @property
    def filled(self) -> Flags:
        """Where there is a text, shape (n,)."""
        found: Flags = self.codes != MISSING
        return found

    def used(self) -> tuple[str, ...]:
        """The levels that stand in a cell."""
        return tuple(level for level, count in zip(self.levels, self.counts, strict=True) if count)

    def rows(self, which: NDArray[Any]) -> "Cells":
        """Some of the cells (indices or flags)."""
        return Cells(self.codes[which], self.levels)

    def without(self, words: Callable[[str], bool]) -> "Cells":
        """The cells, those whose text is such a word made empty."""
        gone = np.array([words(level) for level in self.levels] + [False])
        return Cells(np.where(gone[self.codes], MISSING, self.codes).astype(np.int32), self.levels)

    def blanked(self, where: Flags) -> "Cells":
        """The cells, those at some places made empty."""
        return Cells(np.where(where, MISSING, self.codes).astype(np.int32), self.levels)

    def row_of(self, level: int) -> int:
        """The number, from 1, of the first cell that holds a level."""
        return int(np.argmax(self.codes == level)) + 1

    def spread(self, of_levels: Iterable[float]) -> Floats:
        """A number a level as a number a cell, NaN where it is empty."""
        return np.array([*of_levels, np.nan], dtype=np.float64)[self.codes]


def cells_of(texts: Iterable[str | None]) -> Cells:
    """Cells of texts one by one.

    >>> cells_of(["a", " b", "", None, "a "]).codes.tolist()
    [0, 1, -1, -1, 0]
    """
    levels: dict[str, int] = {}
    codes = [_code(levels, "" if text is None else text.strip()) for text in texts]
    return Cells(np.array(codes, dtype=np.int32), tuple(levels))


def encoded(codes: NDArray[Any], texts: Iterable[str | None]) -> Cells:
    """Cells of codes into texts that may be empty, or equal but for their blanks."""
    levels: dict[str, int] = {}
    known = [_code(levels, "" if text is None else text.strip()) for text in texts]
    place = np.array([*known, MISSING], dtype=np.int32)
    return Cells(place[codes], tuple(levels))


def _code(levels: dict[str, int], text: str) -> int:
    return levels.setdefault(text, len(levels)) if text else MISSING


def number_in(text: str) -> float | None:
    """The number a text is; None where it is none, or where two such have no finite sum.

    >>> number_in("-1.5e3"), number_in("12_000"), number_in("inf"), number_in("1e308")
    (-1500.0, None, None, None)
    """
    try:
        found = float(text)
    except ValueError:
        return None
    return found if isfinite(2 * found) and "_" not in text else None
