"""Accounts by the names of a whole batch: read by as many statements as of one lead."""

from collections import Counter
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from scoring_service.domain.matching.names import normal_name
from scoring_service.store.connection import Connection
from scoring_service.store.session import Session
from scoring_service.values.account import Account
from scoring_service.values.stored import Keys
from tests.store.conftest import Counted

COMPANIES = ["Acme GmbH", "Zentrol AG", "Philips N.V.", "Gistlumo Ltd", "Kovalent Inc."]
SOUGHT = ["Acme", "Filips", "Nobody Knows", "Gistlumo", ""]


def ids(tx: Any, name: str) -> list[str]:
    found = tx.accounts_named(normal_name(name))
    return [account.account_id for one in found for account in tx.ancestors(one.account_id)]


@pytest.fixture
def seek(desk: Any, connect: Callable[[], Connection]) -> Callable[..., Any]:
    """Looks names up, one a unit, in one batch; what each finds, and what was read."""

    def save(tx: Any) -> None:
        tx.save_account(Account("group", "Kolossal Holding", domains=("kolossal.example",)))
        for company in COMPANIES:
            tx.save_account(Account(company, company, parent_id="group"))

    desk.do(save)

    def look(names: list[str], keys: list[Keys]) -> tuple[list[list[str]], Counter[str]]:
        connection, numbers = Counted(connect()), count(1)
        session = Session(connection)
        session.begin()
        batch = session.batch(desk.now, lambda: f"n-{next(numbers)}")
        batch.prefetch(keys)
        found = []
        for name in names:
            tx = batch.transaction()
            found.append(ids(tx, name))
            batch.keep(tx)
        session.commit()
        session.close()
        return found, connection.read

    return look


def test_the_names_of_all_leads_are_read_at_once(seek: Callable[..., Any]) -> None:
    alone = [seek([name], [])[0][0] for name in SOUGHT]
    assert [one[:1] for one in alone] == [["Acme GmbH"], ["Philips N.V."], [], ["Gistlumo Ltd"], []]
    found, read = seek(SOUGHT, [Keys(company=name) for name in SOUGHT])
    assert found == alone
    assert (read["accounts_named"], read["accounts_upwards"]) == (1, 1)
    one, of_one = seek(SOUGHT[:1], [Keys(company=SOUGHT[0])])
    assert (one, of_one["accounts_named"], of_one["accounts_upwards"]) == (alone[:1], 1, 1)


@pytest.mark.parametrize(
    "keys",
    [
        pytest.param(Keys(company="Acme", account_id="Acme GmbH"), id="it-names-its-account"),
        pytest.param(Keys(company="Acme", domains=("kolossal.example",)), id="its-domain-is-known"),
        pytest.param(Keys(), id="it-has-no-company"),
    ],
)
def test_no_name_is_read_of_a_lead_whose_account_is_found_otherwise(
    keys: Keys, seek: Callable[..., Any]
) -> None:
    _, read = seek([], [keys])
    assert read["accounts_named"] == 0


def test_a_name_on_an_unknown_domain_is_read_beforehand(seek: Callable[..., Any]) -> None:
    found, read = seek(["Acme"], [Keys(company="Acme Inc", domains=("acme.example",))])
    assert found == [["Acme GmbH", "group"]]
    assert read["accounts_named"] == 1, "'acme' and 'acme inc' are one name"
