"""A condition taken apart says what the whole says, and each part reads back as it is written."""

from typing import Any

import pytest

from scoring_service.domain.schema import TYPED_FIELDS, Attribute, AttributeType
from scoring_service.policy.conditions import compile_condition
from scoring_service.policy.failed.parts import Joined, leaves, taken_apart
from scoring_service.policy.language.symbols import scope, table_symbols
from scoring_service.policy.language.written import literal

SCHEMA = {name: Attribute(name, kind) for name, kind in TYPED_FIELDS.items()} | {
    "renewal": Attribute("renewal", AttributeType.DATE),
    "trial": Attribute("trial", AttributeType.BOOLEAN),
}
SEEN = scope(table_symbols(SCHEMA, ["demo"]))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("country=='DE' and(employees>=1000)", 'country == "DE" and employees >= 1000'),
        ("country not in ['DE', 'AT']", 'not (country in ["DE", "AT"])'),
        ("'sap' in technologies", '"sap" in technologies'),
        ("trial and not trial", "trial and not (trial)"),
        ("not (trial or employees < -2.50)", "not (trial or employees < -2.50)"),
        ("trial or country == null and trial", "trial or (country == null and trial)"),
        ('country =~ "D\\d" or region !~~ "x"', 'country =~ "D\\\\d" or region !~~ "x"'),
        ('renewal >= d"2026-03-31"', 'renewal >= d"2026-03-31T00:00:00+00:00"'),
        ("(employees ?? 0) >= 5", "(employees ?? 0) >= 5"),
        ("country.as_lower == region", "country.as_lower == region"),
        ('postal_code[0:2] == "44"', 'postal_code[0:2] == "44"'),
        ('technologies[-1] == "say \\"x\\" \\\\ y"', 'technologies[-1] == "say \\"x\\" \\\\ y"'),
        ("activity.demo.days_since <= 2", "activity.demo.days_since <= 2"),
        ('account.owner == "a"', 'account.owner == "a"'),
        ("true", "true"),
    ],
)
def test_a_condition_is_written_again_and_reads_as_itself(text: str, said: str) -> None:
    part = taken_apart(text, SEEN)
    assert part.text == said
    assert taken_apart(said, SEEN).text == said


def test_brackets_that_change_nothing_are_left_out_those_that_do_are_kept() -> None:
    part = taken_apart("(trial or trial) and (trial and (trial or trial))", SEEN)
    assert part.text == "(trial or trial) and trial and (trial or trial)"
    assert [below.joined for below in part.parts] == [Joined.OR, Joined.ALONE, Joined.OR]


def test_a_part_knows_the_symbols_it_reads_from_the_left() -> None:
    text = (
        'account.country == country or region[0:1] == "x" or "a" in technologies'
        ' or (campaign ?? source) == "y"'
    )
    symbols = [leaf.symbols for leaf in leaves(taken_apart(text, SEEN))]
    assert symbols == [
        ("account.country", "country"), ("region",), ("technologies",), ("campaign", "source"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (12345678.5, "12345678.5"), (0.1 + 0.2, "0.30000000000000004"), (3.0, "3"), (250, "250"),
        (True, "true"), (None, "null"), ('"', '"\\""'), ("a\nb", '"a\\nb"'), ((), "[]"),
    ],
)  # fmt: skip
def test_a_value_is_written_in_full(value: Any, said: str) -> None:
    assert literal(value) == said


@pytest.mark.parametrize("employees", [5, 500, None])
def test_the_parts_are_the_closures_of_the_whole(employees: int | None) -> None:
    text = "employees == null or employees >= 100"
    symbols = {"employees": employees}
    whole = compile_condition(text, SEEN).condition
    assert taken_apart(text, SEEN).condition(symbols) is whole(symbols)
