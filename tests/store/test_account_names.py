"""Accounts by their names: a unit, a reader and the index in memory find the same."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring_service.domain.matching.candidates import HELD_MAX
from scoring_service.domain.matching.name_index import NameIndex
from scoring_service.domain.matching.names import normal_name
from scoring_service.values.account import Account

ACME = Account("acme", "Acme GmbH")
GROUP = Account("group", "Acme Group")

PARTS = ["Acme", "Zentrol", "Philips", "Filips", "Müller", "Mueller", "gist", "Gistlumo", "lumo"]
PARTS += ["Technologies", "Intl", "Bank", "of", "America", "&", "GmbH", "N. V.", ", Paris", "'"]
written = st.lists(st.sampled_from(PARTS), max_size=4).map(" ".join)
named = st.lists(st.tuples(st.sampled_from("abcdefgh"), written), max_size=8)


def save(*accounts: Account) -> Any:
    def unit(tx: Any) -> None:
        for account in accounts:
            tx.save_account(account)

    return unit


def ids(tx: Any, name: str) -> list[str]:
    return [one.account_id for one in tx.accounts_named(normal_name(name))]


def test_an_account_is_found_by_a_name_like_its_own(desk: Any) -> None:
    desk.do(save(ACME, GROUP))
    found = desk.do(lambda tx: tx.accounts_named("acme"))
    assert [(one.account_id, one.name) for one in found] == [
        ("acme", "acme"),
        ("group", "acme group"),
    ]
    assert found == desk.reader.accounts_named("acme")
    assert desk.do(lambda tx: tx.accounts_named("zentrol")) == ()
    assert desk.do(lambda tx: tx.accounts_named("")) == ()


def test_a_unit_sees_the_names_that_it_and_those_before_it_saved(desk: Any) -> None:
    def write(tx: Any) -> Any:
        before = ids(tx, "Acme")
        save(ACME)(tx)
        return before, ids(tx, "Acme")

    def again(tx: Any) -> Any:
        return ids(tx, "Acme")

    assert desk.run(write, again) == [([], ["acme"]), ["acme"]]
    assert ids(desk.reader, "Acme") == ["acme"]


def test_an_account_named_anew_is_found_by_its_new_name_only(desk: Any) -> None:
    desk.do(save(ACME))

    def names(tx: Any) -> Any:
        return ids(tx, "Acme"), ids(tx, "Zentrol")

    def rename(tx: Any) -> Any:
        before = names(tx)
        save(Account("acme", "Zentrol AG"))(tx)
        return before, names(tx)

    was: Any = (["acme"], [])
    is_now: Any = ([], ["acme"])
    assert desk.run(rename, names) == [(was, is_now), is_now]
    assert names(desk.reader) == is_now


def test_a_key_that_too_many_hold_is_left_out_as_in_memory(desk: Any) -> None:
    crowd = [Account(f"a{i:03}", f"Acme {i} Zentrol{i}") for i in range(HELD_MAX + 1)]
    desk.do(save(*crowd))
    index = NameIndex.of((account.account_id, account.name) for account in crowd)
    for name in ("Acme", "Acme 7 Zentrol7"):
        found = desk.reader.accounts_named(normal_name(name))
        assert found == desk.do(lambda tx, n=name: tx.accounts_named(normal_name(n)))
        assert found == index.search(name)
    assert ids(desk.reader, "Acme 7 Zentrol7")[0] == "a007"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(named, written)
@pytest.mark.slow
def test_store_and_memory_find_the_same(desk: Any, names: list[tuple[str, str]], name: str) -> None:
    """Every account of an earlier example is named anew, or loses its name."""
    every = dict.fromkeys("abcdefgh", "") | dict(names)
    desk.do(save(*(Account(account_id, each) for account_id, each in every.items())))
    expected = NameIndex.of(every.items()).search(name)
    assert desk.reader.accounts_named(normal_name(name)) == expected
    assert desk.do(lambda tx: tx.accounts_named(normal_name(name))) == expected
