"""calendars.yaml: working hours, holidays, breaks and shifts."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from scoring_service.domain.business_time.calendar import Calendar, Window
from scoring_service.domain.business_time.windows import NeverOpen, next_open
from scoring_service.policy.document import Document, Path
from scoring_service.policy.files.reading import Shape, read, wrong_name
from scoring_service.policy.files.weekly import BadHoursError, hours, weekdays
from scoring_service.policy.holidays import HOLIDAY_YEARS, unknown_holidays
from scoring_service.policy.mistake import Mistake, did_you_mean

CALENDARS_KEPT = 64
"""Calendars of which it is known whether they open: rules are read again and again."""

_ALL_DAY = (Window(0, 1440),)
ALWAYS = Calendar("always", ZoneInfo("UTC"), weekly=(_ALL_DAY,) * 7)


class OneOff(Shape, frozen=True):
    """`{on: 2026-06-03, at: '10:00-11:00'}`."""

    on: date
    at: str


class CalendarEntry(Shape, frozen=True):
    """A calendar; `holidays` are codes such as DE-BE, `closed` further dates."""

    weekly: dict[str, str]
    zone: str = "UTC"
    holidays: str | tuple[str, ...] = ()
    closed: tuple[date, ...] = ()
    breaks: tuple[OneOff, ...] = ()
    shifts: tuple[OneOff, ...] = ()


Holidays = Mapping[str, tuple[date, ...]]


def holiday_codes(entry: CalendarEntry) -> tuple[str, ...]:
    """The codes of a calendar's holidays, one or several."""
    return (entry.holidays,) if isinstance(entry.holidays, str) else entry.holidays


def calendars(
    document: Document | None, holidays: Holidays
) -> tuple[dict[str, Calendar], list[Mistake]]:
    """Every calendar by name, `always` and `default` among them; and what is wrong with them.

    The key `default` names the calendar of those who have none, or is such a calendar itself.
    """
    found, mistakes = {"always": ALWAYS, "default": ALWAYS}, list[Mistake]()
    if document is None:
        return found, mistakes
    if not isinstance(document.value, dict):
        return found, read(document, dict[str, CalendarEntry])[1]
    for name, value in document.value.items():
        if name != "default" or not isinstance(value, str):
            entry, wrong = read(document, CalendarEntry, (name,))
            calendar, more = _calendar(document, name, entry, holidays) if entry else (None, [])
            mistakes.extend([*wrong_name(document, name), *wrong, *more])
            found[name] = calendar or ALWAYS
    named = document.value.get("default")
    known = found.keys() - {"default"}
    if isinstance(named, str) and named not in known:
        remedy = did_you_mean(named, known)
        mistakes.append(document.mistake(("default",), f"unknown calendar '{named}'", remedy))
    elif isinstance(named, str):
        found["default"] = found[named]
    return found, mistakes


def _calendar(
    document: Document, name: str, entry: CalendarEntry, holidays: Holidays
) -> tuple[Calendar | None, list[Mistake]]:
    reader = _CalendarReader(document, name)
    weekly = reader.weekly(entry.weekly)
    calendar = Calendar(
        name=name,
        zone=reader.zone(entry.zone),
        weekly=weekly,
        closed=frozenset(entry.closed).union(*reader.holidays(entry, holidays)),
        breaks=reader.one_offs("breaks", entry.breaks),
        shifts=reader.one_offs("shifts", entry.shifts),
    )
    if name == "always" and (weekly != ALWAYS.weekly or calendar.closed or calendar.breaks):
        reader.wrong((), "'always' is open at every hour", "give this calendar another name")
    if not reader.mistakes:
        reader.opens(calendar)
    return (None if reader.mistakes else calendar), reader.mistakes


class _CalendarReader:
    """The parts of one calendar, with the mistakes met on the way."""

    def __init__(self, document: Document, name: str) -> None:
        self.document, self.name = document, name
        self.mistakes: list[Mistake] = []

    def wrong(self, path: Path, what: str, remedy: str) -> None:
        self.mistakes.append(self.document.mistake((self.name, *path), what, remedy))

    def zone(self, name: str) -> ZoneInfo:
        try:
            return ZoneInfo(name)
        except (KeyError, OSError, ValueError):
            known = available_timezones()
            self.wrong(("zone",), f"unknown time zone '{name}'", did_you_mean(name, known))
            return ALWAYS.zone

    def weekly(self, entry: Mapping[str, str]) -> tuple[tuple[Window, ...], ...]:
        days: list[tuple[Window, ...]] = [()] * 7
        for text, at in entry.items():
            try:
                for day in weekdays(text):
                    if days[day]:
                        raise BadHoursError(
                            f"'{text}' gives a day that has hours already", "join them"
                        )
                    days[day] = hours(at)
            except BadHoursError as bad:
                self.wrong(("weekly", text), bad.what, bad.remedy)
        return tuple(days)

    def holidays(self, entry: CalendarEntry, known: Holidays) -> Iterator[tuple[date, ...]]:
        for index, code in enumerate(holiday_codes(entry)):
            if code not in known:
                path: Path = ("holidays",) if entry.holidays == code else ("holidays", index)
                self.wrong(path, *unknown_holidays(code))
            yield known.get(code, ())

    def one_offs(self, key: str, entries: tuple[OneOff, ...]) -> dict[date, tuple[Window, ...]]:
        found: dict[date, tuple[Window, ...]] = {}
        for index, entry in enumerate(entries):
            try:
                found[entry.on] = (*found.get(entry.on, ()), *hours(entry.at))
            except BadHoursError as bad:
                self.wrong((key, index, "at"), bad.what, bad.remedy)
        return found

    def opens(self, calendar: Calendar) -> None:
        """Every year that has holidays must open within the horizon of a search for hours."""
        one_offs = tuple(calendar.breaks.items()), tuple(calendar.shifts.items())
        if not _opens_each_year(calendar.zone, calendar.weekly, calendar.closed, *one_offs):
            what = "this calendar is never open within 400 days"
            self.wrong((), what, "give it weekly hours that its closures leave open")


@lru_cache(CALENDARS_KEPT)
def _opens_each_year(
    zone: ZoneInfo,
    weekly: tuple[tuple[Window, ...], ...],
    closed: frozenset[date],
    breaks: tuple[tuple[date, tuple[Window, ...]], ...],
    shifts: tuple[tuple[date, tuple[Window, ...]], ...],
) -> bool:
    calendar = Calendar("asked", zone, weekly, closed, dict(breaks), dict(shifts))
    try:
        for year in HOLIDAY_YEARS:
            next_open(calendar, datetime(year, 1, 1, tzinfo=UTC))
    except NeverOpen:
        return False
    return True


def codes_in(document: Document) -> frozenset[str]:
    """The holiday codes that calendars name, whatever else may be wrong in the file."""
    found: set[str] = set()
    for value in document.value.values() if isinstance(document.value, dict) else ():
        named = value.get("holidays", ()) if isinstance(value, dict) else ()
        listed = named if isinstance(named, list) else [named]
        found.update(code for code in listed if isinstance(code, str))
    return frozenset(found)
