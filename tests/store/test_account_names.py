"""Accounts by their names: a unit, a reader and the index in memory find the same."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring_service.domain.matching.candidates import HELD_MAX
from scoring_service.domain.matching.name_index import NameIndex
from scoring_service.domain.matching.names import normal_name
from scoring_service.store.account_names import with_own
from scoring_service.store.database import open_database
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


def test_a_unit_finds_by_name_what_it_saved_as_the_next_batch_will(
    new_sqlite_store: Any, desk_on: Any
) -> None:
    """Whether an account was stored before, by an earlier unit or by this one."""
    desk = desk_on(open_database(new_sqlite_store()))

    @settings(max_examples=30)
    @given(named, named, written)
    def law(stored: list[tuple[str, str]], own: list[tuple[str, str]], name: str) -> None:
        every = dict.fromkeys("abcdefgh", "") | dict(stored)
        desk.do(save(*(Account(account_id, each) for account_id, each in every.items())))

        def look(tx: Any) -> Any:
            return tx.accounts_named(normal_name(name))

        def write_and_look(tx: Any) -> Any:
            save(*(Account(account_id, each) for account_id, each in dict(own).items()))(tx)
            return look(tx)

        before, seen, by_the_next = desk.run(look, write_and_look, look)
        assert seen == by_the_next == look(desk.reader)
        assert own or before == seen

    law()


@pytest.mark.parametrize(
    ("own", "found"),
    [
        pytest.param({}, {"a": "acme", "b": "acme tools"}, id="nothing written"),
        pytest.param(
            {"c": "ACME Inc."}, {"a": "acme", "b": "acme tools", "c": "acme"}, id="one more"
        ),
        pytest.param({"a": "Zentrol"}, {"b": "acme tools"}, id="one that has another name now"),
        pytest.param({"b": ""}, {"a": "acme"}, id="one that has none any more"),
        pytest.param({"d": "Zentrol"}, {"a": "acme", "b": "acme tools"}, id="one of another name"),
    ],
)
def test_names_as_written_take_the_place_of_those_that_are_stored(
    own: dict[str, str], found: dict[str, str]
) -> None:
    assert with_own("acme", {"a": "acme", "b": "acme tools"}, own) == found
