"""A lookup of accounts where there are none."""

from collections.abc import Sequence

from scoring_service.values.account import Account, NamedAccount


class NoAccounts:
    """A lookup without accounts, for scoring where none are known."""

    def account(self, account_id: str) -> Account | None:
        """None, whatever the id."""
        return None

    def accounts_on_domain(self, domain: str) -> Sequence[Account]:
        """None, whatever the domain."""
        return ()

    def accounts_named(self, normal: str) -> Sequence[NamedAccount]:
        """None, whatever the name."""
        return ()

    def ancestors(self, account_id: str) -> Sequence[Account]:
        """None, whatever the id."""
        return ()
