"""What checking the rules tells of a store's leads before is what activating them then does."""

import re
from collections import Counter
from typing import Any

import pytest

from scoring_service.policy.check import check
from scoring_service.policy.source import source_of
from scoring_service.values.account import Account
from scoring_service.values.errors import FailedPrecondition
from scoring_service.values.lead import Lead
from scoring_service.values.owner import QueueOwner
from scoring_service.values.stage import Stage
from tests.workflows.conftest import ROUTING, rule_files
from tests.workflows.firing.conftest import CALENDARS, TEAM, in_stage, team_of

FIVE = (Stage.MQL, Stage.SAL, Stage.SQL, Stage.OPPORTUNITY, Stage.CLOSED_LOST)


async def told(desk: Any, **changes: Any) -> list[str]:
    """What is said of the team's rules with these changes, over what the desk's store holds."""
    holdings = await desk.store.read(lambda reader: reader.holdings())
    source = source_of(rule_files(**{"calendars": CALENDARS, "team": TEAM, **changes}))
    return [
        f.what for f in check(source, holdings=holdings) if "activ" in f.what and "own" in f.what
    ]


async def owners(desk: Any, leads: list[str]) -> dict[str, str]:
    return {lead_id: (await desk.lead(lead_id)).owner.id for lead_id in leads}


@pytest.mark.parametrize(
    ("gone", "above"),
    [
        pytest.param(("ann",), "mia", id="one leaves"),
        pytest.param(("ann", "mia"), "vic", id="he and his manager leave"),
    ],
)
async def test_whoever_leaves_loses_as_many_leads_as_was_told_and_to_whom(
    office: Any, office_of: Any, gone: tuple[str, ...], above: str
) -> None:
    leads = [await in_stage(office, FIVE[i % 5], i) for i in range(15)]
    await office.upsert(Account("firm", "Firm", owner_rep_id="ann"))
    before = await owners(office, leads)
    stages = {lead_id: (await office.lead(lead_id)).stage for lead_id in leads}
    changes = {name: {"active": False} for name in gone}
    (said,) = await told(office, team=team_of(**changes))
    counted = {stage: int(n) for n, stage in re.findall(r"(\d+) (mql|sal|sql|opp\w+|clo\w+)", said)}
    assert f"go to {above}" in said
    assert "1 account would have no owner" in said
    await office.activate(office_of(**changes))
    await office.drain()
    after = await owners(office, leads)
    moved = [lead_id for lead_id in leads if before[lead_id] != after[lead_id]]
    assert {before[lead_id] for lead_id in moved} == {"ann"}
    assert Counter(str(stages[lead_id]) for lead_id in moved) == counted
    given = [lead_id for lead_id in moved if stages[lead_id] in FIVE[3:]]
    assert {after[lead_id] for lead_id in given} == {above}
    assert (await office.store.read(lambda r: r.account("firm"))).owner_rep_id is None


async def test_rules_of_which_a_refusal_was_told_are_refused(office: Any, office_of: Any) -> None:
    await in_stage(office, Stage.OPPORTUNITY)
    changes = {name: {"active": False} for name in ("ann", "mia", "vic")}
    (said,) = await told(office, team=team_of(**changes))
    assert said.endswith("1 opportunity have nobody to go to, so activating these rules is refused")
    with pytest.raises(FailedPrecondition) as refused:
        await office.activate(office_of(**changes))
    assert refused.value.reason == "NOBODY_TO_HAND_OVER_TO"


async def test_a_queue_that_is_told_to_be_gone_is_refused_until_it_is_empty(
    office: Any, office_of: Any
) -> None:
    await office.route(Lead("l1", "a@firm.example", source="web"))
    assert (await office.lead("l1")).owner == QueueOwner("triage")
    routing = {**ROUTING, "otherwise": {"queue": "other", "owner": "sales-ops"}}
    (said,) = await told(office, routing=routing)
    assert said.startswith("the queue 'triage' is gone and owns 1 lead, so activating")
    with pytest.raises(FailedPrecondition) as refused:
        await office.activate(office_of({"routing": routing}))
    assert refused.value.reason == "STILL_OWNS_LEADS"
