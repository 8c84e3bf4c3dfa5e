"""Durations as rule files write them, checked where msgspec reads them."""

from datetime import timedelta

from scoring_service.domain.business_time.duration import (
    ANY_UNIT,
    ELAPSED_UNIT,
    BusinessDays,
    Duration,
    Elapsed,
    parse_duration,
)

SLA_MIN = timedelta(minutes=1)
SLA_MAX = timedelta(days=90)


class Span:
    """`4h`, `2bh` or `3bd`: any unit, zero allowed."""

    __slots__ = ("duration",)

    def __init__(self, duration: Duration) -> None:
        self.duration = duration


class SlaSpan(Span):
    """A span of one minute to 90 days."""

    __slots__ = ()


class LastingSpan(Span):
    """A span of any unit, longer than zero."""

    __slots__ = ()


class AgoSpan(Span):
    """A span of elapsed time, zero allowed; `.elapsed` is its timedelta."""

    __slots__ = ()

    @property
    def elapsed(self) -> timedelta:
        """The span on the wall clock."""
        assert isinstance(self.duration, Elapsed)
        return self.duration.span


class ElapsedSpan(AgoSpan):
    """A span of elapsed time, longer than zero."""

    __slots__ = ()


def length(duration: Duration) -> timedelta:
    """How long a span is in its own unit, for comparing spans of one unit."""
    if isinstance(duration, BusinessDays):
        return timedelta(days=duration.days)
    return duration.span


def is_lasting(duration: Duration) -> bool:
    """Whether a span is longer than zero."""
    return length(duration) > timedelta(0)


def written(kind: type, value: object) -> object:
    """The dec_hook of msgspec for spans; ValueError "what; remedy" where `value` is none."""
    if not issubclass(kind, Span):
        raise NotImplementedError(kind)
    units = ELAPSED_UNIT if issubclass(kind, AgoSpan) else ANY_UNIT
    if value is None:
        raise ValueError(f"there is nothing where a time is meant; write {units}")
    if not isinstance(value, str):
        raise ValueError(f"{_shown(value)} no unit; write it with one: {units}")
    duration = parse_duration(value, units)
    if issubclass(kind, SlaSpan) and not SLA_MIN <= length(duration) <= SLA_MAX:
        raise ValueError(f"{value} is no SLA; give one of 1 minute to 90 days")
    if issubclass(kind, AgoSpan) and not isinstance(duration, Elapsed):
        raise ValueError(f"{value} is business time; elapsed time is meant here: {ELAPSED_UNIT}")
    if issubclass(kind, ElapsedSpan | LastingSpan) and not is_lasting(duration):
        raise ValueError(f"{value} is not longer than zero; write a longer time")
    return kind(duration)


def _shown(value: object) -> str:
    """What stands there, as YAML writes it: no map or list of ours."""
    if isinstance(value, dict | list):
        return f"a {'map' if isinstance(value, dict) else 'list'} has"
    return f"{str(value).lower() if isinstance(value, bool) else value} has"
