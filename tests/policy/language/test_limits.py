"""How long, how many and how deep: a condition beyond it is a mistake, never a crash or a wait."""

import time
from collections.abc import Callable

import pytest

from scoring_service.policy.conditions import Compiled, compile_condition
from scoring_service.policy.language.parsing import BYTES_MAX, DEPTH_MAX, NODES_MAX
from scoring_service.policy.language.refusal import shortened
from scoring_service.policy.language.symbols import Scope

Refusal = Callable[[str], str]


def of_length(size: int) -> str:
    """`vip` and a note behind it, of so many bytes."""
    return "vip #" + "x" * (size - 5)


def test_a_condition_may_be_4_kib_long_and_not_a_byte_longer(refused: Refusal) -> None:
    assert refused(of_length(BYTES_MAX)) == ""
    assert refused(of_length(BYTES_MAX + 1)).startswith("the condition is longer than 4,096 bytes")


def test_length_is_of_bytes_not_of_letters(refused: Refusal) -> None:
    assert "longer than" in refused('country == "' + "é" * (BYTES_MAX // 2) + '"')


def listing(values: int) -> str:
    """So many values, beside the statement, its test, its symbol and its list."""
    return f"seats in [{', '.join(str(value) for value in range(values))}]"


def test_a_condition_may_have_200_parts_and_no_more(refused: Refusal) -> None:
    assert refused(listing(NODES_MAX - 4)) == ""
    assert refused(listing(NODES_MAX - 3)) == (
        "the condition has more than 200 parts; split it, or put its values into a decision table"
    )


def test_a_condition_may_be_50_deep_and_no_deeper(refused: Refusal) -> None:
    assert refused("not " * (DEPTH_MAX - 1) + "vip") == ""
    assert refused("not " * DEPTH_MAX + "vip").startswith("the condition is nested deeper than 50")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("(" * 2_000 + "vip" + ")" * 2_000, id="brackets that change nothing"),
        pytest.param("(" * 4_000, id="brackets that do not close"),
        pytest.param("[" * 2_000 + "]" * 2_000, id="lists in lists"),
        pytest.param("vip" + " and vip" * 500, id="a chain of ands"),
        pytest.param("vip" + " or not vip" * 360, id="a chain of ors and nots"),
        pytest.param("country" + "[0]" * 1_300 + " == 'a'", id="parts of parts"),
        pytest.param("country" + ".as_lower" * 440 + " == 'a'", id="properties of properties"),
        pytest.param("(seats" + " ?? (seats" * 350, id="defaults of defaults"),
        pytest.param('"' + "\\" * 4_000, id="backslashes without end"),
        pytest.param('"' + "a" * 4_000, id="quotes without end"),
        pytest.param("seats == " + "9" * 4_000, id="a number of 4,000 digits"),
        pytest.param("seats == 0b" + "1" * 4_000, id="a binary number of 4,000 digits"),
        pytest.param('email =~ "' + "(a*)*" * 700 + '"', id="stars upon stars"),
        pytest.param('email =~ "' + "((a{50}){50}){50}" * 200 + '"', id="a pattern that explodes"),
        pytest.param("a" * 4_000, id="a name without end"),
        pytest.param("vip\n" * 1_000, id="lines without end"),
        pytest.param("\x00 vip", id="a character that is none"),
        pytest.param("country == '\ud800'", id="half a character"),
    ],
)
def test_no_text_takes_long_or_raises_anything_but_a_mistake(refused: Refusal, text: str) -> None:
    began = time.perf_counter()
    refused(text)
    assert time.perf_counter() - began < 2


def test_brackets_add_no_depth_so_that_deeply_bracketed_conditions_still_hold(
    compiled: Callable[[str], Compiled],
) -> None:
    assert compiled("(" * 1_000 + "vip" + ")" * 1_000).condition({"vip": True})


def test_a_condition_at_every_limit_is_evaluated(compiled: Callable[[str], Compiled]) -> None:
    nested = "not (" * 24 + "vip" + ")" * 24
    assert compiled(f"{nested} and {listing(140)}").condition({"vip": True, "seats": 139})


def test_a_mistake_in_a_condition_does_not_spoil_the_next(seen: Scope, refused: Refusal) -> None:
    assert refused('country == "DE') != ""
    assert compile_condition('country == "DE"', seen).condition({"country": "DE"})


@pytest.mark.parametrize(
    ("text", "length", "shown"),
    [("short", 40, "short"), ("a" * 50, 13, "aaaaa...aaaaa"), ("a" * 40, 40, "a" * 40)],
)
def test_what_is_shown_of_a_condition_is_short(text: str, length: int, shown: str) -> None:
    assert shortened(text, length) == shown
