"""Which account a lead belongs to, wherever accounts are kept: unit of work or index."""

from collections.abc import Sequence
from typing import Protocol

from scoring_service.domain.domains import email_domain, is_free_mail, registrable_domain
from scoring_service.domain.matching.names import normal_name
from scoring_service.domain.routing.account_match import match_account
from scoring_service.values.account import Account, AccountMatch, NamedAccount
from scoring_service.values.lead import Lead


class AccountLookup(Protocol):
    """Accounts by id, by registrable domain, and upwards. The unit of work is one."""

    def account(self, account_id: str) -> Account | None:
        """The account of that id."""

    def accounts_on_domain(self, domain: str) -> Sequence[Account]:
        """Every account that has this registrable domain, by id."""

    def accounts_named(self, normal: str) -> Sequence[NamedAccount]:
        """Accounts of names like a normalised one, the best first."""

    def ancestors(self, account_id: str) -> Sequence[Account]:
        """The account and those above it, nearest first."""


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
    named = () if by_id or on_domain else _named(accounts, lead)
    candidates = (by_id,) if by_id else on_domain
    ids = [one.account_id for one in candidates] or [one.account_id for one in named]
    above = {account.account_id: account for one in ids for account in accounts.ancestors(one)}
    return match_account(lead, by_id, on_domain, above, named)


def _named(accounts: AccountLookup, lead: Lead) -> Sequence[NamedAccount]:
    normal = normal_name(lead.company_name or "")
    return accounts.accounts_named(normal) if normal else ()


def _on_domains(accounts: AccountLookup, lead: Lead) -> tuple[Account, ...]:
    found: dict[str, Account] = {}
    for domain in company_domains(lead):
        for account in accounts.accounts_on_domain(domain):
            found.setdefault(account.account_id, account)
    return tuple(found.values())
