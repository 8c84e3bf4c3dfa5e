"""Rows of what happens to leads, to values and back."""

from collections.abc import Iterable, Iterator

import msgspec

from scoring_service.store.connection import Row
from scoring_service.store.rows import text
from scoring_service.values.happening import Happened, Notice, Recorded
from scoring_service.values.instant import instant, micros
from scoring_service.values.team import Rep

_happening = msgspec.json.Decoder(Recorded).decode


def happening_rows(last: int, happened: Iterable[Happened]) -> Iterator[Row]:
    """Happenings for `record_happening`, numbered behind the last one there is."""
    for one in happened:
        yield happening_row(last + 1, one)
        last += one.size


def happening_row(number: int, happened: Happened) -> Row:
    """A happening for `record_happening`, under its first number."""
    made = happened.happening
    kind = str(type(made).__struct_config__.tag)
    return number, happened.lead_id, kind, micros(happened.at), happened.actor, text(made)


def happened_in(found: Iterable[Row]) -> list[Happened]:
    """The rows of `happenings`; one of touches that came at once is several."""
    return [one for row in found for one in _happened(row).each]


def _happened(row: Row) -> Happened:
    number, lead_id, at, actor, body = row
    return Happened(lead_id, instant(at), actor, _happening(body), number)


def notice_row(number: int, notice: Notice) -> Row:
    """A notice for `save_notice`."""
    return (
        number,
        notice.recipient,
        notice.notice,
        notice.lead_id,
        micros(notice.at),
        text(notice.text),
    )


def notice(row: Row) -> Notice:
    """A row of `notices`."""
    number, recipient, kind, lead_id, at, body = row
    return Notice(recipient, kind, lead_id, instant(at), msgspec.json.decode(body), number)


def rep(row: Row) -> Rep:
    """A row of `reps`, as the rep it was made of."""
    found: Rep = msgspec.json.decode(row[2], type=Rep)
    return found
