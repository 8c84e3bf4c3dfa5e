"""The health of a model in service, from what the store has recorded: a page of leads at a time."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from scoring_service.domain.calibration.baseline import Baseline
from scoring_service.domain.calibration.health import Health
from scoring_service.domain.calibration.health_checks import health
from scoring_service.domain.calibration.observing import Observing
from scoring_service.domain.policy import Policy
from scoring_service.values.record import LeadRecord

PAGE = 200
"""Leads read and counted at once."""


class LeadRecords(Protocol):
    """Records of stored leads, by lead id."""

    def lead_records(self, after: str, limit: int, since: datetime) -> Sequence[LeadRecord]:
        """Those behind `after` that changed since then."""


def take_page(observing: Observing, after: str, records: LeadRecords, limit: int = PAGE) -> str:
    """Count at most `limit` leads behind `after`; the id they end with, "" at the end of all."""
    page = records.lead_records(after, limit, observing.since)
    for record in page:
        observing.take(record)
    return page[-1].lead.lead.lead_id if len(page) == limit else ""


def pages(observing: Observing, records: LeadRecords) -> Iterator[int]:
    """Count every page; yields how many leads are counted so far."""
    after = ""
    while True:
        after = take_page(observing, after, records)
        yield observing.leads
        if not after:
            return


def observing(policy: Policy, baseline: Baseline, now: datetime) -> Observing:
    """Nothing counted yet; the policy has a model, the one of the baseline."""
    assert policy.model is not None
    return Observing(policy, policy.model, baseline, now)


def judged(counted: Observing) -> Health:
    """The health by what was counted."""
    return health(counted.model.version, counted.baseline, counted.observed())
