"""Accounts of the wire as values: what is wrong with one goes with it alone."""

from typing import Any

import pytest
from leadscoring.v1 import routing_pb2, types_pb2

from scoring_service.api.convert_request import upsert_accounts
from scoring_service.api.limits import ATTRIBUTES_MAX, ID_MAX, ITEMS_MAX
from scoring_service.values.account import Account
from scoring_service.values.errors import InvalidArgument

REQUEST_ID = "0191d7a0-7c3a-7def-8123-0123456789ab"


def upsert(*accounts: types_pb2.Account, **fields: Any) -> routing_pb2.UpsertAccountsRequest:
    """A request to store accounts."""
    known = {"request_id": REQUEST_ID, "accounts": accounts, **fields}
    return routing_pb2.UpsertAccountsRequest(**known)


def test_accounts_arrive_whole_and_in_their_order() -> None:
    acme = types_pb2.Account(
        account_id="acme",
        name="Acme",
        domains=["acme.de", "acme.com"],
        country="DE",
        parent_id="holding",
        owner_rep_id="ann",
        attributes={"tier": types_pb2.AttributeValue(text="gold")},
    )
    asked = upsert_accounts(upsert(acme, types_pb2.Account(account_id="b"), actor_id="crm"))
    assert (asked.request_id, asked.actor_id) == (REQUEST_ID, "crm")
    assert [item.account for item in asked.items] == [
        Account("acme", "Acme", ("acme.de", "acme.com"), "DE", "holding", "ann", {"tier": "gold"}),
        Account("b"),
    ]
    assert [item.violations for item in asked.items] == [(), ()]
    assert len(asked.digest) == 32


@pytest.mark.parametrize("field", ["country", "parent_id", "owner_rep_id"])
def test_a_field_set_to_nothing_is_another_thing_than_one_not_set(field: str) -> None:
    emptied = types_pb2.Account(account_id="a", **{field: ""})  # type: ignore[arg-type]
    [item] = upsert_accounts(upsert(emptied)).items
    assert getattr(item.account, field) == ""
    [item] = upsert_accounts(upsert(types_pb2.Account(account_id="a"))).items
    assert getattr(item.account, field) is None


LONG = "x" * (ID_MAX + 1)


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        pytest.param({"account_id": LONG}, "account_id", id="an id too long"),
        pytest.param({"parent_id": LONG}, "parent_id", id="a parent's id too long"),
        pytest.param({"owner_rep_id": LONG}, "owner_rep_id", id="an owner's id too long"),
        pytest.param({"country": "de"}, "country", id="a country in lower case"),
        pytest.param({"domains": ["a.de"] * (ATTRIBUTES_MAX + 1)}, "domains", id="many domains"),
        pytest.param({"name": "a\0"}, "name", id="a NUL in the name"),
        pytest.param(
            {"attributes": {"tier": types_pb2.AttributeValue()}},
            "attributes[tier]",
            id="an attribute without a value",
        ),
    ],
)
def test_what_is_wrong_with_an_account_goes_with_it_alone(
    fields: dict[str, Any], where: str
) -> None:
    wrong = types_pb2.Account(**{"account_id": "a", **fields})
    first, second = upsert_accounts(upsert(wrong, types_pb2.Account(account_id="b"))).items
    assert [field for field, _ in first.violations] == [where]
    assert second.violations == ()


def test_a_limit_of_domains_is_reached_and_not_passed() -> None:
    account = types_pb2.Account(account_id="a", domains=["a.de"] * ATTRIBUTES_MAX)
    [item] = upsert_accounts(upsert(account)).items
    assert item.violations == ()


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        pytest.param({"actor_id": LONG}, ["actor_id"], id="who asks, too long"),
        pytest.param({"actor_id": "a\0"}, ["actor_id"], id="who asks, with a NUL"),
        pytest.param({"request_id": "x"}, ["request_id"], id="no UUID"),
        pytest.param(
            {"request_id": "x", "actor_id": LONG}, ["actor_id", "request_id"], id="both at once"
        ),
        pytest.param(
            {"accounts": [types_pb2.Account()] * (ITEMS_MAX + 1)}, ["accounts"], id="too many"
        ),
    ],
)
def test_what_is_wrong_with_an_upsert_itself_refuses_it(
    fields: dict[str, Any], where: list[str]
) -> None:
    with pytest.raises(InvalidArgument) as refused:
        upsert_accounts(upsert(**fields))
    assert [field for field, _ in refused.value.violations] == where
