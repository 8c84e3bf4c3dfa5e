"""The index finds what comparing with every account would find."""

from hypothesis import given
from hypothesis import strategies as st

from scoring_service.domain.matching.candidates import HELD_MAX, ranked
from scoring_service.domain.matching.keys import keys_of
from scoring_service.domain.matching.name_index import NameIndex
from scoring_service.domain.matching.names import normal_name
from scoring_service.values.account import NamedAccount

PARTS = ["acme", "zentrol", "Philips", "filips", "Müller", "Mueller", "Ørsted", "3m", "gist"]
PARTS += ["technologies", "Intl", "Bank", "of", "America", "&", "The", "gistlumo", "lumo"]
PARTS += ["GmbH", "N. V.", "S.p.A.", "Co., Ltd.", ", Paris", "A"]
written = st.lists(st.sampled_from(PARTS), max_size=5).map(" ".join)
accounts = st.dictionaries(st.sampled_from("abcdefghijkl"), written)


def by_scan(names: dict[str, str], name: str) -> tuple[NamedAccount, ...]:
    """The oracle: every account is looked at."""
    normal = normal_name(name)
    keys = set(keys_of(normal))
    every = {account_id: normal_name(each) for account_id, each in names.items()}
    sharing = {one: each for one, each in every.items() if keys & set(keys_of(each))}
    return ranked(normal, sharing)


@given(accounts, written)
def test_it_finds_what_a_scan_finds(names: dict[str, str], name: str) -> None:
    assert NameIndex.of(names.items()).search(name) == by_scan(names, name)


@given(accounts, written)
def test_the_order_of_accounts_changes_nothing(names: dict[str, str], name: str) -> None:
    backwards = reversed(names.items())
    assert NameIndex.of(backwards).search(name) == NameIndex.of(names.items()).search(name)


@given(accounts)
def test_every_account_is_found_by_its_own_name(names: dict[str, str]) -> None:
    index = NameIndex.of(names.items())
    for name in names.values():
        found = index.search(name)
        assert not normal_name(name) or found[0].score == 1.0


def test_a_key_that_too_many_hold_tells_nothing() -> None:
    crowd = [(f"a{i:03}", f"Acme {i} Zentrol{i}") for i in range(HELD_MAX)]
    full, crowded = NameIndex.of(crowd), NameIndex.of([*crowd, ("b", "Acme")])
    assert len(full.sharing(["=acme"])) == HELD_MAX
    assert crowded.sharing(["=acme"]) == {}
    assert crowded.search("Acme 7 Zentrol7")[0].account_id == "a007"


def test_an_account_without_a_name_is_found_by_none() -> None:
    assert NameIndex.of([("a", ""), ("b", "&")]).search("") == ()
