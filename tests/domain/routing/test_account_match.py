"""Which account a lead belongs to: by id, by domain, through parents."""

from typing import Any

import pytest

from scoring_service.domain.routing.account_match import match_account
from scoring_service.values.account import Account, AccountMatch, MatchedBy, NamedAccount
from scoring_service.values.lead import Lead

HOLDING = Account("holding", "Acme Holding", owner_rep_id="hal")
GLOBAL = Account("global", "Acme Global", parent_id="holding", owner_rep_id="gus")
GERMANY = Account("de", "Acme GmbH", country="DE", parent_id="global")
FRANCE = Account("fr", "Acme SA", country="FR", parent_id="global", owner_rep_id="fay")
BERLIN = Account("berlin", "Acme Berlin", country="DE", parent_id="de")
RIVAL = Account("rival", "Rival", country="DE", owner_rep_id="rob")
ALL = {a.account_id: a for a in (HOLDING, GLOBAL, GERMANY, FRANCE, BERLIN, RIVAL)}


def matched(on_domain: tuple[Account, ...], **fields: Any) -> AccountMatch:
    return match_account(Lead(**fields), None, on_domain, ALL)


def test_an_explicit_account_id_comes_before_the_domain() -> None:
    found = match_account(Lead(account_id="rival"), RIVAL, (GERMANY,), ALL)
    assert (found.account, found.matched_by) == (RIVAL, MatchedBy.ACCOUNT_ID)
    assert (found.owner_rep_id, found.owner_account_id) == ("rob", "rival")
    assert found.note == ""


def test_an_unknown_account_id_is_noted_and_the_domain_looked_at() -> None:
    found = match_account(Lead(account_id="typo"), None, (FRANCE,), ALL)
    assert (found.account, found.matched_by) == (FRANCE, MatchedBy.DOMAIN)
    assert found.note == "account 'typo' is not known"


def test_an_unknown_account_id_without_a_domain_is_noted() -> None:
    found = match_account(Lead(account_id="typo"), None, ())
    assert found == AccountMatch(note="account 'typo' is not known")


def test_a_lead_of_no_known_company_has_no_account() -> None:
    assert match_account(Lead(email="a@nobody.example"), None, ()) == AccountMatch()


@pytest.mark.parametrize(
    ("on_domain", "country", "account"),
    [
        pytest.param((GERMANY,), "FR", GERMANY, id="a-single-one-whatever-the-country"),
        pytest.param((GERMANY, FRANCE), "DE", GERMANY, id="the-one-in-the-leads-country"),
        pytest.param((GERMANY, FRANCE), "IT", GLOBAL, id="else-their-common-ancestor"),
        pytest.param((GERMANY, FRANCE), None, GLOBAL, id="a-lead-without-a-country"),
        pytest.param((GERMANY, BERLIN), "DE", GERMANY, id="two-in-the-country-one-above-the-other"),
        pytest.param((BERLIN, FRANCE), "IT", GLOBAL, id="the-nearest-that-all-have"),
        pytest.param((GERMANY, RIVAL), "IT", None, id="else-ambiguous"),
        pytest.param((GERMANY, RIVAL), "DE", None, id="two-in-the-country-are-ambiguous"),
        pytest.param((GERMANY, RIVAL, FRANCE), "FR", FRANCE, id="the-country-comes-first"),
    ],
)
def test_several_accounts_on_a_domain(
    on_domain: tuple[Account, ...], country: str | None, account: Account | None
) -> None:
    for order in (on_domain, on_domain[::-1]):
        found = matched(order, country=country)
        assert (found.account, found.ambiguous) == (account, account is None)
        assert found.candidates == tuple(sorted(a.account_id for a in on_domain))


def test_of_an_ambiguous_match_nobody_owns_the_account() -> None:
    found = matched((GERMANY, RIVAL))
    assert (found.owner_rep_id, found.matched_by) == (None, MatchedBy.NONE)


@pytest.mark.parametrize(
    ("account", "owner", "owned"),
    [
        pytest.param(FRANCE, "fay", "fr", id="its-own-owner"),
        pytest.param(GERMANY, "gus", "global", id="the-nearest-ancestor-with-one"),
        pytest.param(BERLIN, "gus", "global", id="through-two-without"),
    ],
)
def test_the_owner_is_that_of_the_nearest_ancestor_with_one(
    account: Account, owner: str, owned: str
) -> None:
    found = matched((account,))
    assert (found.owner_rep_id, found.owner_account_id) == (owner, owned)


