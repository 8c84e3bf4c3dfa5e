"""One transaction: what it has fetched, what its units recorded, and when that is sent."""

from collections.abc import Callable, Sequence
from datetime import datetime

from scoring_service.domain.matching.names import normal_name
from scoring_service.store.absences import Away
from scoring_service.store.batch_known import Known
from scoring_service.store.connection import Connection
from scoring_service.store.transaction import Transaction
from scoring_service.values.absence import Absence
from scoring_service.values.stored import Keys


class Batch:
    """What the units of one transaction share. Each is run through a Transaction, then kept or
    dropped before the next one begins.
    """

    def __init__(
        self,
        connection: Connection,
        counters: dict[str, int],
        now: datetime,
        new_id: Callable[[], str],
        away: Away,
    ) -> None:
        self.now = now
        self._new_id = new_id
        self._known = Known(connection, counters, now, away)

    def prefetch(self, keys: Sequence[Keys]) -> None:
        """Fetch what the units will read, one query a table for all of them."""
        known = self._known
        known.fetch_answers([each.request_id for each in keys])
        known.fetch_leads([each.lead_id for each in keys])
        known.fetch_emails([each.email for each in keys])
        known.fetch_assignments([lead.assignment_id for lead in known.leads.values() if lead])
        known.fetch_digests({one for each in keys for one in each.activity_ids})
        known.fetch_domains([domain for each in keys for domain in each.domains])
        names = [normal for each in keys if (normal := _name_sought(known, each))]
        known.fetch_names(names)
        named = [one.account_id for name in names for one in known.accounts_named(name)]
        on_domains = [one for ids in known.domains.values() for one in ids]
        known.fetch_accounts([*(each.account_id for each in keys), *on_domains, *named])

    @property
    def away(self) -> tuple[Absence, ...]:
        """Who is away, as the next unit finds it; the same value until that changes."""
        return self._known.away.all

    def transaction(self) -> Transaction:
        """The store as the next unit sees it."""
        return Transaction(self._known, self.now, self._new_id)

    def keep(self, tx: Transaction) -> None:
        """The unit succeeded: what it recorded stands, and later units see it."""
        if tx.own:
            self._known.counters["queue"] = tx.queue_number
            self._known.learn(tx.own)
        tx.end()

    def drop(self, tx: Transaction) -> None:
        """The unit raised: what it recorded is forgotten, its turns were never taken."""
        tx.end()

    def flush(self) -> None:
        """Send what is kept and not sent yet, one executemany a statement."""
        self._known.flush()

    @property
    def flushing(self) -> bool:
        """Whether a flush has begun and not come to its end: something may be half sent."""
        return self._known.flushing


def _name_sought(known: Known, keys: Keys) -> str:
    """The normalised name by which the lead's account will be looked for, "" where it will not."""
    by_other = keys.account_id or any(known.domains.get(domain) for domain in keys.domains)
    return "" if by_other or not keys.company else normal_name(keys.company)
