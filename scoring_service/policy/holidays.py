"""Public holidays, materialised as dates so that a revision holds them whatever is installed."""

import re
from datetime import date
from functools import lru_cache

import holidays as calendar_of

from scoring_service.policy.mistake import did_you_mean

HOLIDAY_YEARS = range(2015, 2051)
"""The years whose holidays a revision carries; fixed, so that equal files have equal revisions."""

CODES_KEPT = 64
"""Codes whose holidays are at hand: rules are read again and again, and name few."""

_CODE = re.compile(r"[A-Z]{2}(-.{1,40})?")


@lru_cache(CODES_KEPT)
def holidays_of(code: str) -> tuple[date, ...] | None:
    """The public holidays of `DE` or `DE-BE` in every year of HOLIDAY_YEARS; None if unknown."""
    if not _CODE.fullmatch(code):
        return None
    country, _, part = code.partition("-")
    try:
        found = calendar_of.country_holidays(country, subdiv=part or None, years=HOLIDAY_YEARS)
    except (NotImplementedError, AttributeError, TypeError):
        return None
    return tuple(sorted(found))


def unknown_holidays(code: str) -> tuple[str, str]:
    """What is wrong with a code that has no holidays, and the remedy."""
    country, _, part = code.partition("-")
    supported = calendar_of.list_supported_countries()
    if country not in supported:
        return f"no holidays are known for '{code}'", "write a country such as DE, or DE-BE"
    return f"{country} has no part '{part}' with holidays", did_you_mean(part, supported[country])
