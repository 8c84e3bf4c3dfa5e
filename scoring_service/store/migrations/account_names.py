"""Filling account_names from the accounts that are stored, as a step of a migration."""

from typing import Any

import msgspec
import sqlalchemy as sa
from alembic import op

from scoring_service.store.account_names import name_rows
from scoring_service.values.account import Account

PAGE = 1000

_ACCOUNTS = sa.table("accounts", sa.column("account_id"), sa.column("body"))
_NAMES = sa.table("account_names", sa.column("key"), sa.column("account_id"), sa.column("name"))


def fill() -> None:
    """Name every stored account under the keys of its name, a page at a time."""
    bind, after = op.get_bind(), ""
    while found := bind.execute(_page(after)).all():
        accounts = (msgspec.json.decode(row.body, type=Account) for row in found)
        named = (row for account in accounts for row in name_rows(account))
        saved = [dict(zip(("key", "account_id", "name"), row, strict=True)) for row in named]
        if saved:
            bind.execute(sa.insert(_NAMES), saved)
        after = found[-1].account_id


def _page(after: str) -> sa.Select[Any]:
    accounts = _ACCOUNTS.c
    behind = sa.select(accounts.account_id, accounts.body).where(accounts.account_id > after)
    return behind.order_by(accounts.account_id).limit(PAGE)
