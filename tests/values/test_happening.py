"""What happens to leads is kept under a word for ever, and read back as it was."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.values.clock import Clock, ClockName, Left, Unit
from scoring_service.values.happening import (
    ClockChanged,
    Contact,
    Enriched,
    Enrolment,
    Escalation,
    Happened,
    Imported,
    Lost,
    Merged,
    Moved,
    Notice,
    Opportunity,
    Qualified,
    Recorded,
    Told,
    Touch,
    Touches,
    Win,
)
from scoring_service.values.owner import QueueOwner

FEW = settings(max_examples=25)
"""Enough to meet each branch: the tables have the edges."""

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
AT = '"2026-03-02T10:00:00Z"'
LEFT = Left(Unit.HOURS, 4 * 3600 * 10**6)
CLOCK = Clock(ClockName.ACCEPT, MONDAY, MONDAY, LEFT, "berlin", "r1")
CLOCK_TEXT = (
    f'{{"name":"accept","started_at":{AT},"since":{AT},"left":["hours",14400000000,0.0],'
    '"calendar":"berlin","revision":"r1"}'
)
KEPT = [
    pytest.param(
        f'{{"kind":"contact","channel":"phone","direction":"out","occurred_at":{AT}}}',
        Contact("phone", "out", MONDAY, automatic=False, outcome="", next_contact_at=None),
        id="a contact by a human, of which nothing came",
    ),
    pytest.param(
        f'{{"kind":"contact","channel":"mail","direction":"in","occurred_at":{AT},'
        f'"automatic":true,"outcome":"later","next_contact_at":{AT}}}',
        Contact("mail", "in", MONDAY, automatic=True, outcome="later", next_contact_at=MONDAY),
        id="a contact that says when to come again",
    ),
    pytest.param(
        f'{{"kind":"touch","source":"google","occurred_at":{AT}}}',
        Touch("google", MONDAY, medium="", campaign=""),
        id="a touch by a source alone",
    ),
    pytest.param(
        f'{{"kind":"touches","touches":[{{"kind":"touch","source":"a","occurred_at":{AT}}},'
        f'{{"kind":"touch","source":"b","occurred_at":{AT},"medium":"cpc","campaign":"x"}}]}}',
        Touches((Touch("a", MONDAY), Touch("b", MONDAY, "cpc", "x"))),
        id="two touches that came at once",
    ),
    pytest.param(
        f'{{"kind":"clock","how":"started","clock":{CLOCK_TEXT}}}',
        ClockChanged("started", CLOCK),
        id="a clock that was started",
    ),
    pytest.param(
        '{"kind":"escalation","clock":"accept","step":0}',
        Escalation("accept", 0, told=(), what=""),
        id="an escalation that nobody was told of",
    ),
    pytest.param(
        '{"kind":"escalation","clock":"accept","step":2,"told":["mia"],"what":"reassigned"}',
        Escalation("accept", 2, ("mia",), "reassigned"),
        id="an escalation with whom it told",
    ),
    pytest.param(
        '{"kind":"enrolment","track":"welcome","entered":false}',
        Enrolment("welcome", entered=False),
        id="a track that was left",
    ),
    pytest.param(
        f'{{"kind":"opportunity","opened_at":{AT}}}',
        Opportunity(MONDAY, product="", value=None, currency="", expected_close=None),
        id="an opportunity of unknown worth, which is not 0",
    ),
    pytest.param(
        f'{{"kind":"opportunity","opened_at":{AT},"product":"p","value":9.5,"currency":"EUR",'
        '"expected_close":"2026-04-30"}',
        Opportunity(MONDAY, "p", 9.5, "EUR", date(2026, 4, 30)),
        id="an opportunity with the day it is expected to close",
    ),
    pytest.param(
        f'{{"kind":"win","closed_at":{AT}}}',
        Win(MONDAY, product="", value=None, currency=""),
        id="a win of unknown worth",
    ),
    pytest.param(
        f'{{"kind":"win","closed_at":{AT},"value":0.0}}',
        Win(MONDAY, value=0.0),
        id="a win that was worth nothing",
    ),
    pytest.param(
        '{"kind":"qualified","answers":{"budget":"10k"}}',
        Qualified({"budget": "10k"}),
        id="answers that sales got",
    ),
    pytest.param(
        '{"kind":"lost","reason":"spam"}',
        Lost("spam", note="", criterion=""),
        id="a reason without a note",
    ),
    pytest.param(
        '{"kind":"merged","lead_id":"l2","person_id":"p2","lead_ended":true}',
        Merged("l2", "p2", lead_ended=True, reason=""),
        id="a merge in which the other lead ended",
    ),
    pytest.param(
        '{"kind":"enriched","enricher":"acme"}',
        Enriched("acme", fields=(), failure=""),
        id="an enricher that knew nothing",
    ),
    pytest.param(
        '{"kind":"enriched","enricher":"acme","fields":["employees"],"failure":"503"}',
        Enriched("acme", ("employees",), "503"),
        id="an enricher with what it filled in and how it failed",
    ),
    pytest.param('{"kind":"imported","batch_id":"b1"}', Imported("b1"), id="a batch"),
    pytest.param(
        '{"kind":"told","recipient":"mia","notice":"escalated"}',
        Told("mia", "escalated"),
        id="a notice for somebody",
    ),
    pytest.param(
        '{"kind":"moved","what":"pinned"}',
        Moved("pinned", owner=None, reason=""),
        id="what an operator did to nobody's lead",
    ),
    pytest.param(
        '{"kind":"moved","what":"given","owner":{"kind":"queue","id":"west"},"reason":"leaves"}',
        Moved("given", QueueOwner("west"), "leaves"),
        id="what an operator did with the owner's kind",
    ),
]


def read(text: str) -> Any:
    return msgspec.json.decode(text, type=Recorded)


@pytest.mark.parametrize(("text", "happening"), KEPT)
def test_what_is_kept_of_a_happening_is_read_as_it_was(text: str, happening: Any) -> None:
    assert read(text) == happening


@pytest.mark.parametrize(("text", "happening"), KEPT)
def test_a_happening_is_written_with_its_word_and_what_is_known_of_it(
    text: str, happening: Any
) -> None:
    assert msgspec.json.encode(happening).decode() == text


@pytest.mark.parametrize(("text", "happening"), KEPT)
def test_what_a_later_version_says_beside_it_is_passed_over(text: str, happening: Any) -> None:
    assert read(text[:-1] + ',"of_tomorrow":[1]}') == happening


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('{"kind":"forgotten","batch_id":"b1"}', id="a word that no happening has"),
        pytest.param('{"batch_id":"b1"}', id="no word"),
        pytest.param('{"kind":"imported"}', id="less than is needed"),
        pytest.param('{"kind":"touches","touches":[{"kind":"win"}]}', id="another one for a touch"),
    ],
)
def test_what_is_no_happening_is_not_read_as_one(text: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        read(text)


@pytest.mark.parametrize(
    "happening", [case.values[1] for case in KEPT if not isinstance(case.values[1], Touches)]
)
def test_what_happened_by_itself_is_read_as_one(happening: Any) -> None:
    happened = Happened("l1", MONDAY, "ann", happening, 7)
    assert (happened.size, happened.each) == (1, (happened,))


TOUCH = st.integers(0, 9).map(lambda n: Touch(f"source {n}", MONDAY + timedelta(hours=n)))


@FEW
@given(st.lists(TOUCH, min_size=1, max_size=5), st.integers(1, 99))
def test_touches_that_came_at_once_are_read_in_a_row_from_their_number(
    touches: list[Touch], number: int
) -> None:
    happened = Happened("l1", MONDAY, "ann", Touches(tuple(touches)), number)
    assert happened.size == len(touches)
    assert happened.each == tuple(
        Happened("l1", MONDAY, "ann", touch, number + place) for place, touch in enumerate(touches)
    )


def test_before_they_are_stored_touches_have_no_number_each() -> None:
    at_once = Happened("l1", MONDAY, "ann", Touches((Touch("a", MONDAY), Touch("b", MONDAY))))
    assert [each.number for each in at_once.each] == [0, 0]


def test_a_notice_that_is_not_stored_has_no_number() -> None:
    notice = Notice("mia", "escalated", "l1", MONDAY, "text")
    assert notice.number == 0
    assert "number" not in msgspec.to_builtins(notice)
