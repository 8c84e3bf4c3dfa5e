"""Spans as rule files write them: elapsed time, business hours or days; units never mix."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Elapsed:
    """`90s 15m 4h 180d`: time on the wall clock; a day is 24 hours."""

    span: timedelta


@dataclass(frozen=True, slots=True)
class BusinessHours:
    """`4bh 0.25bh`: open time of a calendar."""

    span: timedelta


@dataclass(frozen=True, slots=True)
class BusinessDays:
    """`2bd`: dates on which the calendar has windows."""

    days: int


Duration = Elapsed | BusinessHours | BusinessDays
