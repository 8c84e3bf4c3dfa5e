"""Which account a lead belongs to: by id, by domain, through parents."""

from typing import Any

import pytest

from scoring_service.domain.routing.account_match import match_account
from scoring_service.values.account import Account, AccountMatch, MatchedBy
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
