"""The shape of `*_test.yaml`: what is known of a lead, and what the rules should make of it."""

from datetime import datetime
from typing import Any

import msgspec

from scoring_service.policy.files.reading import Name, Shape
from scoring_service.policy.files.spans import AgoSpan
from scoring_service.values.score import Quadrant
from scoring_service.values.stage import Stage


class AccountGiven(Shape, frozen=True):
    """A company the test knows, instead of a store."""

    account_id: Name
    name: str = ""
    domains: tuple[str, ...] = ()
    country: str | None = None
    parent: str | None = None
    owner: str | None = None
    attributes: dict[str, Any] = msgspec.field(default_factory=dict)


class LeadGiven(Shape, frozen=True):
    """A lead's fields, under their names on the wire."""

    email: str | None = None
    full_name: str | None = None
    job_title: str | None = None
    phone: str | None = None
    company_name: str | None = None
    company_domain: str | None = None
    account_id: str | None = None
    country: str | None = None
    region: str | None = None
    postal_code: str | None = None
    industry: str | None = None
    employees: int | None = None
    annual_revenue: float | None = None
    currency: str | None = None
    technologies: tuple[str, ...] = ()
    product_interest: str | None = None
    source: str | None = None
    campaign: str | None = None
    do_not_contact: bool | None = None
    attributes: dict[str, Any] = msgspec.field(default_factory=dict)


class ActivityGiven(Shape, frozen=True):
    """What the lead did, and how long before the test's instant; unset is at that instant."""

    type: Name
    ago: AgoSpan | None = None


class Expected(Shape, frozen=True):
    """What must come out; what is left out may be anything.

    `owner` is a rep. Points are compared to one decimal. `disqualified` is the reason of the
    criterion that ends the lead.
    """

    route: str | None = None
    row: int | None = None
    pool: str | None = None
    owner: str | None = None
    track: str | None = None
    queue: str | None = None
    stage: Stage | None = None
    sla: str | None = None
    account: str | None = None
    fit: float | None = None
    behaviour: float | None = None
    fit_grade: str | None = None
    behaviour_level: int | None = None
    quadrant: Quadrant | None = None
    mql_ready: bool | None = None
    disqualified: str | None = None

    def __post_init__(self) -> None:
        if all(getattr(self, name) is None for name in self.__struct_fields__):
            raise ValueError("the test expects nothing; add route:, owner:, fit: or the like")


class RuleTestEntry(Shape, frozen=True):
    """One test. `stage` and `owner` are those the lead has before it is routed."""

    it: Name
    lead: LeadGiven
    expect: Expected
    accounts: tuple[AccountGiven, ...] = ()
    activities: tuple[ActivityGiven, ...] = ()
    stage: Stage | None = None
    owner: str | None = None
    now: datetime | None = None

    def __post_init__(self) -> None:
        if self.now is not None and self.now.tzinfo is None:
            raise ValueError("the instant has no zone; write it as 2025-01-15T10:00:00Z")
