"""Which account a lead belongs to, wherever accounts are kept: unit of work or index."""

from collections.abc import Sequence
from typing import Protocol

from scoring_service.domain.domains import email_domain, is_free_mail, registrable_domain
from scoring_service.domain.routing.account_match import match_account
from scoring_service.values.account import Account, AccountMatch
from scoring_service.values.lead import Lead


class AccountLookup(Protocol):
    """Accounts by id, by registrable domain, and upwards. The unit of work is one."""

    def account(self, account_id: str) -> Account | None:
        """The account of that id."""

    def accounts_on_domain(self, domain: str) -> Sequence[Account]:
        """Every account that has this registrable domain, by id."""

    def ancestors(self, account_id: str) -> Sequence[Account]:
        """The account and those above it, nearest first."""


class NoAccounts:
    """A lookup without accounts, for scoring where none are known."""

    def account(self, account_id: str) -> Account | None:
        """None, whatever the id."""
        return None

    def accounts_on_domain(self, domain: str) -> Sequence[Account]:
        """None, whatever the domain."""
        return ()

    def ancestors(self, account_id: str) -> Sequence[Account]:
        """None, whatever the id."""
        return ()


def company_domains(lead: Lead) -> tuple[str, ...]:
    """The registrable domains by which a lead may be matched: of its e-mail, then of its website.

    Free-mail domains name no company and are left out.
    """
    of_mail = email_domain(lead.email)
    of_site = registrable_domain(lead.company_domain) if lead.company_domain else None
    found = dict.fromkeys(d for d in (of_mail, of_site) if d and not is_free_mail(d))
    return tuple(found)


def account_of(accounts: AccountLookup, lead: Lead) -> AccountMatch:
    """The lead's account, read from `accounts` and matched purely."""
    by_id = accounts.account(lead.account_id) if lead.account_id else None
    on_domain = () if by_id else _on_domains(accounts, lead)
    candidates = (by_id,) if by_id else on_domain
    above = {
        account.account_id: account
        for candidate in candidates
        for account in accounts.ancestors(candidate.account_id)
    }
    return match_account(lead, by_id, on_domain, above)


def _on_domains(accounts: AccountLookup, lead: Lead) -> tuple[Account, ...]:
    found: dict[str, Account] = {}
    for domain in company_domains(lead):
        for account in accounts.accounts_on_domain(domain):
            found.setdefault(account.account_id, account)
    return tuple(found.values())
