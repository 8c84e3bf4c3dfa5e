"""Spans as rule files write them: elapsed time, business hours or days; units never mix."""

import re
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction


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

_WRITTEN = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,12})?)(s|m|h|d|bh|bd)")
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "bh": 3600, "bd": 86_400}
_YEARS_MAX = 100
_SHOWN_MAX = 40
_SECONDS_MAX = _YEARS_MAX * 366 * 86_400


ANY_UNIT = "15m, 4h, 7d, 4bh or 2bd"
ELAPSED_UNIT = "15m, 4h or 7d"


def parse_duration(text: str, units: str = ANY_UNIT) -> Duration:
    """A span with its unit; zero is one. Raises ValueError "what; remedy", which gives `units` as
    examples.

    >>> parse_duration("0.25bh")
    BusinessHours(span=datetime.timedelta(seconds=900))
    >>> parse_duration("2bd")
    BusinessDays(days=2)
    """
    written = _WRITTEN.fullmatch(text)
    if written is None:
        raise ValueError(f"{text[:_SHOWN_MAX]!r} {_wrong(text, units)}")
    number, unit = Fraction(written[1]), written[2]
    if number * _SECONDS[unit] > _SECONDS_MAX:
        raise ValueError(f"{text!r} is longer than {_YEARS_MAX} years; write a shorter time")
    if unit == "bd":
        if number.denominator != 1:
            raise ValueError(f"{text!r} is no whole number of business days; write hours: 4bh")
        return BusinessDays(int(number))
    span = timedelta(microseconds=round(number * _SECONDS[unit] * 1_000_000))
    return BusinessHours(span) if unit == "bh" else Elapsed(span)


def _wrong(text: str, units: str) -> str:
    if text.startswith("-"):
        return "is negative; write a time of zero or more"
    if _NUMBER.fullmatch(text):
        return f"has no unit; write it with one: {units}"
    return f"is no duration; write one number and its unit: {units}"
