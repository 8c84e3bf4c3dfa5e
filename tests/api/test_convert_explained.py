"""What explains a decision reaches the wire whole: routes, reps, replay, activation."""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import pytest
from google.protobuf.message import Message
from leadscoring.v1 import routing_pb2

from scoring_service.api.convert_explained import activation_into, explained_into, replay_into
from scoring_service.policy.explaining.explained import Explained
from scoring_service.policy.explaining.reps import RepSeen
from scoring_service.policy.explaining.tried import Tried, TriedRoute
from scoring_service.policy.failed.finding import Came, Finding
from scoring_service.policy.failed.parts import Joined
from scoring_service.values.decision import Passed
from scoring_service.workflows.replay import Replay, Verdict
from scoring_service.workflows.requests import Activation

MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
VALUES = (("employees", "250"),)
LEAF = Finding("employees > 9", Came.ERROR, VALUES, "odd", not_asked=("trial",))
FAILED = Finding("a or b", Came.FAILED, VALUES, "odd", Joined.OR, (LEAF,), ("c",), "country", "DE")
ROUTE = TriedRoute(
    "big", 2, "t.csv:3", "a or b", Tried.CLOSED, "odd", VALUES, FAILED, "office", MONDAY
)
REP = RepSeen(
    "ann", Passed.CONDITION, "odd", "west", 3, 4, -5, 6, 7, 8, 0, 10, 11, 12, 13,
    date(2026, 3, 6), "office", MONDAY, "employees > 9", LEAF,
)  # fmt: skip


def sent(routes: tuple[TriedRoute, ...] = (), reps: tuple[RepSeen, ...] = ()) -> Any:
    message = routing_pb2.Decision()
    explained_into(message, Explained(routes, reps, 9))
    return message


def not_set(message: Message) -> set[str]:
    names = {field.name for field in message.DESCRIPTOR.fields}
    return names - {field.name for field, _ in message.ListFields()}


def test_every_field_of_a_route_is_sent() -> None:
    message = sent(routes=(ROUTE,))
    (route,) = message.routes
    assert not_set(route) == set()
    assert message.routes_left_out == 9
    assert route.sentence == (
        "'big', row 2 (t.csv:3) matched, but the calendar 'office' was closed;"
        " it opens at 2026-03-02 10:00 UTC."
    )


def test_what_failed_is_sent_with_its_parts_and_a_sentence_of_each() -> None:
    (route,) = sent(routes=(ROUTE,)).routes
    assert not_set(route.failed) == set()
    (part,) = route.failed.parts
    assert (part.result, list(part.not_asked)) == (routing_pb2.CONDITION_RESULT_ERROR, ["trial"])
    assert part.sentence.startswith("employees > 9 could not be evaluated")
    assert [(seen.symbol, seen.value) for seen in part.values] == [("employees", "250")]


def test_every_field_of_a_rep_is_sent_a_limit_of_none_too() -> None:
    (rep,) = sent(reps=(REP,)).reps
    assert not_set(rep) == set()
    assert (rep.credit, rep.gain, rep.last_draw) == (-5, 6, 7)
    assert (rep.open_leads_max, rep.HasField("open_leads_max")) == (0, True)
    assert rep.away_until == "2026-03-06"


def test_a_limit_that_there_is_not_is_absent_and_not_zero() -> None:
    (rep,) = sent(reps=(RepSeen("ann", Passed.OTHER_TURN, "", "west"),)).reps
    limits = {"open_leads_max", "per_day_max", "per_week_max"}
    assert limits <= not_set(rep)
    assert not rep.HasField("failed")


@pytest.mark.parametrize(
    ("words", "prefix", "enum"),
    [
        pytest.param(Tried, "ROUTE_OUTCOME", routing_pb2.RouteOutcome, id="what became of a route"),
        pytest.param(Came, "CONDITION_RESULT", routing_pb2.ConditionResult, id="of a condition"),
        pytest.param(Verdict, "REPLAY_VERDICT", routing_pb2.ReplayVerdict, id="of a replay"),
    ],
)
def test_the_wire_has_the_same_words(words: type[StrEnum], prefix: str, enum: Any) -> None:
    assert set(enum.keys()) == {f"{prefix}_UNSPECIFIED"} | {f"{prefix}_{w.name}" for w in words}


def test_a_replay_and_an_activation_are_sent_whole() -> None:
    again, began = routing_pb2.Replay(), routing_pb2.PolicyActivation()
    replay_into(again, Replay(Verdict.DIFFERENT, ("owner",), note="odd"))
    activation_into(began, Activation(4, "r1", MONDAY, "reload", True, (("team.yaml", "ab"),)))
    assert not_set(again) == not_set(began) == set()
    assert list(again.differing) == ["owner"]
    assert [(file.name, file.sha256) for file in began.files] == [("team.yaml", "ab")]
