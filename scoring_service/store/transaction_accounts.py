"""Accounts, as a unit of work reads and writes them."""

from collections.abc import Sequence

from scoring_service.domain.matching.candidates import ranked
from scoring_service.store import rows
from scoring_service.store.account_names import with_own
from scoring_service.store.transaction_leads import Leads
from scoring_service.values.account import Account, NamedAccount


class Accounts(Leads):
    """Accounts by id, by domain and upwards."""

    def account(self, account_id: str) -> Account | None:
        """The account of that id."""
        own = self.own.accounts.get(account_id)
        if own is not None:
            return own
        known = self._known
        if account_id not in known.accounts:
            known.fetch_accounts((account_id,))
        return known.accounts.get(account_id)

    def accounts_on_domain(self, domain: str) -> Sequence[Account]:
        """Every account that has this registrable domain, by id."""
        known, own = self._known, self.own.accounts
        if domain not in known.domains:
            known.fetch_domains((domain,))
        ids = set(known.domains[domain])
        if not ids and not own:
            return ()
        for account_id, account in own.items():
            (ids.add if domain in account.domains else ids.discard)(account_id)
        known.fetch_accounts(ids)
        found = (self.account(account_id) for account_id in sorted(ids))
        return tuple(account for account in found if account)

    def accounts_named(self, normal: str) -> Sequence[NamedAccount]:
        """Accounts of names like a normalised one, the best first."""
        if not normal:
            return ()
        own = {account_id: account.name for account_id, account in self.own.accounts.items()}
        if not own:
            return self._known.accounts_named(normal)
        return ranked(normal, with_own(normal, self._known.names_like(normal), own))

    def ancestors(self, account_id: str) -> Sequence[Account]:
        """The account and those above it, nearest first, each once."""
        found: dict[str, Account] = {}
        above: str | None = account_id
        while above and above not in found:
            account = self.account(above)
            if account is None:
                break
            found[above] = account
            above = account.parent_id
        return tuple(found.values())

    def account_owners(self) -> tuple[str, ...]:
        """Every rep who owns an account, as it was before this unit."""
        self._known.flush()
        return tuple(row[0] for row in self._known.connection.rows("account_owners"))

    def accounts_of_owner(self, rep_id: str, at_most: int) -> tuple[Account, ...]:
        """Some of the accounts a rep owns, by id, as they were before this unit."""
        self._known.flush()
        found = self._known.connection.rows("accounts_of_owner", rep_id, at_most)
        return tuple(rows.account(body) for _, body in found)

    def save_account(self, account: Account) -> None:
        """Store an account as it is now."""
        self.account(account.account_id)
        self.own.accounts[account.account_id] = account
