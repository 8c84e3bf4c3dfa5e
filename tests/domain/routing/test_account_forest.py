"""Accounts in trees of parents: which of several on a domain a lead belongs to, and who owns it.

Beside a twin that writes out each account's whole line of ancestors.
"""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.domain.routing.account_match import match_account
from scoring_service.values.account import Account, AccountMatch, MatchedBy, NamedAccount
from scoring_service.values.lead import Lead

SEEDS = st.integers(0, 2**32)
COUNTRIES = (None, "DE", "FR")

Forest = dict[str, Account]


def forest_of(rng: Random) -> Forest:
    """Up to nine accounts, each below one made before it, below one that is gone, or a root."""
    made: Forest = {}
    for i in range(rng.randint(2, 9)):
        parent = rng.choice([None, "gone", *made, *made, *made])
        owner = rng.choice([None, None, None, f"rep-{i}"])
        made[f"a{i}"] = Account(
            f"a{i}", country=rng.choice(COUNTRIES), parent_id=parent, owner_rep_id=owner
        )
    return made


def line_of(account: Account, forest: Forest) -> list[Account]:
    """The account and all above it, nearest first. These trees have no rings."""
    parent = forest.get(account.parent_id or "")
    return [account, *(line_of(parent, forest) if parent else ())]


def of_several(lead: Lead, among: list[Account], forest: Forest) -> Account | None:
    """The one in the lead's country, else their nearest common ancestor, else ambiguous."""
    if len(among) == 1:
        return among[0]
    if lead.country is not None:
        here = [account for account in among if account.country == lead.country]
        if len(here) == 1:
            return here[0]
    common = set(forest)
    for account in among:
        common &= {above.account_id for above in line_of(account, forest)}
    nearest_first = line_of(among[0], forest)
    return next((above for above in nearest_first if above.account_id in common), None)


def drawn(seed: int) -> tuple[Lead, list[Account], Forest]:
    """A lead, some accounts on its domain, and all there are."""
    rng = Random(seed)
    forest = forest_of(rng)
    among = rng.sample(sorted(forest), rng.randint(1, min(4, len(forest))))
    lead = Lead("l1", country=rng.choice(COUNTRIES))
    return lead, [forest[name] for name in among], forest


@settings(max_examples=300)
@given(seed=SEEDS)
def test_of_several_accounts_on_a_domain_it_is_the_twins(seed: int) -> None:
    lead, among, forest = drawn(seed)
    found = match_account(lead, None, among, forest)
    assert found.account == of_several(lead, among, forest)
    assert found.ambiguous is (found.account is None)
    assert found.candidates == tuple(sorted(account.account_id for account in among))
    by = MatchedBy.NONE if found.account is None else MatchedBy.DOMAIN
    assert found.matched_by is by


@settings(max_examples=200)
@given(seed=SEEDS)
def test_the_owner_is_the_nearest_there_is(seed: int) -> None:
    """`account.owner` is that of the nearest ancestor with one; of an ambiguous match nobody's."""
    lead, among, forest = drawn(seed)
    found = match_account(lead, None, among, forest)
    above = line_of(found.account, forest) if found.account else []
    owners = [(one.owner_rep_id, one.account_id) for one in above if one.owner_rep_id]
    assert (found.owner_rep_id, found.owner_account_id) == (owners[0] if owners else (None, None))


@settings(max_examples=150)
@given(seed=SEEDS)
def test_it_does_not_matter_in_which_order_they_are_found(seed: int) -> None:
    lead, among, forest = drawn(seed)
    assert match_account(lead, None, among, forest) == match_account(
        lead, None, among[::-1], forest
    )


@settings(max_examples=150)
@given(seed=SEEDS)
def test_the_very_same_name_is_chosen_among_like_one_domain(seed: int) -> None:
    """Accounts of one and the same name are told apart as those on one domain are."""
    lead, among, forest = drawn(seed)
    named = [NamedAccount(account.account_id, "acme", 1.0) for account in among]
    by_name = match_account(lead, None, (), forest, named)
    on_domain = match_account(lead, None, among, forest)
    assert by_name.account == on_domain.account
    assert by_name.owner_rep_id == on_domain.owner_rep_id
    assert by_name.candidates == on_domain.candidates


@settings(max_examples=100)
@given(seed=SEEDS)
def test_an_account_that_the_lead_names_is_its_own_whatever_its_domain_says(seed: int) -> None:
    _, among, forest = drawn(seed)
    named = Random(seed).choice(sorted(forest))
    found = match_account(Lead("l1", account_id=named), forest[named], among, forest)
    assert (found.account, found.matched_by) == (forest[named], MatchedBy.ACCOUNT_ID)
    assert (found.candidates, found.note) == ((named,), "")


HOLDING = Account("holding")
ONE, TWO = Account("one", parent_id="holding"), Account("two", parent_id="holding")
APART = Account("apart", country="DE")
NOWHERE = Account("nowhere")
ALL = {each.account_id: each for each in (HOLDING, ONE, TWO, APART, NOWHERE)}


@pytest.mark.parametrize(
    ("among", "country", "account"),
    [
        pytest.param(
            (ONE, TWO, APART), None, None,
            id="an ancestor of two is none of three: ambiguous",
        ),
        pytest.param(
            (APART, ONE, TWO), None, None, id="whichever of them comes first",
        ),
        pytest.param(
            (APART, NOWHERE), None, None,
            id="a lead of no country is not in the country of an account of none",
        ),
        pytest.param((HOLDING, ONE), None, HOLDING, id="an account may be its own common ancestor"),
    ],
)  # fmt: skip
def test_several_accounts_on_a_domain(
    among: tuple[Account, ...], country: str | None, account: Account | None
) -> None:
    found: AccountMatch = match_account(Lead(country=country), None, among, ALL)
    assert (found.account, found.ambiguous) == (account, account is None)
