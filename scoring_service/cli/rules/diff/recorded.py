"""What `leadscoring rules diff --store` replays: everything recorded in the last days."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

import msgspec

from scoring_service.cli.rules.diff.rows import Read
from scoring_service.cli.upkeep.reading import REMEDY, reading, since_span
from scoring_service.store.reader import Reader
from scoring_service.values.instant import EPOCH
from scoring_service.values.record import LeadRecord
from scoring_service.values.stored import StoredAssignment
from scoring_service.workflows.diff.availability import went_in
from scoring_service.workflows.diff.latest import asked_then
from scoring_service.workflows.diff.stored_past import AskedThen, Recorded, firsts_of, past_in

PAGE = 500


def read_store(store: str, span: str, now: datetime) -> Read:
    """The past of a store from a span ago. Raises UsageError, Problem and StoreProblem."""
    since = now - since_span(span)
    with reading(store, f"{REMEDY}, or give --leads FILE") as reader:
        found, forgotten = recorded(reader, since)
        went = went_in(reader.absences(since), reader.absences_changed(since), since)
    note = f"{forgotten:,} decisions whose facts are no longer kept are not replayed"
    past = msgspec.structs.replace(past_in(found, since), went=went)
    return Read(past, notes=(note,) if forgotten else ())


def recorded(reader: Reader, since: datetime) -> tuple[Recorded, int]:
    """What the store has; and of how many decisions of the window the facts are gone."""
    asked, forgotten = _asked_since(reader, since)
    given: defaultdict[str, list[StoredAssignment]] = defaultdict(list)
    for assignment in _assignments(reader):
        given[assignment.lead_id].append(assignment)
    turns = tuple(reader.rotation_checkups())
    leads = tuple(_leads(reader))
    firsts = firsts_of(leads, reader)
    return Recorded(leads, asked, given, turns, firsts), forgotten


def _leads(reader: Reader) -> Iterator[LeadRecord]:
    after = ""
    while page := reader.lead_records(after, PAGE, EPOCH):
        yield from page
        after = page[-1].lead.lead.lead_id


def _assignments(reader: Reader) -> Iterator[StoredAssignment]:
    before = None
    while page := reader.assignments(before=before, limit=PAGE):
        yield from page
        before = page[-1].assigned_at, page[-1].assignment_id


def _asked_since(reader: Reader, since: datetime) -> tuple[defaultdict[str, list[AskedThen]], int]:
    """What was asked of the window's decisions, by lead; and of how many that is not kept."""
    found: defaultdict[str, list[AskedThen]] = defaultdict(list)
    after, forgotten = "", 0
    while page := reader.decisions(after, PAGE):
        after = page[-1].decision_id
        for record in page:
            if record.at < since:
                continue
            then = asked_then(record)
            if then is None:
                forgotten += 1
            else:
                found[record.lead_id].append(then)
    return found, forgotten
