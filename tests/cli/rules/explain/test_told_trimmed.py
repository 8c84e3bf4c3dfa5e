"""What is told of a decision whose facts are no longer kept."""

from leadscoring.v1 import routing_pb2

from scoring_service.cli.rules.explain.told import told

NOTE = "its facts were kept 401 days; trimmed on 2027-04-07"


def decision(route: str) -> routing_pb2.Decision:
    """One that went to ann, as a server tells it."""
    made = routing_pb2.Decision(decision_id="d1", lead_id="l1", rep_id="ann", route=route)
    made.sentences.extend(["Lead l1 went to ann.", f"What was known then is gone: {NOTE}."])
    made.facts_trimmed_at.FromJsonString("2027-04-07T10:00:00Z")
    made.replay.verdict = routing_pb2.REPLAY_VERDICT_TRIMMED
    made.replay.note = NOTE
    return made


def test_what_was_chosen_is_told_and_that_the_rest_is_gone() -> None:
    lines = list(told(decision("enterprise"), None))
    assert lines[0] == "Lead l1 went to ann."
    assert "  By the route 'enterprise'." in lines
    assert f"  What was known then is gone: {NOTE}." in lines
    assert "  It cannot be decided again." in lines
    assert f"  I{NOTE[1:]}." in lines
    assert not [line for line in lines if "account" in line or "cannot be had" in line]


def test_a_row_of_a_table_and_no_route_at_all_are_told() -> None:
    made = decision("countries")
    made.row = 3
    assert "  By the route 'countries', row 3." in list(told(made, None))
    assert "  By no route." in list(told(decision(""), None))
