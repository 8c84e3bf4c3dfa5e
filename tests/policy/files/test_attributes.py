"""attributes.yaml: what a lead may carry beside the fields that every lead has."""

from collections.abc import Callable

import pytest

from scoring_service.domain.schema import TYPED_FIELDS, Attribute, AttributeType, Schema
from scoring_service.policy.document import Document
from scoring_service.policy.files.attributes import ATTRIBUTES_MAX, RESERVED, schema

Reading = Callable[[str], Document]


def read(reading: Reading, text: str) -> Schema:
    found, mistakes = schema(reading(text))
    assert mistakes == []
    return found


def said(reading: Reading, text: str) -> list[str]:
    return [mistake.what for mistake in schema(reading(text))[1]]


def test_an_empty_file_has_the_fields_of_every_lead(document: Reading) -> None:
    found = read(document, "")
    assert {name: one.type for name, one in found.items()} == dict(TYPED_FIELDS)
    assert all(one.typed for one in found.values())


@pytest.mark.parametrize("kind", list(AttributeType))
def test_an_attribute_has_a_type(document: Reading, kind: AttributeType) -> None:
    assert read(document, f"plan: {{type: {kind}}}")["plan"] == Attribute("plan", kind)


def test_an_attribute_may_have_values_limits_and_a_stage(document: Reading) -> None:
    found = read(
        document,
        "plan: {type: text, values: [free, pro], required_by: sql}\n"
        "seats: {type: integer, min: 1, max: 500}\n"
        "discount: {type: number, min: -0.5}\n"
        "tools: {type: texts, values: [a, b]}\n",
    )
    assert found["plan"].values == {"free", "pro"}
    assert found["plan"].required_by == "sql"
    assert (found["seats"].min, found["seats"].max) == (1, 500)
    assert found["discount"].min == -0.5
    assert found["tools"].values == {"a", "b"}


def test_a_field_of_every_lead_is_only_narrowed(document: Reading) -> None:
    found = read(document, "industry: {values: [software]}\nemployees: {type: integer, min: 1}\n")
    assert found["industry"] == Attribute(
        "industry", AttributeType.TEXT, values=frozenset({"software"}), typed=True
    )
    assert found["employees"].typed
    assert list(found)[: len(TYPED_FIELDS)] == list(TYPED_FIELDS)


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_a_name_that_conditions_use_otherwise_is_refused(document: Reading, name: str) -> None:
    found, mistakes = schema(document(f"'{name}': {{type: text}}"))
    assert [one.what for one in mistakes] == [
        f"conditions use the name '{name}' for something else"
    ]
    assert name not in found


@pytest.mark.parametrize(
    "name", ["Plan", "plan size", "plan-size", "1st", "_plan", "größe", "a.b", "", "x" * 65]
)
def test_a_name_that_no_condition_can_write_is_refused(document: Reading, name: str) -> None:
    found, mistakes = schema(document(f'"{name}": {{type: text}}'))
    assert [one.what for one in mistakes] == [f"'{name}' is no name that a condition can use"]
    assert name not in found


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        pytest.param("{}", "a declared attribute needs a type", id="no type"),
        pytest.param("{type: text, min: 1}", "'min' does not go with type text", id="a least text"),
        pytest.param("{type: boolean, max: 1}", "'max' does not go with type boolean", id="most"),
        pytest.param("{type: date, values: [a]}", "a list of values does not go with type date",
                     id="values of a date"),
        pytest.param("{type: text, values: []}", "the values are empty or name one twice",
                     id="no values"),
        pytest.param("{type: integer, min: 2, max: 1}", "min 2 is above max 1", id="exchanged"),
        pytest.param("{type: text, required_by: disqualified}",
                     "disqualified is not on the path of a lead", id="a stage beside the path"),
        pytest.param("{type: text, required_by: never}", "unknown value 'never'", id="no stage"),
        pytest.param("{type: text, value: [a]}", "unknown key 'value'", id="a slip in a key"),
        pytest.param("text", "text is read as a text where a map of keys is meant", id="no map"),
    ],
)  # fmt: skip
def test_an_entry_that_does_not_fit_is_refused(document: Reading, entry: str, what: str) -> None:
    assert said(document, f"plan: {entry}") == [what]


def test_there_are_limits(document: Reading) -> None:
    entries = "".join(f"a{n}: {{type: text}}\n" for n in range(ATTRIBUTES_MAX))
    assert said(document, entries) == []
    assert said(document, f"{entries}b: {{type: text}}") == ["1,001 attributes are more than 1,000"]


@pytest.mark.parametrize(
    ("least", "most", "said"),
    [
        pytest.param("2", "1", "min 2 is above max 1", id="by one"),
        pytest.param("1000001", "1000000", "min 1000001 is above max 1000000", id="of a million"),
        pytest.param("0.3", "0.2", "min 0.3 is above max 0.2", id="by a tenth"),
        pytest.param("1", "1", "", id="not where they are one"),
    ],
)
def test_a_least_above_the_most_is_told_as_it_is_written(
    document: Callable[[str], Document], least: str, most: str, said: str
) -> None:
    wrong = schema(document(f"seats: {{type: number, min: {least}, max: {most}}}"))[1]
    assert [one.what for one in wrong] == ([said] if said else [])
