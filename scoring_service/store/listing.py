"""Leads by score, a page at a time, whoever's and wherever they are."""

from collections.abc import Sequence

from scoring_service.store import rows
from scoring_service.store.connection import Connection, Row
from scoring_service.values.owner import Owner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead

_HIGHEST = 1e9


def leads_listed(
    connection: Connection,
    stage: Stage | None,
    owner: Owner | None,
    account_id: str | None,
    before: tuple[float, str] | None,
    limit: int,
) -> Sequence[StoredLead]:
    """Leads by score, the highest first, and by id, the last first: those behind a score and an
    id. None is any.

    Each stage is read by itself, in the order of an index: what nobody asked for is not read. A
    lead that changes its stage meanwhile is there once.
    """
    place = (*(before or (_HIGHEST, "")), limit)
    whose = (None, None) if owner is None else (rows.kind(owner), owner.id)
    stages = [one.value for one in ((stage,) if stage else Stage)]
    if account_id is not None:
        wanted = stage.value if stage else None
        found = connection.rows("leads_listed_of_account", account_id, *whose, wanted, *place)
    elif owner is None:
        found = [row for one in stages for row in connection.rows("leads_listed_in", one, *place)]
    else:
        name = "leads_listed_of_owner_in"
        found = [row for one in stages for row in connection.rows(name, *whose, one, *place)]
    return tuple(rows.lead(body) for _, body, _ in _first(found, limit))


def _first(found: Sequence[Row], limit: int) -> Sequence[Row]:
    once = {row[0]: row for row in found}
    return sorted(once.values(), key=lambda row: (row[2], row[0]), reverse=True)[:limit]
