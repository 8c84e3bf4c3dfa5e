"""Whatever is written as a condition is compiled or a mistake, and what is compiled answers."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scoring_service.domain.schema import TYPED_FIELDS, Attribute
from scoring_service.policy.conditions import compile_condition
from scoring_service.policy.language.refusal import Refused
from scoring_service.policy.language.symbols import scope, table_symbols
from scoring_service.values.condition import ConditionError

SCHEMA = {name: Attribute(name, kind, typed=True) for name, kind in TYPED_FIELDS.items()}
SEEN = scope(table_symbols(SCHEMA, ["demo"]))
LEADS: tuple[dict[str, Any], ...] = (
    {},
    {"country": "DE", "employees": 5, "account": {}, "score": {}, "activity": {}},
    {"country": 5, "employees": "x", "account": None, "technologies": [None, 1]},
)
WORDS = (
    *("country", "employees", "technologies", "account", "account.owner", "score.fit", "stage"),
    *("activity.demo.count", "unknown", "$now", "null", "true", "false", "nan", "inf", "x"),
    *('"DE"', "'a'", 'r"\\d"', '"\\x"', 'd"2026-03-31"', 'd"x"', 't"P1D"', 'b"a"', '"(a"'),
    *("5", "1.5", "-1", "1e400", "0x1F", "007", "=="),
    *("!=", ">=", "<", "=~", "=~~", "!~", "!~~", "in", "not in", "and", "or", "not", "??", "&."),
    *("+", "-", "*", "/", "**", "%", "&", "|", "^", "<<", "(", ")", "[", "]", "{", "}", ",", ":"),
    *(".length", ".as_lower", ".is_empty", ".to_set", ".__class__", "[0]", "[:2]", "&[0]", "?"),
    *("for", "if", "else", "#", "\n", "\\", '"', "=", "!", "é", "@"),
)


def answered(text: str) -> bool:
    """Whether it compiles; then it answers for every lead, and any other error fails the test."""
    try:
        condition = compile_condition(text, SEEN).condition
    except Refused:
        return False
    for lead in LEADS:
        with suppress(ConditionError):
            assert condition(lead) in (True, False)
    return True


@settings(max_examples=1_500, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))
@example("null == null")
@example("[country][0] == null")
@example("'a'[0] == 'a'")
@example("'a'[5] == 'a'")
@example("[1, 2].length == 2")
@example("'a' in ['a'] and true")
@example("null ?? true")
@example("country ?? null == null")
@example("not null")
@example("(true)[0]")
@example("[][0] == null")
@example("technologies[0] == null")
@example("d'2026-03-31'.year == 2026")
@example("'a'.length in [1]")
@example("null in [null]")
@example("[[1]] == null")
@example("[1][0:] == null")
def test_words_in_any_order_are_a_condition_or_a_mistake(text: str) -> None:
    answered(text)


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=40))
def test_any_characters_are_a_condition_or_a_mistake(text: str) -> None:
    answered(text)


PARTS = (
    "country",
    '"DE"',
    "employees",
    "5",
    "null",
    "technologies",
    "vip",
    "account.owner",
    "true",
)
SIGNS = ("==", "!=", ">=", "in", "=~", "and", "or")


@pytest.mark.parametrize("sign", SIGNS)
def test_every_sign_between_any_two_kinds_is_a_condition_or_a_mistake(sign: str) -> None:
    found = [answered(f"{left} {sign} {right}") for left in PARTS for right in PARTS]
    assert any(found), "a sign that goes with nothing need not be read"
    assert not all(found), "a sign that goes with everything is not checked"
