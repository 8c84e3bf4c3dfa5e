"""Whether two business records are of one business: by name, address and telephone number."""

import re
from dataclasses import dataclass

from rapidfuzz.fuzz import token_sort_ratio

from scoring_service.domain.matching.names import normal_name
from scoring_service.domain.matching.similarity import likeness

SAME = 0.7
"""The score from which two records are of one business."""

NAME, ADDRESS, PHONE = 0.5, 0.25, 0.25
"""What each field weighs; where a record lacks one, the others decide."""

_DIGITS = re.compile(r"\d+")
_NUMBER = re.compile(r"\d+\w*")

_LOCAL_DIGITS = 7
"""Digits of a telephone number without the codes of country and area."""


@dataclass(frozen=True, slots=True)
class BusinessRecord:
    """What is known of a business; an empty text is not known."""

    name: str
    address: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class RecordLikeness:
    """A score from 0 to 1 and what each field gave to it; None where a record lacks the field."""

    score: float
    name: float | None
    address: float | None
    phone: float | None


def record_likeness(left: BusinessRecord, right: BusinessRecord) -> RecordLikeness:
    """How alike two records are; the same from right to left."""
    fields = (
        (NAME, _name(left.name, right.name)),
        (ADDRESS, _address(left.address, right.address)),
        (PHONE, _phone(left.phone, right.phone)),
    )
    known = [(weight, alike) for weight, alike in fields if alike is not None]
    total = sum(weight for weight, _ in known)
    score = sum(weight * alike for weight, alike in known) / total if total else 0.0
    return RecordLikeness(score, *(alike for _, alike in fields))


def _name(left: str, right: str) -> float | None:
    one, other = normal_name(left), normal_name(right)
    if not one or not other:
        return None
    return max(likeness(one, other).score, token_sort_ratio(one, other) / 100)


def _address(left: str, right: str) -> float | None:
    """Streets as they are written, halved where the house numbers differ."""
    one, other = _plain(left), _plain(right)
    if not one or not other:
        return None
    alike = token_sort_ratio(one, other) / 100
    return alike if _number(one) == _number(other) else alike / 2


def _phone(left: str, right: str) -> float | None:
    """1 for the same number; codes of country and area that only one writes do not count."""
    one, other = "".join(_DIGITS.findall(left)), "".join(_DIGITS.findall(right))
    if not one or not other:
        return None
    shorter, longer = sorted((one, other), key=len)
    return float(longer.endswith(shorter) and len(shorter) >= _LOCAL_DIGITS)


def _plain(address: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", address.casefold()))


def _number(address: str) -> str:
    found = _NUMBER.search(address)
    return found[0] if found else ""
