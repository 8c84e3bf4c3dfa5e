"""What is asked about reps, as values; and what is answered, as messages."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from leadscoring.v1 import routing_pb2 as pb

from scoring_service.api import convert_reps
from scoring_service.api.limits import ID_MAX
from scoring_service.values.absence import Absence
from scoring_service.values.handover import Handover
from scoring_service.workflows.rep_requests import Availability, Away, RepStanding

UUID = "7f0c3c5e-6f0e-4c5d-9f4e-0123456789ab"
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
LONG = "x" * (ID_MAX + 1)
ABSENCE = Absence("ann", date(2026, 3, 2), date(2026, 3, 6), "bob")


def test_days_away_as_values() -> None:
    message = pb.SetAvailabilityRequest(
        request_id=UUID.upper(),
        actor_id="mia",
        rep_id="ann",
        away_from="2026-03-02",
        away_to="2026-03-06",
        backup="bob",
    )
    asked = convert_reps.set_availability(message)
    assert (asked.rep_id, asked.first, asked.last, asked.backup, asked.withdraw) == (
        "ann",
        date(2026, 3, 2),
        date(2026, 3, 6),
        "bob",
        False,
    )
    assert (asked.request_id, asked.actor_id, asked.violations) == (UUID, "mia", ())


def test_an_absence_withdrawn_without_days() -> None:
    message = pb.SetAvailabilityRequest(request_id=UUID, rep_id="ann", withdraw=True)
    asked = convert_reps.set_availability(message)
    assert (asked.first, asked.last, asked.withdraw, asked.violations) == (None, None, True, ())


@pytest.mark.parametrize(
    ("convert", "message", "fields"),
    [
        pytest.param(
            convert_reps.set_availability,
            pb.SetAvailabilityRequest(away_from="tomorrow", away_to="2026-02-30", backup=LONG),
            {"request_id", "rep_id", "away_from", "away_to", "backup"},
            id="days-away",
        ),
        pytest.param(
            convert_reps.hand_over,
            pb.HandOverRequest(request_id="1", to=LONG),
            {"request_id", "rep_id", "to"},
            id="a-hand-over",
        ),
        pytest.param(
            convert_reps.pin_lead,
            pb.PinLeadRequest(actor_id=LONG),
            {"request_id", "actor_id", "lead_id", "rep_id"},
            id="a-pin",
        ),
        pytest.param(
            convert_reps.unpin_lead,
            pb.UnpinLeadRequest(request_id=UUID, reason="x" * 5000),
            {"lead_id", "reason"},
            id="no-pin-any-more",
        ),
    ],
)
def test_everything_that_is_wrong_is_named_at_once(
    convert: Any, message: Any, fields: set[str]
) -> None:
    assert {field for field, _ in convert(message).violations} == fields


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param({"to": "bob"}, {"to": "bob"}, True, id="of-the-same-content"),
        pytest.param({"to": "bob"}, {"to": "cat"}, False, id="of-another-content"),
    ],
)
def test_the_digest_is_of_all_but_the_request_id(
    one: dict[str, str], other: dict[str, str], same: bool
) -> None:
    first = convert_reps.hand_over(pb.HandOverRequest(request_id=UUID, rep_id="ann", **one))
    other_id = UUID.replace("7f0c", "8f0c")
    second = convert_reps.hand_over(pb.HandOverRequest(request_id=other_id, rep_id="ann", **other))
    assert (first.digest == second.digest) is same


def test_when_a_rep_is_away_as_a_message() -> None:
    message = pb.Availability()
    of_team = Away(Absence("ann", date(2026, 3, 9), date(2026, 3, 9)))
    made = Availability("ann", (Away(ABSENCE, AT, "mia"), of_team), date(2026, 3, 6))
    convert_reps.availability_into(message, made)
    assert (message.rep_id, message.away_until) == ("ann", "2026-03-06")
    entered, team = message.away
    assert (entered.first_day, entered.last_day) == ("2026-03-02", "2026-03-06")
    assert (entered.backup, entered.entered_by) == ("bob", "mia")
    assert entered.entered_at.ToDatetime(UTC) == AT
    assert (team.backup, team.entered_by, team.HasField("entered_at")) == ("", "", False)


def test_a_rep_as_a_message() -> None:
    book = Handover("o1", "ann", "bob", "why", "mia", AT, 3, 2, moved=1, left=1, accounts_moved=2)
    rep = RepStanding(
        Availability("ann"),
        name="Ann",
        pools=("west",),
        open_leads=2,
        open_leads_max=12,
        taken_today=1,
        taken_this_week=4,
        per_week_max=0,
        handover=book,
    )
    message = pb.RepState()
    convert_reps.rep_into(message, rep)
    assert (message.name, message.active, list(message.pools)) == ("Ann", True, ["west"])
    assert (message.open_leads, message.open_leads_max) == (2, 12)
    assert (message.taken_today, message.HasField("per_day_max")) == (1, False)
    assert (message.taken_this_week, message.HasField("per_week_max")) == (4, True)
    handed = message.handover
    assert (handed.operation_id, handed.actor_id, handed.to, handed.reason) == (
        "o1",
        "mia",
        "bob",
        "why",
    )
    assert (handed.leads, handed.moved, handed.left) == (3, 1, 1)
    assert (handed.accounts, handed.accounts_moved) == (2, 2)
    assert not handed.HasField("ended_at")
