"""Whole records of leads, a page at a time: five statements a page, however many leads it has."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

import msgspec

from scoring_service.store import rows, rows_stages
from scoring_service.store.connection import Connection, Row
from scoring_service.values.account import AccountMatch
from scoring_service.values.activity import Activity
from scoring_service.values.instant import EPOCH, instant, micros
from scoring_service.values.record import LeadRecord
from scoring_service.values.stored import FieldChange, StageEntry, StoredLead

T = TypeVar("T")

_Did = list[tuple[datetime, Activity]]


class _AccountFacts(msgspec.Struct, frozen=True):
    """Of a decision's facts the account only."""

    account: AccountMatch = AccountMatch()


_account_facts = msgspec.json.Decoder(_AccountFacts).decode


def lead_records(
    connection: Connection, after: str, limit: int, since: datetime
) -> Sequence[LeadRecord]:
    """The records of at most `limit` leads by id, those behind `after` that changed since then.

    What those did that were merged into a lead, it did itself, known of it from then on.
    """
    return _records(connection, connection.rows("leads_after", after, micros(since), limit))


def records_of(connection: Connection, lead_ids: Iterable[str]) -> Sequence[LeadRecord]:
    """The records of these leads, by id; of one that is not stored there is none."""
    return _records(connection, sorted(connection.rows("leads", rows.strings(set(lead_ids)))))


def _records(connection: Connection, found: Sequence[Row]) -> Sequence[LeadRecord]:
    leads = [(lead_id, rows.lead(body)) for lead_id, body in found]
    ids = rows.strings([lead_id for lead_id, _ in leads])
    merged_from = (one for _, lead in leads for one in lead.merged_from)
    whose = rows.strings({*(lead_id for lead_id, _ in leads), *merged_from})
    entries = _by_lead(map(_entry, connection.rows("stage_entries_of_leads", whose)))
    changes = _by_lead(map(_change, connection.rows("field_changes_of_leads", ids)))
    activities = _by_lead(_activities(connection.rows("activities_of_leads", whose)))
    decided = connection.rows("facts_of_leads", ids)
    accounts = _by_lead(_accounts(decided))
    trimmed = Counter(lead_id for lead_id, _, facts in decided if not facts)
    return tuple(
        LeadRecord(
            lead,
            tuple(entries[lead_id]),
            tuple(changes[lead_id]),
            tuple(sorted(_did(lead, entries, activities), key=lambda did: rows.happened(did[1]))),
            tuple(accounts[lead_id]),
            trimmed[lead_id],
        )
        for lead_id, lead in leads
    )


def _did(
    lead: StoredLead, entries: Mapping[str, Sequence[StageEntry]], activities: Mapping[str, _Did]
) -> _Did:
    """What the lead did; of what was merged into it, one after another, the last entry says when,
    and before then it was not known of this lead.
    """
    found, since = [*activities[lead.lead.lead_id]], EPOCH
    for merged in lead.merged_from:
        since = max([since, *(entry.at for entry in entries[merged][-1:])])
        found += [(max(since, recorded), done) for recorded, done in activities[merged]]
    return found


def _by_lead(found: Iterable[tuple[str, T]]) -> defaultdict[str, list[T]]:
    by_lead: defaultdict[str, list[T]] = defaultdict(list)
    for lead_id, one in found:
        by_lead[lead_id].append(one)
    return by_lead


def _entry(row: Row) -> tuple[str, StageEntry]:
    return row[0], rows_stages.stage_entry(row)


def _change(row: Row) -> tuple[str, tuple[datetime, FieldChange]]:
    lead_id, field, old, new, at = row
    return lead_id, (instant(at), FieldChange(field, old, new))


def _activities(found: Iterable[Row]) -> Iterator[tuple[str, tuple[datetime, Activity]]]:
    for lead_id, recorded_at, body in found:
        for activity in rows.activities([(body,)]):
            yield lead_id, (instant(recorded_at), activity)


def _accounts(found: Iterable[Row]) -> Iterator[tuple[str, tuple[datetime, AccountMatch]]]:
    """Facts that are no longer kept say nothing."""
    for lead_id, at, facts in found:
        if facts:
            yield lead_id, (instant(at), _account_facts(facts).account)