def test_an_account_nobody_owns_matches_without_an_owner() -> None:
    orphan = Account("orphan", parent_id="gone")
    found = matched((orphan,))
    assert (found.account, found.owner_rep_id) == (orphan, None)


@pytest.mark.parametrize("length", [1, 2, 5])
def test_parents_that_go_round_end_the_search(length: int) -> None:
    ring = {
        f"a{i}": Account(f"a{i}", country="DE", parent_id=f"a{(i + 1) % length}")
        for i in range(length)
    }
    found = match_account(Lead(), None, (ring["a0"],), ring)
    assert (found.account, found.owner_rep_id) == (ring["a0"], None)


def test_two_rings_of_parents_are_ambiguous() -> None:
    rings = {name: Account(name, parent_id=name) for name in ("one", "two")}
    found = match_account(Lead(), None, tuple(rings.values()), rings)
    assert found.ambiguous


def by_name(*scores: tuple[Account, float], **fields: Any) -> AccountMatch:
    named = tuple(NamedAccount(account.account_id, "acme", score) for account, score in scores)
    return match_account(Lead(**fields), None, (), ALL, named)


@pytest.mark.parametrize(
    ("scores", "country", "account"),
    [
        pytest.param([(RIVAL, 0.8)], None, RIVAL, id="a-single-one"),
        pytest.param([(RIVAL, 0.9), (GERMANY, 0.8)], "DE", RIVAL, id="the-one-clearly-better"),
        pytest.param([(RIVAL, 0.9), (GERMANY, 0.88)], "IT", None, id="two-within-a-hair"),
        pytest.param([(RIVAL, 1.0), (GERMANY, 0.99)], "IT", RIVAL, id="the-very-same-name"),
        pytest.param([(RIVAL, 1.0), (GERMANY, 1.0)], "IT", None, id="two-of-the-very-same-name"),
        pytest.param([(FRANCE, 0.9), (GERMANY, 0.9)], "DE", GERMANY, id="the-one-in-the-country"),
        pytest.param([(FRANCE, 0.9), (GERMANY, 0.9)], "IT", GLOBAL, id="their-common-ancestor"),
    ],
)
def test_accounts_of_similar_names(
    scores: list[tuple[Account, float]], country: str | None, account: Account | None
) -> None:
    found = by_name(*scores, country=country)
    assert (found.account, found.ambiguous) == (account, account is None)
    assert found.matched_by is (MatchedBy.NONE if account is None else MatchedBy.NAME)
    assert [one.account_id for one in found.named] == [each.account_id for each, _ in scores]


def test_of_two_within_a_hair_both_are_recorded() -> None:
    found = by_name((RIVAL, 0.9), (GERMANY, 0.88), (FRANCE, 0.75))
    assert found.candidates == ("de", "rival")
    assert found.account is None
    assert found.owner_rep_id is None


def test_the_owner_of_an_account_found_by_name_may_stand_above_it() -> None:
    found = by_name((BERLIN, 0.8))
    assert (found.owner_rep_id, found.owner_account_id) == ("gus", "global")


def test_a_domain_comes_before_a_name() -> None:
    named = (NamedAccount("rival", "rival", 1.0),)
    found = match_account(Lead(), None, (FRANCE,), ALL, named)
    assert (found.account, found.matched_by, found.named) == (FRANCE, MatchedBy.DOMAIN, ())


def test_an_ambiguous_domain_is_not_decided_by_a_name() -> None:
    named = (NamedAccount("rival", "rival", 1.0),)
    found = match_account(Lead(), None, (GERMANY, RIVAL), ALL, named)
    assert found.ambiguous
    assert found.named == ()


def test_an_unknown_account_id_is_noted_and_the_name_looked_at() -> None:
    found = by_name((RIVAL, 1.0), account_id="typo")
    assert (found.account, found.note) == (RIVAL, "account 'typo' is not known")


def test_a_name_of_an_account_that_is_gone_is_passed_over() -> None:
    named = (NamedAccount("gone", "acme", 1.0), NamedAccount("rival", "acme", 0.8))
    found = match_account(Lead(), None, (), ALL, named)
    assert found.account == RIVAL
