"""A calendar as a value: weekly windows in a zone, and the dates on which they do not hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Window:
    """Minutes after local midnight of the date it opens on, [opens, closes); 1440 is 24:00, more
    runs past midnight.
    """

    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """Weekly windows (Monday first), and by date: holidays and closures, one-off breaks, one-off
    shifts.
    """

    name: str
    zone: ZoneInfo
    weekly: tuple[tuple[Window, ...], ...]
    closed: frozenset[date] = frozenset()
    breaks: Mapping[date, tuple[Window, ...]] = field(default_factory=dict)
    shifts: Mapping[date, tuple[Window, ...]] = field(default_factory=dict)
