"""What conditions see: a lead and its account and, for routes, its score and what it did."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from scoring_service.domain.domains import email_domain, registrable_domain
from scoring_service.domain.schema import AttributeType, Schema
from scoring_service.values.account import AccountMatch
from scoring_service.values.lead import AttributeValue, Lead
from scoring_service.values.score import Score

_DAY = timedelta(days=1)
_NO_ACCOUNT: dict[str, Any] = {
    "account_id": None,
    "name": None,
    "country": None,
    "owner": None,
    "parent": None,
}
_NOT_SEEN: dict[str, Any] = {"count": 0, "days_since": None}


def lead_symbols(lead: Lead, schema: Schema, account: AccountMatch) -> dict[str, Any]:
    """The symbols of fit and disqualify criteria; unknown is None, an empty text is unknown.

    Declared attributes come first, so that no attribute can stand in for a typed field. Dates are
    midnight UTC.
    """
    symbols = _typed(lead.attributes, schema) if lead.attributes else {}
    symbols |= {
        "email": lead.email or None,
        "full_name": lead.full_name or None,
        "job_title": lead.job_title or None,
        "phone": lead.phone or None,
        "company_name": lead.company_name or None,
        "company_domain": lead.company_domain or None,
        "account_id": lead.account_id or None,
        "country": lead.country or None,
        "region": lead.region or None,
        "postal_code": lead.postal_code or None,
        "industry": lead.industry or None,
        "employees": lead.employees,
        "annual_revenue": lead.annual_revenue,
        "currency": lead.currency or None,
        "technologies": lead.technologies or None,
        "product_interest": lead.product_interest or None,
        "source": lead.source or None,
        "campaign": lead.campaign or None,
        "email_domain": email_domain(lead.email),
        "website_domain": registrable_domain(lead.company_domain) if lead.company_domain else None,
        "account": _NO_ACCOUNT if account.account is None else _of_account(account, schema),
    }
    return symbols


def route_symbols(
    lead_symbols: Mapping[str, Any],
    score: Score,
    activity: Mapping[str, tuple[int, datetime]],
    activity_types: Iterable[str],
    stage: str,
    now: datetime,
) -> dict[str, Any]:
    """The symbols of routes: the lead's, and score, activity and stage.

    `activity` gives count and latest instant of the types that were seen; every type of
    `activity_types` has its symbols, with a count of 0 and no `days_since` where it was not.
    """
    win = score.win_probability
    return {
        **lead_symbols,
        "score": {
            "fit": score.fit,
            "behaviour": score.behaviour,
            "quadrant": score.quadrant.value,
            "win_probability": None if win is None else win.value,
            "fit_grade": score.fit_grade,
            "behaviour_level": score.behaviour_level,
        },
        "activity": {
            name: _seen(*activity[name], now) if name in activity else _NOT_SEEN
            for name in activity_types
        },
        "stage": str(stage),
    }


def days_since(then: datetime, now: datetime) -> float:
    """Elapsed days of 24 hours, a fraction.

    >>> days_since(datetime(2026, 3, 1, 12, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC))
    1.5
    """
    assert then <= now, "an activity cannot come from the future"
    return (now - then) / _DAY


def _seen(count: int, newest: datetime, now: datetime) -> dict[str, Any]:
    return {"count": count, "days_since": days_since(newest, now)}


def _of_account(match: AccountMatch, schema: Schema) -> dict[str, Any]:
    account = match.account
    assert account is not None
    return {
        **_typed(account.attributes, schema),
        "account_id": account.account_id,
        "name": account.name or None,
        "country": account.country or None,
        "owner": match.owner_rep_id,
        "parent": account.parent_id,
    }


def _typed(attributes: Mapping[str, AttributeValue], schema: Schema) -> dict[str, Any]:
    """The attributes as conditions compare them; those the schema does not know stay out."""
    symbols: dict[str, Any] = {}
    for name, value in attributes.items():
        attribute = schema.get(name)
        if attribute is None:
            continue
        is_date = attribute.type is AttributeType.DATE and isinstance(value, str)
        symbols[name] = _midnight(str(value)) if is_date else value
    return symbols


@lru_cache(maxsize=4_096)
def _midnight(iso: str) -> datetime | None:
    """A date's first instant in UTC; None for what is none (stored under another schema)."""
    try:
        return datetime.fromisoformat(iso).replace(tzinfo=UTC)
    except ValueError:
        return None
