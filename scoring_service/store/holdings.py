"""Who owns what, and which types of activities came in: counted, for those who edit the rules."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from scoring_service.store import rows, rows_lifecycle
from scoring_service.store.connection import Connection
from scoring_service.values.holdings import Held, Holdings
from scoring_service.values.instant import micros
from scoring_service.values.stage import Stage

PAGE = 500
_LATEST = 2**63 - 1


def holdings_in(connection: Connection) -> Holdings:
    """Everything that is owned."""
    held = tuple(
        Held(rows.owner_of(kind, owner_id), Stage(stage), leads, waiting)
        for kind, owner_id, stage, leads, waiting in connection.rows("leads_held")
    )
    reps = {row[0]: rows_lifecycle.rep(row) for row in connection.rows("reps")}
    return Holdings(held, dict(connection.rows("accounts_held")), reps)


def activity_types_in(connection: Connection, since: datetime) -> Mapping[str, int]:
    """How many activities of each type were recorded since an instant, the latest sets first."""
    found: Counter[str] = Counter()
    before, least = _LATEST, micros(since)
    while page := connection.rows("activity_sets_before", before, PAGE):
        fresh = [(body,) for _, recorded_at, body in page if recorded_at >= least]
        found.update(activity.type for activity in rows.activities(fresh))
        if len(fresh) < len(page):
            break
        before = page[-1][0]
    return found
