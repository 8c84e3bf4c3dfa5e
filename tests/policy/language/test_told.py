"""What is told of a condition to the letter: each remedy, followed, gives one that is accepted."""

from collections.abc import Callable
from typing import Any

import pytest

from scoring_service.policy.conditions import compile_condition
from scoring_service.policy.language.refusal import Refused
from scoring_service.policy.language.symbols import Scope, scope, table_symbols
from scoring_service.policy.language.written import literal

Refusal = Callable[[str], str]
LIKE = 'conditions look like: country == "DE" and employees >= 200'


@pytest.mark.parametrize(
    ("text", "at", "remedy"),
    [
        ("vip AND vip", "'AND' (character 5)", "write it in small letters: and"),
        ("vip Or vip", "'Or' (character 5)", "write it in small letters: or"),
        ("country IN ['DE']", "'IN' (character 9)", "write it in small letters: in"),
        ("NOT vip", "'vip' (character 5)", "write it in small letters: not"),
        ("vip and NOT  vip", "'vip' (character 14)", "write it in small letters: not"),
        ("vip && vip", "'&' (character 6)", "write and, or"),
        ("vip || vip", "'|' (character 6)", "write and, or"),
        ("country IS null", "'IS' (character 9)", "write == null or != null"),
        ("country is null", "'is' (character 9)", "write == null or != null"),
        ("vip vip", "'vip' (character 5)", LIKE),
        ("vip and and vip", "'and' (character 9)", LIKE),
        ("5 == seats == 5", "'==' (character 12)", LIKE),
        ("country == `a`", "'`' (character 12)", LIKE),
        ("seats == 1_000", "'_000' (character 11)", LIKE),
        ('country == "DE', "'\"' (character 12)", "close the quotes, and keep a text on one line"),
    ],
)
def test_what_cannot_be_read_is_shown_with_its_place_and_a_remedy(
    refused: Refusal, text: str, at: str, remedy: str
) -> None:
    assert refused(text) == f"the condition cannot be read at {at}; {remedy}"


@pytest.mark.parametrize(
    ("text", "what", "example"),
    [
        ("country", "country is a text", "country != null"),
        ("seats", "seats is a number", "seats != null"),
        ("technologies", "technologies is a list", "technologies != null"),
        ("since", "since is a date", "since != null"),
        ("account.name", "account.name is a text", "account.name != null"),
        ("not country", "country is a text", "country != null"),
        ("account", "account is a group of symbols", "account.account_id != null"),
        ("score", "score is a group of symbols", "score.behaviour != null"),
        ("activity", "activity is a group of symbols", "activity.demo.count != null"),
        ("activity.web", "activity.web is a group of symbols", "activity.web.count != null"),
        ("'DE'", '"DE" is a text', 'country == "DE" or country == "DE"'),
        ('vip or "DE"', '"DE" is a text', 'country == "DE" or country == "DE"'),
        ("5", "5 is a number", "country != null, or employees >= 200"),
        ("null", "null is null", "country != null, or employees >= 200"),
        ("seats ?? 5", "this value is a number", "(employees ?? 0) >= 200"),
        ("country[0]", "this value is a text", "(employees ?? 0) >= 200"),
    ],
)
def test_what_is_not_true_or_false_comes_with_a_comparison_that_is_read(
    refused: Refusal, text: str, what: str, example: str
) -> None:
    assert refused(text) == f"{what}, not true or false; compare it: {example}"
    for one in example.split(", or "):
        assert refused(one) == ""


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("account == null", "account.account_id"),
        ("score != null", "score.behaviour"),
        ("activity == null", "activity.demo.count"),
        ("activity.web != null", "activity.web.count"),
    ],
)
def test_a_group_of_symbols_is_no_value_and_one_of_its_values_is_named(
    refused: Refusal, text: str, named: str
) -> None:
    group, sign, null = text.split()
    assert refused(text) == f"'{group}' is a group of symbols, no value; name one of them: {named}"
    assert refused(f"{named} {sign} {null}") == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("seats == '5'", "'==' never holds: seats is a number and \"5\" a text; write a number"
         " without quotes, a text with them"),
        ("'5' != seats", "'!=' always holds: \"5\" is a text and seats a number; write a number"
         " without quotes, a text with them"),
        ("vip == 1", "'==' never holds: vip is true or false and 1 a number; compare with true or"
         " false, without quotes"),
        ("country == false", "'==' never holds: country is a text and false true or false; compare"
         " with true or false, without quotes"),
        ("since == 5", "'==' never holds: since is a date and 5 a number; write a date as"
         ' d"2026-03-31"'),
        ('seats in [5, d"2026-03-31"]', "'in' never holds: seats is a number and"
         ' d"2026-03-31T00:00:00+00:00" a date; write a date as d"2026-03-31"'),
        ("country > 5", "'>' does not go here: country is a text and 5 a number; write a number"
         " without quotes, a text with them"),
        ("null <= 5", "'<=' does not go here: null is null and 5 a number; test with == null or"
         " != null"),
        ("seats > [1]", "'>' does not go here: seats is a number and [...] a list; write a number"
         " without quotes, a text with them"),
        ("technologies == []", "technologies and []: lists are not compared as a whole; test what"
         ' is in them: "salesforce" in technologies'),
        ("[] != technologies", "[] and technologies: lists are not compared as a whole; test what"
         ' is in them: "salesforce" in technologies'),
        ("seats in seats", "'in' does not go here: seats is a number and seats a number; write a"
         ' list to the right of in: x in ["a", "b"]'),
        ("seats in technologies", "seats is a number, and technologies has only texts; write the"
         " value in quotes"),
        ("seats =~ 'a'", "'=~' does not go here: seats is a number and \"a\" a text; regular"
         " expressions search in texts: compare others with == or >="),
        ("seats !~~ 'a'", "'!~~' does not go here: seats is a number and \"a\" a text; regular"
         " expressions search in texts: compare others with == or >="),
        ("(country ?? 5) == 5", "'??' does not go here: country is a text and 5 a number; write a"
         " number without quotes, a text with them"),
        ("vip == (seats > 5)", "a comparison stands inside a comparison; join them with and, or,"
         " not"),
        ("(seats > 5) > 5", "'>' does not go here: this value is true or false and 5 a number;"
         " compare with true or false, without quotes"),
        ("(vip == vip) in [true]", "a comparison stands inside a comparison; join them with and,"
         " or, not"),
        ("country[vip] == 'a'", "there is no vip in country, which is a text; only texts and lists"
         " have parts, by number: postal_code[:2]"),
        ("account['name'] == 'x'", 'there is no "name" in account, which is a group of symbols;'
         " write a dot: account.account_id"),
        ("seats.length > 1", "there is no property '.length' of a number; compare the value"
         " itself"),
        ("vip.is_empty", "there is no property '.is_empty' of true or false; compare the value"
         " itself"),
        ("technologies.as_lower == 'a'", "there is no property '.as_lower' of a list; known are:"
         " is_empty, length"),
    ],
)  # fmt: skip
def test_sides_that_do_not_go_together_are_shown_as_they_are_written(
    refused: Refusal, text: str, said: str
) -> None:
    assert refused(text) == said


