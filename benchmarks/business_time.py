"""What a deadline costs: over 40 business hours and 20 business days, with dates known and not.

    python benchmarks/business_time.py

A calendar keeps the windows of the dates it has looked at; `cold` is one that knows none. Times are
medians of five interleaved rounds; the exit code is 1 where 40 business hours cost over 100 us.
"""

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from statistics import median
from time import perf_counter
from zoneinfo import ZoneInfo

from scoring_service.domain.business_time.calendar import Calendar, Window
from scoring_service.domain.business_time.deadline import deadline, elapsed
from scoring_service.domain.business_time.duration import BusinessDays, BusinessHours
from scoring_service.domain.lifecycle.clocks import left_of, relaid
from scoring_service.values.clock import Clock, ClockName

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SPLIT = (Window(9 * 60, 12 * 60 + 30), Window(13 * 60 + 15, 18 * 60))
OFFICE = Calendar(
    "berlin-office",
    ZoneInfo("Europe/Berlin"),
    (SPLIT,) * 5 + ((),) * 2,
    frozenset({date(2026, 3, 5)}),
    {date(2026, 3, 3): (Window(10 * 60, 11 * 60),)},
    {date(2026, 3, 7): (Window(10 * 60, 14 * 60),)},
)
FORTY_HOURS = BusinessHours(timedelta(hours=40))
TWENTY_DAYS = BusinessDays(20)
ROUNDS, CALLS, COLD_CALLS = 5, 2_000, 200
LIMIT_US = 100.0


def cold() -> Calendar:
    return replace(OFFICE)


def over(calls: int, call: Callable[[int], object]) -> float:
    """Microseconds a call."""
    began = perf_counter()
    for number in range(calls):
        call(number)
    return (perf_counter() - began) / calls * 1e6


def start(number: int) -> datetime:
    return START + timedelta(minutes=number % 600)


def moved(number: int) -> Clock:
    """A clock of 20 business days laid on a calendar with another holiday."""
    now = start(number)
    due = deadline(OFFICE, now, TWENTY_DAYS)
    clock = Clock(ClockName.STALLED, now, now, left_of(TWENTY_DAYS), "office", "r1", due)
    return relaid(clock, OFFICE, OTHER, now + timedelta(days=3), "r2")


OTHER = replace(OFFICE, closed=frozenset({date(2026, 3, 12)}))
WEEK = timedelta(days=7)

MEASURED: dict[str, tuple[int, Callable[[int], object]]] = {
    "deadline over 40bh": (CALLS, lambda n: deadline(OFFICE, start(n), FORTY_HOURS)),
    "deadline over 40bh, cold": (COLD_CALLS, lambda n: deadline(cold(), start(n), FORTY_HOURS)),
    "deadline over 20bd": (CALLS, lambda n: deadline(OFFICE, start(n), TWENTY_DAYS)),
    "open time of a week": (CALLS, lambda n: elapsed(OFFICE, start(n), start(n) + WEEK)),
    "a clock of 20bd relaid": (COLD_CALLS, moved),
}


def main() -> int:
    found: dict[str, list[float]] = {name: [] for name in MEASURED}
    for _ in range(ROUNDS):
        for name, (calls, call) in MEASURED.items():
            found[name].append(over(calls, call))
    for name, times in found.items():
        print(f"{name:28} {median(times):8.1f} us")
    worst = median(found["deadline over 40bh"])
    held = worst <= LIMIT_US
    print(f"promise: at most {LIMIT_US:.0f} us over 40bh: {'held' if held else 'MISSED'}")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
