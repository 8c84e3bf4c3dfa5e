"""The calendars of a policy that was active once: what passed by them stays passed."""

from collections import OrderedDict
from collections.abc import Callable, Mapping

from scoring_service.domain.business_time.calendar import Calendar
from scoring_service.policy.document import compose
from scoring_service.policy.files.calendars import calendars
from scoring_service.policy.mistake import Mistakes
from scoring_service.policy.source import CALENDARS, unpack

KEPT_MAX = 8
"""Revisions whose calendars are kept at hand; a revision never changes."""

_kept: OrderedDict[str, Mapping[str, Calendar]] = OrderedDict()


def calendars_of(
    revision: str, content: Callable[[str], bytes | None]
) -> Mapping[str, Calendar] | None:
    """The calendars by which a revision counted, read without the rest of its rules.

    `content` gives what is stored of a revision. None where nothing is, or it cannot be read.
    """
    found = _kept.get(revision)
    if found is None:
        found = _read(content(revision))
        if found is not None:
            _kept[revision] = found
            while len(_kept) > KEPT_MAX:
                _kept.popitem(last=False)
    return found


def _read(packed: bytes | None) -> Mapping[str, Calendar] | None:
    try:
        source = unpack(packed or b"")
        text = source.files.get(CALENDARS)
        document = None if text is None else compose(CALENDARS, text)
    except (ValueError, Mistakes):
        return None
    return calendars(document, source.holidays)[0]
