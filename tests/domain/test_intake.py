"""What is wrong with a lead is told in one order, whatever order its message's map had."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scoring_service.domain.intake import violations
from scoring_service.domain.schema import Attribute, AttributeType
from scoring_service.domain.scoring.scoring import Bars, Grades, Scoring
from scoring_service.values.lead import AttributeValue, Lead

NOW = datetime(2026, 1, 5, tzinfo=UTC)
SCORING = Scoring((), {}, {}, Grades((), ()), Bars(40, 40, None))
SCHEMA = {
    "age": Attribute("age", AttributeType.INTEGER, min=18),
    "plan": Attribute("plan", AttributeType.TEXT, values=frozenset({"free", "paid"})),
}
WRONG: dict[str, AttributeValue] = {
    "age": 17,
    "plan": "gold",
    "owner": "anna",
    "stage": "sal",
    "entered_at": "2026-01-05",
}


@given(st.permutations(list(WRONG)))
def test_attributes_that_are_wrong_are_told_by_name(order: list[str]) -> None:
    lead = Lead(attributes={name: WRONG[name] for name in order})
    found = violations(SCHEMA, SCORING, lead, (), NOW + timedelta(days=1))
    assert [path for path, _ in found] == [f"lead.attributes[{name}]" for name in sorted(WRONG)]
