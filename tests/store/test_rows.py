"""Values become rows and rows the same values, with nothing lost and nothing in another place."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.store import rows
from scoring_service.store.connection import Row
from scoring_service.store.rows_experiments import arm_joined, followed, joined_row
from scoring_service.store.rows_lifecycle import (
    happened_in,
    happening_row,
    happening_rows,
    notice,
    notice_row,
    rep,
)
from scoring_service.store.rows_reps import absence_row, entered_of, handover_of, handover_row
from scoring_service.store.rows_stages import stage_entry, stage_entry_scored, stage_row
from scoring_service.store.rows_webhooks import cursor_of, letter_of, letter_row
from scoring_service.values.absence import Absence, EnteredAbsence
from scoring_service.values.activity import Activity, activity_digest
from scoring_service.values.decision import Draw
from scoring_service.values.experiment import ArmJoined, Followed, Joined
from scoring_service.values.handover import Handover
from scoring_service.values.happening import Happened, Notice, Touch, Touches
from scoring_service.values.instant import instant, micros
from scoring_service.values.lead import Lead
from scoring_service.values.owner import Owner, QueueOwner, RepOwner, TrackOwner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import (
    Answer,
    Credit,
    Event,
    QueuePlace,
    Rotation,
    StageEntry,
    StoredActivity,
    StoredAssignment,
    StoredDecision,
    StoredLead,
    Timer,
)
from scoring_service.values.team import Leave, Rep
from scoring_service.values.webhook import Cursor, Letter

FEW = settings(max_examples=25)
"""Enough to meet each branch: the tables have the edges."""

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
AT = st.integers(-(10**15), 10**16).map(instant)
MAYBE = st.none() | AT
COUNT = st.integers(-(2**63), 2**63 - 1)
ARMS = st.dictionaries(TEXT, TEXT, max_size=3)
TEXTS = st.lists(TEXT, max_size=3).map(tuple)
OWNERS: st.SearchStrategy[Owner] = st.one_of(
    st.builds(RepOwner, TEXT), st.builds(QueueOwner, TEXT), st.builds(TrackOwner, TEXT)
)
BODY = TEXT.map(str.encode)
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


@FEW
@given(OWNERS)
def test_an_owner_is_the_same_by_its_kind_and_its_id(owner: Owner) -> None:
    assert rows.owner_of(rows.kind(owner), owner.id) == owner


@FEW
@given(st.builds(Timer, TEXT, TEXT, AT, TEXT, st.integers(0, 99)))
def test_a_timer_comes_back(timer: Timer) -> None:
    assert rows.timer(rows.timer_row(timer)) == timer


@FEW
@given(st.builds(QueuePlace, TEXT, TEXT, AT, COUNT, st.none() | st.floats(0, 1), TEXTS, TEXT))
def test_a_place_in_a_queue_comes_back(place: QueuePlace) -> None:
    assert rows.place(rows.place_row(place)) == place


@FEW
@given(
    st.builds(
        StoredAssignment, TEXT, TEXT, TEXT, OWNERS, TEXT, AT, TEXT, TEXT, TEXT, TEXT, TEXT,
        st.none() | COUNT, MAYBE, MAYBE, MAYBE, TEXT, st.booleans(), ARMS,
    )
)  # fmt: skip
def test_an_assignment_comes_back(assigned: StoredAssignment) -> None:
    assert rows.assignment(rows.assignment_row(assigned)) == assigned


STAGE_ORDER = (
    "lead_id", "visit", "cycle", "stage_from", "stage_to", "at", "actor", "cause", "reason",
    "note", "owner", "score", "bars_missed", "revision", "model", "arms", "decision_id",
)  # fmt: skip


@FEW
@given(
    st.builds(
        StageEntry, TEXT, COUNT, COUNT, TEXT, TEXT, AT, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT,
        TEXT, TEXTS, ARMS, TEXT,
    )
)  # fmt: skip
def test_a_move_comes_back_and_its_row_has_each_field_in_its_place(entry: StageEntry) -> None:
    row = stage_row(entry)
    assert stage_entry(row) == stage_entry_scored((*row, None)) == entry
    texts = {"bars_missed": rows.text(entry.bars_missed), "arms": rows.text(entry.arms)}
    told = {"at": micros(entry.at), **texts}
    assert row == tuple(told.get(name, getattr(entry, name)) for name in STAGE_ORDER)


@FEW
@given(st.builds(StoredDecision, TEXT, TEXT, AT, TEXT, TEXT, TEXT, COUNT, BODY, BODY, TEXT))
def test_a_decision_record_comes_back(record: StoredDecision) -> None:
    assert rows.decision((*rows.decision_row(record), None)) == record


@FEW
@given(COUNT, st.builds(Event, TEXT, TEXT, TEXT, AT, BODY))
def test_an_event_comes_back_behind_its_number(number: int, event: Event) -> None:
    row = rows.event_row(number, event)
    assert row[0] == number
    assert rows.event(row) == event


@FEW
@given(st.builds(Answer, TEXT, TEXT, TEXT, BODY, AT))
def test_an_answer_comes_back(answer: Answer) -> None:
    assert rows.answer(rows.answer_row(answer)) == answer


GAINS = st.lists(st.tuples(TEXT, COUNT), max_size=3).map(tuple)


@FEW
@given(st.builds(Draw, TEXT, COUNT, TEXT, GAINS, COUNT), AT, st.booleans())
def test_a_turn_comes_back_and_whether_it_was_given_back(
    draw: Draw, at: datetime, given_back: bool
) -> None:
    pool, number, winner, paid, gains, *told, back = rows.draw_row(draw, "d", "l", at, given_back)
    assert told == ["d", "l", micros(at)]
    assert rows.draw(pool, number, (winner, gains, paid, back)) == (draw, given_back)


@pytest.mark.parametrize(
    ("found", "rotation"),
    [
        pytest.param([], Rotation("sdr"), id="a pool that never drew"),
        pytest.param([(7, None, None, None)], Rotation("sdr", (), 7), id="one without reps"),
        pytest.param(
            [(7, "anna", -3, 5), (7, "ben", 3, 7)],
            Rotation("sdr", (Credit("anna", -3, 5), Credit("ben", 3, 7)), 7),
            id="one with two",
        ),
    ],
)
def test_a_rotation_is_its_rows(found: list[Row], rotation: Rotation) -> None:
    assert rows.rotation("sdr", found) == rotation


@FEW
@given(st.builds(Letter, TEXT, COUNT, TEXT, COUNT, AT, st.booleans(), TEXT))
def test_an_event_that_was_not_taken_comes_back(letter: Letter) -> None:
    assert letter_of(letter_row(letter)) == letter


@FEW
@given(st.builds(Cursor, COUNT, TEXT, MAYBE, COUNT, MAYBE))
def test_how_far_a_receiver_has_come_comes_back(cursor: Cursor) -> None:
    assert cursor_of(rows.text(cursor)) == cursor


@FEW
@given(
    st.builds(
        EnteredAbsence, st.builds(Absence, TEXT, st.dates(), st.dates(), st.none() | TEXT), AT, TEXT
    )
)
def test_an_absence_comes_back(entered: EnteredAbsence) -> None:
    assert entered_of(absence_row(entered)) == entered


@FEW
@given(st.builds(Handover, TEXT, TEXT, TEXT, TEXT, TEXT, AT, COUNT, ended_at=MAYBE))
def test_a_book_handed_over_comes_back_and_is_found_by_when_it_ended(book: Handover) -> None:
    operation, rep_id, started, ended, body = handover_row(book)
    assert handover_of((body,)) == book
    assert (operation, rep_id, started) == (book.operation_id, book.rep_id, micros(book.started_at))
    assert ended == (None if book.ended_at is None else micros(book.ended_at))


WEIGHTS = st.dictionaries(TEXT, st.integers(1, 1000), max_size=3)


@FEW
@given(st.builds(Joined, TEXT, TEXT, TEXT, TEXT, WEIGHTS, AT, TEXT), TEXT, MAYBE)
def test_an_enrolment_comes_back_with_what_came_of_it(
    joined: Joined, person: str, reached: datetime | None
) -> None:
    row = (*joined_row(joined), person, None if reached is None else micros(reached))
    assert followed(row) == Followed(joined, person, reached)


@FEW
@given(st.builds(ArmJoined, TEXT, TEXT, COUNT, AT, AT, TEXT))
def test_how_many_an_arm_has_comes_back(arm: ArmJoined) -> None:
    row = (arm.experiment, arm.arm, arm.count, micros(arm.first), micros(arm.last), arm.revision)
    assert arm_joined(row) == arm


TOUCH = st.builds(Touch, TEXT, AT, TEXT, TEXT)


@FEW
@given(COUNT, st.builds(Happened, TEXT, AT, TEXT, TOUCH))
def test_what_happened_comes_back_under_its_kind(number: int, happened: Happened) -> None:
    told, lead_id, kind, at, actor, body = happening_row(number, happened)
    assert kind == "touch"
    (again,) = happened_in([(told, lead_id, at, actor, body)])
    assert again == msgspec.structs.replace(happened, number=number)


TOUCHES = st.lists(TOUCH, min_size=2, max_size=4).map(tuple)
AT_ONCE = st.lists(st.builds(Happened, TEXT, AT, TEXT, TOUCHES.map(Touches) | TOUCH), max_size=3)


@FEW
@given(COUNT, AT_ONCE)
def test_touches_that_came_at_once_are_read_as_one_each_and_numbered_so(
    last: int, happened: list[Happened]
) -> None:
    rows = [(n, who, at, by, body) for n, who, _, at, by, body in happening_rows(last, happened)]
    assert len(rows) == len(happened)
    again = happened_in(rows)
    assert [each.number for each in again] == [last + 1 + i for i in range(len(again))]
    unnumbered = [msgspec.structs.replace(each, number=0) for each in again]
    assert unnumbered == [each for one in happened for each in one.each]
    assert {type(each.happening) for each in again} <= {Touch}
    assert len(again) == sum(one.size for one in happened)


@FEW
@given(COUNT, st.builds(Notice, TEXT, TEXT, TEXT, AT, TEXT))
def test_a_notice_comes_back_under_its_number(number: int, told: Notice) -> None:
    assert notice(notice_row(number, told)) == msgspec.structs.replace(told, number=number)


def test_a_rep_of_an_earlier_policy_comes_back() -> None:
    anna = Rep("anna", zone="Europe/Berlin", per_day_max=0,
               leave=(Leave(date(2026, 3, 2), date(2026, 3, 5), "ben"),))  # fmt: skip
    assert rep(("anna", "r1", rows.text(anna), 1)) == anna


def rep_row(in_team: int, **fields: object) -> Row:
    return ("anna", "r1", msgspec.json.encode(fields).decode(), in_team)


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        pytest.param(rep_row(1, team="a"), rep_row(1, team="a"), [], id="nothing"),
        pytest.param(
            rep_row(1, team="a"), rep_row(1, team="b"), [("team", '"a"', '"b"')], id="a team"
        ),
        pytest.param(
            rep_row(1), rep_row(0), [("in_team", "true", "false")], id="who left the team"
        ),
        pytest.param(
            rep_row(1, zone="UTC"), rep_row(1, email="a"),
            [("email", "null", '"a"'), ("zone", '"UTC"', "null")],
            id="what one has and the other lacks, by name",
        ),
    ],
)  # fmt: skip
def test_what_differs_between_two_policies_of_a_rep(
    before: Row, after: Row, changes: list[tuple[str, str, str]]
) -> None:
    assert [(c.field, c.old, c.new) for c in rows.rep_changes(before, after)] == changes


@pytest.mark.parametrize(
    ("company", "person", "keys"),
    [
        pytest.param(None, None, (None, None), id="no name has no key"),
        pytest.param("", "", (None, None), id="an empty one neither"),
        pytest.param("  Acme\t GmbH ", "ANN  Weber", ("acme gmbh", "ann weber"), id="blanks, case"),
        pytest.param("Stra\u00dfe", "\u0130", ("strasse", "i\u0307"), id="letters of any language"),
    ],
)
def test_by_which_keys_leads_of_one_name_are_found(
    company: str | None, person: str | None, keys: tuple[str | None, str | None]
) -> None:
    assert rows.name_keys(company, person) == keys
    lead = Lead("l", company_name=company, full_name=person)
    row = rows.lead_row(StoredLead(lead, "p", Stage.KNOWN, NOW, NOW, NOW))
    assert row[10:12] == keys


def test_the_row_of_a_lead_has_what_it_is_found_by() -> None:
    lead = StoredLead(Lead("l", account_id="a"), "p", Stage.SAL, NOW, NOW + timedelta(1), NOW,
                      cycle=3, owner=QueueOwner("sdr"), score=12.5)  # fmt: skip
    row = rows.lead_row(lead)
    later = micros(NOW + timedelta(1))
    assert row[:10] == ("l", "p", 3, "sal", "queue", "sdr", micros(NOW), later, "a", 12.5)
    assert rows.lead(row[12]) == lead
    nobody = rows.lead_row(msgspec.structs.replace(lead, owner=None))
    assert nobody[4:6] == (None, None)


def done(number: int, minutes: int, lead_id: str = "l") -> StoredActivity:
    at = NOW + timedelta(minutes=minutes)
    return StoredActivity(lead_id, Activity("view", at, f"a{number}"), f"d{number}", NOW)


@FEW
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)), max_size=6, unique=True))
def test_what_a_lead_did_is_told_by_time_and_then_by_id(made: list[tuple[int, int]]) -> None:
    stored = [done(number, minutes) for number, minutes in made]
    sets = [rows.activity_set_row(1, [one]) for one in stored]
    found = rows.activities([(row[3],) for row in sets])
    order = sorted(made, key=lambda pair: (pair[1], pair[0]))
    assert [one.activity_id for one in found] == [f"a{number}" for number, _ in order]


def test_activities_of_one_request_are_one_row_and_known_by_their_digests() -> None:
    stored = [done(2, 1, "x"), done(1, 0, "x")]
    number, lead_id, recorded, body = rows.activity_set_row(9, stored)
    assert (number, lead_id, recorded) == (9, "x", micros(NOW))
    assert rows.digests([("x", body)], {"a1", "a2"}) == {"a2": ("x", "d2"), "a1": ("x", "d1")}
    assert rows.digests([("x", body)], {"a1"}) == {"a1": ("x", "d1")}
    assert rows.activity_ids_row(9, stored) == (9, '["a2","a1"]')


def test_an_activity_kept_as_it_was_sent_has_the_digest_of_itself() -> None:
    one = done(1, 0, "x")
    kept = msgspec.structs.replace(one, digest="")
    body = rows.activity_set_row(9, [kept])[3]
    itself = activity_digest(one.activity)
    assert rows.digests([("x", body)], {"a1"}) == {"a1": ("x", itself)} == {"a1": kept.sent}
    assert one.sent == ("x", "d1")


def test_at_most_one_row_has_at_most_one_value() -> None:
    assert rows.any_value([]) is None
    assert rows.any_value([(7, 8)]) == 7
    assert rows.strings(["b", "a", "b"]) == '["b","a","b"]'
