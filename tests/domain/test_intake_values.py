"""What a lead may carry, value by value; what it may have done, and when."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.domain.intake import (
    AHEAD_MAX,
    clamped,
    clamped_dated,
    has_type,
    is_date,
    violations,
    violations_dated,
)
from scoring_service.domain.schema import Attribute, AttributeType
from scoring_service.domain.scoring.scoring import ActivityScoring, Bars, Grades, Scoring
from scoring_service.values.activity import Activity, dated
from scoring_service.values.instant import micros
from scoring_service.values.lead import AttributeValue, Lead

FEW = settings(max_examples=25)
"""Enough to meet each branch: the tables have the edges."""

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)
DAY = timedelta(days=1)
TYPES = {
    name: ActivityScoring(name, 1.0, timedelta(days=1)) for name in ("page_view", "demo_request")
}
SCORING = Scoring((), TYPES, {}, Grades((), ()), Bars(40, 40, None))
NOTHING = Scoring((), {}, {}, Grades((), ()), Bars(40, 40, None))
KINDS = {
    AttributeType.TEXT: "a text; send text",
    AttributeType.INTEGER: "a whole number; send integer",
    AttributeType.NUMBER: "a number; send number",
    AttributeType.BOOLEAN: "yes or no (boolean); send boolean",
    AttributeType.DATE: "a date like 2026-03-31; send date",
    AttributeType.TEXTS: "a list of texts; send texts",
}


def said(attribute: Attribute, value: AttributeValue) -> list[str]:
    """What is said of an attribute's value."""
    schema = {attribute.name: attribute}
    found = violations(schema, SCORING, Lead(attributes={attribute.name: value}), (), NOW)
    assert {path for path, _ in found} <= {f"lead.attributes[{attribute.name}]"}
    return [remedy for _, remedy in found]


@pytest.mark.parametrize(
    ("value", "kinds"),
    [
        pytest.param("a", {"text"}, id="a text"),
        pytest.param("", {"text"}, id="an empty text"),
        pytest.param("2026-03-31", {"text", "date"}, id="a day is a text too"),
        pytest.param("2026-02-30", {"text"}, id="a day that is none"),
        pytest.param(7, {"integer", "number"}, id="a whole number"),
        pytest.param(7.0, {"integer", "number"}, id="a whole number with a point"),
        pytest.param(7.5, {"number"}, id="a fraction"),
        pytest.param(float("inf"), {"number"}, id="infinity is no whole number"),
        pytest.param(True, {"boolean"}, id="yes is no number"),
        pytest.param(("a",), {"texts"}, id="a list"),
        pytest.param((), {"texts"}, id="an empty list"),
    ],
)
def test_which_types_a_value_has(value: AttributeValue, kinds: set[str]) -> None:
    assert {kind.value for kind in AttributeType if has_type(kind, value)} == kinds


@pytest.mark.parametrize("kind", AttributeType)
def test_a_value_of_another_type_is_told_with_what_to_send(kind: AttributeType) -> None:
    wrong: AttributeValue = True if kind is not AttributeType.BOOLEAN else "yes"
    assert said(Attribute("x", kind), wrong) == [f"{wrong!r} is not {KINDS[kind]}"]


@FEW
@given(st.dates())
def test_every_day_is_one_as_it_is_written(day: date) -> None:
    assert is_date(day.isoformat())
    assert not is_date(day.isoformat().replace("-", ""))
    assert not is_date(f"{day.isoformat()}T00:00")


@FEW
@given(st.text("0123456789-W", min_size=8, max_size=11))
def test_no_other_text_is_a_day(text: str) -> None:
    try:
        slow = datetime.strptime(text, "%Y-%m-%d").date().isoformat() == text  # noqa: DTZ007
    except ValueError:
        slow = False
    assert is_date(text) == slow


@pytest.mark.parametrize(
    ("value", "remedies"),
    [
        pytest.param(17, ["17 is below 18, the least attributes.yaml allows"], id="below"),
        pytest.param(18, [], id="at the least"),
        pytest.param(65, [], id="at the most"),
        pytest.param(66, ["66 is above 65, the most attributes.yaml allows"], id="above"),
        pytest.param(17.5, ["17.5 is not a whole number; send integer"], id="a wrong type alone"),
    ],
)
def test_bounds_are_part_of_what_is_allowed(value: float, remedies: list[str]) -> None:
    assert said(Attribute("x", AttributeType.INTEGER, min=18, max=65), value) == remedies


