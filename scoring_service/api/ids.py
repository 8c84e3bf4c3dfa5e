"""Ids that stand alone in a request that reads."""

from scoring_service.api.convert_lead import Found, check_id
from scoring_service.domain.intake import Violation
from scoring_service.values.errors import InvalidArgument


def required(field: str, text: str) -> str:
    """An id that must be there; raises InvalidArgument."""
    if not text:
        raise InvalidArgument(((field, "is required"),))
    return plain(field, text)


def plain(field: str, text: str) -> str:
    """An id, or "" for none; raises InvalidArgument where it can be none of ours."""
    found: list[Violation] = []
    check_plain(field, text, found)
    if found:
        raise InvalidArgument(tuple(found))
    return text


def check_plain(field: str, text: str, found: Found) -> None:
    """Leave a violation where a text can be no id of ours."""
    check_id(field, text, found)
    if "\0" in text:
        found.append((field, "holds a NUL character; leave it out"))
