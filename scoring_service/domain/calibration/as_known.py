"""A stored lead as it was known at an instant: whatever arrived later is taken back."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from scoring_service.values.account import AccountMatch
from scoring_service.values.lead import Lead
from scoring_service.values.record import LeadRecord
from scoring_service.values.stored import FieldChange

_ATTRIBUTE = "attributes."
_NO_ACCOUNT = AccountMatch()


def lead_at(record: LeadRecord, at: datetime) -> Lead:
    """The lead's fields as they were at `at`: of each that changed later the value before that."""
    later = tuple(change for changed, change in record.changes if changed > at)
    if not later:
        return record.lead.lead
    fields: dict[str, Any] = msgspec.to_builtins(record.lead.lead)
    attributes: dict[str, Any] = fields.setdefault("attributes", {})
    for field, old in _before(record, at):
        name = field.removeprefix(_ATTRIBUTE)
        _set(fields if name == field else attributes, name, old)
    return msgspec.convert(fields, Lead)


def _before(record: LeadRecord, at: datetime) -> Iterator[tuple[str, str | None]]:
    """Each field that changed after `at`, with what it was until then."""
    first: dict[str, tuple[datetime, list[FieldChange]]] = {}
    for changed, change in record.changes:
        if changed > at:
            when, changes = first.setdefault(change.field, (changed, []))
            if when == changed:
                changes.append(change)
    for field, (_, changes) in first.items():
        yield field, _oldest(changes)


def _oldest(changes: Iterable[FieldChange]) -> str | None:
    """What was before several changes of one field at one instant, in whatever order they come:
    the value that none of them made.
    """
    changes = tuple(changes)
    made = {change.new for change in changes}
    return next((change.old for change in changes if change.old not in made), changes[0].old)


def _set(fields: dict[str, Any], name: str, value: str | None) -> None:
    if value is None:
        fields.pop(name, None)
    else:
        fields[name] = msgspec.json.decode(value)


def account_at(record: LeadRecord, at: datetime) -> AccountMatch:
    """The account as the latest decision until then knew it; none where no record of it is kept."""
    found = _NO_ACCOUNT
    for decided, account in record.accounts:
        if decided <= at:
            found = account
    return found


def turning_points(record: LeadRecord, since: datetime) -> tuple[datetime, ...]:
    """`since`, and every later instant at which something of the lead or its account changed."""
    changed = {at for at, _ in record.changes if at > since}
    decided = {at for at, _ in record.accounts if at > since}
    return (since, *sorted(changed | decided))
