"""Names of accounts as they are stored for comparison: normalised, under each of their keys."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from scoring_service.domain.matching.candidates import HELD_MAX
from scoring_service.domain.matching.keys import keys_of
from scoring_service.domain.matching.names import normal_name
from scoring_service.store import rows
from scoring_service.store.connection import Connection, Row
from scoring_service.values.account import Account


def name_rows(account: Account) -> Iterator[Row]:
    """What `save_name` stores of an account; nothing where it has no name."""
    normal = normal_name(account.name)
    for key in keys_of(normal):
        yield key, account.account_id, normal


def names_like(connection: Connection, normal: str) -> dict[str, str]:
    """Normalised names by account id that share a key with a normalised name."""
    return names_like_each(connection, (normal,))[normal]


def names_like_each(connection: Connection, normals: Collection[str]) -> dict[str, dict[str, str]]:
    """The same for many names, by one statement for all of them."""
    keys = {normal: keys_of(normal) for normal in normals}
    asked = sorted({key for each in keys.values() for key in each})
    holding: defaultdict[str, list[Sequence[str]]] = defaultdict(list)
    if asked:
        for key, *held in connection.rows("accounts_named", rows.strings(asked), HELD_MAX):
            holding[key].append(held)
    return {
        normal: {account_id: name for key in each for account_id, name in holding.get(key, ())}
        for normal, each in keys.items()
    }


def with_own(normal: str, stored: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """The names that share a key, once `own` are written: names as written, by account id."""
    keys = set(keys_of(normal))
    kept = {account_id: name for account_id, name in stored.items() if account_id not in own}
    names = ((account_id, normal_name(name)) for account_id, name in own.items())
    return kept | {account_id: name for account_id, name in names if keys & set(keys_of(name))}
