"""Days and hours as people write them: `mon-thu`, `09:00-12:30 13:15-18:00`."""

import re

from scoring_service.domain.business_time.calendar import Window

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WINDOW = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")


class BadHoursError(Exception):
    """Days or hours that cannot be read."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy


def weekdays(text: str) -> tuple[int, ...]:
    """The days a key names, Monday is 0.

    >>> weekdays("mon-wed, sat")
    (0, 1, 2, 5)
    """
    found: list[int] = []
    for part in text.replace(" ", "").split(","):
        first, dash, last = part.partition("-")
        last = last if dash else first
        if first not in DAYS or last not in DAYS:
            raise BadHoursError(f"'{text}' names no days", "write mon, mon-thu or mon,wed,fri")
        start, end = DAYS.index(first), DAYS.index(last)
        found.extend(day % 7 for day in range(start, end + 1 + 7 * (end < start)))
    return tuple(found)


def hours(text: str) -> tuple[Window, ...]:
    """The windows of a day, in the order of their opening.

    >>> hours("09:00-12:30 22:00-06:00")
    (Window(opens=540, closes=750), Window(opens=1320, closes=1800))
    """
    found = [_window(part) for part in text.split()]
    if not found:
        raise BadHoursError("no hours are given", "write 09:00-17:00, or leave the day out")
    return tuple(sorted(found, key=lambda window: window.opens))


def _window(text: str) -> Window:
    if not (match := _WINDOW.fullmatch(text)):
        raise BadHoursError(f"'{text}' is no window of hours", "write it as 09:00-17:30")
    open_hour, open_minute, close_hour, close_minute = map(int, match.groups())
    opens, closes = open_hour * 60 + open_minute, close_hour * 60 + close_minute
    if open_hour > 23 or max(open_minute, close_minute) > 59 or closes > 1440:
        raise BadHoursError(f"'{text}' has no such time", "times run from 00:00 to 24:00")
    if opens == closes:
        raise BadHoursError(f"'{text}' has no length", "write 00:00-24:00 for a whole day")
    return Window(opens, closes if closes > opens else closes + 1440)
