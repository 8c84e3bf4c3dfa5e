"""Recorded writes as statements: one executemany each, in an order that references allow."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from scoring_service.domain.routing.absences import earliest_day
from scoring_service.store import rows, rows_experiments, rows_lifecycle, rows_reps, rows_stages
from scoring_service.store.account_names import name_rows
from scoring_service.store.batch_writes import Writes
from scoring_service.store.connection import Connection, Row
from scoring_service.values.stored import Rotation

Step = tuple[str, list[Row]]
_NO_ROTATION = Rotation("")


def send(
    connection: Connection,
    writes: Writes,
    stored: Mapping[str, Rotation],
    counters: dict[str, int],
    now: datetime,
) -> None:
    """Send everything recorded. `stored` are the rotations as the database has them; `counters`
    move on with what is numbered.
    """
    with connection.together():
        for part in (_leads, _routing, _records, _policy):
            for statement, sent in part(writes, now):
                if sent:
                    connection.many(statement, sent)
        for statement, sent in _rotations(writes, stored):
            connection.many(statement, sent)
        for statement, sent in _numbered(writes, counters):
            if sent:
                connection.many(statement, sent)
        counters.update(writes.marks)
        connection.many("save_counter", list(counters.items()))


def _leads(writes: Writes, now: datetime) -> Iterator[Step]:
    leads = writes.leads
    persons = [(email, leads[lead_id].person_id) for email, lead_id in writes.emails.items()]
    yield "take_emails", writes.persons
    yield "save_email", persons
    yield "save_lead", [rows.lead_row(lead) for lead in leads.values()]
    accounts = writes.accounts.values()
    yield "save_account", [rows.account_row(account, now) for account in accounts]
    yield "forget_domains", [(account.account_id,) for account in accounts]
    yield (
        "save_domain",
        [(domain, account.account_id) for account in accounts for domain in account.domains],
    )
    yield "forget_names", [(account.account_id,) for account in accounts]
    names = [row for account in accounts for row in name_rows(account)]
    yield "save_name", sorted(names)  # by key, as they are kept: neighbours share a page


def _routing(writes: Writes, now: datetime) -> Iterator[Step]:
    places, timers = writes.places, writes.timers
    yield "record_draw", list(writes.draws.values())
    yield "give_draw_back", writes.draws_given_back
    yield "save_place", [rows.place_row(place) for place in places.values() if place]
    yield "leave_queue", [(lead_id,) for lead_id, place in places.items() if place is None]
    yield "set_timer", [rows.timer_row(timer) for timer in timers.values() if timer]
    yield "clear_timer", [key for key, timer in timers.items() if timer is None]


def _records(writes: Writes, now: datetime) -> Iterator[Step]:
    yield "save_assignment", [rows.assignment_row(one) for one in writes.assignments.values()]
    yield "record_stage", [rows_stages.stage_row(entry) for entry in writes.stages]
    yield "record_decision", [rows.decision_row(record) for record in writes.decisions.values()]
    yield "drop_facts", writes.dropped
    yield "record_change", writes.changes
    yield "save_joined", [rows_experiments.joined_row(one) for one in writes.joined]
    yield "keep_answer", [rows.answer_row(answer) for answer in writes.answers.values()]


def _policy(writes: Writes, now: datetime) -> Iterator[Step]:
    yield "save_revision", list(writes.revisions.values())
    yield "record_activation", writes.activations
    yield "save_rep", list(writes.reps.values())
    for statement, row in writes.webhooks:
        yield statement, [row]
    day, entered = earliest_day(now).isoformat(), writes.absences
    yield "forget_absences", [(rep_id, day) for rep_id in entered]
    yield "save_absence", [rows_reps.absence_row(one) for each in entered.values() for one in each]
    yield "save_handover", [rows_reps.handover_row(one) for one in writes.handovers.values()]


def _rotations(writes: Writes, stored: Mapping[str, Rotation]) -> Iterator[Step]:
    """Only the credits that changed."""
    after = writes.rotations.values()
    if not after:
        return
    yield "save_rotation", [(rotation.pool, rotation.draws) for rotation in after]
    changed = [
        (rotation.pool, credit.rep_id, credit.credit, credit.last_draw)
        for rotation in after
        for credit in set(rotation.credits) - set(stored.get(rotation.pool, _NO_ROTATION).credits)
    ]
    if changed:
        yield "save_credit", sorted(changed)


def _numbered(writes: Writes, counters: dict[str, int]) -> Iterator[Step]:
    """What is stored in the order of its numbers; the counters move on."""
    if writes.activity_sets:
        sets = list(enumerate(writes.activity_sets, counters["activities"] + 1))
        counters["activities"] += len(sets)
        yield "add_activities", [rows.activity_set_row(*each) for each in sets]
        yield "add_activity_ids", [rows.activity_ids_row(*each) for each in sets]
    if writes.events:
        events = list(enumerate(writes.events, counters["outbox"] + 1))
        counters["outbox"] += len(events)
        yield "emit", [rows.event_row(*each) for each in events]
    if writes.happenings:
        happened = writes.happenings
        yield (
            "record_happening",
            list(rows_lifecycle.happening_rows(counters["happenings"], happened)),
        )
        counters["happenings"] += sum([one.size for one in happened])
    yield "forget_notices", writes.notices_told
    if writes.notices:
        notices = list(enumerate(writes.notices, counters["notices"] + 1))
        counters["notices"] += len(notices)
        yield "save_notice", [rows_lifecycle.notice_row(*each) for each in notices]
