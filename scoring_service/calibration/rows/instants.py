"""Instants of a file as microseconds UTC."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from scoring_service.calibration.problem import CalibrationProblem
from scoring_service.calibration.rows.cells import Cells
from scoring_service.calibration.table import Flags, Integers
from scoring_service.values.instant import instant, micros

NEVER = np.iinfo(np.int64).min
"""Stands where there is no instant."""

MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, eq=False)
class Instants:
    """A column of instants: `at`, shape (n,), microseconds UTC, NEVER where a cell is empty.

    `naive` where some were written without a zone; they were read as UTC, dates as midnight.
    """

    column: str
    at: Integers
    naive: bool

    @property
    def known(self) -> Flags:
        """Where there is an instant."""
        found: Flags = self.at != NEVER
        return found

    def notes(self) -> tuple[str, ...]:
        """What should be said of how they were read."""
        return (f"'{self.column}' names no zone and is read as UTC",) if self.naive else ()


def instants(cells: Cells, file: str, column: str) -> Instants:
    """The instants of a column; CalibrationProblem naming the first row that holds none."""
    at = np.full(len(cells.levels) + 1, NEVER, dtype=np.int64)
    naive = False
    for level, (text, count) in enumerate(zip(cells.levels, cells.counts, strict=True)):
        if not count:
            continue
        found = instant_in(text)
        if found is None:
            raise CalibrationProblem(
                f"{file}: row {cells.row_of(level):,}: {column}: '{text[:60]}' is no instant; write"
                " ISO 8601 such as 2026-03-31 or 2026-03-31T10:00:00Z"
            )
        naive = naive or found.tzinfo is None
        at[level] = micros(found if found.tzinfo else found.replace(tzinfo=UTC))
    return Instants(column, at[cells.codes], naive)


def instant_in(text: str) -> datetime | None:
    """The instant a text is, with a zone or without; None where it is none.

    >>> instant_in("2026-03-31T10:00:00Z"), instant_in("31.3.2026")
    (datetime.datetime(2026, 3, 31, 10, 0, tzinfo=datetime.timezone.utc), None)
    """
    if "-" not in text[:5]:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def shown(at: int) -> str:
    """The date of an instant, for a sentence."""
    return instant(int(at)).date().isoformat()


def span(length: timedelta) -> str:
    """A length of time, for a sentence.

    >>> span(timedelta(days=90)), span(timedelta(hours=36)), span(timedelta(seconds=1))
    ('90 d', '1.5 d', '1 s')
    """
    if length < timedelta(hours=1):
        return f"{length.total_seconds():.3g} s"
    days = length / timedelta(days=1)
    return f"{days:.0f} d" if days == int(days) else f"{days:.3g} d"
