"""Clocks that begin alike at one instant are worked out once, and no others are taken for them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

from scoring_service.domain.business_time.duration import parse_duration
from scoring_service.domain.policy import Policy
from scoring_service.values.clock import Clock
from scoring_service.values.owner import Owner, QueueOwner, RepOwner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
MONTH = parse_duration("30d")


def test_no_lead_has_the_clocks_that_were_laid_for_another(
    entered: Callable[..., StoredLead], policy: Policy, changed: Callable[..., Policy]
) -> None:
    longer = {name: parse_duration("30bh") for name in policy.lifecycle.slas}
    alike = {stage: dict.fromkeys(spans, MONTH) for stage, spans in policy.lifecycle.stale.items()}
    policies = policy, replace(policy, revision="another"), changed(slas=longer, stale=alike)
    owners: tuple[Owner, ...] = (RepOwner("ann"), RepOwner("bob"), QueueOwner("intake"))
    leads = policies, (Stage.MQL, Stage.SAL, Stage.NURTURE), owners, ("", "slow"), (0, 1)

    def clocks(by: Policy, stage: Stage, owner: Owner, sla: str, hours: int) -> tuple[Clock, ...]:
        at = MONDAY + timedelta(hours=hours)
        return entered(stage, at, by, sla, owner=owner, last_activity_at=MONDAY).clocks

    for case, laid_beside_others in [(case, clocks(*case)) for case in product(*leads)]:
        for calendar in policy.calendars.values():
            calendar.deadlines.clear()
        assert laid_beside_others == clocks(*case)
