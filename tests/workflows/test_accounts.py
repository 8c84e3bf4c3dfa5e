"""Accounts: one result each, what is wrong is said, what changes is kept."""

from typing import Any

import pytest

from scoring_service.values.account import Account
from scoring_service.values.errors import AlreadyExists, InvalidArgument, NotFound
from scoring_service.values.stored import FieldChange
from scoring_service.workflows.accounts import get, merged, parents_first
from scoring_service.workflows.requests import AccountItem
from tests.workflows.no_accounts import NoAccounts

ACME = Account("acme", "Acme", ("acme.de",), "DE", None, "ann", {"tier": "gold"})


@pytest.mark.parametrize(
    ("sent", "account", "changes"),
    [
        pytest.param(Account("acme"), ACME, (), id="absent-fields-change-nothing"),
        pytest.param(
            Account("acme", owner_rep_id="bob"),
            Account("acme", "Acme", ("acme.de",), "DE", None, "bob", {"tier": "gold"}),
            (FieldChange("owner_rep_id", '"ann"', '"bob"'),),
            id="another-owner",
        ),
        pytest.param(
            Account("acme", owner_rep_id=""),
            Account("acme", "Acme", ("acme.de",), "DE", None, None, {"tier": "gold"}),
            (FieldChange("owner_rep_id", '"ann"', None),),
            id="an-empty-owner-clears-it",
        ),
        pytest.param(
            Account("acme", domains=("WWW.Acme.com", "acme.com")),
            Account("acme", "Acme", ("acme.com",), "DE", None, "ann", {"tier": "gold"}),
            (FieldChange("domains", '["acme.de"]', '["acme.com"]'),),
            id="domains-are-registrable-and-each-once",
        ),
        pytest.param(
            Account("acme", attributes={"size": 3}),
            Account("acme", "Acme", ("acme.de",), "DE", None, "ann", {"tier": "gold", "size": 3}),
            (FieldChange("attributes.size", None, "3"),),
            id="attributes-merge-by-key",
        ),
    ],
)
def test_merged(sent: Account, account: Account, changes: tuple[FieldChange, ...]) -> None:
    assert merged(ACME, sent) == (account, changes)


def test_of_a_new_account_the_owner_is_a_change() -> None:
    account, changes = merged(None, ACME)
    assert account == ACME
    assert changes == (FieldChange("owner_rep_id", None, '"ann"'),)


@pytest.mark.parametrize(
    ("parents", "order"),
    [
        pytest.param("a- b- c-", [0, 1, 2], id="as-sent-without-parents"),
        pytest.param("ab bc c-", [2, 1, 0], id="a-grandparent-comes-first"),
        pytest.param("ax b-", [0, 1], id="a-parent-elsewhere-does-not-matter"),
        pytest.param("ab ba c-", [2, 0, 1], id="a-loop-comes-last"),
        pytest.param("aa b-", [0, 1], id="its-own-parent"),
    ],
)
def test_parents_first(parents: str, order: list[int]) -> None:
    accounts = (Account(p[0], parent_id=p[1].strip("-") or None) for p in parents.split())
    assert parents_first(tuple(AccountItem(account) for account in accounts)) == order


async def test_accounts_are_stored_and_found_by_domain(desk: Any) -> None:
    upserted = await desk.upsert(ACME)
    assert upserted.results[0].account == ACME
    found = await desk.run(lambda tx, policy, now: tx.accounts_on_domain("acme.de"))
    assert found == (ACME,)


async def test_a_child_may_come_before_its_parent(desk: Any) -> None:
    child = Account("acme-de", parent_id="acme")
    upserted = await desk.upsert(child, ACME)
    assert [r.refusal for r in upserted.results] == [None, None]
    above = await desk.run(lambda tx, policy, now: tx.ancestors("acme-de"))
    assert [a.account_id for a in above] == ["acme-de", "acme"]


@pytest.mark.parametrize(
    ("account", "field", "says"),
    [
        pytest.param(Account(""), "account_id", "required", id="without-an-id"),
        pytest.param(
            Account("x", owner_rep_id="who"), "owner_rep_id", "team.yaml", id="unknown-owner"
        ),
        pytest.param(Account("x", parent_id="who"), "parent_id", "parent too", id="unknown-parent"),
        pytest.param(Account("x", parent_id="x"), "parent_id", "loop", id="its-own-parent"),
        pytest.param(
            Account("x", domains=("acme.de", "gmail.com")),
            "domains[1]",
            "free-mail",
            id="free-mail",
        ),
        pytest.param(
            Account("x", domains=("not a domain",)),
            "domains[0]",
            "no internet domain",
            id="no-domain",
        ),
        pytest.param(
            Account("x", attributes={"owner": "ann"}),
            "attributes[owner]",
            "another name",
            id="a-field-as-attribute",
        ),
    ],
)
async def test_what_is_wrong_is_refused_and_its_neighbours_stored(
    desk: Any, account: Account, field: str, says: str
) -> None:
    upserted = await desk.upsert(account, ACME)
    refusal = upserted.results[0].refusal
    assert says in dict(refusal.violations)[field]
    assert upserted.results[1].account == ACME


@pytest.mark.parametrize(
    "accounts",
    [
        pytest.param((Account("a", parent_id="b"), Account("b", parent_id="a")), id="a-loop"),
        pytest.param(
            (Account("a", parent_id="b"), Account("b", owner_rep_id="nobody")), id="a-wrong-parent"
        ),
    ],
)
async def test_a_parent_that_was_sent_along_is_not_asked_for(
    desk: Any, accounts: tuple[Account, ...]
) -> None:
    refusal = (await desk.upsert(*accounts)).results[0].refusal
    assert "'b', sent along, is refused or is below this one; mend that first" in refusal.message


async def test_a_loop_over_stored_parents_is_refused(desk: Any) -> None:
    await desk.upsert(Account("a", parent_id="b"), Account("b"))
    upserted = await desk.upsert(Account("b", parent_id="a"))
    assert "loop" in upserted.results[0].refusal.message
    assert (await desk.run(lambda tx, policy, now: tx.account("b"))).parent_id is None


async def test_an_account_sent_twice_is_taken_once(desk: Any) -> None:
    upserted = await desk.upsert(ACME, Account("acme", "Other"))
    assert upserted.results[0].account == ACME
    assert "twice" in upserted.results[1].refusal.message


async def test_a_retry_gets_the_first_results(desk: Any) -> None:
    first = await desk.upsert(ACME, Account(""), request_id="r")
    again = await desk.upsert(ACME, Account(""), request_id="r")
    assert (first.replayed, again.replayed) == (False, True)
    assert again.results == first.results


async def test_the_id_of_another_method_is_refused(desk: Any, big: Any) -> None:
    await desk.route(big(1), request_id="r")
    with pytest.raises(AlreadyExists):
        await desk.upsert(ACME, request_id="r")


async def test_an_upsert_needs_a_request_id(desk: Any) -> None:
    with pytest.raises(InvalidArgument):
        await desk.upsert(ACME, request_id="")


def test_an_unknown_account_is_not_found() -> None:
    with pytest.raises(NotFound):
        get(NoAccounts(), "who")