@pytest.mark.parametrize(
    ("bound", "shown"),
    [
        pytest.param(1_000_001.0, "1000001", id="a million and one"),
        pytest.param(12_345_678.0, "12345678", id="eight digits"),
        pytest.param(0.1, "0.1", id="a tenth"),
        pytest.param(2.5, "2.5", id="a half"),
    ],
)
def test_a_bound_is_told_as_it_is(bound: float, shown: str) -> None:
    below = said(Attribute("x", AttributeType.NUMBER, min=bound), bound - 0.05)
    assert below[0].endswith(f" is below {shown}, the least attributes.yaml allows")
    above = said(Attribute("x", AttributeType.NUMBER, max=bound), bound + 0.05)
    assert above[0].endswith(f" is above {shown}, the most attributes.yaml allows")


LISTED = Attribute("x", AttributeType.TEXTS, values=frozenset({"free", "paid", "trial"}))


@pytest.mark.parametrize(
    ("value", "remedies"),
    [
        pytest.param(("free", "paid"), [], id="all are listed"),
        pytest.param((), [], id="none at all"),
        pytest.param(("fre",), ["'fre' is not listed; did you mean 'free'?"], id="a slip"),
        pytest.param(
            ("gold", "free", "tin"),
            ["'gold' is not listed; known: free, paid, trial",
             "'tin' is not listed; known: free, paid, trial"],
            id="each that is not, in their order",
        ),
    ],
)  # fmt: skip
def test_each_text_of_a_list_is_looked_up(value: tuple[str, ...], remedies: list[str]) -> None:
    assert sorted(said(LISTED, value)) == sorted(remedies)


@pytest.mark.parametrize(
    ("count", "told"),
    [
        pytest.param(0, "none is known", id="no name"),
        pytest.param(8, "known: q0, q1, q2, q3, q4, q5, q6, q7", id="as many as are listed"),
        pytest.param(9, "known: q0, q1, q2, q3, q4, q5, q6, q7 and 1 more", id="one more"),
    ],
)
def test_names_that_are_known_are_listed_up_to_eight(count: int, told: str) -> None:
    schema = {f"q{n}": Attribute(f"q{n}", AttributeType.TEXT) for n in range(count)}
    schema["email"] = Attribute("email", AttributeType.TEXT, typed=True)
    found = violations(schema, SCORING, Lead(attributes={"zzz": "a"}), (), NOW)
    assert found == (("lead.attributes[zzz]", f"is not declared in attributes.yaml; {told}"),)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("z" * 60, "z" * 60, id="sixty letters are shown"),
        pytest.param("z" * 61, "z" * 60 + "...", id="of more the first sixty"),
    ],
)
def test_a_long_name_is_cut(name: str, shown: str) -> None:
    found = violations({}, SCORING, Lead(attributes={name: "a"}), (), NOW)
    assert found[0][0] == f"lead.attributes[{shown}]"


def test_a_field_of_every_lead_is_no_attribute() -> None:
    schema = {"country": Attribute("country", AttributeType.TEXT, typed=True)}
    found = violations(schema, SCORING, Lead(attributes={"country": "DE"}), (), NOW)
    assert found == (
        ("lead.attributes[country]", "is a field of every lead; send it as lead.country"),
    )


@pytest.mark.parametrize(
    ("lead", "paths"),
    [
        pytest.param(Lead(), [], id="what is unknown is not narrowed"),
        pytest.param(Lead(country="DE", employees=5), [], id="what is allowed"),
        pytest.param(Lead(country="FR"), ["lead.country"], id="another country"),
        pytest.param(Lead(employees=4), ["lead.employees"], id="too few"),
        pytest.param(Lead(technologies=("x",)), ["lead.technologies"], id="another technology"),
        pytest.param(Lead(source="any"), [], id="a field that is not narrowed"),
        pytest.param(
            Lead(country="FR", employees=4), ["lead.country", "lead.employees"], id="both at once"
        ),
    ],
)
def test_typed_fields_are_narrowed_too(lead: Lead, paths: list[str]) -> None:
    schema = {
        "country": Attribute("country", AttributeType.TEXT, frozenset({"DE"}), typed=True),
        "employees": Attribute("employees", AttributeType.INTEGER, min=5, typed=True),
        "technologies": Attribute(
            "technologies", AttributeType.TEXTS, frozenset({"go"}), typed=True
        ),
        "source": Attribute("source", AttributeType.TEXT, typed=True),
    }
    assert [path for path, _ in violations(schema, SCORING, lead, (), NOW)] == paths


