"""Accounts at hand for Score, which asks for them on the event loop."""

from collections.abc import Callable, Sequence
from time import monotonic
from typing import Generic, TypeVar

from scoring_service.store.reader import Reader
from scoring_service.store.store_readers import Readers
from scoring_service.store.writer_errors import unavailable
from scoring_service.values.account import Account, NamedAccount
from scoring_service.values.errors import Unavailable

T = TypeVar("T")

FRESH = 5.0
"""Seconds for which what was read is believed: how far the index may be behind the store."""

ENTRIES_MAX = 20_000
"""Entries of a kind; the oldest make room. An account takes about 1 KB."""

AWAY = 1.0
"""Seconds in which a database that was away is not asked again, so that nothing blocks on it."""


class Recent(Generic[T]):
    """What was read lately, by key: at most so many entries, each believed for a while."""

    def __init__(self, entries_max: int, fresh: float) -> None:
        self._entries: dict[str, tuple[float, T]] = {}
        self._entries_max, self._fresh = entries_max, fresh

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: str, read: Callable[[str], T]) -> T:
        """The entry of `key`, read if there is none that may be believed."""
        entry = self._entries.get(key)
        if entry is not None and monotonic() < entry[0]:
            return entry[1]
        value = read(key)
        self._entries.pop(key, None)
        self._entries[key] = monotonic() + self._fresh, value
        while len(self._entries) > self._entries_max:
            self._entries.pop(next(iter(self._entries)), None)
        return value


class AccountIndex:
    """An AccountLookup at most `fresh` seconds behind the store, of bounded size.

    What is not at hand is read at once, by an indexed query of some 30 us on SQLite. While the
    database is away it raises Unavailable without asking.
    """

    def __init__(
        self, readers: Readers, entries_max: int = ENTRIES_MAX, fresh: float = FRESH
    ) -> None:
        self._readers = readers
        self._any: Recent[bool] = Recent(1, fresh)
        self._accounts: Recent[Account | None] = Recent(entries_max, fresh)
        self._domains: Recent[Sequence[Account]] = Recent(entries_max, fresh)
        self._names: Recent[Sequence[NamedAccount]] = Recent(entries_max, fresh)
        self._ancestors: Recent[Sequence[Account]] = Recent(entries_max, fresh)
        self._away_until = 0.0

    def account(self, account_id: str) -> Account | None:
        """The account of that id."""
        return self._accounts.get(account_id, self._account) if self._has_any() else None

    def accounts_on_domain(self, domain: str) -> Sequence[Account]:
        """Every account that has this registrable domain, by id."""
        return self._domains.get(domain, self._on_domain) if self._has_any() else ()

    def accounts_named(self, normal: str) -> Sequence[NamedAccount]:
        """Accounts of names like a normalised one, the best first."""
        return self._names.get(normal, self._named) if normal and self._has_any() else ()

    def ancestors(self, account_id: str) -> Sequence[Account]:
        """The account and those above it, nearest first."""
        return self._ancestors.get(account_id, self._above) if self._has_any() else ()

    def _has_any(self) -> bool:
        """A store without accounts is asked once for all."""
        return self._any.get("", lambda _: bool(self._ask(lambda r: r.accounts("", 1))))

    def _account(self, account_id: str) -> Account | None:
        return self._ask(lambda reader: reader.account(account_id))

    def _on_domain(self, domain: str) -> Sequence[Account]:
        return self._ask(lambda reader: reader.accounts_on_domain(domain))

    def _named(self, normal: str) -> Sequence[NamedAccount]:
        return self._ask(lambda reader: reader.accounts_named(normal))

    def _above(self, account_id: str) -> Sequence[Account]:
        return self._ask(lambda reader: reader.ancestors(account_id))

    def _ask(self, question: Callable[[Reader], T]) -> T:
        if monotonic() < self._away_until:
            raise unavailable(AWAY)
        try:
            return self._readers.ask(question)
        except Unavailable:
            self._away_until = monotonic() + AWAY
            raise