@pytest.mark.parametrize("text", ["activity.demo.count > 1", "activity == null"])
def test_where_no_activity_has_points_it_is_said_where_to_give_some(schema: Any, text: str) -> None:
    seen: Scope = scope(table_symbols(schema, []))
    with pytest.raises(Refused) as refused:
        compile_condition(text, seen)
    assert str(refused.value) == (
        "unknown symbol 'activity': scoring.yaml gives points to no activity; add its type below"
        " 'behaviour: activities:', or mend the condition"
    )


@pytest.mark.parametrize(
    ("number", "good"),
    [
        pytest.param("999999999999999", True, id="15 digits"),
        pytest.param("1000000000000000", False, id="16 digits"),
        pytest.param("0.000000000000001", True, id="the last of 15 places"),
        pytest.param("0.0000000000000001", False, id="the 16th place"),
        pytest.param("1e-15", True, id="the last place as a power of ten"),
        pytest.param("1e-16", False, id="one place further"),
        pytest.param("1e14", True, id="the largest power of ten"),
        pytest.param("1e15", False, id="one power more"),
        pytest.param("123456789.123456", True, id="15 digits on both sides of the point"),
        pytest.param("123456789.1234567", False, id="16 digits on both sides of the point"),
    ],
)
def test_a_number_has_at_most_15_digits(refused: Refusal, number: str, good: bool) -> None:
    told = refused(f"annual_revenue >= {number}")
    assert told == ("" if good else f"{number} has more than 15 digits; round it")


@pytest.mark.parametrize("blank", [" ", "\t", "\n"], ids=["a blank", "a tab", "a new line"])
def test_blanks_in_a_pattern_are_meant(says: Callable[..., bool | None], blank: str) -> None:
    text = f'company_name =~ "Example{literal(blank)[1:-1]}[A-Z]mbH"'
    assert says(text, company_name=f"Example{blank}GmbH") is True
    assert says(text, company_name="ExampleGmbH") is False


@pytest.mark.parametrize(
    ("value", "said"),
    [
        pytest.param("\x1b[2J", r'"\x1b[2J"', id="what clears a screen"),
        pytest.param("a\u202eb", r'"a\u202eb"', id="what turns a line round"),
        pytest.param("\u200b", r'"\u200b"', id="what has no width"),
        pytest.param("\ud800", r'"\ud800"', id="half a character"),
        pytest.param("t\tx\ry\nz", r'"t\tx\ry\nz"', id="what ends or moves a line"),
        pytest.param("\\", '"\\\\"', id="a backslash"),
        pytest.param('say "é"', '"say \\"é\\""', id="quotes, and a letter that is seen"),
        pytest.param(1e15, "1000000000000000", id="no power of ten"),
        pytest.param(1e-07, "0.0000001", id="nor a small one"),
        pytest.param(10**20, "1" + "0" * 20, id="however large"),
        pytest.param(False, "false", id="a no"),
        pytest.param(("a", None, 2.5), '["a", null, 2.5]', id="a list"),
    ],
)
def test_a_value_is_shown_so_that_it_does_nothing_to_who_reads_it(value: Any, said: str) -> None:
    assert literal(value) == said


@pytest.mark.parametrize("text", ["\x1b[2J", "a\u202eb", "t\tx\ry\nz", "\\", 'say "é"', "it's"])
def test_a_text_that_is_shown_reads_back_as_itself(
    says: Callable[..., bool | None], text: str
) -> None:
    assert says(f"company_name == {literal(text)}", company_name=text) is True
    assert says(f"company_name == {literal(text)}", company_name=f"{text}.") is False