@pytest.mark.parametrize(
    ("narrowed", "attribute"),
    [
        pytest.param(False, Attribute("x", AttributeType.TEXT), id="any text"),
        pytest.param(True, Attribute("x", AttributeType.TEXT, frozenset({"a"})), id="some texts"),
        pytest.param(True, Attribute("x", AttributeType.NUMBER, min=0), id="a least of nought"),
        pytest.param(True, Attribute("x", AttributeType.NUMBER, max=0), id="a most of nought"),
    ],
)
def test_whether_some_values_of_the_type_are_refused(narrowed: bool, attribute: Attribute) -> None:
    assert attribute.narrowed is narrowed


@pytest.mark.parametrize(
    ("activity", "told"),
    [
        pytest.param(Activity("page_view", NOW), [], id="just now"),
        pytest.param(Activity("page_view", NOW + AHEAD_MAX), [], id="by a clock that runs ahead"),
        pytest.param(
            Activity("page_view", NOW + AHEAD_MAX + TICK),
            [("activities[1].occurred_at",
              "2026-01-05T12:05:00.000001+00:00 is more than 5 minutes ahead; send what has"
              " happened, and check the sender's clock")],
            id="a moment further ahead",
        ),
        pytest.param(
            Activity("page_vew", NOW),
            [("activities[1].type",
              "'page_vew' is no activity type of scoring.yaml; did you mean 'page_view'?")],
            id="a type that is misspelt",
        ),
        pytest.param(
            Activity("zzz", NOW + 2 * AHEAD_MAX),
            [("activities[1].type",
              "'zzz' is no activity type of scoring.yaml; known: demo_request, page_view"),
             ("activities[1].occurred_at",
              "2026-01-05T12:10:00+00:00 is more than 5 minutes ahead; send what has"
              " happened, and check the sender's clock")],
            id="both wrong",
        ),
    ],
)  # fmt: skip
def test_what_a_lead_did_is_known_and_has_happened(
    activity: Activity, told: list[tuple[str, str]]
) -> None:
    done = (Activity("demo_request", NOW), activity)
    assert list(violations({}, SCORING, Lead(), done, NOW)) == told


def test_where_no_type_is_known_that_is_told() -> None:
    found = violations({}, NOTHING, Lead(), (Activity("page_view", NOW),), NOW)
    assert found[0][1].endswith("scoring.yaml; none is known")


@FEW
@given(st.lists(st.integers(-400, 400), max_size=6))
def test_what_is_dated_ahead_counts_as_now_and_nothing_else_changes(ahead: list[int]) -> None:
    done = [Activity("page_view", NOW + timedelta(seconds=s), str(s)) for s in ahead]
    found = clamped(done, NOW)
    assert [one.occurred_at for one in found] == [min(one.occurred_at, NOW) for one in done]
    assert [one.activity_id for one in found] == [one.activity_id for one in done]


acts = st.builds(
    Activity,
    st.sampled_from(["page_view", "demo_request", "page_vew", ""]),
    st.sampled_from([-DAY, -TICK, 0 * TICK, TICK, AHEAD_MAX, AHEAD_MAX + TICK, DAY]).map(
        NOW.__add__
    ),
)


@FEW
@given(st.lists(acts, max_size=4), st.sampled_from([SCORING, NOTHING]), st.booleans())
def test_columns_are_judged_and_set_back_as_the_activities_one_by_one(
    done: list[Activity], scoring: Scoring, unknown: bool
) -> None:
    lead = Lead(attributes={"zzz": "a"} if unknown else {})
    told = violations({}, scoring, lead, done, NOW)
    assert violations_dated({}, scoring, lead, dated(done), micros(NOW)) == told
    assert clamped_dated(dated(done), micros(NOW)) == dated(clamped(done, NOW))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        pytest.param("Country", "did you mean the field 'country'?", id="a field in capitals"),
        pytest.param("contry", "did you mean the field 'country'?", id="a slip in a field"),
        pytest.param("E-Mail", "did you mean the field 'email'?", id="a field as people write it"),
        pytest.param("plans", "did you mean 'plan'?", id="a slip in an attribute"),
        pytest.param("PLAN", "did you mean 'plan'?", id="an attribute in capitals"),
        pytest.param("owner", "known: plan", id="little in common with a field"),
        pytest.param("zzz", "known: plan", id="neither"),
    ],
)
def test_a_name_that_is_nearly_a_field_is_taken_for_one(name: str, told: str) -> None:
    schema = {
        field: Attribute(field, AttributeType.TEXT, typed=field != "plan")
        for field in ("country", "email", "phone", "plan")
    }
    found = violations(schema, SCORING, Lead(attributes={name: "a"}), (), NOW)
    assert found == ((f"lead.attributes[{name}]", f"is not declared in attributes.yaml; {told}"),)
