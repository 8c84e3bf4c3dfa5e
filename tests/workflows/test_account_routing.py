"""A lead of a known account goes to the account's owner, or to who stands in for him."""

from datetime import UTC, datetime
from typing import Any

import pytest

from scoring_service.values.account import Account, MatchedBy
from scoring_service.values.lead import Lead
from scoring_service.values.owner import RepOwner

ACME = Account("acme", "Acme", ("acme.de",), owner_rep_id="bob")
LEAD = Lead(lead_id="l1", email="ann@acme.de", employees=500)
DURING_LEAVE = datetime(2026, 8, 4, 10, tzinfo=UTC)
LAST_EVENING = datetime(2026, 8, 21, 21, tzinfo=UTC)


async def test_the_owner_gets_the_lead_without_a_turn(desk: Any, big: Any) -> None:
    await desk.upsert(ACME)
    view = await desk.route(LEAD)
    assert (view.owner, view.route) == (RepOwner("bob"), "known account")
    assert view.account.matched_by is MatchedBy.DOMAIN
    following = [await desk.route(big(i)) for i in range(3)]
    assert [v.owner.id for v in following] == ["ann", "ann", "bob"]


async def test_the_parents_owner_owns_the_child(desk: Any) -> None:
    child = Account("acme-de", "Acme GmbH", ("acme-gmbh.de",), parent_id="acme")
    await desk.upsert(ACME, child)
    view = await desk.route(Lead(lead_id="l1", email="ann@acme-gmbh.de", employees=500))
    assert view.owner == RepOwner("bob")
    assert view.account.owner_account_id == "acme"


@pytest.mark.parametrize(
    ("leave", "owner", "stood_in_for"),
    [
        pytest.param(
            {"from": "2026-08-03", "to": "2026-08-21", "backup": "cat"},
            RepOwner("cat"),
            "bob",
            id="his-backup",
        ),
        pytest.param(
            {"from": "2026-08-03", "to": "2026-08-21"},
            RepOwner("ann"),
            "bob",
            id="the-backup-pool-where-he-has-no-backup",
        ),
    ],
)
async def test_while_the_owner_is_away(
    desk: Any, on_leave: Any, leave: Any, owner: RepOwner, stood_in_for: str
) -> None:
    await desk.activate(on_leave("bob", leave))
    await desk.upsert(ACME)
    desk.clock.now = DURING_LEAVE
    view = await desk.route(LEAD)
    assert (view.owner, view.stood_in_for) == (owner, stood_in_for)


async def test_a_stand_in_owns_the_lead_for_good(desk: Any, on_leave: Any) -> None:
    leave = {"from": "2026-08-03", "to": "2026-08-21", "backup": "cat"}
    await desk.activate(on_leave("bob", leave))
    await desk.upsert(ACME)
    desk.clock.now = LAST_EVENING
    await desk.route(LEAD)
    desk.clock.advance(hours=5)
    assert (await desk.route(LEAD)).owner == RepOwner("cat")


async def test_a_lead_with_only_a_company_name_goes_to_the_accounts_owner(desk: Any) -> None:
    await desk.upsert(ACME, Account("zentrol", "Zentrol", owner_rep_id="cat"))
    view = await desk.route(Lead(lead_id="l1", company_name="ACME AG", employees=500))
    assert (view.owner, view.route) == (RepOwner("bob"), "known account")
    assert view.account.matched_by is MatchedBy.NAME
    assert [(one.account_id, one.score) for one in view.account.named] == [("acme", 1.0)]


async def test_of_two_names_within_a_hair_no_account_is_seen_and_both_are_recorded(
    desk: Any,
) -> None:
    rival = Account("acme-tools", "Acme Ltd", owner_rep_id="cat")
    await desk.upsert(ACME, rival)
    view = await desk.route(Lead(lead_id="l1", company_name="Acme", employees=500))
    assert (view.account.account, view.account.ambiguous) == (None, True)
    assert view.account.candidates == ("acme", "acme-tools")
    assert view.route != "known account"
