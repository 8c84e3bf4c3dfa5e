"""Answers as plain rows: the words of the wire, zeros said, absences not."""

from typing import Any

import pytest
from google.protobuf.message import Message
from leadscoring.v1 import routing_pb2, types_pb2

from scoring_service.cli.plain import row_of


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        pytest.param(
            routing_pb2.Assignment(cause=routing_pb2.CAUSE_QUALIFIED, stage=types_pb2.STAGE_MQL),
            {"cause": "qualified", "stage": "mql"},
            id="enums are words in lower case",
        ),
        pytest.param(
            routing_pb2.Assignment(
                account=types_pb2.AccountMatch(matched_by=types_pb2.MATCHED_BY_DOMAIN)
            ),
            {"account": {"matched_by": "domain"}},
            id="inside a message too",
        ),
        pytest.param(
            routing_pb2.Assignment(
                considered=[routing_pb2.Considered(outcome=routing_pb2.OUTCOME_OTHER_TURN)]
            ),
            {"considered": [{"outcome": "other_turn"}]},
            id="and in a list of them",
        ),
        pytest.param(
            types_pb2.Score(mql_ready=False),
            {"fit": 0.0, "mql_ready": False, "contributions": []},
            id="zeros, falsehoods and empty lists are said",
        ),
        pytest.param(
            routing_pb2.Assignment(rep_id="anna"), {"rep_id": "anna"}, id="the owner is its kind"
        ),
        pytest.param(
            types_pb2.Account(
                attributes={
                    "tier": types_pb2.AttributeValue(text="QUADRANT_NURTURE"),
                    "seats": types_pb2.AttributeValue(integer=5),
                }
            ),
            {"attributes": {"tier": {"text": "QUADRANT_NURTURE"}, "seats": {"integer": "5"}}},
            id="texts stay as they are",
        ),
    ],
)
def test_a_message_as_a_row(message: Message, expected: dict[str, Any]) -> None:
    row = row_of(message)
    for name, value in expected.items():
        assert _within(value, row[name]), (name, row[name])


def _within(expected: Any, found: Any) -> bool:
    """Whether everything expected is found; more may be."""
    if isinstance(expected, dict):
        return all(_within(value, found[name]) for name, value in expected.items())
    if isinstance(expected, list):
        return len(expected) == len(found) and all(map(_within, expected, found))
    return bool(expected == found)


def test_what_is_absent_is_not_said() -> None:
    row = row_of(types_pb2.Score())
    assert not {"win_probability", "sql_ready", "qualified_until"} & row.keys()
    assert not {"rep_id", "queue", "track"} & row_of(routing_pb2.Assignment()).keys()


def test_instants_are_iso_texts() -> None:
    score = types_pb2.Score()
    score.as_of.FromJsonString("2026-03-02T12:00:00Z")
    assert row_of(score)["as_of"] == "2026-03-02T12:00:00Z"
