"""Accounts of a file are looked up as those of a store are."""

from scoring_service.values.account import Account, MatchedBy
from scoring_service.values.lead import Lead
from scoring_service.workflows.account_lookup import account_of
from scoring_service.workflows.diff.accounts import Accounts

GROUP = Account("group", "Acme Group", ("www.acme.com",), owner_rep_id="ann")
BRANCH = Account("branch", "Zentrol N.V.", parent_id="group")


def test_a_lead_with_only_a_company_name_finds_its_account() -> None:
    match = account_of(Accounts((GROUP, BRANCH)), Lead(company_name="ZENTROL"))
    assert (match.account, match.matched_by) == (BRANCH, MatchedBy.NAME)
    assert (match.owner_rep_id, match.owner_account_id) == ("ann", "group")


def test_a_domain_comes_before_a_name() -> None:
    lead = Lead(company_name="Zentrol", email="x@acme.com")
    match = account_of(Accounts((GROUP, BRANCH)), lead)
    assert match.matched_by is MatchedBy.DOMAIN
    assert match.account is not None
    assert match.account.account_id == "group"


def test_without_accounts_nothing_is_found() -> None:
    assert account_of(Accounts(()), Lead(company_name="Zentrol")).account is None
