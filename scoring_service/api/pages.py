"""Pages of a list: how many rows, and where the next page begins."""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from typing import TypeVar

import msgspec

from scoring_service.api.limits import ID_MAX, ITEMS_MAX, PAGE_DEFAULT
from scoring_service.values.errors import InvalidArgument
from scoring_service.values.instant import instant, micros
from scoring_service.workflows.reads import Place, Wanted

Row = TypeVar("Row")
P = TypeVar("P", bound=msgspec.Struct)

_TOKEN_MAX = 8 * ID_MAX


class _AfterAccount(msgspec.Struct, frozen=True, array_like=True, tag="accounts"):
    account_id: str


class _AfterRep(msgspec.Struct, frozen=True, array_like=True, tag="reps"):
    rep_id: str


class _BeforeAssignment(msgspec.Struct, frozen=True, array_like=True, tag="assignments"):
    lead_id: str
    rep_id: str
    micros: int
    assignment_id: str


class _BehindLead(msgspec.Struct, frozen=True, array_like=True, tag="leads"):
    wanted: str
    score: float
    lead_id: str


_Place = _AfterAccount | _AfterRep | _BeforeAssignment | _BehindLead
_places = msgspec.json.Decoder(_Place)


def rows_of(page_size: int) -> int:
    """Rows on a page; 0 means the default. Raises InvalidArgument outside 0 to ITEMS_MAX."""
    if not 0 <= page_size <= ITEMS_MAX:
        remedy = f"{page_size} rows; ask for 1 to {ITEMS_MAX}, or 0 for {PAGE_DEFAULT}"
        raise InvalidArgument((("page_size", remedy),))
    return page_size or PAGE_DEFAULT


def page_of(found: Sequence[Row], rows: int) -> tuple[Sequence[Row], Row | None]:
    """The page, and its last row where another follows; `found` holds one row more if there is.

    >>> page_of("abc", 2), page_of("ab", 2)
    (('ab', 'b'), ('ab', None))
    """
    if len(found) <= rows:
        return found, None
    return found[:rows], found[rows - 1]


def accounts_token(account_id: str) -> str:
    """Names the page that begins behind this account."""
    return _token(_AfterAccount(account_id))


def accounts_place(token: str) -> str:
    """The account behind which a page begins; "" is the first page."""
    place = _placed(_AfterAccount, token)
    return place.account_id if place else ""


def reps_token(rep_id: str) -> str:
    """Names the page that begins behind this rep."""
    return _token(_AfterRep(rep_id))


def reps_place(token: str) -> str:
    """The rep behind whom a page begins; "" is the first page."""
    place = _placed(_AfterRep, token)
    return place.rep_id if place else ""


def assignments_token(lead_id: str, rep_id: str, at: datetime, assignment_id: str) -> str:
    """Names the page of older assignments of the same lead and rep."""
    return _token(_BeforeAssignment(lead_id, rep_id, micros(at), assignment_id))


def assignments_place(token: str, lead_id: str, rep_id: str) -> tuple[datetime, str] | None:
    """The assignment before which a page begins; None is the first page."""
    place = _placed(_BeforeAssignment, token)
    if place is None:
        return None
    if (place.lead_id, place.rep_id) != (lead_id, rep_id):
        raise _refusal()
    try:
        return instant(place.micros), place.assignment_id
    except OverflowError as error:
        raise _refusal() from error


def leads_token(wanted: Wanted, place: Place) -> str:
    """Names the page behind a lead, of the same list."""
    return _token(_BehindLead(_digest(wanted), *place))


def leads_place(token: str, wanted: Wanted) -> Place | None:
    """The place behind which a page begins; None is the first page."""
    place = _placed(_BehindLead, token)
    if place is None:
        return None
    if place.wanted != _digest(wanted):
        raise _refusal()
    return place.score, place.lead_id


def _digest(wanted: Wanted) -> str:
    return blake2b(msgspec.json.encode(wanted), digest_size=8).hexdigest()


def _token(place: _Place) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")


def _placed(kind: type[P], token: str) -> P | None:
    """The place that a token names; None is the first page. Raises InvalidArgument."""
    if not token:
        return None
    if len(token) > _TOKEN_MAX:
        raise _refusal()
    try:
        padded = token + "=" * (-len(token) % 4)
        decoded = base64.b64decode(padded, b"-_", validate=True)
        place = _places.decode(decoded)
    except (binascii.Error, ValueError, msgspec.MsgspecError) as error:
        raise _refusal() from error
    if not isinstance(place, kind) or _holds_nul(place):
        raise _refusal()
    return place


def _holds_nul(place: msgspec.Struct) -> bool:
    """Which no id does, and PostgreSQL takes in no text."""
    parts = msgspec.structs.astuple(place)
    return any("\0" in part for part in parts if isinstance(part, str))


def _refusal() -> InvalidArgument:
    remedy = "is not of this list; send the next_page_token of the page before, or leave it empty"
    return InvalidArgument((("page_token", remedy),))
