"""A calendar as a value: weekly windows in a zone, and the dates on which they do not hold."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Window:
    """Minutes after local midnight of the date it opens on, [opens, closes); 1440 is 24:00, more
    runs past midnight.
    """

    opens: int
    closes: int


Span = tuple[datetime, datetime]
"""Open time in UTC, [opens, closes)."""


@dataclass(frozen=True, slots=True)
class OpenDay:
    """The piece [begins, ends) of the time line that is a local date, and what is open in it."""

    begins: datetime
    ends: datetime
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Weekly windows (Monday first), and by date: holidays and closures, one-off breaks, one-off
    shifts.

    `windows_on`, `own_windows` and `open_days` keep what was worked out of the others, so that it
    is worked out once a date; `deadlines`, and the clocks that end by them, once a start and what
    runs from it: leads of one instant share these.
    """

    name: str
    zone: ZoneInfo
    weekly: tuple[tuple[Window, ...], ...]
    closed: frozenset[date] = frozenset()
    breaks: Mapping[date, tuple[Window, ...]] = field(default_factory=dict)
    shifts: Mapping[date, tuple[Window, ...]] = field(default_factory=dict)
    windows_on: dict[date, tuple[Span, ...]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    own_windows: dict[date, tuple[Span, ...]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    open_days: dict[date, OpenDay] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    deadlines: dict[tuple[datetime, Hashable], Any] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
