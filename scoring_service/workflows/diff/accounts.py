"""Accounts of a file, looked up as the store's are: by id, by registrable domain, upwards."""

from collections.abc import Iterable, Sequence

import msgspec

from scoring_service.domain.domains import registrable_domain
from scoring_service.domain.matching.name_index import NameIndex
from scoring_service.values.account import Account, NamedAccount


class Accounts:
    """An AccountLookup over accounts at hand."""

    def __init__(self, accounts: Iterable[Account]) -> None:
        self._by_id = {account.account_id: _registrable(account) for account in accounts}
        self._on_domain: dict[str, list[Account]] = {}
        self._names = NameIndex.of((key, each.name) for key, each in self._by_id.items())
        for _, account in sorted(self._by_id.items()):
            for domain in account.domains:
                self._on_domain.setdefault(domain, []).append(account)

    def account(self, account_id: str) -> Account | None:
        """The account of that id."""
        return self._by_id.get(account_id)

    def accounts_on_domain(self, domain: str) -> Sequence[Account]:
        """Every account that has this registrable domain, by id."""
        return self._on_domain.get(domain, ())

    def accounts_named(self, normal: str) -> Sequence[NamedAccount]:
        """Accounts of names like a normalised one, the best first."""
        return self._names.search(normal)

    def ancestors(self, account_id: str) -> Sequence[Account]:
        """The account and those above it, nearest first, each once."""
        found: dict[str, Account] = {}
        account = self._by_id.get(account_id)
        while account is not None and account.account_id not in found:
            found[account.account_id] = account
            account = self._by_id.get(account.parent_id or "")
        return tuple(found.values())


def _registrable(account: Account) -> Account:
    domains = dict.fromkeys(registrable_domain(domain) or domain for domain in account.domains)
    return msgspec.structs.replace(account, domains=tuple(domains))
