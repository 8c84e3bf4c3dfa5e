"""By which domains a lead is matched, and the account it is matched to."""

import pytest

from scoring_service.domain.matching.name_index import NameIndex
from scoring_service.values.account import Account, MatchedBy, NamedAccount
from scoring_service.values.lead import Lead
from scoring_service.workflows.account_lookup import account_of, company_domains
from tests.workflows.no_accounts import NoAccounts

GROUP = Account("group", "Acme Group", ("acme.com",), owner_rep_id="ann")
GERMANY = Account("acme-de", "Acme GmbH", ("acme.de",), country="DE", parent_id="group")
NAMES = NameIndex.of((account.account_id, account.name) for account in (GROUP, GERMANY))


class TwoAccounts(NoAccounts):
    """Acme Germany below Acme Group."""

    def account(self, account_id: str) -> Account | None:
        return {"group": GROUP, "acme-de": GERMANY}.get(account_id)

    def accounts_on_domain(self, domain: str) -> tuple[Account, ...]:
        return tuple(account for account in (GERMANY, GROUP) if domain in account.domains)

    def accounts_named(self, normal: str) -> tuple[NamedAccount, ...]:
        return NAMES.search(normal)

    def ancestors(self, account_id: str) -> tuple[Account, ...]:
        return (GERMANY, GROUP) if account_id == "acme-de" else (GROUP,)


@pytest.mark.parametrize(
    ("lead", "domains"),
    [
        pytest.param(Lead(), (), id="a-lead-without-any"),
        pytest.param(Lead(email="ann@mail.acme.co.uk"), ("acme.co.uk",), id="of-the-e-mail"),
        pytest.param(Lead(email="ann@gmail.com"), (), id="free-mail-names-no-company"),
        pytest.param(
            Lead(email="ann@acme.de", company_domain="www.acme.com"),
            ("acme.de", "acme.com"),
            id="the-e-mail-comes-before-the-website",
        ),
        pytest.param(
            Lead(email="ann@acme.de", company_domain="acme.de"), ("acme.de",), id="each-once"
        ),
        pytest.param(
            Lead(email="ann@gmail.com", company_domain="acme.de"),
            ("acme.de",),
            id="a-website-stands-in-for-free-mail",
        ),
    ],
)
def test_company_domains(lead: Lead, domains: tuple[str, ...]) -> None:
    assert company_domains(lead) == domains


def test_an_explicit_account_is_taken_and_the_parent_owns_it() -> None:
    match = account_of(TwoAccounts(), Lead(account_id="acme-de", email="x@acme.com"))
    assert (match.account, match.matched_by) == (GERMANY, MatchedBy.ACCOUNT_ID)
    assert (match.owner_rep_id, match.owner_account_id) == ("ann", "group")


def test_an_unknown_account_is_noted_and_the_domain_decides() -> None:
    match = account_of(TwoAccounts(), Lead(account_id="who", email="x@acme.de"))
    assert (match.account, match.matched_by) == (GERMANY, MatchedBy.DOMAIN)
    assert "who" in match.note


def test_without_accounts_there_is_no_match() -> None:
    match = account_of(NoAccounts(), Lead(account_id="acme-de", email="x@acme.de"))
    assert match.account is None
    assert match.matched_by is MatchedBy.NONE


@pytest.mark.parametrize(
    ("lead", "account"),
    [
        pytest.param(Lead(company_name="ACME AG"), GERMANY, id="a-name-and-nothing-else"),
        pytest.param(Lead(company_name="acme group, inc."), GROUP, id="a-longer-name"),
        pytest.param(
            Lead(company_name="Acme", email="x@gmail.com"), GERMANY, id="free-mail-and-a-name"
        ),
        pytest.param(
            Lead(company_name="Acme", email="x@other.example"), GERMANY, id="a-domain-nobody-has"
        ),
        pytest.param(Lead(company_name="Zentrol"), None, id="a-name-nobody-has"),
        pytest.param(Lead(company_name="GmbH &"), None, id="no-name-of-an-account"),
        pytest.param(Lead(company_name=""), None, id="no-name"),
    ],
)
def test_the_account_of_a_company_name(lead: Lead, account: Account | None) -> None:
    match = account_of(TwoAccounts(), lead)
    assert match.account == account
    assert match.matched_by is (MatchedBy.NAME if account else MatchedBy.NONE)
    assert bool(match.named) == bool(account)


def test_a_domain_decides_and_names_are_not_looked_at() -> None:
    match = account_of(TwoAccounts(), Lead(company_name="Acme", email="x@acme.com"))
    assert (match.account, match.matched_by, match.named) == (GROUP, MatchedBy.DOMAIN, ())


def test_the_parent_owns_an_account_found_by_name() -> None:
    match = account_of(TwoAccounts(), Lead(company_name="Acme"))
    assert (match.owner_rep_id, match.owner_account_id) == ("ann", "group")
