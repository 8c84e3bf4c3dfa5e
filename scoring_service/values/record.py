"""Everything the store has recorded of one lead, for those who look back."""

from datetime import datetime

import msgspec

from scoring_service.values.account import AccountMatch
from scoring_service.values.activity import Activity
from scoring_service.values.stored import FieldChange, StageEntry, StoredLead


class LeadRecord(msgspec.Struct, frozen=True):
    """A lead as it is now, and how it came to be so.

    `entries` are by visit, without the scores that decisions say; `changes` of its fields by
    instant; `activities`, each with the instant at which it was recorded of this lead, by when they
    happened; `accounts` what each decision that still has its facts took as the lead's account, by
    instant; `trimmed` how many decisions have them no more.
    """

    lead: StoredLead
    entries: tuple[StageEntry, ...] = ()
    changes: tuple[tuple[datetime, FieldChange], ...] = ()
    activities: tuple[tuple[datetime, Activity], ...] = ()
    accounts: tuple[tuple[datetime, AccountMatch], ...] = ()
    trimmed: int = 0
