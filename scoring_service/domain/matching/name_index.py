"""Accounts by the keys of their names, in memory: a value that is never changed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from scoring_service.domain.matching.candidates import HELD_MAX, ranked
from scoring_service.domain.matching.keys import keys_of
from scoring_service.domain.matching.names import normal_name
from scoring_service.values.account import NamedAccount


@dataclass(frozen=True, slots=True)
class NameIndex:
    """Normalised names by account id, and account ids by key."""

    names: Mapping[str, str] = field(default_factory=dict)
    held: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @staticmethod
    def of(names: Iterable[tuple[str, str]]) -> "NameIndex":
        """The index of accounts' names as they are written, by account id."""
        normal = {account_id: normal_name(name) for account_id, name in names}
        held: defaultdict[str, list[str]] = defaultdict(list)
        for account_id, name in normal.items():
            for key in keys_of(name):
                held[key].append(account_id)
        return NameIndex(normal, {key: tuple(ids) for key, ids in held.items()})

    def sharing(self, keys: Iterable[str]) -> dict[str, str]:
        """The normalised names, by account id, that share a key that few enough hold."""
        found: dict[str, str] = {}
        for key in keys:
            ids = self.held.get(key, ())
            if len(ids) <= HELD_MAX:
                found.update(zip(ids, map(self.names.__getitem__, ids), strict=True))
        return found

    def search(self, name: str) -> tuple[NamedAccount, ...]:
        """The accounts that a company's name could mean, the best first."""
        normal = normal_name(name)
        return ranked(normal, self.sharing(keys_of(normal)))
