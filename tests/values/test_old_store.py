"""What the store keeps whole is read for ever: a field it does not tell has a plain meaning."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from scoring_service.values.absence import Absence
from scoring_service.values.account import NamedAccount
from scoring_service.values.clock import Clock, ClockName, Left, Unit
from scoring_service.values.enrichment import Enrichment
from scoring_service.values.handover import Handover
from scoring_service.values.holdings import Held, Holdings
from scoring_service.values.lead import Lead
from scoring_service.values.owner import RepOwner
from scoring_service.values.record import LeadRecord
from scoring_service.values.stage import Stage
from scoring_service.values.stored import (
    Credit,
    Keys,
    QueuePlace,
    Rotation,
    StageEntry,
    StoredAssignment,
    StoredDecision,
    StoredLead,
    Timer,
)
from scoring_service.values.webhook import Cursor, Endpoint, Letter

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
AT = '"2026-03-02T10:00:00Z"'
LEAST = (
    '{"lead":{"lead_id":"l-1"},"person_id":"p-1","stage":"mql",'
    f'"created_at":{AT},"updated_at":{AT},"entered_at":{AT}'
)


def read(text: str, kind: Any) -> Any:
    """The value that a stored text is."""
    return msgspec.json.decode(text, type=kind)


STORED = read(LEAST + "}", StoredLead)


@pytest.mark.parametrize(
    ("field", "meaning"),
    [
        pytest.param("visit", 0, id="it has made no visit"),
        pytest.param("cycle", 1, id="it is the person's first lead"),
        pytest.param("owner", None, id="nobody owns it"),
        pytest.param("assignment_id", "", id="no assignment stands"),
        pytest.param("last_pool", None, id="no pool had it"),
        pytest.param("previous_owner", None, id="nobody had it before"),
        pytest.param("pinned_rep", None, id="it is pinned to nobody"),
        pytest.param("do_not_contact", False, id="it may be contacted"),
        pytest.param("waiting_in", None, id="it waits nowhere"),
        pytest.param("enqueued_at", None, id="and since never"),
        pytest.param("excluded", (), id="nobody is excluded"),
        pytest.param("behaviour", (), id="it has done nothing"),
        pytest.param("behaviour_since_recycling", (), id="nor since it was recycled"),
        pytest.param("model_behaviour", (), id="nor anything a model reads"),
        pytest.param("model_scoring", "", id="no model has a scoring of its own"),
        pytest.param("held_bars", (), id="it holds no bar"),
        pytest.param("visit_bars", None, id="its visit has the bars of the policy"),
        pytest.param("tracks", (), id="it was on no track"),
        pytest.param("recycled_at", None, id="it was never recycled"),
        pytest.param("reevaluate_at", None, id="nor is it to be looked at again"),
        pytest.param("arms", {}, id="it is in no experiment"),
        pytest.param("clocks", (), id="it has no clock"),
        pytest.param("reason", "", id="its stage needs no reason"),
        pytest.param("merged_into", "", id="it answers for itself"),
        pytest.param("merged_from", (), id="and for nobody else"),
        pytest.param("recycles", 0, id="no recycling counts against it"),
        pytest.param("last_activity_at", None, id="nothing is known to have happened"),
        pytest.param("first_contact_at", None, id="nobody has contacted it"),
        pytest.param("last_contact_at", None, id="nor contacted it lately"),
        pytest.param("opportunity", None, id="nothing may be sold"),
        pytest.param("win", None, id="nothing was sold"),
        pytest.param("qualification", {}, id="no question was answered"),
        pytest.param("first_touch", None, id="nothing says by what it came"),
        pytest.param("last_touch", None, id="nor by what it came last"),
        pytest.param("batch_id", "", id="it came with no batch"),
        pytest.param("score", 0.0, id="it is listed behind all others"),
    ],
)
def test_a_stored_lead_that_does_not_tell_a_field_means_by_it(field: str, meaning: object) -> None:
    assert getattr(STORED, field) == meaning
    assert f'"{field}"' not in msgspec.json.encode(STORED).decode(), "and it is not written"


def test_every_field_of_a_stored_lead_but_six_has_a_meaning_when_it_is_missing() -> None:
    needed = len(StoredLead.__struct_fields__) - len(StoredLead.__struct_defaults__)
    assert StoredLead.__struct_fields__[:needed] == (
        "lead",
        "person_id",
        "stage",
        "created_at",
        "updated_at",
        "entered_at",
    )
    assert len(StoredLead.__struct_defaults__) == 36, "a new field has its row in the table above"


def test_a_stored_lead_is_written_with_what_is_known_of_it_alone() -> None:
    assert msgspec.json.encode(STORED).decode() == LEAST + "}"


def test_what_a_later_version_keeps_of_a_lead_is_passed_over() -> None:
    assert read(LEAST + ',"of_tomorrow":[1]}', StoredLead) == STORED


CLOCK = (
    f'{{"name":"accept","started_at":{AT},"since":{AT},"left":["days",2],"calendar":"berlin",'
    '"revision":"r1"}'
)


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        pytest.param(
            CLOCK,
            Clock,
            Clock(
                ClockName.ACCEPT,
                MONDAY,
                MONDAY,
                Left(Unit.DAYS, 2, 0.0),
                "berlin",
                "r1",
                due_at=None,
                step=0,
                sla="",
                resumes_at=None,
                met_at=None,
                breached_at=None,
            ),
            id="a clock of whole days that was told to nobody",
        ),
        pytest.param(
            '{"operation_id":"o1","rep_id":"ann","to":"","reason":"left","actor":"ops",'
            f'"started_at":{AT}}}',
            Handover,
            Handover("o1", "ann", "", "left", "ops", MONDAY, 0, 0, 0, 0, 0, None),
            id="a book of which nothing has moved and that is under way",
        ),
        pytest.param(
            "{}",
            Cursor,
            Cursor(after=0, holder="", leased_until=None, failures=0, paused_until=None),
            id="a receiver that was given nothing, nor failed",
        ),
        pytest.param(
            '["ann","2026-03-02","2026-03-06"]',
            Absence,
            Absence("ann", date(2026, 3, 2), date(2026, 3, 6), backup=None),
            id="an absence without a backup",
        ),
        pytest.param(
            '{"account_id":"acme","name":"acme","score":1.0}',
            NamedAccount,
            NamedAccount("acme", "acme", 1.0, shared=(), of_lead=(), of_account=()),
            id="an account of the same name, without the words",
        ),
        pytest.param(
            '{"enricher":"acme"}',
            Enrichment,
            Enrichment("acme", lead=Lead(), failure=""),
            id="an enricher that knew nothing and did not fail",
        ),
    ],
)
def test_a_short_text_of_an_earlier_version_is_read(text: str, kind: Any, expected: Any) -> None:
    assert read(text, kind) == expected


@pytest.mark.parametrize("name", [*ClockName])
def test_a_clock_of_every_name_comes_back(name: ClockName) -> None:
    clock = read(CLOCK.replace("accept", name.value), Clock)
    assert clock.name is name
    assert read(msgspec.json.encode(clock).decode(), Clock) == clock


WORDS = {
    ClockName: (
        "never_identified incomplete_notice incomplete review no_engagement accept escalate"
        " not_worked first_contact no_contact open_opportunity stalled overdue silent disposition"
        " reevaluate lapse nobody"
    ),
    Unit: "elapsed hours days",
}


@pytest.mark.parametrize("kind", WORDS, ids=lambda kind: kind.__name__)
def test_words_of_clocks_that_stand_in_the_store_stay(kind: Any) -> None:
    assert [member.value for member in kind] == WORDS[kind].split()


OWNER = RepOwner("ann")


@pytest.mark.parametrize(
    ("value", "rest"),
    [
        pytest.param(
            StoredAssignment("s", "l", "d", OWNER, "routed", MONDAY),
            ("", "", "", "", "", None, None, None, None, "", False, {}),
            id="an assignment that stands, of no pool, route or turn",
        ),
        pytest.param(
            StageEntry("l", 1, 1, "", "mql", MONDAY, "", "routed", "rep:ann", "{}", "r1"),
            ("", "", "", (), {}, ""),
            id="a move that met every bar, by no model, in no experiment",
        ),
        pytest.param(
            StoredDecision("d", "l", MONDAY, "", "r1", "", 1, b"{}", b"{}"),
            ("", None),
            id="a decision without an assignment that has its facts",
        ),
        pytest.param(
            QueuePlace("west", "l", MONDAY, 1),
            (None, (), ""),
            id="a place that anybody may take",
        ),
        pytest.param(Timer("lead", "l", MONDAY, "r1"), (0,), id="a timer that never failed"),
        pytest.param(Credit("ann"), (0, 0), id="a rep who never drew"),
        pytest.param(Rotation("west"), ((), 0), id="a pool that never drew"),
        pytest.param(Letter("crm", 1, "l", 0, MONDAY), (False, ""), id="a letter that lives"),
        pytest.param(Endpoint("crm", "https://a", b"k"), (frozenset(),), id="a receiver of all"),
        pytest.param(LeadRecord(STORED), ((), (), (), (), 0), id="a lead without a past"),
        pytest.param(Keys(), ("", "", "", "", (), (), ""), id="a unit that says nothing"),
    ],
)
def test_of_what_is_not_told_nothing_is_made_up(value: Any, rest: tuple[object, ...]) -> None:
    fields = type(value).__struct_fields__[-len(rest) :]
    assert tuple(getattr(value, field) for field in fields) == rest
    assert len(rest) == len(type(value).__struct_defaults__)


def test_of_an_owner_who_was_just_counted_nobody_waits() -> None:
    assert Held(OWNER, Stage.MQL, 3).waiting == 0
    assert (Holdings().held, Holdings().accounts, Holdings().reps) == ((), {}, {})
