"""Names of accounts as they are stored for comparison: normalised, under each of their keys."""

from collections.abc import Iterator, Mapping

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
    keys = keys_of(normal)
    if not keys:
        return {}
    found = connection.rows("accounts_named", rows.strings(keys), HELD_MAX)
    return {row[0]: row[1] for row in found}


def with_own(normal: str, stored: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """The names that share a key, once `own` are written: names as written, by account id."""
    keys = set(keys_of(normal))
    kept = {account_id: name for account_id, name in stored.items() if account_id not in own}
    names = ((account_id, normal_name(name)) for account_id, name in own.items())
    return kept | {account_id: name for account_id, name in names if keys & set(keys_of(name))}
